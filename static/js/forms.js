/* Forms of people: the present protection token, taps that all count, the focus after saving, and one sentence
   where nothing was saved.

   Hooks: form[data-taps="#tally"] (each tap is one request of its own; the answer replaces that element);
   [data-saved-focus] (gets the focus when the form around it came back empty); template#not-saved (the toast);
   #toast. */
(() => {
  "use strict";
  const taps = [];
  let sending = false;

  const isPoll = (element) => (element?.getAttribute("hx-trigger") || "").includes("every");
  const token = () => document.cookie.split("; ").find((part) => part.startsWith("csrftoken="))?.split("=")[1];

  // crypto.randomUUID is missing on plain http.
  function freshKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // An answer replaces the form it came from, and htmx drops what waits at a form that left: so taps wait here.
  async function sendTaps() {
    if (sending) return;
    sending = true;
    while (taps.length) {
      const { path, target, values } = taps.shift();
      await htmx.ajax("POST", path, { target, swap: taps.length ? "none" : "outerHTML", values }).catch(() => {});
    }
    sending = false;
  }

  // Signing in again in another tab changes the token of this page's forms.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const field = form.elements.namedItem("csrfmiddlewaretoken");
    if (field && token()) field.value = token();
    if (!("taps" in form.dataset)) return;
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form, event.submitter));
    taps.push({ path: form.action, target: form.dataset.taps, values: { ...values, request_key: freshKey() } });
    sendTaps();
  }, true);

  document.addEventListener("htmx:configRequest", (event) => {
    const { headers, parameters, verb } = event.detail;
    if (!token()) return;
    headers["X-CSRFToken"] = token();
    if (verb === "post") parameters.csrfmiddlewaretoken = token();
  });

  function tell(event) {
    if (isPoll(event.detail.elt) || event.detail.elt.closest("[data-quiet]")) return;
    const area = document.getElementById("toast");
    const sentence = document.getElementById("not-saved");
    if (!area || !sentence) return;
    area.querySelectorAll("[data-not-saved]").forEach((toast) => toast.remove());
    area.append(sentence.content.cloneNode(true));
  }
  for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(kind, tell);

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.requestConfig?.verb !== "post") return;
    const place = event.detail.xhr.status === 422 ? "[aria-invalid=true]" : "[data-saved-focus]";
    event.target.querySelector(place)?.focus();
  });
})();
