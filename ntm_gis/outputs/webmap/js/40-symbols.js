// Patterns, symbols and samples of the legend, painted on canvas from the one definition of
// styles. Everything is in pixels of the page; `RATIO` pixels of the screen make one.

const RATIO = Math.min(Math.max(window.devicePixelRatio || 1, 1), 3);
const paths = new Map();
const tiles = new Map();

function pathOf(d) {
  if (!paths.has(d)) paths.set(d, new Path2D(d));
  return paths.get(d);
}

/** What a context fills with for a pattern of the styles. */
function patternOf(context, name) {
  const given = D.patterns[name];
  // A tile of broken size would show seams: five times its size it is whole.
  const times = 5 * Math.ceil(RATIO);
  if (!tiles.has(name)) {
    const tile = el("canvas", { width: Math.round(given.tile[0] * times), height: Math.round(given.tile[1] * times) });
    const pen = tile.getContext("2d");
    pen.scale(times, times);
    if (given.ground) { pen.fillStyle = given.ground; pen.fillRect(0, 0, ...given.tile); }
    for (const part of given.parts) paintPart(pen, part);
    tiles.set(name, tile);
  }
  const pattern = context.createPattern(tiles.get(name), "repeat");
  pattern.setTransform(new DOMMatrix().rotate(given.turn).scale(1 / times));
  return pattern;
}

function paintPart(pen, part) {
  const path = pathOf(part.path);
  if (part.fill || part.pattern) {
    pen.fillStyle = part.pattern ? patternOf(pen, part.pattern) : part.fill;
    pen.fill(path);
  }
  if (part.stroke) {
    pen.strokeStyle = part.stroke;
    pen.lineWidth = part.width;
    pen.lineJoin = "round";
    pen.lineCap = part.cap;
    pen.setLineDash(part.dash.map(n => n * part.width));
    pen.stroke(path);
  }
}

const HALO = "#ffffff";

/** A symbol with everything but halo and core made hollow: its place is only about right. */
function hollowParts(parts) {
  const main = parts.find(part => part.fill && part.fill !== HALO) || parts[parts.length - 1];
  const colour = main.fill && main.fill !== HALO ? main.fill : main.stroke || "#3f4b57";
  return parts.map(part => {
    if (part.fill === HALO && part.stroke === HALO) return part;
    if (part.fill && part.fill !== HALO) return { ...part, fill: HALO, stroke: part.stroke && part.stroke !== HALO ? part.stroke : colour, width: 1.6 };
    return part;
  });
}

/** Paint a symbol of `size` pixels in the middle of (x, y), or with its seat there. */
function paintSymbol(pen, symbol, x, y, size, { letter = "", hollow = false, seated = false } = {}) {
  const scale = (size / 20) * symbol.size;
  const [ax, ay] = seated ? symbol.seat : [10, 10];
  pen.save();
  pen.translate(x - ax * scale, y - ay * scale);
  pen.scale(scale, scale);
  for (const part of hollow ? hollowParts(symbol.parts) : symbol.parts) paintPart(pen, part);
  if (hollow) paintApproximate(pen);
  if (letter && symbol.letter) {
    const dark = hollow && symbol.letter.colour === HALO;
    pen.fillStyle = dark ? symbol.parts[symbol.parts.length - 1].fill || "#17212b" : symbol.letter.colour;
    pen.font = `600 ${symbol.letter.size}px "NTM Sans", sans-serif`;
    pen.textAlign = "center";
    if (symbol.letter.halo) {
      pen.strokeStyle = symbol.letter.halo;
      pen.lineWidth = 4;
      pen.lineJoin = "round";
      pen.setLineDash([]);
      pen.strokeText(letter, symbol.letter.x, symbol.letter.y);
    }
    pen.fillText(letter, symbol.letter.x, symbol.letter.y);
  }
  pen.restore();
}

/** The dotted ring round a symbol that stands at its village for want of a place of its own. */
function paintApproximate(pen) {
  pen.setLineDash([0.1, 3.2]);
  pen.lineCap = "round";
  pen.lineWidth = 1.5;
  pen.strokeStyle = "#3f4b57";
  pen.stroke(pathOf("M-2.5 10a12.5 12.5 0 1 0 25 0a12.5 12.5 0 1 0 -25 0z"));
}

// --- strokes --------------------------------------------------------------------------------------

