/* Kiosk: digits to tap, the slip, focus on the new question, and no step that Back would find.

   Hooks: [data-key="7" | "delete" | "clear"] type into the field that last had focus in the same form;
   #scan, or the field of the step that has autofocus, takes what a scanner types;
   [data-print] prints the slip; [data-reveal="id"] shows what a PIN field holds;
   [data-needs-js] is shown only where scripts run; #step is the swapped main part. */
(() => {
  "use strict";
  const FIELDS = "input:not([type=hidden], [type=checkbox], [type=radio], [type=submit])";
  const SLOT = "#scan, #step input[autofocus]";
  const paper = new CSSStyleSheet();
  let field = null;
  htmx.config.historyEnabled = false; // a boosted step would push its address; hx-push-url="false" does not stop that

  function target(button) {
    const form = button.closest("form");
    return form?.contains(field) ? field : form?.querySelector("[autofocus]") || form?.querySelector(FIELDS);
  }

  function type(button) {
    const place = target(button);
    if (!place) return;
    const key = button.dataset.key;
    if (key === "delete") place.value = place.value.slice(0, -1);
    else if (key === "clear") place.value = "";
    else if (place.maxLength < 0 || place.value.length < place.maxLength) place.value += key;
    place.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // The roll is cut where the slip ends: a page of CSS has no height that follows its content.
  function cutPaper() {
    const slip = document.querySelector(".slip");
    if (!slip) return;
    slip.classList.add("slip--paper");
    const height = Math.ceil(slip.offsetHeight * 25.4 / 96) + 9; // millimetres: two margins of 4, and 1 to spare
    slip.classList.remove("slip--paper");
    paper.replaceSync(`@page slip { size: 72mm ${height}mm; margin: 4mm; }`);
    document.adoptedStyleSheets = [paper];
  }

  function reveal(button) {
    const place = document.getElementById(button.dataset.reveal);
    place.type = place.type === "password" ? "text" : "password";
    button.setAttribute("aria-pressed", String(place.type === "text"));
  }

  function showScripted() {
    document.querySelectorAll("[data-needs-js]").forEach((part) => { part.hidden = false; });
  }

  // A scanner types like a keyboard, wherever the focus was left: its first sign opens the card slot.
  function catchScan(event) {
    if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!event.target.matches(FIELDS)) document.querySelector(SLOT)?.focus();
  }

  document.addEventListener("focusin", (event) => { if (event.target.matches(FIELDS)) field = event.target; });
  document.addEventListener("keydown", catchScan);
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest("[data-key]")) event.preventDefault(); // the field keeps its focus
  });
  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]");
    if (key) type(key);
    const eye = event.target.closest("[data-reveal]");
    if (eye) reveal(eye);
    if (event.target.closest("[data-print]")) print();
  });

  // A link that loads a whole page takes the place of this one. Boosted links have been answered before they come here.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    location.replace(link.href);
  });

  // A refusal is an answer like any other; anything that is no step of the kiosk leads back to its start.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr } = event.detail;
    if (target.id !== "step" || xhr.status < 400) return;
    if (!xhr.responseText.includes('id="step"')) { location.replace(document.body.dataset.start); return; }
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "step") return;
    showScripted();
    const question = event.target.querySelector("h1");
    if (question && !event.target.querySelector("[autofocus]")) { question.tabIndex = -1; question.focus(); }
  });
  addEventListener("beforeprint", cutPaper);
  showScripted();
})();
