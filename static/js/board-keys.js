/* The room board is one Tab stop: arrows move to the nearest seat on the screen, Home and End to the first and the
   last; while nothing has focus an arrow leads into it. The board may be replaced whole at any time: the place is kept by id. Without scripts all are plain links.

   Hooks: #board, its links (each with an id), #board-keys (the sentence that explains the arrows). */
(() => {
  "use strict";
  const AHEAD = { ArrowRight: ["x", 1], ArrowLeft: ["x", -1], ArrowDown: ["y", 1], ArrowUp: ["y", -1] };
  let place = ""; // id of the link that has the Tab stop
  let inside = false; // whether it had focus when last seen

  const board = () => document.getElementById("board");
  const stops = () => [...board()?.querySelectorAll("a[href]") || []];

  function settle(chosen) {
    const links = stops();
    const stop = chosen || links.find((link) => link.id === place) || links[0];
    links.forEach((link) => { link.tabIndex = link === stop ? 0 : -1; });
    place = stop?.id || "";
    if (document.getElementById("board-keys")) board()?.setAttribute("aria-describedby", "board-keys");
    return stop;
  }

  // Edges along an axis: near and far in the direction of the arrow.
  function span(link, axis) {
    const box = link.getBoundingClientRect();
    return axis === "x" ? [box.left, box.right] : [box.top, box.bottom];
  }

  const middle = ([start, end]) => (start + end) / 2;
  const overlap = ([a, b], [c, d]) => Math.min(b, d) - Math.max(a, c) > 1;

  function measure(from, link, axis, sign) {
    const cross = axis === "x" ? "y" : "x";
    const [mine, its] = [span(from, axis), span(link, axis)];
    const [myCross, itsCross] = [span(from, cross), span(link, cross)];
    return {
      link,
      gap: sign > 0 ? its[0] - mine[1] : mine[0] - its[1],
      ahead: (middle(its) - middle(mine)) * sign > 1 && !overlap(mine, its),
      level: overlap(myCross, itsCross),
      aside: Math.abs(middle(itsCross) - middle(myCross)),
    };
  }

  // Straight ahead first; up and down may else leave the column, left and right stay in their row.
  function nearest(from, key) {
    const [axis, sign] = AHEAD[key];
    const ahead = stops().map((link) => measure(from, link, axis, sign)).filter((each) => each.ahead);
    const level = ahead.filter((each) => each.level);
    const open = level.length || axis === "x" ? level : ahead;
    const closest = Math.min(...open.map((each) => each.gap));
    const row = open.filter((each) => each.gap < closest + from.offsetHeight / 2);
    return row.sort((one, other) => (axis === "x" ? one.gap - other.gap : one.aside - other.aside))[0]?.link;
  }

  function goal(from, key) {
    if (key === "Home") return stops()[0];
    if (key === "End") return stops().at(-1);
    return AHEAD[key] ? nearest(from, key) : null;
  }

  const unfocused = () => [document.body, document.getElementById("main")].includes(document.activeElement);

  document.addEventListener("keydown", (event) => {
    const enters = AHEAD[event.key] && unfocused() && !document.querySelector("dialog[open]") && settle();
    const from = event.target.closest?.("#board a[href]") || enters;
    if (!from || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (!AHEAD[event.key] && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault(); // the page does not scroll under the fingers
    (from === enters ? from : goal(from, event.key))?.focus();
  });

  document.addEventListener("focusin", (event) => {
    const link = event.target.closest("#board a[href]");
    inside = Boolean(link);
    if (link) settle(link);
  });
  document.addEventListener("focusout", (event) => { if (event.relatedTarget) inside = false; });
  document.addEventListener("pointerdown", () => { inside = false; });

  function replaced() {
    const stop = settle();
    if (inside && document.activeElement === document.body) stop?.focus({ preventScroll: true });
  }

  for (const kind of ["htmx:afterSwap", "htmx:oobAfterSwap", "htmx:afterSettle"]) document.addEventListener(kind, replaced);
  settle();
})();