const strokesOf = (look, wide) => (wide && wide.px[0] === wide.px[1] && look.thin.length ? look.thin : look.strokes);

/** Width of a stroke in pixels, for a class and a factor of the zoom. */
function strokeWidth(stroke, wide, factor = 1) {
  if (stroke.of && wide) {
    const base = wide.px[stroke.of === "fill" ? 0 : 1] * factor;
    return Math.max(base * stroke.times + stroke.plus, stroke.least, 0.6);
  }
  return Math.max(stroke.px * factor, 0.5);
}

/** How strong lines are: while works are shown, the other roads step back. */
let fade = 1;

/** Set a context's pen for a stroke; false where the class has no such stroke. */
function takePen(pen, stroke, wide, factor) {
  if (stroke.only.length && !(wide && stroke.only.includes(wide.code))) return false;
  const width = strokeWidth(stroke, wide, factor);
  pen.lineWidth = width;
  pen.strokeStyle = stroke.colour;
  pen.globalAlpha = stroke.opacity * fade;
  pen.lineJoin = "round";
  pen.lineCap = stroke.cap;
  pen.setLineDash(stroke.dash.map(n => n * width));
  return true;
}

// --- samples of the legend ------------------------------------------------------------------------

/** A small canvas of the legend, painted by `paint(pen, width, height)`. */
function sample(width, height, paint) {
  const ratio = Math.max(RATIO, 2);
  const canvas = el("canvas", { width: width * ratio, height: height * ratio, "aria-hidden": "true" });
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  paint(pen, width, height);
  return canvas;
}

function sampleLine(strokes, wide) {
  return sample(34, 14, (pen, width, height) => {
    for (const stroke of strokes) {
      if (!takePen(pen, stroke, wide, 1)) continue;
      pen.beginPath();
      pen.moveTo(1, height / 2);
      pen.lineTo(width - 1, height / 2);
      pen.stroke();
    }
  });
}

function sampleArea(look, colour) {
  return sample(30, 16, (pen, width, height) => {
    const fill = look.pattern ? patternOf(pen, look.pattern) : look.fill || colour;
    if (fill) { pen.globalAlpha = look.opacity; pen.fillStyle = fill; pen.fillRect(1, 1, width - 2, height - 2); }
    for (const stroke of look.edge) {
      if (!takePen(pen, stroke, null, 1)) continue;
      pen.strokeRect(1, 1, width - 2, height - 2);
    }
  });
}

/** A symbol of the legend; a flag without a number, which would be that of one of many. */
const sampleSymbol = (symbol, letter = "") => (symbol.size >= 2
  ? sample(30, 16, (pen, width, height) => paintSymbol(pen, symbol, width / 2, height / 2, 13))
  : sample(22, 20, (pen, width, height) => paintSymbol(pen, symbol, width / 2, height / 2, 17 / Math.max(symbol.size, 1), { letter })));

/** The sample of a row of the legend. */
function sampleOf(row) {
  if (row.pin) return sampleSymbol(D.pins[row.pin]);
  if (row.symbol) return sampleSymbol(D.symbols[row.symbol], row.letter || "");
  if (!row.layer) return row.key === "grid" ? sampleLine([plainStroke("#17212b", 0.8)]) : null;
  const style = row.layer.style;
  if (row.by === "letter") return sampleArea({ opacity: 0.55, edge: [plainStroke("#3f4b57", 0.9)] }, row.colour);
  if (row.by === "class") return sampleLine([plainStroke("#5a6672", style.classes.find(c => c.code === row.code).px[0])]);
  const look = style.cases.find(c => c.code === row.code);
  const kinds = new Set(row.features.map(f => f.kind));
  if (look.strokes.length && (kinds.has(2) || !look.symbol)) return sampleLine(look.strokes, style.classes.find(c => c.code === "commune"));
  if (look.symbol) return sampleSymbol(D.symbols[look.symbol], row.letter || "");
  if (look.fill || look.pattern || style.palette) return sampleArea(look, row.colour || "#ffd2a0");
  if (style.labels && !look.edge.length) return el("span", { class: "name-sample" }, "abc");
  return look.edge.length ? sampleLine(look.edge.filter(stroke => !stroke.inside)) : null;
}

const plainStroke = (colour, px) => ({ colour, px, of: null, times: 1, plus: 0, least: 0, dash: [], cap: "butt", opacity: 1, only: [] });
