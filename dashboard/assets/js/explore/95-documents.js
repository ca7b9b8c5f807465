// The panel of a point: the document it stands in, opened and closed.
"use strict";
((X) => {
  const A = X.app,
    { $, stage } = A;
  let opener = null;
  const open = (ref) => {
    const [s, k, other] = ref;
    A.state = { ...A.state, opened: s.entity + "." + (other || A.chart.sel).periods[k] };
    X.current.state = A.state;
    opener = document.activeElement;
    A.follow("replace", true);
    $("#documents-title").focus({ preventScroll: true });
  };
  const close = () => {
    A.state = { ...A.state, opened: "" };
    X.current.state = A.state;
    A.follow("replace", true);
    (opener && opener.isConnected ? opener : stage).focus({ preventScroll: true });
  };
  const panel = () => {
    const box = $("#documents");
    if (!A.state.opened) {
      box.hidden = true;
      return;
    }
    const dot = A.state.opened.indexOf(".");
    $("#documents-body").replaceChildren(
      ...X.documents(A.state, A.state.opened.slice(0, dot), A.state.opened.slice(dot + 1)),
    );
    box.hidden = false;
  };
  Object.assign(A, { open, close, panel });
  A.begin.push(() => {
    $("#documents-close").addEventListener("click", close);
    $("#documents").addEventListener("keydown", (e) => {
      if (e.key === "Escape") close();
    });
  });
})(window.Explore);
