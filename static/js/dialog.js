/* Dialogs that arrive as fragments open as modal ones, and leave the page when they close.

   Hooks: dialog[data-modal]; [data-print] prints and stays hidden without scripts. */
(() => {
  "use strict";

  function prepare() {
    document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
    document.querySelectorAll("dialog[data-modal]:not([open])").forEach((dialog) => {
      dialog.addEventListener("close", () => dialog.remove(), { once: true });
      dialog.showModal(); // the browser returns focus to what opened it
    });
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("htmx:afterSettle", prepare);
  prepare();
})();
