/* The list of keys: what works on this page, and the switch for single keys, which this browser keeps.

   Hooks: #keys (the dialog) with [data-keylist], filled from the page's data-key and data-keys; rows that stand in
   the page stay, those with data-with="selector" only where the page has such a part. [data-keys-open] opens it,
   and so does "?"; [data-keys-switch] is the checkbox. */
(() => {
  "use strict";
  const KEPT = "desk-keys";
  const dialog = document.getElementById("keys");
  const list = dialog?.querySelector("[data-keylist]");
  if (!list) return;
  const always = [...list.children];
  const toggle = dialog.querySelector("[data-keys-switch]");

  const visible = (element) => element.getClientRects().length > 0;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(visible);

  // A browser may refuse to keep anything; then the switch holds for this page.
  function remembered() {
    try { return localStorage.getItem(KEPT); } catch { return null; }
  }

  function remember(value) {
    try { localStorage.setItem(KEPT, value); } catch { /* holds for this page */ }
  }

  function words(target) {
    const label = target.matches("input, textarea, select") ? target.labels?.[0] : null;
    const copy = (label || target).cloneNode(true);
    copy.querySelectorAll("kbd, svg, b, .muted").forEach((part) => part.remove()); // keys, pictures, counts, hints
    return (target.getAttribute("aria-label") || copy.textContent).trim().replace(/\s+/g, " ");
  }

  function row(keys, target) {
    const key = document.createElement("kbd");
    key.textContent = keys === "escape" ? "Esc" : keys.replace("+", " ").replace(/\b[a-z]$/, (letter) => letter.toUpperCase());
    const term = document.createElement("dt");
    term.append(key);
    const meaning = document.createElement("dd");
    meaning.textContent = words(target);
    return [term, meaning];
  }

  function rows() {
    const byKey = new Map();
    for (const target of all("[data-key], [data-keys]")) {
      const keys = target.dataset.key || target.dataset.keys;
      if (!byKey.has(keys) || target.closest("[data-undo]")) byKey.set(keys, target);
    }
    const main = all("form[data-main]")[0]?.querySelector("button:not([type=button])");
    if (main) byKey.set("Ctrl+Enter", main);
    return [...byKey].flatMap(([keys, target]) => row(keys, target));
  }

  function show() {
    if (dialog.open) return;
    toggle.checked = document.body.dataset.keys !== "off";
    const here = always.filter((part) => !part.dataset.with || document.querySelector(part.dataset.with));
    list.replaceChildren(...rows(), ...here);
    dialog.showModal(); // the browser returns focus to what opened it
  }

  toggle.addEventListener("change", () => {
    document.body.dataset.keys = toggle.checked ? "on" : "off";
    remember(document.body.dataset.keys);
  });
  document.addEventListener("desk:key", (event) => {
    if (event.detail.key === "?") { event.preventDefault(); show(); }
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-keys-open]")) show(); });
  document.querySelectorAll("[data-keys-open]").forEach((button) => { button.hidden = false; });
  if (remembered()) document.body.dataset.keys = remembered();
})();
