/* Kiosk: digits to tap, read aloud, focus on the new question, and no step that Back would find.

   Hooks: [data-key="7" | "delete" | "clear"] type into the field that last had focus in the same form;
   [data-read-aloud]; [data-print] prints the slip; [data-reveal="id"] shows what a PIN field holds;
   [data-needs-js] is shown only where scripts run; #step is the swapped main part. */
(() => {
  "use strict";
  const FIELDS = "input:not([type=hidden], [type=checkbox], [type=radio], [type=submit])";
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

  function readAloud(button) {
    const speaking = speechSynthesis.speaking;
    speechSynthesis.cancel();
    button.setAttribute("aria-pressed", String(!speaking));
    if (speaking) return;
    const speech = new SpeechSynthesisUtterance(document.getElementById("step").innerText);
    speech.lang = document.documentElement.lang;
    speech.onend = () => button.setAttribute("aria-pressed", "false");
    speechSynthesis.speak(speech);
  }

  function reveal(button) {
    const place = document.getElementById(button.dataset.reveal);
    place.type = place.type === "password" ? "text" : "password";
    button.setAttribute("aria-pressed", String(place.type === "text"));
  }

  function showScripted() {
    document.querySelectorAll("[data-needs-js]").forEach((part) => { part.hidden = false; });
    if ("speechSynthesis" in window) {
      document.querySelectorAll("[data-read-aloud]").forEach((part) => { part.hidden = false; });
    }
  }

  document.addEventListener("focusin", (event) => { if (event.target.matches(FIELDS)) field = event.target; });
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest("[data-key]")) event.preventDefault(); // the field keeps its focus
  });
  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]");
    const speaker = event.target.closest("[data-read-aloud]");
    if (key) type(key);
    const eye = event.target.closest("[data-reveal]");
    if (speaker) readAloud(speaker);
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
    if ("speechSynthesis" in window) speechSynthesis.cancel();
    showScripted();
    const question = event.target.querySelector("h1");
    if (question && !event.target.querySelector("[autofocus]")) { question.tabIndex = -1; question.focus(); }
  });
  addEventListener("pagehide", () => { if ("speechSynthesis" in window) speechSynthesis.cancel(); });
  showScripted();
})();
