// Names of villages, units and zones: each where it hides least, those with the fewest places to
// stand choosing first; then those that hide something choose again.

const ruler = document.createElement("canvas").getContext("2d");

// A name wider than this, in pixels, would cover the map: its end is left to the card.
const widestName = () => (phone.matches ? 104 : 190);

/** A text as far as it has room, by the ruler's font. */
function fitted(whole) {
  const text = brief(whole);
  const most = widestName();
  if (ruler.measureText(text).width <= most) return text;
  const letters = [...text];
  let [fits, tooLong] = [1, letters.length];
  while (tooLong - fits > 1) {
    const half = (fits + tooLong) >> 1;
    if (ruler.measureText(letters.slice(0, half).join("") + "…").width <= most) fits = half; else tooLong = half;
  }
  return letters.slice(0, fits).join("") + "…";
}

function nameAt([x, y], text, kind, small = false) {
  const node = el("div", { class: `name ${kind}${small ? " small" : ""}` }, text);
  L.DomUtil.setPosition(node, layerPoint([x, y]));
  map.getPane("names").append(node);
}

const STAND_OFF = [18, 30, 44];       // pixels between a dot and a name that found no seat beside it
const WITH_LEAD = 30;                 // from there on a thin line says whose name it is

/** Seats tried for a name of w × h pixels round a dot, the best first; the last ones stand off. */
function seatsRound([x, y], w, h, below) {
  const low = 9 + below;
  const around = [
    [9, -h / 2], [-9 - w, -h / 2], [-w / 2, -9 - h], [-w / 2, low], [6, -6 - h], [-6 - w, -6 - h], [6, low - 3],
    [-6 - w, low - 3], [14, -h * 1.6], [-14 - w, -h * 1.6], [24, -h / 2], [-24 - w, -h / 2], [-w / 2, -16 - h], [-w / 2, low + 12],
  ];
  const off = isBand() ? [] : STAND_OFF.flatMap(far => [...Array(12).keys()].map(k => {
    const [ux, uy] = turned([1, 0], k * 30);
    return [ux * (far + w / 2) - w / 2, uy * (far + h / 2 + (uy > 0 ? below : 0)) - h / 2, far];
  }));
  if (isBand()) around.push([9, 14], [9, -14 - h], [-9 - w, 14], [-9 - w, -14 - h], [-w / 2, low + 24], [-w / 2, -28 - h], [40, -h / 2], [-40 - w, -h / 2]);
  return [...around, ...off].map(([dx, dy, far = 0], i) => ({ box: [x + dx, y + dy, x + dx + w, y + dy + h], price: i + far, far }));
}

function placeVillageNames(busy) {
  const zoom = map.getZoom();
  const px = phone.matches ? 12 : zoom < -4.5 ? 12.5 : 13.5;
  const h = Math.round(px * 1.3);
  const list = villages.filter(f => f.at && isShown(f));
  ruler.font = `600 ${px}px "NTM Sans", "Be Vietnam Pro", "Segoe UI", sans-serif`;
  const rowHeight = new Map();
  for (const [feature, seat] of seats) {
    if (feature.village && !seat.seated) rowHeight.set(feature.village, Math.max(rowHeight.get(feature.village) || 0, seat.y + seat.size / 2 - plane(feature.village.at)[1] - 8));
  }
  const names = new Crowd();
  // Long names have the fewest seats to choose from: they choose first.
  const asked = [...list].sort((a, b) => b.name.length - a.name.length || a.i - b.i).map(village => {
    const text = fitted(village.layer.short[village.i]);
    const w = Math.ceil(ruler.measureText(text).width) + 2;
    const seatsOfName = seatsRound(plane(village.at), w, h, rowHeight.get(village) || 0);
    return { village, text, area: w * h, ways: seatsOfName.filter(({ box }) => isNearest(box, village, list)), held: null };
  });
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of asked) {
      if (name.held) names.remove(name.held.box);
      name.held = freest(name.ways, busy, names);
      if (name.held) names.add(name.held.box);
    }
  }
  for (const { village, text, area, held } of asked) {
    // A name that would be read as another village's, or not at all, is left out: it is there
    // again closer up, and the search finds it.
    if (!held || held.hidden > (isBand() ? HIDDEN_ON_BAND : HIDDEN_PART) * area) continue;
    busy.add(held.box);
    if (held.far >= WITH_LEAD) leads.push([plane(village.at), nearestOn(held.box, plane(village.at))]);
    nameAt([held.box[0], held.box[1]], text, "village", px < 13);
  }
}

/** The seat of a name that hides least, what stands there already and other names. */
function freest(ways, busy, names) {
  let best = null;
  let least = Infinity;
  for (const way of ways) {
    if (way.price >= least) continue;
    const [under, hidden] = [busy.over(way.box), names.over(way.box)];
    const cost = under * 10 + hidden * 30 + sticksOut(way.box) * 1000 + way.price;
    if (cost < least) { least = cost; best = { ...way, hidden: under + hidden }; }
  }
  return best;
}

