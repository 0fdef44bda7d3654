// Lines and areas, painted on one canvas from bottom to top; what is lit on a second one. A canvas
// is larger than the view, so that dragging shows ground at once.

const LEVELS = ["ground", "zones", "areas", "hazards", "water", "roads", "boundaries"];
const HANDFUL = 50;
const VEIL = "rgba(243, 245, 244, .74)";

/** A canvas that Leaflet keeps under the view; `paint(pen, view)` fills it. */
const Sheet = L.Renderer.extend({
  options: { padding: 0.25 },
  initialize(pane, paint) {
    L.setOptions(this, { pane });
    L.stamp(this);
    this._layers = {};
    this._paint = paint;
  },
  _initContainer() {
    this._container = el("canvas", { class: "sheet" });
  },
  _destroyContainer() {
    L.DomUtil.remove(this._container);
  },
  _onZoomEnd() {},
  _updatePaths() {},
  _update() {
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const canvas = this._container;
    L.DomUtil.setPosition(canvas, this._bounds.min);
    if (canvas.width !== Math.round(size.x * RATIO)) canvas.width = Math.round(size.x * RATIO);
    if (canvas.height !== Math.round(size.y * RATIO)) canvas.height = Math.round(size.y * RATIO);
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    this.redraw();
  },
  redraw() {
    if (!this._map || !this._bounds) return;
    const pen = this._container.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this._container.width, this._container.height);
    this._paint(pen, viewOf(this._bounds));
  },
});

/** Where a sheet lies: transforms to paint in metres or in pixels, and the box of its ground. */
function viewOf(sheet) {
  const origin = map.getPixelOrigin();
  const scale = pixelsPerMetre();
  const dx = -origin.x - sheet.min.x;
  const dy = -origin.y - sheet.min.y;
  return {
    scale,
    box: [-dx / scale, (dy - sheet.getSize().y) / scale, (sheet.getSize().x - dx) / scale, dy / scale],
    inMetres: pen => pen.setTransform(scale * RATIO, 0, 0, -scale * RATIO, dx * RATIO, dy * RATIO),
    /** In pixels of the plane: patterns stay where they are when the map is dragged. */
    inPlane: pen => pen.setTransform(RATIO, 0, 0, RATIO, dx * RATIO, dy * RATIO),
  };
}

const meet = (a, b) => a && a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];

/** Begin a path of parts in metres; points closer than a fraction of a pixel are left out. */
function trace(pen, parts, closed, view) {
  const near = 0.5 / view.scale;
  for (const part of parts) {
    const last = part.length - 2;
    let x = part[0];
    let y = part[1];
    pen.moveTo(x, y);
    for (let i = 2; i <= last; i += 2) {
      if (i < last && Math.abs(part[i] - x) < near && Math.abs(part[i + 1] - y) < near) continue;
      x = part[i];
      y = part[i + 1];
      pen.lineTo(x, y);
    }
    if (closed) pen.closePath();
  }
}

function traceAll(pen, list, view) {
  pen.beginPath();
  view.inMetres(pen);
  for (const feature of list) trace(pen, feature.parts, feature.kind === 3, view);
  view.inPlane(pen);
}

function paintMap(pen, view) {
  onSides(pen, view, isOwn => paintLevels(pen, view, isOwn));
  if (isOn("grid")) paintGrid(pen, view);
  pen.globalAlpha = 1;
}

function paintLevels(pen, view, isOwn) {
  for (const level of LEVELS) {
    // What stands first in the legend lies on top.
    for (const layer of layers.filter(l => l.style.level === level).reverse()) {
      const seen = layer.features.filter(f => f.kind > 1 && isShown(f) && meet(f.box, view.box) && isOwn(f));
      fade = timed && layer.style.schema === "roads" ? 0.5 : 1;
      if (seen.length) paintLayer(pen, view, layer, seen);
      fade = 1;
    }
    if (level === "ground") paintVeil(pen, view);
  }
}

/** The ground outside the commune, paler. */
function paintVeil(pen, view) {
  if (!D.ground.length) return;
  const [w, s, e, n] = view.box;
  pen.beginPath();
  view.inMetres(pen);
  pen.rect(w, s, e - w, n - s);
  trace(pen, ground, true, view);
  view.inPlane(pen);
  pen.globalAlpha = 1;
  pen.fillStyle = VEIL;
  pen.fill("evenodd");
}

const ground = D.ground.map(sums);

