// The data block as layers, features and rows of the legend.
//
// A layer is one style on one frame; a feature knows its layer, its number in it and its shape.
// A row of the legend switches the features of one case (or class) of a layer.

/** The day that is shown, as a number of `D.days`; pages without days show everything. */
const timed = Boolean(D.days);
let today = timed ? D.days.length - 1 : 0;
const isOfDay = feature => !timed || (feature.day === null ? feature.since <= today : feature.day <= today && today <= feature.until);

const layers = D.layers.map((given, index) => ({ ...given, index, style: D.styles[given.style], features: [] }));
const features = [];

for (const layer of layers) {
  const shapes = shapesOf(layer.shape);
  for (let i = 0; i < layer.id.length; i++) {
    const feature = {
      layer,
      i,
      id: layer.id[i],
      name: layer.name[i].trim() || `${layer.style.one} ${layer.id[i]}`,
      case: layer.style.cases[layer.case[i]],
      class: layer.class ? layer.style.classes[layer.class[i]] : null,
      kind: layer.kind[i],
      parts: shapes[i],
      letter: layer.letter ? layer.letter[i] : "",
      marked: false,
      made: false,
      approximate: false,
      village: null,
      day: layer.day ? layer.day[i] : null,
      until: layer.until ? layer.until[i] : null,
      since: layer.since ? layer.since[i] : 0,
    };
    feature.box = boxOf(feature.parts);
    feature.at = placeOf(feature);
    layer.features.push(feature);
    features.push(feature);
  }
  for (const i of layer.marked || []) layer.features[i].marked = true;
  for (const i of layer.made || []) layer.features[i].made = true;
  for (const i of layer.approximate || []) layer.features[i].approximate = true;
}

const villages = (layers.find(layer => layer.style.labels && layer.style.labels.kind === "place") || { features: [] }).features;
for (const layer of layers) {
  (layer.village || []).forEach((v, i) => { layer.features[i].village = v < 0 ? null : villages[v]; });
}

/** The parts of every shape of a layer: each [x, y, x, y …] in metres from the corner of the grid. */
function shapesOf({ parts, corners, steps }) {
  const [counts, lengths, all] = [parts, corners, steps].map(unpacked);
  let [part, at] = [0, 0];
  const next = () => {
    const out = new Float64Array(2 * lengths[part++]);
    let [x, y] = [0, 0];
    for (let i = 0; i < out.length; i += 2) {
      x += signed(all[at++]);
      y += signed(all[at++]);
      out[i] = x;
      out[i + 1] = y;
    }
    return out;
  };
  return Array.from(counts, count => Array.from({ length: count }, next));
}

function signed(n) {
  return n % 2 ? -(n + 1) / 2 : n / 2;
}

/** Numbers from base64 of seven bits a byte, the lowest first; the eighth bit says: there is more. */
function unpacked(text) {
  const bytes = atob(text);
  const out = new Float64Array(bytes.length);
  let [n, value, times] = [0, 0, 1];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes.charCodeAt(i);
    value += (byte & 127) * times;
    times *= 128;
    if (byte < 128) { out[n++] = value; [value, times] = [0, 1]; }
  }
  return out.subarray(0, n);
}

/** The first pair is a place, each further one the way from the one before. */
function sums(steps) {
  const out = new Float64Array(steps.length);
  let x = 0;
  let y = 0;
  for (let i = 0; i < steps.length; i += 2) {
    x += steps[i];
    y += steps[i + 1];
    out[i] = x;
    out[i + 1] = y;
  }
  return out;
}

/** West, south, east, north of parts; null where there are none. */
function boxOf(parts) {
  if (!parts.length) return null;
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) {
      box[0] = Math.min(box[0], part[i]);
      box[1] = Math.min(box[1], part[i + 1]);
      box[2] = Math.max(box[2], part[i]);
      box[3] = Math.max(box[3], part[i + 1]);
    }
  }
  return box;
}

