// Before and after, one over the other: what belongs to "before" is painted left of a line that is
// dragged, what belongs to "after" right of it; all else stands on both sides.

const swipe = { on: false, share: 0.5 };

/** The side a feature belongs to: "before", "after", or "" where it stands on both. */
function sideOf(feature) {
  const row = rowByFeature.get(feature);
  return D.swipe && row ? D.swipe.side[row.key] || "" : "";
}

/** Where the line stands, in pixels of the view. */
const swipeX = () => Math.round(swipe.share * map.getSize().x);

/** Where the line stands on the ground, in metres. */
const swipeGround = () => map.containerPointToLatLng([swipeX(), 0]).lng;

/** Whether a feature is seen at a place of the ground: the other side's things are not. */
function isOnSide(feature, x) {
  const side = swipe.on ? sideOf(feature) : "";
  return !side || (side === "before") === x < swipeGround();
}

/** Paint once for each side, clipped; `paint` is told which features it may take. */
function onSides(pen, view, paint) {
  if (!swipe.on) { paint(() => true); return; }
  const [w, s, e, n] = view.box;
  const at = swipeGround();
  for (const [side, from, to] of [["before", w, at], ["after", at, e]]) {
    if (to <= from) continue;
    pen.save();
    pen.beginPath();
    view.inMetres(pen);
    pen.rect(from, s, to - from, n - s);
    view.inPlane(pen);
    pen.clip();
    paint(feature => { const own = sideOf(feature); return !own || own === side; });
    pen.restore();
    view.inPlane(pen);
  }
}

function setSwipe(on) {
  swipe.on = on;
  $("swipe-button").setAttribute("aria-pressed", String(on));
  for (const name of ["swipe-line", "swipe-before", "swipe-after"]) $(name).hidden = !on;
  if (on) rows.filter(row => D.swipe.side[row.key]).forEach(row => { row.on = true; });
  moveSwipe(0.5);
  refresh();
}

function moveSwipe(share) {
  swipe.share = Math.min(Math.max(share, 0.02), 0.98);
  const line = $("swipe-line");
  line.style.left = `${swipeX()}px`;
  line.setAttribute("aria-valuenow", String(Math.round(swipe.share * 100)));
  mapSheet.redraw();
  pointSheet.redraw();
}

function dragSwipe(event) {
  const { left, width } = $("map").getBoundingClientRect();
  moveSwipe((event.clientX - left) / width);
}

if (D.swipe) {
  const Both = L.Control.extend({
    onAdd() {
      const icon = svg("svg", { width: 18, height: 18, viewBox: "0 0 18 18", "aria-hidden": "true" },
        svg("path", { d: "M9 1v16M6 5L2 9l4 4M12 5l4 4-4 4", fill: "none", stroke: "currentColor", "stroke-width": 1.8 }));
      const title = say("swipe", { before: D.swipe.before, after: D.swipe.after });
      const button = el("button", { class: "ctl", id: "swipe-button", type: "button", title, "aria-label": title, "aria-pressed": "false", on: { click: () => setSwipe(!swipe.on) } }, icon);
      L.DomEvent.disableClickPropagation(button);
      return button;
    },
  });
  new Both({ position: "topright" }).addTo(map);
  const line = $("swipe-line");
  line.addEventListener("pointerdown", event => {
    line.setPointerCapture(event.pointerId);
    event.preventDefault();
    line.focus();
  });
  line.addEventListener("pointermove", event => { if (line.hasPointerCapture(event.pointerId)) dragSwipe(event); });
  line.addEventListener("pointerup", arrange);
  line.addEventListener("keydown", event => {
    const step = { ArrowLeft: -0.02, ArrowRight: 0.02, Home: -1, End: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    moveSwipe(swipe.share + step);
    arrange();
  });
  map.on("move resize", () => { if (swipe.on) moveSwipe(swipe.share); });
}
