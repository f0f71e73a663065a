/* A long press on a button of the tally, its menu key or the right mouse button makes a question with words of it,
   which is no tap; the links of #tally-more do the same for everybody.

   Hooks: #tally [data-ask="category"] (a button or a link), #tally-more, #ask-category, #ask-text. */
(() => {
  "use strict";
  const LONG = 600; // milliseconds
  let timer = 0;
  let held = null; // the button of a long press: its click is no tap

  const buttonOf = (event) => event.target.closest?.("#tally button[data-ask]");

  function ask(category) {
    const field = document.getElementById("ask-category");
    if ([...field.options].some((option) => option.value === category)) field.value = category;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    document.getElementById("tally-more").open = false;
    document.getElementById("ask-text").focus();
  }

  document.addEventListener("pointerdown", (event) => {
    const button = buttonOf(event);
    clearTimeout(timer);
    held = null;
    if (button && event.button === 0) timer = setTimeout(() => { held = button; ask(button.dataset.ask); }, LONG);
  });
  for (const kind of ["pointerup", "pointercancel"]) document.addEventListener(kind, () => clearTimeout(timer));
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#tally a[data-ask]");
    if (link) ask(link.dataset.ask);
    if (link || (held && buttonOf(event) === held)) event.preventDefault();
    held = null;
  }, true);
  document.addEventListener("contextmenu", (event) => {
    const button = buttonOf(event);
    if (!button) return;
    event.preventDefault();
    clearTimeout(timer);
    if (event.pointerType === "touch") held = button; // the finger is still down
    ask(button.dataset.ask);
  });
})();
