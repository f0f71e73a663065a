/* Keys of the desk: single keys work only while no field has focus; every key has a visible button.

   Hooks: data-key="c" (one key), data-keys="Alt+r" (a combination, also inside fields), #keys (the list dialog,
   filled from the page), [data-keylist], body[data-keys="off"] switches single keys off. A button or link is
   clicked, a field gets focus. Ctrl+Enter presses the default button of the form around the focus. Escape leaves
   a field; data-key="escape" works only while no words stand in the form around it. */
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
  const mainButton = (form) => form?.querySelector("button:not([type=button])");
  const always = [...document.querySelector("[data-keylist]")?.children || []];

  function combination(event) {
    const parts = [];
    if (event.ctrlKey) parts.push("Ctrl");
    if (event.altKey) parts.push("Alt");
    parts.push(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    return parts.join("+");
  }

  function words(target) {
    const copy = (target.labels?.[0] && target.matches(FIELDS) ? target.labels[0] : target).cloneNode(true);
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

  const typed = (form) => [...form?.querySelectorAll("textarea, input[type=text]") || []].some((field) => field.value.trim());

  function showList() {
    const dialog = document.getElementById("keys");
    const list = dialog?.querySelector("[data-keylist]");
    if (!list || dialog.open) return;
    const targets = [...document.querySelectorAll("[data-key], [data-keys]")].filter(visible);
    const rows = targets.flatMap((target) => row(target.dataset.key || target.dataset.keys, target));
    const main = mainButton(first("form[data-main]"));
    list.replaceChildren(...rows, ...(main ? row("Ctrl+Enter", main) : []), ...always);
    dialog.showModal(); // the browser returns focus to what opened it
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey && event.key === "Enter") {
      const form = document.activeElement?.closest("form") || first("form[data-main]");
      if (form) { event.preventDefault(); mainButton(form)?.click(); } // a click carries the button's value
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (event.ctrlKey || event.altKey) {
      use(first(`[data-keys="${CSS.escape(combination(event))}"]`), event);
      return;
    }
    if (document.activeElement?.matches(FIELDS)) {
      if (event.key === "Escape") { event.preventDefault(); document.activeElement.blur(); }
      return;
    }
    if (event.metaKey || document.body.dataset.keys === "off") return;
    if (event.key === "?") { event.preventDefault(); showList(); return; }
    const key = event.key.toLowerCase();
    const target = key.length === 1 || key === "escape" ? first(`[data-key="${CSS.escape(key)}"]`) : null;
    if (key === "escape" && typed(target?.closest("form"))) return; // words are thrown away by hand only
    use(target, event);
  });
})();