function paintLayer(pen, view, layer, seen) {
  const areas = seen.filter(f => f.kind === 3);
  const lines = seen.filter(f => f.kind === 2);
  for (const [look, list] of byLook(layer, areas)) paintAreas(pen, view, layer, look, list);
  if (lines.length) paintLines(pen, view, layer, lines);
}

/** Features by the case that says their look, in the order of the style. */
function byLook(layer, list) {
  return layer.style.cases.map(look => [look, list.filter(f => f.case === look)]).filter(([, found]) => found.length);
}

function paintAreas(pen, view, layer, look, list) {
  for (const [colour, found] of layer.colour ? byColour(layer, list) : [[null, list]]) {
    const fill = look.pattern ? patternOf(pen, look.pattern) : look.fill || colour;
    for (const some of chunks(found)) {
      traceAll(pen, some, view);
      if (fill) { pen.globalAlpha = look.opacity; pen.fillStyle = fill; pen.fill("nonzero"); }
      for (const stroke of look.edge) paintEdge(pen, stroke);
    }
  }
}

/** Features in handfuls: a path of thousands of areas is many times slower to fill. */
function* chunks(list) {
  for (let i = 0; i < list.length; i += HANDFUL) yield list.slice(i, i + HANDFUL);
}

function byColour(layer, list) {
  const found = new Map();
  for (const feature of list) {
    const colour = layer.colour[feature.i];
    if (!found.has(colour)) found.set(colour, []);
    found.get(colour).push(feature);
  }
  return found;
}

function paintEdge(pen, stroke) {
  const factor = Math.max(lineFactor(), 0.72);
  takePen(pen, stroke, null, factor);
  if (!stroke.inside) { pen.stroke(); return; }
  pen.save();
  pen.clip();
  pen.lineWidth *= 2;
  pen.stroke();
  pen.restore();
}

/** Edges of all classes first, the lowest class first, then what lies in them: junctions join. */
function paintLines(pen, view, layer, list) {
  const classes = layer.style.classes.length ? [...layer.style.classes].reverse() : [null];
  const groups = [];
  for (const wide of classes) {
    const inClass = wide ? list.filter(f => f.class === wide) : list;
    for (const [look, found] of byLook(layer, inClass)) groups.push([wide, look, found]);
  }
  const factor = lineFactor();
  const stroke = (phase, [wide, look, found]) => {
    const all = strokesOf(look, wide);
    const some = phase ? all.slice(1) : all.slice(0, 1);
    if (!some.length) return;
    traceAll(pen, found, view);
    for (const one of some) if (takePen(pen, one, wide, factor)) pen.stroke();
  };
  if (layer.style.classes.length) {
    for (const phase of [0, 1]) groups.forEach(group => stroke(phase, group));
  } else {
    groups.forEach(group => { stroke(0, group); stroke(1, group); });
  }
  if (layer.style.marks) paintMarks(pen, layer, list);
}

/** Crosses along roads that the wet season closes. */
function paintMarks(pen, layer, list) {
  const { symbol, every_m: every } = layer.style.marks;
  const least = 30 / pixelsPerMetre();
  pen.globalAlpha = 1;
  for (const feature of list.filter(f => f.marked)) {
    for (const part of feature.parts) {
      const length = lengthOf(part);
      if (Math.min(length, every) < least) continue;
      for (let at = Math.min(every, length) / 2; at < length; at += every) {
        paintSymbol(pen, D.symbols[symbol], ...plane(along(part, at)), 14);
      }
    }
  }
}

/** Kilometres of the grid on the page's ground, a step that leaves room for its figures. */
const gridStep = () => [1000, 2000, 5000, 10000, 20000, 50000].find(step => step * pixelsPerMetre() >= 70) || 100000;

function paintGrid(pen, view) {
  const step = gridStep();
  const [w, s, e, n] = view.box;
  pen.beginPath();
  view.inMetres(pen);
  for (const x of gridLines(w, e, D.grid.x0, step)) { pen.moveTo(x, s); pen.lineTo(x, n); }
  for (const y of gridLines(s, n, D.grid.y0, step)) { pen.moveTo(w, y); pen.lineTo(e, y); }
  view.inPlane(pen);
  takePen(pen, { ...plainStroke("#17212b", 0.7), opacity: 0.45 }, null, 1);
  pen.stroke();
}

function gridLines(from, to, origin, step) {
  const out = [];
  for (let at = Math.ceil((from + origin) / step) * step; at <= to + origin; at += step) out.push(at - origin);
  return out;
}

// --- what is lit ----------------------------------------------------------------------------------

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
