/* Keys of the desk: single keys work only while no field has focus; every key has a visible button.

   Hooks: data-key="c" (one key), data-keys="Alt+r" (a combination, also inside fields), #keys (the list dialog,
   filled from the page), [data-keylist], body[data-keys="off"] switches single keys off. A button or link is
   clicked, a field gets focus. Ctrl+Enter presses the default button of the form around the focus. */
(() => {
  "use strict";
  const FIELDS = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]";

  function use(target, event) {
    if (!target || target.disabled) return;
    event.preventDefault();
    if (target.matches(FIELDS)) target.focus();
    else target.click();
  }

  const visible = (element) => element.getClientRects().length > 0;
  const first = (selector) => [...document.querySelectorAll(selector)].find(visible);

  function combination(event) {
    const parts = [];
    if (event.ctrlKey) parts.push("Ctrl");
    if (event.altKey) parts.push("Alt");
    parts.push(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    return parts.join("+");
  }

  function words(target) {
    const copy = target.cloneNode(true);
    copy.querySelectorAll("kbd, svg").forEach((part) => part.remove());
    const label = target.labels && target.labels[0] ? target.labels[0].textContent : copy.textContent;
    return (target.getAttribute("aria-label") || label).trim().replace(/\s+/g, " ");
  }

  function showList() {
    const dialog = document.getElementById("keys");
    const list = dialog?.querySelector("[data-keylist]");
    if (!list || dialog.open) return;
    list.replaceChildren();
    document.querySelectorAll("[data-key], [data-keys]").forEach((target) => {
      if (!visible(target)) return;
      const key = document.createElement("kbd");
      key.textContent = (target.dataset.key || target.dataset.keys).toUpperCase().replace("+", " ");
      const term = document.createElement("dt");
      term.append(key);
      const meaning = document.createElement("dd");
      meaning.textContent = words(target);
      list.append(term, meaning);
    });
    dialog.showModal(); // the browser returns focus to what opened it
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey && event.key === "Enter") {
      const form = document.activeElement?.closest("form") || first("form[data-main]");
      if (form) { event.preventDefault(); form.querySelector("button:not([type=button])")?.click(); } // a click carries the button's value
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (event.ctrlKey || event.altKey) {
      use(first(`[data-keys="${CSS.escape(combination(event))}"]`), event);
      return;
    }
    if (event.metaKey || document.body.dataset.keys === "off" || document.activeElement?.matches(FIELDS)) return;
    if (event.key === "?") { event.preventDefault(); showList(); return; }
    const key = event.key.toLowerCase();
    if (key.length === 1 || key === "escape") use(first(`[data-key="${CSS.escape(key)}"]`), event);
  });
})();
