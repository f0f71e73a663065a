/* Kiosk: reads the step aloud, the question first, where the browser has a voice for the page's language.

   Hooks: button[data-read-aloud] (stays hidden without such a voice); #step; [data-silent] is left out, as is all that
   is hidden or decoration. It stops when the step changes, when the page goes and when the screen asks "Still there?". */
(() => {
  "use strict";
  const SILENT = "[aria-hidden=true], [hidden], [inert], [data-silent], script, style, template, select, textarea";
  const speech = window.speechSynthesis;
  const button = document.querySelector("[data-read-aloud]");
  if (!speech || !button) return;
  let turn = 0; // what an earlier reading still reports is stale

  const base = (code) => code.toLowerCase().replace("_", "-").split("-")[0];

  function voice() {
    const wanted = document.documentElement.lang.toLowerCase();
    const fit = speech.getVoices().filter((one) => base(one.lang) === base(wanted));
    const exact = fit.filter((one) => one.lang.toLowerCase().replace("_", "-") === wanted);
    return [...exact, ...fit].find((one) => one.localService) || exact[0] || fit[0];
  }

  function block(node) {
    let place = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    while (/^(inline|contents)$/.test(getComputedStyle(place).display) && place.parentElement) place = place.parentElement;
    return place;
  }

  // One piece of text for each block, in the order of the page.
  function pieces(root) {
    const found = [];
    let last = null;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) => {
      if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
      if (node.matches(SILENT) || getComputedStyle(node).display === "none") return NodeFilter.FILTER_REJECT;
      if (!node.matches("svg")) return NodeFilter.FILTER_SKIP;
      return node.hasAttribute("aria-label") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT;
    });
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.parentElement.closest("svg")) continue; // its label has said it
      const text = node.nodeType === Node.TEXT_NODE ? node.data : node.getAttribute("aria-label");
      const place = block(node);
      if (place === last) found[found.length - 1] += text;
      else if (text.trim()) { found.push(text); last = place; }
    }
    return found.map((text) => text.trim().replace(/\s+/g, " ")).filter(Boolean);
  }

  function words() {
    const step = document.getElementById("step");
    const question = step.querySelector("h1");
    const all = pieces(step);
    const first = question ? pieces(question) : [];
    return [...first, ...all.filter((text) => !first.includes(text))];
  }

  function stop() {
    turn += 1;
    speech.cancel();
    button.setAttribute("aria-pressed", "false");
  }

  function read() {
    const mine = ++turn;
    const chosen = voice();
    const texts = words();
    speech.cancel();
    button.setAttribute("aria-pressed", "true");
    texts.forEach((text, place) => {
      const said = new SpeechSynthesisUtterance(text);
      said.lang = chosen?.lang || document.documentElement.lang;
      said.voice = chosen || null;
      said.onerror = () => { if (mine === turn) stop(); };
      if (place === texts.length - 1) said.onend = said.onerror;
      speech.speak(said);
    });
  }

  const offer = () => { button.hidden = !voice(); };

  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") stop();
    else read();
  });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "step") stop(); });
  document.addEventListener("kiosk:asks", stop);
  addEventListener("pagehide", stop);
  speech.addEventListener?.("voiceschanged", offer); // many browsers learn their voices late
  offer();
})();
