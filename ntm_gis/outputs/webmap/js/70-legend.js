// The legend is the tree of layers: box, sample, name, amount. An amount is a button: it lights up
// the features behind it, moves there and lists them with file and row.

const openGroups = new Set(D.legend.filter(group => group.open).map(group => group.title));

function drawLegend() {
  const pane = $("pane-layers");
  const focused = document.activeElement && pane.contains(document.activeElement) ? document.activeElement.id : "";
  pane.replaceChildren(
    el("h2", { class: "sr" }, W.legend),
    ...D.legend.map(drawGroup),
    el("p", { class: "rule" }, el("b", {}, W.how_to_read + ": "), W.grammar),
    el("p", { class: "rule" }, W.approximate_place),
    ...(D.record ? [el("p", { class: "rule" }, D.record)] : []),
  );
  if (focused && $(focused)) $(focused).focus();
}

function drawGroup(group, index) {
  const own = group.rows.filter(row => row.switch);
  const on = own.filter(row => row.on).length;
  const all = el("input", {
    type: "checkbox", id: "group-" + index, "aria-label": say("switch_group", { name: group.title }),
    on: { change: event => { own.forEach(row => { row.on = event.target.checked; }); refresh(); } },
  });
  all.checked = own.length > 0 && on === own.length;
  all.indeterminate = on > 0 && on < own.length;
  // The box stands before the group, not in its head: a button holds no second control.
  const head = el("summary", { id: "head-" + index }, el("h3", { class: "gt" }, group.title), own.length && !on ? el("span", { class: "offn" }, W.is_off) : null);
  const old = timed && today < D.days.length - 1 && group.rows.some(isFigure);
  const list = el("ul", {}, old ? el("li", { class: "subh" }, say("figures_until", { day: D.days[D.days.length - 1] })) : null, group.rows.flatMap((row, k) => [
    row.heading ? el("li", { class: "subh" }, row.heading) : null,
    drawRow(row, `row-${index}-${k}`),
  ]));
  const folded = el("details", { open: openGroups.has(group.title), on: { toggle: event => {
    if (event.target.open) openGroups.add(group.title); else openGroups.delete(group.title);
  } } }, head, list);
  return el("div", { class: own.length ? "group boxed" : "group" }, own.length ? all : null, folded);
}

/** Whether a row is a figure alone: it stays that of the last day, whatever day is shown. */
const isFigure = row => !row.layer && !row.switch && !row.symbol;

function drawRow(row, id) {
  const swatch = el("span", { class: "swb" }, sampleOf(row));
  if (!row.switch) {
    const figure = isFigure(row);
    return el("li", { class: figure ? "figure" : "key" }, el("span", { class: "kn" }, figure ? null : swatch, row.title), amountOf(row));
  }
  const box = el("input", { type: "checkbox", id, on: { change: event => { row.on = event.target.checked; refresh(); } } });
  box.checked = row.on;
  return el("li", { class: row.on ? "" : "off" }, box, el("label", { for: id }, swatch, row.title), amountOf(row));
}

function amountOf(row) {
  // What a stage holds changes from day to day.
  if (row.layer && row.layer.day) row.amount = amountOfDay(row);
  if (!row.amount) return null;
  const name = "amt num" + (row.certain === false ? " open" : "");
  const members = membersOf(row);
  if (!members.length) return el("span", { class: name }, row.amount);
  return el("button", { class: name, type: "button", id: "amount-" + row.key, title: W.light_up, "aria-label": `${row.title}: ${row.amount}. ${W.light_up}`, on: { click: () => openRow(row) } }, row.amount);
}

/** Features behind the amount of a row: those of its measure, else all of the row. */
function membersOf(row) {
  const measure = row.measure ? D.measures[row.measure] : null;
  if (measure) return measure.features.map(([layer, i, amount, unknown]) => ({ feature: layers[layer].features[i], amount, unknown }));
  return row.features.filter(isOfDay).map(memberOf);
}

const amountOfDay = row => `${number(row.features.filter(isOfDay).reduce((sum, f) => sum + f.layer.metres[f.i], 0) / 1000, 2)} km`;

const memberOf = feature => ({ feature, amount: feature.layer.amount ? feature.layer.amount[feature.i] : "", unknown: false });

/** Draw legend and map again after something was switched. */
function refresh() {
  drawLegend();
  arrange();
}

/** Switch on the rows of features that are about to be shown. */
function switchOn(list) {
  const off = new Set(list.map(f => rowByFeature.get(f)).filter(row => row && !row.on));
  off.forEach(row => { row.on = true; });
  if (off.size) refresh();
}

function openRow(row) {
  const measure = row.measure ? D.measures[row.measure] : null;
  openMembers(measure ? measure.title : row.title, row.amount, measure, membersOf(row));
  setHash(row.measure ? { measure: row.measure } : { layer: row.key });
}
