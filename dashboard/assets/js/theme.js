// Before the first paint: the theme that the reader chose in this browser, or that an embed's address asks for.
(() => {
  const known = (theme) => theme === "light" || theme === "dark";
  let theme = new URLSearchParams(location.search).get("theme");
  try {
    if (!known(theme)) theme = localStorage.getItem("theme");
  } catch {
    // storage is closed to a sandboxed frame
  }
  if (known(theme)) document.documentElement.dataset.theme = theme;
})();
