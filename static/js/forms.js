/* Forms of people: the present protection token, the focus after saving, and one sentence where nothing was saved.

   Hooks: [data-saved-focus] (gets the focus when the form around it came back empty); template#not-saved (the toast);
   #toast. */
(() => {
  "use strict";
  const isPoll = (element) => (element?.getAttribute("hx-trigger") || "").includes("every");
  const token = () => document.cookie.split("; ").find((part) => part.startsWith("csrftoken="))?.split("=")[1];

  // Signing in again in another tab changes the token of this page's forms.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const field = form.elements.namedItem("csrfmiddlewaretoken");
    if (field && token()) field.value = token();
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
