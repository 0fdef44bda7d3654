// Symbols, names and pins take their seats. Far out, the symbols of a village stand in a row under
// its dot; names keep clear of symbols, pins and one another.

const NEAR = Math.log2(0.1);          // 1 pixel = 10 m: symbols take their true place
const SMALL = -5.4;                   // the whole commune on a phone
let seats = new Map();

/** Where the whole commune is a narrow band, pins are smaller, and most bear no number. */
const isBand = () => phone.matches && map.getZoom() < SMALL;
const isBare = finding => isBand() && (finding.severity === "warning" || finding.severity === "note");
const pinSize = finding => D.pins[finding.severity].size * (isBare(finding) ? 0.5 : isBand() ? 0.78 : 1);

const symbolSize = zoom => (zoom < -4.5 ? 15 : zoom < NEAR ? 18 : 22);

const symbolOf = feature => D.symbols[feature.case.symbol];

/** Where a point stands, in pixels of the plane. */
function seatOf(feature) {
  const seat = seats.get(feature);
  return seat ? [seat.x, seat.y] : plane(feature.at);
}

function seatSymbols() {
  const zoom = map.getZoom();
  const size = symbolSize(zoom);
  const inRows = new Map();
  seats = new Map();
  for (const feature of features) {
    if (feature.kind !== 1 || !feature.case.symbol || !isShown(feature)) continue;
    const beside = feature.layer.style.beside_village && feature.village && (zoom < NEAR || feature.approximate);
    if (isBand() && (feature.layer.style.beside_village || symbolOf(feature).size >= 2) && !feature.case.needs) continue;
    if (beside) {
      if (!inRows.has(feature.village)) inRows.set(feature.village, []);
      inRows.get(feature.village).push(feature);
    } else {
      const [x, y] = plane(feature.at);
      seats.set(feature, { x, y, size, hollow: feature.approximate, seated: true });
    }
  }
  spreadFlags();
  for (const [village, list] of inRows) {
    const [x, y] = plane(village.at);
    const room = size + 1;
    const columns = Math.min(list.length, 5);
    list.forEach((feature, k) => {
      const column = k % columns;
      const inRow = Math.min(columns, list.length - Math.floor(k / columns) * columns);
      seats.set(feature, {
        x: x + (column - (inRow - 1) / 2) * room,
        y: y + 8 + size / 2 + Math.floor(k / columns) * room,
        size, hollow: feature.approximate && zoom >= NEAR, seated: false,
      });
    });
  }
}

/** Flags, which are wide, keep clear of one another: each moves aside from those before it. */
function spreadFlags() {
  const taken = [];
  if (seats.size > 600) return;         // nothing would be clear of anything
  for (const [feature, seat] of seats) {
    if (symbolOf(feature).size < 2) continue;
    const [left, top, right, foot] = boxOfSeat(feature, seat);
    const [w, h] = [(right - left) / 2, (foot - top) / 2];
    const at = [seat.x, seat.y];
    let best = null;
    for (let ring = 0; ring < 9 && !(best && best.cost < 1); ring++) {
      for (let k = 0; k < (ring ? 8 : 1); k++) {
        const angle = (k * Math.PI) / 4 + Math.PI / 2;
        const [x, y] = [at[0] + Math.cos(angle) * ring * w * 0.8, at[1] - Math.sin(angle) * ring * h * 1.9];
        const cost = overlap([x - w, y - h, x + w, y + h], taken);
        if (!best || cost < best.cost) best = { x, y, cost };
        if (cost < 1) break;
      }
    }
    Object.assign(seat, { x: best.x, y: best.y, from: best.x === at[0] && best.y === at[1] ? null : at });
    taken.push([best.x - w, best.y - h, best.x + w, best.y + h]);
  }
}

/** A thin line from a flag that moved aside to its place. */
function paintLeads(pen) {
  pen.strokeStyle = "#17212b";
  pen.lineWidth = 0.9;
  pen.setLineDash([]);
  for (const [, seat] of seats) {
    if (!seat.from) continue;
    pen.beginPath();
    pen.moveTo(...seat.from);
    pen.lineTo(seat.x, seat.y);
    pen.stroke();
    pen.beginPath();
    pen.arc(...seat.from, 1.8, 0, 7);
    pen.stroke();
  }
}

