// The map itself, drawn straight on the commune's grid: one unit is one metre, x to the east,
// y to the north, from the corner D.grid.x0, D.grid.y0. Leaflet keeps view, wheel and touch.

const map = L.map("map", {
  crs: L.CRS.Simple, minZoom: -9, maxZoom: 1, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 100,
  zoomControl: false, attributionControl: false, zoomAnimation: false, fadeAnimation: false,
  markerZoomAnimation: false, inertia: false, bounceAtZoomLimits: false,
});
["relief", "sheet", "points", "names", "pins"].forEach((name, i) => {
  map.createPane(name).style.zIndex = String(200 + i * 50);
});

const latlng = ([x, y]) => L.latLng(y, x);
const bounds = box => L.latLngBounds([box[1], box[0]], [box[3], box[2]]);

if (D.shade) {
  L.imageOverlay(D.shade.src, bounds(D.shade.box), { pane: "relief", alt: "", interactive: false }).addTo(map);
}
L.control.zoom({ position: "topright", zoomInTitle: W.zoom_in, zoomOutTitle: W.zoom_out }).addTo(map);

const Whole = L.Control.extend({
  onAdd() {
    const frame = svg("path", { d: "M2 6V2h4M12 2h4v4M16 12v4h-4M6 16H2v-4", fill: "none", stroke: "currentColor", "stroke-width": 2 });
    const icon = svg("svg", { width: 18, height: 18, viewBox: "0 0 18 18", "aria-hidden": "true" }, frame);
    const button = el("button", { class: "ctl", type: "button", title: W.whole_commune, "aria-label": W.whole_commune, on: { click: whole } }, icon);
    L.DomEvent.disableClickPropagation(button);
    return button;
  },
});
new Whole({ position: "topright" }).addTo(map);

const CLOSEST = -2.5;                 // a commune of one place is shown with the ground round it
const BESIDE = 14;                    // pixels of a phone's screen beside the commune

/** How far down the buttons at the upper right reach, in pixels of the map. */
const footOfButtons = () => document.querySelector(".leaflet-top.leaflet-right").offsetHeight;

/** Show the whole commune, as large as there is room. */
function whole() {
  const [west, south, east, north] = D.home;
  const size = map.getSize();
  // Clear of the scale and a phone's card below; of the buttons where they are beside it.
  const high = ((size.x - 2 * BESIDE) * (north - south)) / (east - west);
  const isClear = phone.matches && size.y - high > 2 * footOfButtons() && !hiddenBelow();
  const [near, far] = phone.matches ? [[isClear ? BESIDE : 30, 24], [isClear ? BESIDE : 56, 24 + hiddenBelow()]] : [[18, 18], [56, 46]];
  const snap = map.options.zoomSnap;
  map.options.zoomSnap = 0;
  map.fitBounds(bounds(D.home), { paddingTopLeft: near, paddingBottomRight: far, maxZoom: CLOSEST, animate: false });
  map.options.zoomSnap = snap;
}

/** Move so that a box of the ground is seen, clear of the scale, not closer than `closest`. */
function show(box, closest = -2.5) {
  map.fitBounds(bounds(box), { paddingTopLeft: [50, 50], paddingBottomRight: [50, 66 + hiddenBelow()], maxZoom: closest, animate: false });
}

/** How much of the map's foot the card covers: it lies over the map on a phone alone. */
function hiddenBelow() {
  const card = $("card");
  if (!phone.matches || card.hidden) return 0;
  return Math.max(0, $("map").getBoundingClientRect().bottom - card.getBoundingClientRect().top);
}

/** Metres to pixels of the plane at the present zoom, y downwards. */
function plane([x, y], zoom = map.getZoom()) {
  const scale = map.options.crs.scale(zoom);
  return [x * scale, -y * scale];
}

/** Pixels of the plane to those of Leaflet's layers. */
function layerPoint([x, y]) {
  const origin = map.getPixelOrigin();
  return L.point(x - origin.x, y - origin.y);
}

const pixelsPerMetre = () => map.options.crs.scale(map.getZoom());

/** How much wider or narrower lines are at the present zoom. */
function lineFactor(zoom = map.getZoom()) {
  if (zoom < -5) return 0.62;
  if (zoom < -4.25) return 0.72;
  return zoom < -3 ? 1 : 1.25;
}

// --- scale bar and grid north ---------------------------------------------------------------------

function drawScale() {
  const metres = 1 / pixelsPerMetre();
  const want = (phone.matches ? 90 : 130) * metres;
  const power = 10 ** Math.floor(Math.log10(want));
  const half = [5, 2, 1].map(n => n * power).find(n => n <= want) / 2;
  const px = half / metres;
  const [unit, name] = half * 2 >= 1000 ? [1000, "km"] : [1, "m"];
  const text = m => number(m / unit, (m / unit) % 1 ? (m / unit) % 0.5 ? 2 : 1 : 0);
  const labels = px < 36 ? [0, 2] : [0, 1, 2];
  const bar = svg("svg", { width: px * 2 + 52, height: 26, role: "img", "aria-label": `${W.scale_bar} ${text(half * 2)} ${name}` },
    svg("rect", { x: 5, y: 15, width: px, height: 6, fill: "#17212b", stroke: "#17212b" }),
    svg("rect", { x: 5 + px, y: 15, width: px, height: 6, fill: "#fff", stroke: "#17212b" }),
    labels.map(k => svg("text", { x: 5 + px * k, y: 11, "text-anchor": k ? "middle" : "start" }, text(half * k) + (k === 2 ? " " + name : ""))));
  const north = svg("svg", { width: 20, height: 26, role: "img", "aria-label": W.grid_north },
    svg("title", {}, W.grid_north),
    svg("path", { d: "M10 1l5.5 15L10 12.5 4.5 16z", fill: "#17212b" }),
    svg("text", { x: 10, y: 25, "text-anchor": "middle", class: "n" }, W.north_letter));
  $("scale").replaceChildren(bar, north);
}

// --- coordinates under the pointer ----------------------------------------------------------------

let inDegrees = false;
let lastPlace = [0, 0];

/** A place as the paper map writes it, or in degrees of WGS 84. */
function coordinateText([x, y], degrees = inDegrees) {
  const [east, north] = [x + D.grid.x0, y + D.grid.y0];
  if (degrees) {
    const [latitude, longitude] = VN2000.toWgs84(east, north, D.grid);
    return `${number(latitude, 5)}° ${W.north_letter} · ${number(longitude, 5)}° ${W.east_letter}  WGS 84`;
  }
  const zone = phone.matches ? "" : `  VN-2000 ${D.grid.label}`;
  return `X ${number(north, 0)} · Y ${number(east, 0)} m${zone}`;
}

function showCoordinates(place) {
  lastPlace = place;
  $("coords").textContent = coordinateText(place);
}

map.on("mousemove", event => showCoordinates([event.latlng.lng, event.latlng.lat]));
map.on("moveend", () => {
  if (phone.matches) { const c = map.getCenter(); showCoordinates([c.lng, c.lat]); }
});
$("coords").addEventListener("click", () => { inDegrees = !inDegrees; showCoordinates(lastPlace); });
