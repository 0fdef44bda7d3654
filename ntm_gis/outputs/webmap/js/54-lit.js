// What is lit, the sheets that all is painted on, and what lies under the pointer.

let lit = [];

function paintLit(pen, view, isOwn) {
  const seen = lit.filter(f => f.kind && isOwn(f) && (f.kind === 1 || meet(f.box, view.box)));
  haloOfAreas(pen, view, seen.filter(f => f.kind === 3));
  const lines = seen.filter(f => f.kind === 2);
  for (const [colour, wider] of HALOS) {
    for (const feature of lines) {
      setHalo(pen, colour, lineWidthOf(feature) + wider);
      traceAll(pen, [feature], view);
      pen.stroke();
    }
    for (const feature of seen.filter(f => f.kind === 1)) {
      setHalo(pen, colour, (wider - 2) / 2);
      const [x, y] = seatOf(feature);
      pen.beginPath();
      pen.arc(x, y, 14, 0, 7);
      pen.stroke();
    }
  }
  // What a line is shows in its stroke: that stays, the halo lies round it.
  for (const layer of layers) {
    const own = lines.filter(f => f.layer === layer);
    if (own.length) paintLines(pen, view, layer, own);
  }
  pen.globalAlpha = 1;
}

// Colours of a halo and how much wider than the stroke in it, from the outside to the inside.
const HALOS = [["#ffffff", 13], ["#b85c00", 9], ["#ffffff", 3]];

function setHalo(pen, colour, width) {
  pen.globalAlpha = 1;
  pen.setLineDash([]);
  pen.lineJoin = "round";
  pen.lineCap = "round";
  pen.strokeStyle = colour;
  pen.lineWidth = width;
}

/** A halo outside of areas: what fills them stays as it is. */
function haloOfAreas(pen, view, areas) {
  if (!areas.length) return;
  const [w, s, e, n] = view.box;
  pen.save();
  pen.beginPath();
  view.inMetres(pen);
  pen.rect(w, s, e - w, n - s);
  for (const feature of areas) trace(pen, feature.parts, true, view);
  view.inPlane(pen);
  pen.clip("evenodd");
  for (const [colour, width] of [["#ffffff", 10], ["#b85c00", 6]]) {
    for (const some of chunks(areas)) {
      setHalo(pen, colour, width);
      traceAll(pen, some, view);
      pen.stroke();
    }
  }
  pen.restore();
}

const mapSheet = new Sheet("sheet", paintMap);
const pointSheet = new Sheet("points", (pen, view) => {
  view.inPlane(pen);
  onSides(pen, view, isOwn => { paintLit(pen, view, isOwn); paintPoints(pen, view, isOwn); });
  paintMeasure(pen);
});

/** Light up features, or none. */
function light(list) {
  lit = list;
  pointSheet.redraw();
}

// --- what lies under the pointer ------------------------------------------------------------------

/** The topmost feature within reach of a place of the ground, or null. */
function featureAt([x, y]) {
  const reach = 7 / pixelsPerMetre();
  const point = symbolAt([x, y]);
  if (point) return point;
  const open = features.filter(f => f.layer.style.interactive && f.kind > 1 && isShown(f) && isOnSide(f, x) && meet(f.box, [x - reach, y - reach, x + reach, y + reach]));
  let best = null;
  let least = reach;
  for (const feature of open.filter(f => f.kind === 2)) {
    const far = distanceTo(feature.parts, x, y) - lineWidthOf(feature) / 2 / pixelsPerMetre();
    if (far < least) { best = feature; least = far; }
  }
  if (best) return best;
  const inside = open.filter(f => f.kind === 3 && contains(f.parts, x, y));
  return inside.sort((a, b) => LEVELS.indexOf(b.layer.style.level) - LEVELS.indexOf(a.layer.style.level) || areaOf(a) - areaOf(b))[0] || null;
}

const areaOf = f => (f.box[2] - f.box[0]) * (f.box[3] - f.box[1]);

function lineWidthOf(feature) {
  const strokes = strokesOf(feature.case, feature.class);
  return strokes.length ? strokeWidth(strokes[0], feature.class, lineFactor()) : 1;
}

function distanceTo(parts, x, y) {
  let least = Infinity;
  for (const part of parts) {
    for (let i = 2; i < part.length; i += 2) {
      const [ax, ay, dx, dy] = [part[i - 2], part[i - 1], part[i] - part[i - 2], part[i + 1] - part[i - 1]];
      const t = dx || dy ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy))) : 0;
      least = Math.min(least, Math.hypot(x - ax - t * dx, y - ay - t * dy));
    }
  }
  return least;
}

/** Whether a place is in an area: even or odd crossings of all its rings. */
function contains(rings, x, y) {
  return rings.flatMap(ring => crossings(ring, y)).filter(at => at > x).length % 2 === 1;
}
