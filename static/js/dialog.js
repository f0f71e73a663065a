/* Dialogs that arrive as fragments open as modal ones, and leave the page when they close.

   Hooks: dialog[data-modal]; the event "dialog-done" closes them; one that takes another one's place gives the focus
   back to what opened the first. [data-print] prints and stays hidden without scripts; Enter in input[data-scan] (a
   scanner types it) goes on to the next field and sends nothing. */
(() => {
  "use strict";
  const FIELDS = "input:not([type=hidden]), select, textarea, button";
  let opener = null; // what had focus before the first dialog

  function goBack() {
    const place = opener?.isConnected ? opener : document.getElementById(opener?.id || "main");
    opener = null;
    place?.focus({ preventScroll: true });
  }

  function closed(dialog) {
    dialog.remove();
    if (!document.querySelector("dialog[data-modal][open]")) goBack();
  }

  function prepare() {
    document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
    document.querySelectorAll("dialog[data-modal]:not([open])").forEach((dialog) => {
      const focused = document.activeElement;
      if (!opener && focused !== document.body) opener = focused;
      dialog.addEventListener("close", () => closed(dialog), { once: true });
      dialog.showModal();
    });
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("keydown", (event) => {
    const scan = event.target.closest?.("input[data-scan]");
    if (!scan || event.key !== "Enter" || event.ctrlKey) return;
    event.preventDefault();
    const fields = [...scan.form.querySelectorAll(FIELDS)];
    fields[fields.indexOf(scan) + 1]?.focus();
  });
  document.addEventListener("dialog-done", () => {
    document.querySelectorAll("dialog[data-modal][open]").forEach((dialog) => dialog.close());
  });
  document.addEventListener("htmx:afterSettle", prepare);
  prepare();
})();