/** The place of a box that is nearest to a point. */
const nearestOn = (box, [x, y]) => [Math.min(Math.max(x, box[0]), box[2]), Math.min(Math.max(y, box[1]), box[3])];

// The part of a name that may lie under something else; less where the commune is a narrow band.
const HIDDEN_PART = 0.5;
const HIDDEN_ON_BAND = 0.15;

/** Whether a name in a box stands nearer to the dot of its village than to any other. */
function isNearest(box, village, list) {
  const far = other => {
    const [x, y] = plane(other.at);
    return Math.hypot(Math.max(box[0] - x, x - box[2], 0), Math.max(box[1] - y, y - box[3], 0));
  };
  const own = far(village);
  return list.every(other => other === village || far(other) > own);
}

/** How far a name would stick out of a small screen that shows the whole commune. */
function sticksOut(box) {
  if (!isBand()) return 0;
  const [west, east] = [plane([D.home[0], 0])[0] - BESIDE, plane([D.home[2], 0])[0] + BESIDE];
  return Math.max(west - box[0], 0) + Math.max(box[2] - east, 0);
}

/** Names of neighbours and former communes: in the middle of their place, where it is free. */
function placeUnitNames(busy) {
  for (const label of D.labels) {
    if (!isOn(label.row) || (phone.matches && map.getZoom() < -5.2)) continue;
    ruler.font = '400 12.5px "NTM Sans", "Be Vietnam Pro", "Segoe UI", sans-serif';
    const text = fitted(label.text);
    const w = Math.ceil(ruler.measureText(text).width * (label.kind === "neighbour" ? 1.12 : 1)) + 2;
    let best = null;
    [[0, 0], [0, -26], [0, 26], [-60, 0], [60, 0], [-60, -26], [60, 26], [0, -52], [0, 52]].forEach(([dx, dy], i) => {
      const [x, y] = plane(label.at);
      const box = [x + dx - w / 2, y + dy - 8, x + dx + w / 2, y + dy + 8];
      const cost = busy.over(box) * 10 + i;
      if (!best || cost < best.cost) best = { box, cost };
    });
    if (label.kind === "former" && best.cost >= 100) continue;
    busy.add(best.box);
    nameAt([best.box[0], best.box[1]], text, label.kind);
  }
}

/** Codes of zones, where the zone is wide enough to bear one: clear of symbols, in the zone. */
function placeAreaCodes(busy) {
  const scale = pixelsPerMetre();
  const flags = [...seats.keys()].some(isFlag);
  ruler.font = '600 11px "NTM Sans", sans-serif';
  for (const layer of layers.filter(l => l.style.labels && l.style.labels.kind === "area")) {
    for (const feature of layer.features) {
      if (!feature.box || !isShown(feature) || !feature.letter || !isOnSide(feature, feature.at[0])) continue;
      if (Math.min(feature.box[2] - feature.box[0], feature.box[3] - feature.box[1]) * scale < 26) continue;
      const half = ruler.measureText(feature.letter).width / 2;
      let best = null;
      [[0, 0], [0, -16], [0, 16], [-24, 0], [24, 0], [-24, -16], [24, 16]].forEach(([dx, dy], i) => {
        const at = [feature.at[0] + dx / scale, feature.at[1] - dy / scale];
        if (i && !contains(feature.parts, ...at)) return;
        const [x, y] = plane(at);
        const box = [x - half, y - 7, x + half, y + 7];
        const cost = busy.over(box) + i;
        if (!best || cost < best.cost) best = { box, cost };
      });
      // A code over a flag makes neither readable.
      if (flags && best.cost > half * 3) continue;
      busy.add(best.box);
      nameAt(best.box, feature.letter, "area");
    }
  }
}

/** Figures of the kilometre grid along the upper and the left side of the view. */
function placeGridFigures() {
  if (!isOn("grid")) return;
  const view = map.getBounds();
  const [w, s, e, n] = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
  const kilometres = (at, origin) => number((at + origin) / 1000, 0);
  for (const x of gridLines(w, e, D.grid.x0, gridStep())) { const p = plane([x, n]); nameAt([p[0] - 10, p[1] + 2], kilometres(x, D.grid.x0), "tick"); }
  for (const y of gridLines(s, n, D.grid.y0, gridStep())) { const p = plane([w, y]); nameAt([p[0] + 4, p[1] - 7], kilometres(y, D.grid.y0), "tick"); }
}

/** Give everything its seat at the present zoom and paint it. */
function arrange() {
  seatSymbols();
  leads = [];
  const busy = new Crowd([...seats].map(([feature, seat]) => boxOfSeat(feature, seat)));
  placePins(busy);
  map.getPane("names").replaceChildren();
  if (timed) placePosts(busy);
  placeAreaCodes(busy);
  placeVillageNames(busy);
  placeUnitNames(busy);
  placeGridFigures();
  drawScale();
  mapSheet.redraw();
  pointSheet.redraw();
}
