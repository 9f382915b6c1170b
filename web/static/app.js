/* Everything works without this file and htmx. It adds the reader's own time, and says so when what one looks at is no
   longer kept up to date. */
(() => {
  "use strict";
  /* Our policy lets no text become markup but what htmx fetched from here, and no text become a script at all. */
  const policy = window.trustedTypes?.createPolicy("governance", { createHTML: (text) => text, createScript: () => "" });
  if (policy) window.htmx?.registerExtension("governance", { init: (api) => { api.initSecurity(policy); } });

  const hours = { weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const span = (of, zone) => {
    const clock = new Intl.DateTimeFormat("en-GB", { ...hours, timeZone: zone });
    return clock.formatRange(new Date(of.dataset.start), new Date(of.dataset.end));
  };
  const tellYours = () => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const of of document.querySelectorAll(".yours")) {
      const place = here.split("/").pop().replaceAll("_", " ");
      const isOther = span(of, here) !== span(of, of.dataset.zone);
      of.textContent = isOther ? ` \u2013 for you ${span(of, here)} (${place})` : "";
    }
  };
  tellYours();
  document.addEventListener("htmx:after:swap", tellYours);

  const lost = document.getElementById("lost");
  if (!lost) return;
  const show = (isLost) => { lost.hidden = !isLost; };
  document.addEventListener("htmx:error", () => show(true));
  document.addEventListener("htmx:response:error", () => show(true));
  document.addEventListener("htmx:before:response", (event) => {
    if (event.detail.ctx.response.status < 400) show(false);
  });
})();
