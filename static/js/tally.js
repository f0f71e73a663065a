/* The tally: a tap counts at once and is kept in this browser until the server has it, exactly once. Each tap stands
   under a key of its own, so that two tabs lose none; one tab sends at a time, and the key counts once in any case.

   Hooks: #tally[data-now] (the server's clock); form[data-taps="#tally"] with data-queue (whose taps, at which branch)
   and data-undo-url; [data-count], [data-total], [data-unsent] (numbers; data-words has "{n}" in their place);
   form[data-untap]; #tally-sender; template#not-counted with its button; #announce, #toast. */
(() => {
  "use strict";
  const AGAIN = 15000; // milliseconds
  let disk = {}; // where the browser keeps nothing, the page does
  try { disk = localStorage || disk; } catch { /* it is forbidden */ }
  let sending = false;
  let stuck = false; // the last sending did not arrive
  let [ahead, seen] = [0, ""]; // milliseconds that the server's clock is ahead of this one, measured by what it said

  const form = () => document.querySelector("form[data-taps]");
  const prefix = () => `tally:${form().dataset.queue}:`;
  const put = (tap) => { disk[prefix() + tap.key] = JSON.stringify(tap); };
  const drop = (tap) => { delete disk[prefix() + tap.key]; };
  const mine = () => Object.keys(disk).filter((name) => name.startsWith(prefix()));
  const kept = () => mine().map((name) => JSON.parse(disk[name])).sort((one, other) => one.at.localeCompare(other.at));
  const next = () => kept().find((tap) => !tap.refused);
  const hex = (byte) => byte.toString(16).padStart(2, "0");
  const freshKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map(hex).join(""); // randomUUID wants https
  const write = (place, number) => { place.textContent = place.dataset.words.replace("{n}", number); };

  function show() {
    if (!form()) return;
    const tally = document.getElementById("tally");
    if (tally.dataset.now !== seen) ahead = Date.parse(seen = tally.dataset.now) - Date.now();
    const waiting = kept();
    const extra = waiting.filter((tap) => !tap.undo && !tap.refused);
    tally.querySelectorAll("[data-count]").forEach((place) => {
      const { value } = place.closest("button");
      place.textContent = Number(place.dataset.count) + extra.filter((tap) => tap.group === value).length;
    });
    const total = tally.querySelector("[data-total]");
    write(total, Number(total.dataset.total) + extra.length);
    const mark = tally.querySelector("[data-unsent]");
    mark.hidden = !(stuck && waiting.length) && waiting.length === extra.length;
    write(mark, waiting.length);
    if (waiting.some((tap) => tap.refused) && !document.querySelector("[data-refused]"))
      document.getElementById("toast").append(document.getElementById("not-counted").content.cloneNode(true));
  }

  const post = (path, values) => new Promise((answered) => {
    const handler = (_source, { xhr }) => answered(xhr);
    htmx.ajax("POST", path, { source: "#tally-sender", values, handler }).catch(() => answered({ status: 0 }));
  });

  async function sendOne(tap) {
    put({ ...tap, tried: true }); // the answer may be lost, the tap not
    const { action, dataset } = form();
    const values = { request_key: tap.key, ...(tap.undo ? {} : { group: tap.group, at: tap.at }) };
    const answer = await post(tap.undo ? dataset.undoUrl : action, values);
    const signIn = answer.getResponseHeader?.("HX-Redirect");
    if (signIn) location.assign(signIn); // what is kept is sent after it
    stuck = answer.status !== 200 && answer.status !== 422;
    if (stuck) return;
    const same = kept().some((each) => each.key === tap.key && each.undo === tap.undo); // not taken back meanwhile
    if (same) drop(tap);
    if (same && answer.status === 422 && !tap.undo) put({ ...tap, refused: true });
    htmx.swap("#tally", answer.responseText, { swapStyle: "outerHTML" });
  }

  async function sendAll() {
    stuck = navigator.onLine === false;
    while (!stuck && next()) await sendOne(next());
  }

  async function send() {
    if (sending || !next()) return;
    sending = true;
    await (navigator.locks ? navigator.locks.request("tally", sendAll) : sendAll());
    sending = false;
    show();
    if (!stuck) send(); // what was tapped in between
  }

  function tap(button) {
    put({ key: freshKey(), group: button.value, at: new Date(Date.now() + ahead).toISOString() });
    stuck ||= navigator.onLine === false;
    show();
    const mark = document.querySelector("#tally [data-unsent]");
    const words = [...button.children].slice(1).map((part) => part.textContent).join(" ");
    if (!mark.hidden) document.getElementById("announce").textContent = `${words}. ${mark.textContent}.`;
    send();
  }

  // Return whether there was something that had not been sent.
  function untap() {
    const last = kept().filter((each) => !each.refused && !each.undo).at(-1);
    if (!last) return false;
    drop(last);
    if (last.tried) put({ ...last, undo: true }); // it may have arrived
    show();
    send();
    return true;
  }

  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-taps]")) tap(event.submitter);
    else if (!event.target.matches("[data-untap]") || !untap()) return;
    else event.stopPropagation(); // htmx would take one back that was sent before
    event.preventDefault();
  }, true);
  document.addEventListener("click", ({ target }) => {
    if (!target.closest?.("[data-refused] button")) return;
    kept().filter((each) => each.refused).forEach(drop);
    target.closest("[data-refused]").remove();
    show();
  });

  for (const kind of ["htmx:afterSwap", "htmx:oobAfterSwap", "htmx:afterSettle"]) document.addEventListener(kind, show);
  addEventListener("storage", show);
  addEventListener("online", send);
  setInterval(send, AGAIN);
  show();
  send();
})();
