/* Polling screens: the clock follows the server, two missed polls say "Not live since", new items are
   announced, counted in the title and, where the person asked for it, heard. While an action is on its way no poll
   replaces anything: the answer would find neither its form nor the parts beside it.

   Hooks: [data-clock]; #stale with [data-since]; [data-announce][id] (a sentence; spoken when it changes), with
   data-sound for a tone; [data-badge] (a number for the title); body[data-sound="on"], body[data-time-zone]. */
(() => {
  "use strict";
  const MISSED = 2; // polls
  const spoken = new Map();
  const unfolded = new Set(); // ids of details
  const clock = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: document.body.dataset.timeZone || undefined,
  });
  let missed = 0;
  let lastSeen = document.querySelector("[data-clock]")?.textContent || clock.format(new Date());
  let tones = null;

  let acting = 0; // actions that are not answered yet

  const isPoll = (element) => (element?.getAttribute("hx-trigger") || "").includes("every");

  function succeeded(request) {
    missed = 0;
    const stale = document.getElementById("stale");
    if (stale) stale.hidden = true;
    const said = request.getResponseHeader("Date");
    if (!said) return;
    lastSeen = clock.format(new Date(said));
    document.querySelectorAll("[data-clock]").forEach((place) => {
      if (place.textContent !== lastSeen) place.textContent = lastSeen;
    });
  }

  function failed() {
    missed += 1;
    const stale = document.getElementById("stale");
    if (!stale || missed < MISSED || !stale.hidden) return;
    stale.querySelector("[data-since]").textContent = lastSeen;
    stale.hidden = false;
  }

  function beep() {
    if (document.body.dataset.sound !== "on") return;
    tones = tones || new AudioContext();
    const tone = tones.createOscillator();
    const volume = tones.createGain();
    tone.frequency.value = 660; // hertz
    volume.gain.setValueAtTime(0.15, tones.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, tones.currentTime + 0.4);
    tone.connect(volume).connect(tones.destination);
    tone.start();
    tone.stop(tones.currentTime + 0.4);
  }

  // Browsers keep a page silent until somebody touches it.
  function wake() {
    if (document.body.dataset.sound !== "on") return;
    tones = tones || new AudioContext();
    tones.resume();
  }

  function look({ quiet = false } = {}) {
    const news = [];
    document.querySelectorAll("[data-announce][id]").forEach((place) => {
      const words = place.dataset.announce;
      if (words && !quiet && spoken.get(place.id) !== words) {
        news.push(words);
        if ("sound" in place.dataset) beep();
      }
      spoken.set(place.id, words);
    });
    const region = document.getElementById("announce");
    if (news.length && region) region.textContent = news.join(" ");
    let count = 0;
    document.querySelectorAll("[data-badge]").forEach((place) => { count += Number(place.dataset.badge) || 0; });
    const title = document.title.replace(/^\(\d+\) /, ""); // a swapped step brings a title of its own
    document.title = count ? `(${count}) ${title}` : title;
  }

  // What somebody unfolded stays so when the part around it is replaced.
  document.addEventListener("toggle", ({ target }) => {
    if (!target.matches("details[id]") || !target.isConnected) return;
    if (target.open) unfolded.add(target.id);
    else unfolded.delete(target.id);
  }, true);
  function unfold() {
    document.querySelectorAll("details[id]:not([open])").forEach((part) => { part.open = unfolded.has(part.id); });
  }

  document.addEventListener("htmx:beforeSend", ({ detail }) => {
    if (detail.requestConfig.verb === "get") return;
    acting += 1;
    detail.xhr.addEventListener("loadend", () => { acting -= 1; });
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (acting && isPoll(detail.requestConfig.elt)) detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isPoll(event.detail.elt)) return;
    if (event.detail.successful) succeeded(event.detail.xhr);
    else failed();
  });
  document.addEventListener("htmx:afterSettle", () => { unfold(); look(); });
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, wake, { once: true });
  look({ quiet: true });
})();
