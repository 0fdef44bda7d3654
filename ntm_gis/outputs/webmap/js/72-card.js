// The card beside the map: one feature with its row, or the features behind a number.

const MOST = 300;

/** What had the focus when the card was opened: there it goes back. */
let opener = null;

function fillCard(title, sub, ...body) {
  const card = $("card");
  const wasHidden = card.hidden;
  const heading = el("h2", { tabindex: "-1" }, title);
  card.replaceChildren(
    el("header", {}, el("div", {}, el("p", { class: "sub" }, sub), heading),
      el("button", { class: "ctl", type: "button", "aria-label": W.close, title: W.close, on: { click: () => closeCard(true) } }, "×")),
    el("div", { class: "body", tabindex: "0", role: "group", "aria-label": W.card }, ...body),
  );
  card.hidden = false;
  if (wasHidden) opener = document.activeElement;
  if (wasHidden) map.invalidateSize({ pan: false, animate: false });
  heading.focus({ preventScroll: true });
}

/** Close the card; `back`: let the focus return to what opened it. */
function closeCard(back = false) {
  if ($("card").hidden) return;
  $("card").hidden = true;
  if (opened) { opened = null; arrange(); }
  markFinding(null);
  light([]);
  setHash({});
  map.invalidateSize({ pan: false, animate: false });
  // Lists are drawn anew when something is switched: the same button has another node then.
  const again = opener && (opener.isConnected ? opener : opener.id && $(opener.id));
  if (back) (again && again !== document.body ? again : $("map")).focus({ preventScroll: true });
}

const SENTENCE = 60;                  // letters: longer texts stand below their name
const pair = (name, text) => el("div", { class: text.length > SENTENCE ? "long" : "" }, el("dt", {}, name), el("dd", { class: /\d/.test(text) ? "num" : "" }, text));

/** Open a feature: its fields, its findings, where it stands in which file.
 *  `move`: go there; else keep in view what was clicked. */
function openFeature(feature, move = false, clicked = null) {
  switchOn([feature]);
  const { layer, i } = feature;
  const columns = layer.columns.filter(c => !c.other);
  const others = layer.columns.filter(c => c.other && fieldText(c, i));
  const blank = columns.filter(c => !c.quiet && !fieldText(c, i)).map(c => c.title);
  const state = layer.style.cases.length > 1 && feature.case.title;
  fillCard(feature.name, [layer.style.one, feature.made ? null : feature.id, state].filter(Boolean).join(" · "),
    el("dl", {}, columns.filter(c => fieldText(c, i)).map(c => pair(c.title, fieldText(c, i)))),
    ...(layer.told ? drawTold(feature) : []),
    blank.length ? el("p", { class: "blank" }, `${W.not_recorded}: ${blank.join(", ")}`) : null,
    drawNear(feature),
    drawSource(feature),
    others.length ? el("div", { class: "other" }, el("h3", {}, W.other_columns), el("dl", {}, others.map(c => pair(c.title, fieldText(c, i))))) : null,
  );
  light([feature]);
  setHash(feature.day === null ? { feature: feature.id } : { feature: feature.id, day: D.days[today].split("/").reverse().join("-") });
  if (!feature.box) return;
  if (move || phone.matches) show(feature.box, feature.kind === 1 ? -2.75 : -2);
  else map.panInside(clicked || latlng(feature.at), { padding: [40, 40], animate: false });
}

/** Findings about a feature. */
function drawNear(feature) {
  const near = D.findings.filter(f => f.feature && layers[f.feature[0]].features[f.feature[1]] === feature);
  if (!near.length) return null;
  return el("div", { class: "near" }, near.map(f => el("button", { type: "button", class: "fbtn", on: { click: () => openFinding(f) } }, severityMark(f), el("span", {}, f.text))));
}

function drawSource(feature) {
  const { layer, i } = feature;
  const where = feature.at ? [el("p", { class: "src num" }, coordinateText(feature.at, false)), el("p", { class: "src num" }, coordinateText(feature.at, true))] : [el("p", { class: "src" }, W.no_place)];
  return el("div", { class: "proof" }, el("h3", {}, W.evidence), el("p", {}, sourceText(layer, i)),
    feature.approximate ? el("p", { class: "src" }, W.placed_by_village) : null, where);
}

/** File, sheet and row of a feature. */
function sourceText(layer, i) {
  const file = layer.files[layer.file[i]];
  const table = layer.tables[layer.table[i]];
  return [file, table, layer.row[i] === null ? null : say("file_row", { row: layer.row[i] })].filter(Boolean).join(", ");
}

/** List features behind a number, and light them up. */
function openMembers(title, amount, measure, members) {
  const list = members.map(m => m.feature);
  switchOn(list);
  const placed = list.filter(f => f.box);
  const absent = list.length - placed.length;
  const more = (measure ? measure.more : 0) + Math.max(members.length - MOST, 0);
  fillCard(title, W.contributions,
    amount ? el("p", { class: "lead num" }, amount) : null,
    measure ? el("p", {}, measure.method) : null,
    measure && measure.fraction ? el("p", {}, `${W.made_of}: ${measure.fraction}`) : null,
    measure && measure.range ? el("p", { class: "blank" }, measure.range) : null,
    el("p", {}, say("lit_features", { n: number(placed.length, 0) }) + (absent ? `; ${say("without_place_n", { n: number(absent, 0) })}` : "") + "."),
    ...drawMembers(members.slice(0, MOST), measure),
    more ? el("p", { class: "src" }, say("contributions_more", { n: number(more, 0) })) : null,
  );
  light(placed);
  const box = around(placed.map(f => f.box));
  if (box) show(box, -3.5);
}

/** What counts, what is not known, and what is known to put nothing in. */
function drawMembers(members, measure) {
  const list = some => el("ul", { class: "members" }, some.map(m => drawMember(m, measure ? measure.beside : "")));
  if (!measure) return [list(members)];
  const isNothing = m => !m.unknown && /^0([.,]0+)?(\s|$)/.test(m.amount);
  const parts = [
    [null, members.filter(m => !m.unknown && !isNothing(m))],
    [W.unknown_ones, members.filter(m => m.unknown)],
    [W.not_counted, members.filter(isNothing)],
  ];
  return parts.filter(([, some]) => some.length).flatMap(([title, some]) => [
    title ? el("h3", { class: "part" }, `${title} (${number(some.length, 0)})`) : null, list(some),
  ]);
}

/** What decides about a village: its cultural houses with their state and size. */
function drawBeside(village, schema) {
  const layer = layers.find(l => l.style.schema === schema && l.style.primary);
  const own = layer && layer.hint ? layer.features.filter(f => f.village === village && layer.hint[f.i]) : [];
  const sizes = f => layer.columns.filter(c => c.field === "floor_m2" || c.field === "seats").map(c => fieldText(c, f.i)).filter(Boolean);
  return own.map(f => el("span", { class: "src" }, [brief(f.name), f.case.title, ...sizes(f), sourceText(layer, f.i)].join(" · ")));
}

function drawMember({ feature, amount, unknown }, beside = "") {
  return el("li", {},
    el("button", { type: "button", on: { click: () => openFeature(feature, true) } }, brief(feature.name)),
    el("span", { class: "num" + (unknown ? " open" : "") }, amount || (unknown ? W.unknown : "")),
    el("span", { class: "src" }, sourceText(feature.layer, feature.i) + (feature.box ? "" : ` · ${W.no_place}`)),
    beside ? drawBeside(feature, beside) : null);
}
