// Pins of findings. A pin leans, or stands off on a thin line, where its head would hide the number
// of another. One of them is reached by Tab; arrows lead from there to the others, by number.

const TURNS = [0, 40, -40, 80, -80, 125, -125, 180];
const AWAY = [1, 1.9, 2.8, 3.7];      // how far a head stands off, in lengths of its drop
const AWAY_COST = 70;                 // what each of these is worth in square pixels hidden
const HEAD = 7.6;                     // radius of a head, of 20
const ROUNDS = 3;
const pins = new Map();
let tabPin = null;

const isBare = finding => isBand() && (finding.severity === "warning" || finding.severity === "note");

/** Pins are a little smaller where the whole commune is seen, and small on a phone. */
function pinSize(finding) {
  const far = isBare(finding) ? 0.5 : isBand() ? 0.78 : map.getZoom() < -4.5 ? 0.86 : 1;
  return D.pins[finding.severity].size * far;
}

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

/** Ways in which a pin may stand: its foot, and the box of its head, in pixels of the plane. */
function waysOf(finding, [x, y]) {
  const k = pinSize(finding);
  const length = (D.pins[finding.severity].seat[1] - 8.1) * k;
  const r = HEAD * k;
  return (isBare(finding) ? AWAY.slice(0, 1) : AWAY).flatMap((far, step) => TURNS.map((turn, i) => {
    const foot = turned([0, -length * (far - 1)], turn).map((v, axis) => v + [x, y][axis]);
    const [hx, hy] = turned([0, -length], turn).map((v, axis) => v + foot[axis]);
    return { turn, foot, box: [hx - r, hy - r, hx + r, hy + r], price: i * 6 + step * AWAY_COST, off: step > 0 };
  }));
}

const isPinned = finding => finding.at && (finding === opened || (!finding.aside && isOn("pins-" + finding.severity)));

function placePins(busy) {
  const shown = D.findings.filter(isPinned);
  const heads = new Crowd();
  const ways = shown.map(finding => waysOf(finding, plane(finding.at)));
  const held = shown.map(() => null);
  for (let round = 0; round < ROUNDS; round++) {
    shown.forEach((finding, k) => {
      if (held[k]) {
        heads.remove(held[k].box);
        if (!heads.over(held[k].box)) { heads.add(held[k].box); return; }
      }
      let least = Infinity;
      for (const way of ways[k]) {
        if (way.price >= least) continue;
        const cost = heads.over(way.box) * 4 + busy.over(way.box) + way.price;
        if (cost < least) { least = cost; held[k] = way; }
      }
      heads.add(held[k].box);
    });
  }
  for (const [finding, button] of pins) if (!isPinned(finding)) button.remove();
  const pane = map.getPane("pins");
  shown.forEach((finding, k) => {
    setPin(pane, finding, held[k]);
    if (held[k].off) leads.push([plane(finding.at), held[k].foot]);
    busy.add(held[k].box);
  });
  if (!shown.includes(tabPin)) tabPin = shown[0] || null;
  markTabPin();
}

function setPin(pane, finding, { turn, foot }) {
  if (!pins.has(finding)) pins.set(finding, makePin(finding));
  const button = pins.get(finding);
  button.replaceChildren(pinSvg(finding, turn));
  if (button.parentNode !== pane) pane.append(button);
  const [sx, sy] = D.pins[finding.severity].seat.map(v => v * pinSize(finding));
  L.DomUtil.setPosition(button, layerPoint([foot[0] - sx, foot[1] - sy]));
}

function makePin(finding) {
  const label = `${W.finding} ${finding.number}: ${finding.text}`;
  const button = el("button", {
    class: `pin ${finding.severity}`, type: "button", title: finding.text, "aria-label": label,
    on: {
      click: event => { event.stopPropagation(); openFinding(finding); },
      focus: () => { tabPin = finding; markTabPin(); },
      keydown: event => walkPins(event, finding),
    },
  });
  L.DomEvent.disableClickPropagation(button);
  return button;
}

function markTabPin() {
  for (const [finding, button] of pins) button.tabIndex = finding === tabPin ? 0 : -1;
}

/** Arrows lead to the pin with the next number, Home and End to the first and the last. */
function walkPins(event, finding) {
  const shown = D.findings.filter(isPinned);
  const at = shown.indexOf(finding);
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  const next = shown[(to + shown.length) % shown.length];
  if (!map.getBounds().contains(latlng(next.at))) map.panInside(latlng(next.at), { padding: [60, 60], animate: false });
  pins.get(next).focus();
}
