/* Keys that lead somewhere: S then a number opens a seat, G then a figure a branch, L the waiting line.

   Hooks: #seat-7-open (a link), #branches (links in their order), #line (its rows, buttons, heading); #key-hint says
   what is typed, in the sentences of its data-seat, data-branch, data-no-seat and data-no-branch ("{typed}").
   Listens to "desk:key" of keys.js. */
(() => {
  "use strict";
  const PAUSE = 800; // milliseconds between two figures; then the number is complete
  const FIRST = 6000; // to the first figure
  const READ = 4000; // how long "No seat 99" stands
  const hint = document.getElementById("key-hint");
  const GOES = {
    s: {
      prompt: "seat", none: "noSeat",
      find: (typed) => document.getElementById(`seat-${typed}-open`),
      open: (typed) => {
        const labels = [...document.querySelectorAll('[id^="seat-"][id$="-open"]')].map((seat) => seat.id.slice(5, -5));
        return labels.some((label) => label.startsWith(typed)) && labels.some((label) => label.length > typed.length);
      },
      here: () => document.getElementById("board"),
    },
    g: {
      prompt: "branch", none: "noBranch",
      find: (typed) => document.querySelectorAll("#branches a")[Number(typed) - 1],
      open: () => false,
      here: () => document.getElementById("branches"),
    },
  };
  let going = null; // the entry of GOES whose number is being typed
  let typed = "";
  let timer = 0;
  let done = false; // figures that come late belong to the number, not to the tally

  function say(name) {
    if (!hint) return;
    hint.textContent = name ? hint.dataset[name].replace("{typed}", typed) : "";
    hint.toggleAttribute("data-typing", Boolean(name) && !done);
  }

  function wait(milliseconds, then) {
    clearTimeout(timer);
    timer = setTimeout(then, milliseconds);
  }

  function stop() {
    clearTimeout(timer);
    [going, typed, done] = [null, "", false];
    say(null);
  }

  function finish() {
    const target = going.find(typed);
    done = true;
    say(target ? null : going.none);
    wait(target ? PAUSE : READ, stop);
    target?.click();
  }

  function type(figure) {
    typed += figure;
    say(going.prompt);
    if (going.open(typed)) wait(PAUSE, finish);
    else finish();
  }

  function start(go) {
    stop();
    going = go;
    say(go.prompt);
    wait(FIRST, stop);
  }

  function toLine() {
    const line = document.getElementById("line");
    if (!line) return false;
    const can = (place) => [...line.querySelectorAll(place)].find((part) => part.getClientRects().length && !part.disabled);
    const target = can(":is(li, tbody tr) :is(a[href], button)") || can("a[href], button") || can("h2");
    if (target?.matches("h2")) target.tabIndex = -1;
    target?.focus();
    return Boolean(target);
  }

  // Returns whether the key was taken.
  function take(key) {
    const figure = /^[0-9]$/.test(key);
    if (going && figure) { if (!done) type(key); return true; }
    if (going && key === "Enter" && typed) { if (!done) finish(); return true; }
    const cancelled = Boolean(going) && key === "Escape";
    if (going && key !== "Shift") stop();
    if (cancelled) return true;
    if (GOES[key]?.here()) { start(GOES[key]); return true; }
    return key === "l" && toLine();
  }

  document.addEventListener("desk:key", (event) => { if (take(event.detail.key)) event.preventDefault(); });
  document.addEventListener("pointerdown", () => { if (going) stop(); });
  addEventListener("pageshow", (event) => { if (event.persisted) stop(); });
})();