function paintPoints(pen, view, isOwn) {
  pen.globalAlpha = 1;
  paintLeads(pen);
  const [w, s, e, n] = view.box.map(v => v * view.scale);
  const places = [...seats].filter(([f]) => f.layer.style.labels);
  const others = [...seats].filter(([f]) => !f.layer.style.labels);
  for (const [feature, seat] of [...places, ...others]) {
    if (!isOwn(feature)) continue;
    if (seat.x < w - 30 || seat.x > e + 30 || -seat.y < s - 30 || -seat.y > n + 30) continue;
    paintSymbol(pen, symbolOf(feature), seat.x, seat.y, seat.size, { letter: feature.letter, hollow: seat.hollow, seated: seat.seated });
  }
}

function symbolAt(place) {
  const [x, y] = plane(place);
  let best = null;
  let least = Infinity;
  for (const [feature, seat] of seats) {
    const [left, top, right, foot] = boxOfSeat(feature, seat);
    const onFlag = symbolOf(feature).size >= 2 && x > left && x < right && y > top && y < foot;
    const far = onFlag ? 0 : Math.hypot(x - seat.x, y - seat.y);
    if (far < Math.max(seat.size / 2, phone.matches ? 16 : 9) && far < least && feature.layer.style.interactive && isOnSide(feature, place[0])) { best = feature; least = far; }
  }
  return best;
}

// --- pins -----------------------------------------------------------------------------------------

const TURNS = [0, 40, -40, 80, -80, 125, -125, 180];
const pins = new Map();

/** The drop of a finding as SVG, its number upright whatever way the drop leans. */
function pinSvg(finding, turn = 0) {
  const symbol = D.pins[finding.severity];
  const { letter } = symbol;
  const [sx, sy] = symbol.seat;
  const head = turned([letter.x - sx, letter.y - 2.8 - sy], turn);
  const drop = svg("g", { transform: `rotate(${turn} ${sx} ${sy})` }, symbol.parts.map(part => svg("path", {
    d: part.path, fill: part.fill || "none", stroke: part.stroke || "none", "stroke-width": part.width, "stroke-linejoin": "round",
  })));
  const text = svg("text", { x: sx + head[0], y: sy + head[1] + 2.8, fill: letter.colour }, String(finding.number));
  return svg("svg", { width: 20 * pinSize(finding), height: 20 * pinSize(finding), viewBox: "0 0 20 20", "aria-hidden": "true" }, drop, isBare(finding) ? null : text);
}

function turned([x, y], degrees) {
  const a = (degrees * Math.PI) / 180;
  return [x * Math.cos(a) - y * Math.sin(a), x * Math.sin(a) + y * Math.cos(a)];
}

/** Boxes that the head of a pin takes, by its lean. */
function headBox([x, y], finding, turn) {
  const symbol = D.pins[finding.severity];
  const k = pinSize(finding);
  const [hx, hy] = turned([0, (8.1 - symbol.seat[1]) * k], turn);
  const r = 7.6 * k;
  return [x + hx - r, y + hy - r, x + hx + r, y + hy + r];
}

function placePins(busy) {
  const pane = map.getPane("pins");
  const taken = [];
  for (const finding of D.findings.filter(f => f.at)) {
    const on = finding === opened || (!finding.aside && isOn("pins-" + finding.severity));
    if (!on) { if (pins.has(finding)) pins.get(finding).remove(); continue; }
    const tip = plane(finding.at);
    let best = null;
    TURNS.forEach((turn, i) => {
      const box = headBox(tip, finding, turn);
      const cost = overlap(box, taken) * 4 + overlap(box, busy) + i * 6;
      if (!best || cost < best.cost) best = { turn, box, cost };
    });
    taken.push(best.box);
    setPin(pane, finding, tip, best.turn);
  }
  busy.push(...taken);
}

function setPin(pane, finding, tip, turn) {
  if (!pins.has(finding)) {
    const label = `${W.finding} ${finding.number}: ${finding.text}`;
    const button = el("button", { class: `pin ${finding.severity}`, type: "button", title: finding.text, "aria-label": label, on: { click: event => { event.stopPropagation(); openFinding(finding); } } });
    L.DomEvent.disableClickPropagation(button);
    pins.set(finding, button);
  }
  const button = pins.get(finding);
  button.replaceChildren(pinSvg(finding, turn));
  if (button.parentNode !== pane) pane.append(button);
  const [sx, sy] = D.pins[finding.severity].seat.map(v => v * pinSize(finding));
  L.DomUtil.setPosition(button, layerPoint([tip[0] - sx, tip[1] - sy]));
}

