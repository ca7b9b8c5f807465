"use strict";
// The parts of plotly.js that Pursuit draws with: scatter and bar traces, shapes, annotations, hover.
// As plotly.js/src/core.js, without: other traces, legends, colour bars, error bars, images, sliders, menus,
// range selectors, grids of subplots, selections, calendars, the upload to a cloud, and old browsers' promises.
const Registry = require("plotly.js/src/registry");
const api = require("plotly.js/src/plot_api");
const Fx = require("plotly.js/src/components/fx");
const Plots = require("plotly.js/src/plots/plots");

// All that Dash needs of its polyfill, which is left out. The global is there first: the package would find out
// by an exception that it is not, for whose stack the browser parses the whole bundle once more.
globalThis.regeneratorRuntime = null;
require("regenerator-runtime/runtime");
exports.version = require("plotly.js/src/version").version;
exports.register = Registry.register;
require("plotly.js/build/plotcss");
for (const name of Object.keys(api)) {
  if (!name.startsWith("_")) exports[name] = api[name];
  Registry.register({ moduleType: "apiMethod", name, fn: api[name] });
}
Registry.register([
  require("plotly.js/src/traces/scatter"),
  require("plotly.js/src/traces/bar"),
  require("plotly.js/src/components/annotations"),
  require("plotly.js/src/components/shapes"),
  Fx,
  require("plotly.js/src/components/modebar"), // Dash's graph asks for it even where it is hidden
  require("plotly.js/src/locale-en"),
  require("plotly.js/src/locale-en-us"),
]);
exports.Plots = { resize: Plots.resize, graphJson: Plots.graphJson };
exports.Fx = { hover: Fx.hover, unhover: Fx.unhover, loneHover: Fx.loneHover, loneUnhover: Fx.loneUnhover };
