/* A message at the foot leaves after ten seconds; the clock stands while someone points at it or has focus in it.

   Hooks: #toast with [data-toast]; form[data-undo] inside takes back what the message tells (key U, see keys.js) and
   takes its message along. form[data-taps] is something newer to take back. Focus goes back to where it was. */
(() => {
  "use strict";
  const STAY = 10000; // milliseconds
  const area = document.getElementById("toast");
  if (!area) return;
  let before = null; // what had focus outside the messages

  function goBack() {
    const place = before?.isConnected ? before : document.getElementById(before?.id || "main");
    const target = place || document.getElementById("main");
    if (target.id === "main") target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  function remove(toast) {
    const focused = toast.contains(document.activeElement);
    toast.remove();
    if (focused) goBack();
  }

  function watch(toast) {
    let timer = 0;
    let left = STAY;
    let since = 0;
    const start = () => {
      since = performance.now();
      timer = setTimeout(() => remove(toast), left);
    };
    const stop = () => {
      if (!timer) return;
      clearTimeout(timer);
      timer = 0;
      left -= performance.now() - since;
    };
    const leave = () => { if (!timer && !toast.matches(":hover, :focus-within")) start(); };
    toast.addEventListener("pointerenter", stop);
    toast.addEventListener("focusin", stop);
    toast.addEventListener("pointerleave", leave);
    toast.addEventListener("focusout", () => setTimeout(leave));
    start();
  }

  document.addEventListener("focusin", (event) => { if (!area.contains(event.target)) before = event.target; });

  // Taken back, or refused with a sentence of its own: both ways this one has said its part.
  area.addEventListener("htmx:afterRequest", (event) => {
    if (!event.target.matches("[data-undo]")) return;
    if (event.detail.successful || event.detail.xhr.status === 422) remove(event.target.closest("[data-toast]"));
  });

  // The tally's own undo is the newest after a tap.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-taps]")) return;
    area.querySelectorAll("[data-undo] [data-key]").forEach((button) => {
      button.removeAttribute("data-key");
      button.querySelector("kbd")?.remove();
    });
  }, true);

  const seen = new WeakSet();
  const find = () => area.querySelectorAll("[data-toast]").forEach((toast) => {
    if (!seen.has(toast)) { seen.add(toast); watch(toast); }
  });
  new MutationObserver(find).observe(area, { childList: true, subtree: true });
  find();
})();
