/* Keys of the desk: single keys work only while no field has focus; every key has a visible button.

   Hooks: data-key="c" (one key), data-keys="Alt+r" (a combination, also inside fields), body[data-keys="off"]
   switches single keys off. A button or link is clicked, a field gets focus; of several "u" the newest message's
   wins, and where there is none #key-hint says its data-nothing. Ctrl+Enter presses the main button of the form around
   the focus: the one that form[data-default] names, else its first. Escape leaves a field;
   data-key="escape" works only while no words stand in the form around it, else in the page's main one. A free single
   key is told first as the event "desk:key" (detail.key), whoever takes it cancels that. */
(() => {
  "use strict";
  const FIELDS = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]";

  const READ = 4000; // milliseconds that a hint stands

  function use(target, event) {
    if (!target || target.disabled) return;
    event.preventDefault();
    if (target.matches(FIELDS)) target.focus();
    else target.click();
  }

  const visible = (element) => element.getClientRects().length > 0;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(visible);
  const holder = (selector) => all(`[data-undo] ${selector}`).at(-1) || all(selector)[0];
  const mainButton = (form) => document.getElementById(form?.dataset.default) || form?.querySelector("button:not([type=button])");
  const typed = (form) => [...form?.querySelectorAll("textarea, input[type=text]") || []].some((field) => field.value.trim());

  function combination(event) {
    const parts = [];
    if (event.ctrlKey) parts.push("Ctrl");
    if (event.altKey) parts.push("Alt");
    parts.push(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    return parts.join("+");
  }

  function nothing() {
    const hint = document.getElementById("key-hint");
    if (!hint?.dataset.nothing) return;
    hint.textContent = hint.dataset.nothing;
    setTimeout(() => { if (hint.textContent === hint.dataset.nothing) hint.textContent = ""; }, READ);
  }

  function single(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const taken = new CustomEvent("desk:key", { detail: { key }, cancelable: true });
    if (!document.dispatchEvent(taken)) { event.preventDefault(); return; }
    const name = key === "Escape" ? "escape" : key;
    const target = name.length === 1 || name === "escape" ? holder(`[data-key="${CSS.escape(name)}"]`) : null;
    if (name === "u" && !target) nothing();
    const form = target?.closest("form") || all("form[data-main]")[0]; // a link leaves the page and the words in it
    if (name === "escape" && typed(form)) return; // words are thrown away by hand only
    use(target, event);
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey && event.key === "Enter") {
      const form = document.activeElement?.closest("form") || all("form[data-main]")[0];
      if (form) { event.preventDefault(); mainButton(form)?.click(); } // a click carries the button's value
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (event.ctrlKey || event.altKey) {
      use(holder(`[data-keys="${CSS.escape(combination(event))}"]`), event);
      return;
    }
    if (document.activeElement?.matches(FIELDS)) {
      if (event.key === "Escape") { event.preventDefault(); document.activeElement.blur(); }
      return;
    }
    if (!event.metaKey && !event.repeat && document.body.dataset.keys !== "off") single(event);
  });
})();