// --- names ----------------------------------------------------------------------------------------

const ruler = document.createElement("canvas").getContext("2d");

/** How much of a box lies under others, in square pixels. */
function overlap(box, others) {
  let sum = 0;
  for (const o of others) {
    const w = Math.min(box[2], o[2]) - Math.max(box[0], o[0]);
    const h = Math.min(box[3], o[3]) - Math.max(box[1], o[1]);
    if (w > 0 && h > 0) sum += w * h;
  }
  return sum;
}

// A name wider than this, in pixels, would cover the map: its end is left to the card.
const widestName = () => (phone.matches ? 104 : 190);

/** A text as far as it has room, by the ruler's font. */
function fitted(text) {
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

/** Seats tried for a name of w × h pixels round a dot, the best first. */
function seatsRound([x, y], w, h, below) {
  const low = 9 + below;
  const around = [
    [9, -h / 2], [-9 - w, -h / 2], [-w / 2, -9 - h], [-w / 2, low], [6, -6 - h], [-6 - w, -6 - h], [6, low - 3],
    [-6 - w, low - 3], [14, -h * 1.6], [-14 - w, -h * 1.6], [24, -h / 2], [-24 - w, -h / 2], [-w / 2, -16 - h], [-w / 2, low + 12],
  ];
  if (isBand()) around.push([9, 14], [9, -14 - h], [-9 - w, 14], [-9 - w, -14 - h], [-w / 2, low + 24], [-w / 2, -28 - h], [40, -h / 2], [-40 - w, -h / 2]);
  return around.map(([dx, dy]) => [x + dx, y + dy, x + dx + w, y + dy + h]);
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
  // Long names have the fewest seats to choose from: they choose first.
  for (const village of [...list].sort((a, b) => b.name.length - a.name.length || a.i - b.i)) {
    const text = fitted(village.layer.short[village.i]);
    const w = Math.ceil(ruler.measureText(text).width) + 2;
    let best = null;
    seatsRound(plane(village.at), w, h, rowHeight.get(village) || 0).forEach((box, i) => {
      const hidden = overlap(box, busy);
      const cost = hidden * 10 + sticksOut(box) * 100 + i + (isNearest(box, village, list) ? 0 : 1e6);
      if (!best || cost < best.cost) best = { box, cost, hidden };
    });
    // A name that would be read as another village's, or not at all, is left out: it is there
    // again closer up, and the search finds it.
    if (best.cost >= 1e6 || (isBand() && best.hidden > HIDDEN_PART * w * h)) continue;
    busy.push(best.box);
    nameAt([best.box[0], best.box[1]], text, "village", px < 13);
  }
}

// The part of a name that may lie under something else where the commune is a narrow band.
const HIDDEN_PART = 0.15;

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
  const [west, east] = [plane([D.home[0], 0])[0] - 24, plane([D.home[2], 0])[0] + 24];
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
      const cost = overlap(box, busy) * 10 + i;
      if (!best || cost < best.cost) best = { box, cost };
    });
    if (label.kind === "former" && best.cost >= 100) continue;
    busy.push(best.box);
    nameAt([best.box[0], best.box[1]], text, label.kind);
  }
}

/** Codes of zones, where the zone is wide enough to bear one: clear of symbols, in the zone. */
function placeAreaCodes(busy) {
  const scale = pixelsPerMetre();
  const flags = [...seats.keys()].some(f => symbolOf(f).size >= 2);
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
        const cost = overlap(box, busy) + i;
        if (!best || cost < best.cost) best = { box, cost };
      });
      // A code over a flag makes neither readable.
      if (flags && best.cost > half * 12) continue;
      busy.push(best.box);
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

/** The box that a symbol takes; the ring of a village fills a part of its own. */
function boxOfSeat(feature, { x, y, size }) {
  const scale = symbolOf(feature).size;
  if (scale >= 2) return [x - size * scale * 0.54, y - size * scale * 0.22, x + size * scale * 0.54, y + size * scale * 0.22];
  const r = feature.layer.style.labels ? 6 : size / 2;
  return [x - r, y - r, x + r, y + r];
}

/** Give everything its seat at the present zoom and paint it. */
function arrange() {
  seatSymbols();
  const busy = [...seats].map(([feature, seat]) => boxOfSeat(feature, seat));
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
