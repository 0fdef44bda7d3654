// Symbols, names and pins take their seats. Far out, the symbols of a village stand in a row under
// its dot; names keep clear of symbols, pins and one another.

const NEAR = Math.log2(0.1);          // 1 pixel = 10 m: symbols take their true place
const SMALL = -5.4;                   // the whole commune on a phone
let seats = new Map();
let leads = [];                       // of pins and names: place, and where they stand

/** Where the whole commune is a narrow band, pins are smaller, and most bear no number. */
const isBand = () => phone.matches && map.getZoom() < SMALL;

const symbolSize = zoom => (zoom < -4.5 ? 15 : zoom < NEAR ? 18 : 22);
const FLAG = 21;                      // least size at which the number on a flag can be read
const BARE_FLAG = 6;                  // a flag without its number, where the commune is a band

const symbolOf = feature => D.symbols[feature.case.symbol];
const isFlag = feature => symbolOf(feature).size >= 2;

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
    if (isBand() && (feature.layer.style.beside_village || isFlag(feature)) && !feature.case.needs) continue;
    if (beside) {
      if (!inRows.has(feature.village)) inRows.set(feature.village, []);
      inRows.get(feature.village).push(feature);
    } else {
      const [x, y] = plane(feature.at);
      const own = !isFlag(feature) ? size : isBand() ? BARE_FLAG : Math.max(size, FLAG);
      seats.set(feature, { x, y, size: own, hollow: feature.approximate, seated: true });
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
  const taken = new Crowd();
  // Nothing would be clear of anything; and what bears no number needs no room.
  if (seats.size > 600 || isBand()) return;
  for (const [feature, seat] of seats) {
    if (!isFlag(feature)) continue;
    const [left, top, right, foot] = boxOfSeat(feature, seat);
    const [w, h] = [(right - left) / 2, (foot - top) / 2];
    const at = [seat.x, seat.y];
    let best = null;
    for (let ring = 0; ring < 9 && !(best && best.cost < 1); ring++) {
      for (let k = 0; k < (ring ? 8 : 1); k++) {
        const angle = (k * Math.PI) / 4 + Math.PI / 2;
        const [x, y] = [at[0] + Math.cos(angle) * ring * w * 0.8, at[1] - Math.sin(angle) * ring * h * 1.9];
        const cost = taken.over([x - w, y - h, x + w, y + h]);
        if (!best || cost < best.cost) best = { x, y, cost };
        if (cost < 1) break;
      }
    }
    Object.assign(seat, { x: best.x, y: best.y, from: best.x === at[0] && best.y === at[1] ? null : at });
    taken.add([best.x - w, best.y - h, best.x + w, best.y + h]);
  }
}

/** Thin lines from what moved aside (a flag, a pin, a name) to its place. */
function paintLeads(pen, isOwn) {
  const ofFlags = [...seats].filter(([feature, seat]) => seat.from && isOwn(feature)).map(([, seat]) => [seat.from, [seat.x, seat.y]]);
  pen.setLineDash([]);
  pen.lineCap = "butt";
  for (const [from, to] of [...ofFlags, ...leads]) {
    for (const [colour, width] of [["rgba(255, 255, 255, .8)", 2.6], ["#17212b", 1]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.beginPath();
      pen.moveTo(...from);
      pen.lineTo(...to);
      pen.stroke();
    }
    pen.beginPath();
    pen.arc(...from, 1.8, 0, 7);
    pen.fillStyle = "#17212b";
    pen.fill();
  }
}

function paintPoints(pen, view, isOwn) {
  pen.globalAlpha = 1;
  paintLeads(pen, isOwn);
  const [w, s, e, n] = view.box.map(v => v * view.scale);
  const places = [...seats].filter(([f]) => f.layer.style.labels);
  const others = [...seats].filter(([f]) => !f.layer.style.labels);
  for (const [feature, seat] of [...places, ...others]) {
    if (!isOwn(feature)) continue;
    if (seat.x < w - 30 || seat.x > e + 30 || -seat.y < s - 30 || -seat.y > n + 30) continue;
    paintSymbol(pen, symbolOf(feature), seat.x, seat.y, seat.size, { letter: seat.size > BARE_FLAG ? feature.letter : "", hollow: seat.hollow, seated: seat.seated });
  }
}

function symbolAt(place) {
  const [x, y] = plane(place);
  let best = null;
  let least = Infinity;
  for (const [feature, seat] of seats) {
    const [left, top, right, foot] = boxOfSeat(feature, seat);
    const onFlag = isFlag(feature) && x > left && x < right && y > top && y < foot;
    const far = onFlag ? 0 : Math.hypot(x - seat.x, y - seat.y);
    if (far < Math.max(seat.size / 2, phone.matches ? 16 : 9) && far < least && feature.layer.style.interactive && isOnSide(feature, place[0])) { best = feature; least = far; }
  }
  return best;
}

/** The box that a symbol takes; the ring of a village fills a part of its own. */
function boxOfSeat(feature, { x, y, size }) {
  const scale = symbolOf(feature).size;
  if (scale >= 2) return [x - size * scale * 0.54, y - size * scale * 0.22, x + size * scale * 0.54, y + size * scale * 0.22];
  const r = feature.layer.style.labels ? 6 : size / 2;
  return [x - r, y - r, x + r, y + r];
}
