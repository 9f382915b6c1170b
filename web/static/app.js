/* Everything works without this file. It only says so when what one looks at is no longer kept up to date. */
(() => {
  "use strict";
  const lost = document.getElementById("lost");
  if (!lost) return;
  const show = (isLost) => { lost.hidden = !isLost; };
  document.addEventListener("htmx:error", () => show(true));
  document.addEventListener("htmx:response:error", () => show(true));
  document.addEventListener("htmx:before:response", (event) => {
    if (event.detail.ctx.response.status < 400) show(false);
  });
})();
