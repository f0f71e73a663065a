/* Kiosk: nobody touches the screen, so it asks, and then it forgets. Nothing comes back by Back.

   Hooks: body[data-idle] and body[data-warning] (seconds), body[data-start] (address of the first page),
   #idle with [data-seconds] and [data-stay], form[data-leave] (ends the sign-in). Polls are not a touch. */
(() => {
  "use strict";
  const { idle, warning, start } = document.body.dataset;

  // A page from the browser's memory may show the last person's booking: never show it, start again.
  addEventListener("pagehide", () => { document.body.hidden = true; });
  addEventListener("pageshow", (event) => { if (event.persisted) location.replace(start); });

  const panel = document.getElementById("idle");
  const leave = document.querySelector("form[data-leave]");
  if (!Number(idle) || !panel || !leave) return;

  const seconds = panel.querySelector("[data-seconds]");
  let touched = Date.now();
  let before = null; // what had focus

  const rest = () => [...document.body.children].filter((part) => part !== panel && part.tagName !== "SCRIPT");

  function ask() {
    before = document.activeElement;
    rest().forEach((part) => { part.inert = true; });
    panel.hidden = false;
    panel.querySelector("[data-stay]").focus();
    document.dispatchEvent(new Event("kiosk:asks")); // nothing is read to an empty chair
  }

  function stay() {
    touched = Date.now();
    if (panel.hidden) return;
    panel.hidden = true;
    rest().forEach((part) => { part.inert = false; });
    before?.focus();
  }

  function tick() {
    const left = Math.ceil(Number(idle) + Number(warning) - (Date.now() - touched) / 1000);
    if (left <= 0) {
      clearInterval(timer);
      seconds.textContent = "0";
      leave.requestSubmit();
    } else if (left <= Number(warning)) {
      if (panel.hidden) ask();
      seconds.textContent = String(left);
    }
  }

  const timer = setInterval(tick, 1000);
  for (const kind of ["pointerdown", "keydown", "input"]) {
    document.addEventListener(kind, () => { if (panel.hidden) touched = Date.now(); }, { passive: true });
  }
  panel.addEventListener("click", (event) => { if (event.target.closest("[data-stay]")) stay(); });
})();