/** Where a feature is when a single place is asked for: on it, near its middle. */
function placeOf(feature) {
  if (!feature.parts.length) return null;
  const part = feature.parts.reduce((a, b) => (b.length > a.length ? b : a));
  if (feature.kind === 1) return [part[0], part[1]];
  if (feature.kind === 2) return along(part, lengthOf(part) / 2);
  return inside(feature.parts, boxOf([part]));
}

/** A place in an area: the middle of the widest stretch of a line across it. */
function inside(rings, [west, south, east, north]) {
  let best = [(west + east) / 2, (south + north) / 2];
  let widest = 0;
  for (const share of [0.5, 0.35, 0.65]) {
    const y = south + share * (north - south) + 0.01;
    const cuts = rings.flatMap(ring => crossings(ring, y)).sort((a, b) => a - b);
    for (let i = 1; i < cuts.length; i += 2) {
      if (cuts[i] - cuts[i - 1] > widest * 1.2) {
        widest = cuts[i] - cuts[i - 1];
        best = [(cuts[i] + cuts[i - 1]) / 2, y];
      }
    }
  }
  return best;
}

/** Where a ring crosses the line of a y. */
function crossings(ring, y) {
  const out = [];
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    if (ring[i + 1] > y !== ring[j + 1] > y) out.push(ring[i] + ((ring[j] - ring[i]) * (y - ring[i + 1])) / (ring[j + 1] - ring[i + 1]));
  }
  return out;
}

function lengthOf(part) {
  let sum = 0;
  for (let i = 2; i < part.length; i += 2) sum += Math.hypot(part[i] - part[i - 2], part[i + 1] - part[i - 1]);
  return sum;
}

/** The place so many metres along a line. */
function along(part, metres) {
  let left = metres;
  for (let i = 2; i < part.length; i += 2) {
    const step = Math.hypot(part[i] - part[i - 2], part[i + 1] - part[i - 1]);
    if (left <= step && step > 0) {
      const t = left / step;
      return [part[i - 2] + t * (part[i] - part[i - 2]), part[i - 1] + t * (part[i + 1] - part[i - 1])];
    }
    left -= step;
  }
  return [part[part.length - 2], part[part.length - 1]];
}

/** The smallest box round all boxes given. */
function around(boxes) {
  const all = boxes.filter(Boolean);
  if (!all.length) return null;
  return [
    Math.min(...all.map(b => b[0])), Math.min(...all.map(b => b[1])),
    Math.max(...all.map(b => b[2])), Math.max(...all.map(b => b[3])),
  ];
}

// --- rows of the legend ---------------------------------------------------------------------------

const rows = [];
const allRows = [];
for (const group of D.legend) {
  for (const given of group.rows) {
    given.layer = given.layer === null ? null : layers[given.layer];
    if (given.switch) rows.push(given);
    given.features = featuresOf(given);
    allRows.push(given);
  }
}

function featuresOf(row) {
  if (!row.layer) return [];
  if (row.by === "class") return row.layer.features.filter(f => f.class && f.class.code === row.code);
  if (row.by === "letter") return row.layer.features.filter(f => f.letter === row.code);
  return row.layer.features.filter(f => f.case.code === row.code);
}

/** Whether a row of the map's background ("contours", "grid", "pins-stop") is on. */
function isOn(key) {
  const row = rows.find(r => r.key === key);
  return Boolean(row && row.on);
}

/** The row that switches a feature on and off. */
function rowOf(feature) {
  const code = feature.layer.style.classes.length ? feature.class.code : feature.case.code;
  return rows.find(row => row.layer === feature.layer && row.code === code) || null;
}

const rowByFeature = new Map(features.map(f => [f, rowOf(f)]));
const isShown = feature => { const row = rowByFeature.get(feature); return Boolean(row && row.on && isOfDay(feature)); };

/** The text of a field of a feature, or "" where nothing is written. */
function fieldText(column, i) {
  return column.values ? column.values[column.index[i]] : column.texts[i];
}
