/* Dialogs that arrive as fragments open as modal ones, and leave the page when they close.

   Hooks: dialog[data-modal]; the event "dialog-done" and a link to a place of a page close them; one that takes another
   one's place gives the focus back to what opened the first. [data-print] prints and stays hidden without scripts; Enter in input[data-scan] (a
   scanner types it) sends nothing and goes on to the form's [data-after-scan]; Enter in [data-enter="id"] presses that
   button. [data-stands-for="number ..."] leaves when one of these fields changes: it was said of another one. */
(() => {
  "use strict";
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

  function closeAll() {
    document.querySelectorAll("dialog[data-modal][open]").forEach((dialog) => dialog.close());
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
    if (event.target.closest("dialog[data-modal] a[href*='#']")) closeAll();
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest?.("input[data-scan], input[data-enter]");
    if (!field || event.key !== "Enter" || event.ctrlKey) return;
    event.preventDefault();
    if ("scan" in field.dataset) field.form.querySelector("[data-after-scan]")?.focus();
    else document.getElementById(field.dataset.enter)?.click();
  });
  document.addEventListener("input", (event) => {
    event.target.form?.querySelectorAll("[data-stands-for]").forEach((part) => {
      if (part.dataset.standsFor.split(" ").includes(event.target.name)) part.remove();
    });
  });
  document.addEventListener("dialog-done", closeAll);
  document.addEventListener("htmx:afterSettle", prepare);
  prepare();
})();
