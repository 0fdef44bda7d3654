// Measuring on the map: a press sets a corner, the panel tells length and area on the ellipsoid.
// By keyboard: arrows move the map, Enter sets a corner in its middle.

const measuring = { on: false, places: [], pointer: null };

const Ruler = L.Control.extend({
  onAdd() {
    const icon = svg("svg", { width: 18, height: 18, viewBox: "0 0 18 18", "aria-hidden": "true" },
      svg("path", { d: "M2.5 12.5l10-10 3 3-10 10zM5 10l1.6 1.6M7.5 7.5L9.1 9.1M10 5l1.6 1.6", fill: "none", stroke: "currentColor", "stroke-width": 1.6, "stroke-linejoin": "round" }));
    const button = el("button", { class: "ctl", id: "ruler", type: "button", title: W.ruler, "aria-label": W.ruler, "aria-pressed": "false", on: { click: () => setMeasuring(!measuring.on) } }, icon);
    L.DomEvent.disableClickPropagation(button);
    return button;
  },
});
new Ruler({ position: "topright" }).addTo(map);

function setMeasuring(on) {
  Object.assign(measuring, { on, places: [], pointer: null });
  $("ruler").setAttribute("aria-pressed", String(on));
  $("map").classList.toggle("measuring", on);
  map.doubleClickZoom[on ? "disable" : "enable"]();
  if (on) { closeCard(); $("map").focus(); }
  drawMeasure();
}

function addCorner(place) {
  // The second press of a double one falls on the corner that the first has set.
  const last = measuring.places[measuring.places.length - 1];
  if (last && Math.hypot(place[0] - last[0], place[1] - last[1]) * pixelsPerMetre() < 3) return;
  measuring.places.push(place);
  drawMeasure();
}

function takeCornerBack() {
  measuring.places.pop();
  drawMeasure();
}

/** What is measured in words: metres below a kilometre, hectares from a tenth of one. */
const lengthText = metres => (metres < 1000 ? `${number(metres, 1)} m` : `${number(metres / 1000, 3)} km`);
const areaText = squareMetres => (squareMetres < 1000 ? `${number(squareMetres, 1)} m²` : `${number(squareMetres / 10000, 3)} ha`);

function drawMeasure() {
  $("measure").hidden = !measuring.on;
  if (!measuring.on) { pointSheet.redraw(); return; }
  const corners = measuring.places.map(([x, y]) => [x + D.grid.x0, y + D.grid.y0]);
  const grid = corners.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - corners[i][0], y - corners[i][1]), 0);
  const told = corners.length < 2
    ? [el("p", {}, phone.matches ? W.ruler_hint_touch : W.ruler_hint)]
    : [
      el("p", {}, `${W.ruler_length} `, el("b", { class: "num", id: "measured-length" }, lengthText(ELLIPSOID.length(corners, D.grid))),
        el("span", { class: "num" }, ` (${W.ruler_grid} ${lengthText(grid)})`)),
      corners.length > 2 ? el("p", {}, `${W.ruler_area} `, el("b", { class: "num", id: "measured-area" }, areaText(ELLIPSOID.area(corners, D.grid)))) : null,
    ];
  const button = (id, text, act, off) => el("button", { type: "button", id, disabled: off, on: { click: act } }, text);
  $("measure").replaceChildren(
    el("div", {}, told),
    el("div", { class: "does" },
      button("measure-back", W.ruler_back, takeCornerBack, !corners.length),
      button("measure-close", W.close, () => { setMeasuring(false); $("ruler").focus(); }, false)),
  );
  tell(told.filter(Boolean).map(line => line.textContent).join(". "));
  pointSheet.redraw();
}

/** The line measured, its corners, and the way from the last one to the pointer and home. */
function paintMeasure(pen) {
  if (!measuring.on || !measuring.places.length) return;
  const corners = measuring.places.map(place => plane(place));
  const loose = measuring.pointer ? plane(measuring.pointer) : null;
  const line = (points, colour, width, dash) => {
    pen.beginPath();
    points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.globalAlpha = 1;
    pen.lineJoin = "round";
    pen.lineCap = "butt";
    pen.setLineDash(dash);
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.stroke();
  };
  if (corners.length > 2) {
    pen.beginPath();
    corners.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.globalAlpha = 0.16;
    pen.fillStyle = "#0b4f6c";
    pen.fill();
    line([corners[corners.length - 1], corners[0]], "#0b4f6c", 1.4, [4, 4]);
  }
  if (loose) line([corners[corners.length - 1], loose], "#0b4f6c", 1.4, [2, 3]);
  line(corners, HALO, 6, []);
  line(corners, "#0b4f6c", 3, []);
  for (const [x, y] of corners) {
    pen.beginPath();
    pen.arc(x, y, 4.5, 0, 7);
    pen.fillStyle = HALO;
    pen.fill();
    pen.lineWidth = 2;
    pen.strokeStyle = "#0b4f6c";
    pen.stroke();
  }
}

$("map").addEventListener("keydown", event => {
  if (!measuring.on) return;
  const centre = map.getCenter();
  if (event.key === "Enter") addCorner([centre.lng, centre.lat]);
  else if (event.key === "Backspace") takeCornerBack();
  else return;
  event.preventDefault();
});

map.on("mousemove", event => {
  if (!measuring.on || !measuring.places.length || phone.matches) return;
  measuring.pointer = [event.latlng.lng, event.latlng.lat];
  pointSheet.redraw();
});
