// For the page that frames a figure: sets the height of the frame that said how high it is.
(() => {
  addEventListener("message", (event) => {
    const height = event.data?.pursuitHeight;
    if (!(height > 0 && height < 10000)) return;
    for (const frame of document.querySelectorAll("iframe")) {
      if (frame.contentWindow === event.source) frame.height = Math.ceil(height);
    }
  });
  for (const frame of document.querySelectorAll("iframe")) frame.contentWindow?.postMessage("pursuit:height", "*");
})();
