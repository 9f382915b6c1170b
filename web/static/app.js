/* Everything works without this file and htmx. Here is what only a script can: saying that what one looks at is no longer
   kept up to date, a few keys, and one's own time beside the meeting's. */
(() => {
  "use strict";
  /* Our policy lets no text become markup but what htmx fetched from here, and no text become a script at all. */
  const policy = window.trustedTypes?.createPolicy("governance", { createHTML: (text) => text, createScript: () => "" });
  if (policy) window.htmx?.registerExtension("governance", { init: (api) => { api.initSecurity(policy); } });

  const lost = document.getElementById("lost");
  const show = (isLost) => { if (lost) lost.hidden = !isLost; };
  document.addEventListener("htmx:error", () => show(true));
  document.addEventListener("htmx:response:error", () => show(true));
  document.addEventListener("htmx:before:response", (event) => {
    if (event.detail.ctx.response.status < 400) show(false);
  });

  const keys = document.getElementById("keys");
  const opener = document.getElementById("show-keys");
  if (keys && opener) {
    opener.hidden = false;
    opener.addEventListener("click", () => keys.showModal());
  }
  const isTyping = (where) => where.closest?.("input, textarea, select, [contenteditable]");
  const acts = {
    "?": () => keys && !keys.open && (keys.showModal(), true),
    "/": () => press(document.querySelector("main input[type=search]"), "focus"),
    "n": () => press(document.querySelector("main a[data-key=n]"), "click"),
    "h": () => press(document.querySelector("a.brand"), "click"),
  };
  const press = (what, how) => what && (what[how](), true);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (keys?.open) return;
    if (Object.hasOwn(acts, event.key) && acts[event.key]()) event.preventDefault();
  });

  /* The zone of the meeting is what counts and is named; who is elsewhere reads their own time beside it. */
  const said = (at, timeZone) => new Intl.DateTimeFormat("en-GB", { weekday: "long", hour: "2-digit", minute: "2-digit", timeZone }).format(at);
  const addOwnTimes = () => {
    for (const one of document.querySelectorAll("time[data-zone]")) {
      if (one.nextElementSibling?.classList.contains("own-time")) continue;
      const at = new Date(one.dateTime);
      const own = said(at);
      if (own === said(at, one.dataset.zone)) continue;
      const beside = document.createElement("span");
      beside.className = "own-time";
      beside.textContent = ` · ${own} your time`;
      one.after(beside);
    }
  };
  addOwnTimes();
  document.addEventListener("htmx:after:swap", addOwnTimes);

  /* What is to be taken elsewhere is copied by a button, where the browser lets us. */
  for (const button of navigator.clipboard ? document.querySelectorAll("button[data-copies]") : []) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).value);
      button.textContent = "Copied";
    });
  }

  /* On a phone the tabs are wider than the window: the one that one is on is in sight. */
  const tabs = document.querySelector("nav.tabs");
  const here = tabs?.querySelector("[aria-current]");
  if (here) tabs.scrollLeft = here.offsetLeft - (tabs.clientWidth - here.offsetWidth) / 2;
})();
