// Tabs, keys, links to a state, and the start.

const TABS = ["layers", "findings", "unplaced"];

function openTab(name) {
  for (const tab of TABS) {
    const on = tab === name;
    $("tab-" + tab).setAttribute("aria-selected", String(on));
    $("tab-" + tab).tabIndex = on ? 0 : -1;
    $("pane-" + tab).hidden = !on;
  }
}

/** On a phone the panes are sheets: a tab opens its own, and closes it again. */
function openSheet(name) {
  document.body.dataset.sheet = name;
  map.invalidateSize({ animate: false });
}

for (const name of TABS) {
  $("tab-" + name).addEventListener("click", () => {
    const again = phone.matches && document.body.dataset.sheet === name;
    openTab(name);
    openSheet(again ? "" : name);
  });
}

document.querySelector(".tabs").addEventListener("keydown", event => {
  const seen = [...event.currentTarget.children].filter(tab => !tab.hidden);
  const at = seen.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: seen.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = seen[(to + seen.length) % seen.length];
  next.focus();
  if (next.getAttribute("aria-selected") !== "true" || document.body.dataset.sheet !== next.id.slice(4)) next.click();
});

addEventListener("keydown", event => {
  if (event.key === "Escape") leave();
  const writing = /^(input|select|textarea)$/i.test(document.activeElement ? document.activeElement.tagName : "") && document.activeElement.type !== "checkbox";
  if (event.key === "/" && !writing) { event.preventDefault(); field.focus(); }
});

/** Escape closes what was opened last: the ruler, the card, the line of comparing, a phone's sheet. */
function leave() {
  if (measuring.on) { setMeasuring(false); $("ruler").focus(); return; }
  if (!$("card").hidden) { closeCard(true); return; }
  if (swipe.on) { setSwipe(false); $("swipe-button").focus(); return; }
  if (phone.matches && document.body.dataset.sheet) { $("tab-" + document.body.dataset.sheet).focus(); openSheet(""); }
}

$("maps").addEventListener("change", event => { location.href = `${event.target.value}.html`; });

map.on("click", event => {
  if (measuring.on) { addCorner([event.latlng.lng, event.latlng.lat]); return; }
  const feature = featureAt([event.latlng.lng, event.latlng.lat]);
  if (feature) openFeature(feature, false, event.latlng); else closeCard();
});

let waiting = false;
map.on("mousemove", event => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    $("map").classList.toggle("over", Boolean(featureAt([event.latlng.lng, event.latlng.lat])));
  });
});

map.on("viewreset resize", arrange);      // every zoom ends with a view set anew
map.on("moveend", () => { if (isOn("grid")) arrange(); });

// --- links to a state -----------------------------------------------------------------------------

let written = "";

function setHash(values) {
  written = new URLSearchParams(values).toString();
  // Within a notebook's frame the page has no address of its own.
  if (location.protocol !== "about:") history.replaceState(null, "", "#" + written);
}

/** Do what the address asks for: #feature=D07, #finding=3, #layer=roads, #measure=tea.area_ha. */
function follow() {
  const asked = location.hash.slice(1);
  if (asked === written) return;
  if (!asked) { closeCard(); return; }
  const values = new URLSearchParams(asked);
  const finding = D.findings.find(f => String(f.number) === values.get("finding"));
  if (timed) setTime(values);
  const feature = featureOf(values);
  if (finding) {
    openTab("findings");
    openFinding(finding);
  } else if (feature) {
    openFeature(feature, true);
  } else if (!(timed && followTime(values))) {
    followOther(values, asked);
  }
  // The card has made the map narrower: whoever comes by a link sees where in the commune it is.
  if ((finding || feature) && !phone.matches) whole();
}

/** The feature that an address names; of one that changes, what it is on the day that is shown. */
function featureOf(values) {
  const named = features.filter(f => f.id === values.get("feature") && (!values.get("layer") || f.layer.style.schema === values.get("layer")));
  const now = named.filter(isOfDay);
  const found = now.find(f => f.layer.style.primary) || now[0] || named[0];
  if (found && !now.length) go(found.day === null ? found.since : found.until);
  return found;
}

/** Follow a link to a map, a figure or a layer; say so where there is no such thing here. */
function followOther(values, asked) {
  const pages = [...$("maps").options].map(option => option.value);
  if (pages.includes(values.get("map"))) {
    if (values.get("map") !== $("maps").value) location.href = `${values.get("map")}.html`;
    return;
  }
  const kinds = ["finding", "feature", "measure", "layer", "map"];
  const kind = kinds.find(name => values.get(name));
  if (!kind) return;
  const name = values.get(kind);
  if (kind === "measure" && followMeasure(name)) return;
  if (kind === "layer" && followLayer(name)) return;
  fillCard(say("not_on_map", { what: say("asked_" + kind, { name }) }), W.card, el("p", {}, W.not_on_map_about));
  light([]);
  written = asked;
}

function followMeasure(id) {
  const measure = D.measures[id];
  if (!measure) return false;
  openMembers(measure.title, measure.text, measure, membersOf({ measure: id }));
  setHash({ measure: id });
  return true;
}

function followLayer(name) {
  const asked = allRows.filter(row => row.key === name).concat(rows).filter((row, i, all) => all.indexOf(row) === i).filter(row => row.key === name || row.key.startsWith(name + "/") || (row.layer && row.layer.style.schema === name));
  const members = asked.flatMap(row => row.features.map(memberOf));
  if (!members.length) return false;
  openMembers(asked.length === 1 ? asked[0].title : asked[0].layer.style.title, "", null, members);
  setHash({ layer: name });
  return true;
}

// --- start ----------------------------------------------------------------------------------------

document.body.dataset.sheet = "";
drawFindings();
drawUnplaced();
drawLegend();
whole();
if (timed) startTime();
mapSheet.addTo(map);
pointSheet.addTo(map);
arrange();
showCoordinates([(D.home[0] + D.home[2]) / 2, (D.home[1] + D.home[3]) / 2]);
if (!D.ground.length && !features.some(feature => feature.kind)) {
  // Nothing has a place: neither has the view.
  document.querySelector(".foot").hidden = true;
  $("map").parentNode.append(el("p", { class: "nothing" }, W.map_empty));
}
if (timed && !location.hash) showWork();
follow();
addEventListener("hashchange", follow);
// Names are measured again once the page's own font is there.
Promise.all(['400 12px "NTM Sans"', '600 12px "NTM Sans"'].map(font => document.fonts.load(font, "ABCệ"))).then(arrange);
document.documentElement.dataset.ready = "true";
