/* Everything works without this file and htmx. It says so when what one looks at is no longer kept up to date. */
(() => {
  "use strict";
  /* Our policy lets no text become markup but what htmx fetched from here, and no text become a script at all. */
  const policy = window.trustedTypes?.createPolicy("governance", { createHTML: (text) => text, createScript: () => "" });
  if (policy) window.htmx?.registerExtension("governance", { init: (api) => { api.initSecurity(policy); } });
  const lost = document.getElementById("lost");
  if (!lost) return;
  const show = (isLost) => { lost.hidden = !isLost; };
  document.addEventListener("htmx:error", () => show(true));
  document.addEventListener("htmx:response:error", () => show(true));
  document.addEventListener("htmx:before:response", (event) => {
    if (event.detail.ctx.response.status < 400) show(false);
  });
})();
