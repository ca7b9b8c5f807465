// npm ci --ignore-scripts && node build.mjs: writes ../../dashboard/assets/vendor/plotly.min.js, as SHA256SUMS says.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";
import { full } from "acorn-walk";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const vendor = fileURLToPath(new URL("../../dashboard/assets/vendor/", import.meta.url));
const { version } = JSON.parse(readFileSync(here + "node_modules/plotly.js/package.json", "utf8"));
const banner = `/**
* plotly.js (scatter, bar, shapes, annotations; see tools/plotly - minified) v${version}
* Copyright 2012-2026, Plotly, Inc.
* All rights reserved.
* Licensed under the MIT license
*/`;
// The manual's texts stand in every attribute's ``description``; plotly's own minified bundles leave them out, too.
const withoutManual = {
  name: "without-manual",
  setup: ({ onLoad }) => onLoad({ filter: /[\\/]plotly\.js[\\/]src[\\/].*\.js$/ }, ({ path }) => {
    let code = readFileSync(path, "utf8");
    const texts = [];
    if (code.includes("description")) full(parse(code, { ecmaVersion: "latest", sourceType: "script" }), node => {
      if (node.type === "Property" && !node.computed && (node.key.name ?? node.key.value) === "description") texts.push(node.value);
    });
    const outer = texts.filter(t => !texts.some(u => u !== t && u.start <= t.start && t.end <= u.end));
    for (const { start, end } of outer.sort((a, b) => b.start - a.start)) code = code.slice(0, start) + '""' + code.slice(end);
    return { contents: code, loader: "js" };
  }),
};
const { outputFiles } = await build({
  absWorkingDir: here, entryPoints: ["entry.js"], bundle: true, minify: true, write: false, plugins: [withoutManual],
  format: "iife", globalName: "Plotly", target: "es2020", legalComments: "none", banner: { js: banner },
  loader: { ".css": "empty" }, // styles of map traces, which are not in
  define: { global: "window", "define.amd": "false", "process.env.NODE_DEBUG": "false" },
});
const code = outputFiles[0].contents;
writeFileSync(vendor + "plotly.min.js", code);
const sum = createHash("sha256").update(code).digest("hex");
writeFileSync(vendor + "SHA256SUMS", `${sum}  plotly.min.js\n`);
console.log(`${code.length} bytes, sha256 ${sum}`);
