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
  /** Paint before the next frame: a zoom asks for it four times over. */
  redraw() {
    if (!this._map || !this._bounds || this._waits) return;
    this._waits = true;
    requestAnimationFrame(() => {
      this._waits = false;
      this._paintNow();
    });
  },
  _paintNow() {
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
    const [large, tiny] = bySize(found, TINY / view.scale);
    if (fill && tiny.length) paintTiny(pen, view, tiny, fill, look.opacity);
    for (const some of chunks(large)) {
      traceAll(pen, some, view);
      if (fill) { pen.globalAlpha = look.opacity; pen.fillStyle = fill; pen.fill("nonzero"); }
      for (const stroke of look.edge) paintEdge(pen, stroke);
    }
  }
}

const TINY = 4;                       // pixels below which an area is a speck

/** Features that are seen as areas, and those that are specks at this zoom, in their order. */
function bySize(list, metres) {
  if (list.length <= HANDFUL) return [list, []];
  const isSpeck = ({ box }) => box[2] - box[0] < metres && box[3] - box[1] < metres;
  return [list.filter(f => !isSpeck(f)), list.filter(isSpeck)];
}

/** Specks as small squares without an edge: a hundred thousand outlines would be a black sheet. */
function paintTiny(pen, view, list, fill, opacity) {
  pen.globalAlpha = opacity;
  pen.fillStyle = fill;
  const least = 1 / view.scale;
  for (const { box: [west, south, east, north] } of list) {
    const [w, h] = [Math.max(east - west, least) * view.scale, Math.max(north - south, least) * view.scale];
    pen.fillRect(west * view.scale, -south * view.scale - h, w, h);
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
