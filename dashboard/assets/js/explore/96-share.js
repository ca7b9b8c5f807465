// Sharing a view, and saying what an address held that could not be shown.
"use strict";
((X) => {
  const A = X.app,
    { $, config } = A;
  let versionAsked = "";
  const share = async () => {
    const query = X.toQuery({ ...A.state, version: config.version.slice(0, 8) }, true),
      url = location.origin + A.page() + "?" + query,
      field = $("#share-link");
    field.value = url;
    $("#share-box").hidden = false;
    $("#cite-text").textContent = X.text("cite.text", {
      title: A.chart.title,
      subtitle: A.chart.subtitle,
      version: config.version,
      url,
    });
    try {
      await navigator.clipboard.writeText(url);
      A.say(X.text("share.done"));
    } catch {
      field.select();
    }
  };
  let lost = [];
  const warn = (dropped) => {
    lost = dropped;
    const lines = [],
      list = X.text("sub.list");
    const seen = (s) => s.replace(/[\p{C}]/gu, "\ufffd");
    if (dropped.length)
      lines.push(
        X.text("dropped", {
          items: [
            ...dropped.slice(0, 12).map((d) => X.text("dropped.item", { name: seen(d[0]), value: seen(d[1]) })),
            ...(dropped.length > 12 ? ["…"] : []),
          ].join(list),
        }),
      );
    if (versionAsked && !config.version.startsWith(versionAsked))
      lines.push(X.text("version", { old: versionAsked, new: config.version.slice(0, 8) }));
    const box = $("#warning");
    box.replaceChildren(...lines.map((l) => X.h("p", {}, l)));
    box.hidden = !lines.length;
  };
  Object.assign(A, { warn });
  A.asked = (version) => (versionAsked = version);
  A.warnAgain = () => {
    warn(lost);
    $("#share-box").hidden = true;
  };
  A.begin.push(() => $("#share").addEventListener("click", share));
})(window.Explore);
