/* A message at the foot leaves after ten seconds, unless someone points at it or has focus in it. */
(() => {
  "use strict";
  const STAY = 10000; // milliseconds

  function watch(toast) {
    let timer = 0;
    const start = () => { timer = setTimeout(() => toast.remove(), STAY); };
    const stop = () => clearTimeout(timer);
    const leave = () => { stop(); if (!toast.matches(":hover, :focus-within")) start(); };
    toast.addEventListener("pointerenter", stop);
    toast.addEventListener("focusin", stop);
    toast.addEventListener("pointerleave", leave);
    toast.addEventListener("focusout", () => setTimeout(leave));
    start();
  }

  const area = document.getElementById("toast");
  if (!area) return;
  const seen = new WeakSet();
  const find = () => area.querySelectorAll("[data-toast]").forEach((toast) => {
    if (!seen.has(toast)) { seen.add(toast); watch(toast); }
  });
  new MutationObserver(find).observe(area, { childList: true, subtree: true });
  find();
})();
