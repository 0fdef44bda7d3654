// Points to check: a list by severity, a pin for each that has a place, a card with the proposal.

function severityMark(finding) {
  return svg("svg", { class: "sev " + finding.severity, viewBox: "0 0 24 24", "aria-hidden": "true" },
    svg("use", { href: "#v-" + finding.severity }),
    svg("text", { x: 12, y: finding.severity === "warning" ? 19.3 : 16.2 }, String(finding.number)));
}

/** The finding whose card is open. */
let opened = null;

function drawFindings() {
  const list = $("pane-findings");
  const listed = D.findings.filter(f => !f.aside);
  const bySeverity = Object.keys(D.pins).map(severity => [severity, listed.filter(f => f.severity === severity)]);
  list.replaceChildren(
    el("h2", {}, W.findings),
    el("p", {}, listed.length ? W.findings_about : W.findings_none),
    ...bySeverity.filter(([, found]) => found.length).map(([severity, found]) => el("section", {},
      el("h3", {}, `${W["severity_" + severity]} (${number(found.length, 0)})`),
      el("ol", {}, found.map(f => el("li", {}, el("button", { class: "fbtn", type: "button", id: "finding-" + f.number, on: { click: () => openFinding(f) } },
        severityMark(f), el("span", {}, f.text, el("small", {}, f.where + (f.at ? "" : ` · ${W.no_place}`))))))))),
    D.more_findings ? el("p", { class: "more" }, el("a", { href: "../index.html#kiem-tra" }, say("findings_elsewhere", { n: number(D.more_findings, 0) }))) : null,
  );
}

function markFinding(finding) {
  document.querySelectorAll(".fbtn.now").forEach(node => node.classList.remove("now"));
  const node = finding && $("finding-" + finding.number);
  if (node) node.classList.add("now");
}

function openFinding(finding) {
  const feature = finding.feature ? layers[finding.feature[0]].features[finding.feature[1]] : null;
  const row = rows.find(r => r.key === "pins-" + finding.severity);
  if (row && !row.on && finding.at && !finding.aside) row.on = true;
  opened = finding;
  refresh();
  if (feature) switchOn([feature]);
  fillCard(finding.text, `${W.finding} ${finding.number} · ${W["severity_" + finding.severity]}`,
    el("dl", {}, finding.where ? pair(W.where, finding.where) : null, finding.repair ? pair(W.proposal, finding.repair) : null),
    feature ? el("div", { class: "near" }, el("button", { type: "button", class: "fbtn", on: { click: () => openFeature(feature, true) } }, el("span", {}, el("b", {}, brief(feature.name)), el("small", {}, sourceText(feature.layer, feature.i))))) : null,
    finding.affects.length ? el("div", { class: "proof" }, el("h3", {}, W.affects), el("ul", {}, finding.affects.map(title => el("li", { class: "src" }, title)))) : null,
    finding.at ? el("p", { class: "src num" }, coordinateText(finding.at, false)) : el("p", { class: "src" }, W.no_place),
    el("p", { class: "src" }, W.findings_about),
  );
  markFinding(finding);
  light(feature && feature.box ? [feature] : []);
  setHash({ finding: String(finding.number) });
  const box = feature && feature.box ? feature.box : finding.at && [...finding.at, ...finding.at];
  if (box) show(finding.at ? around([box, [...finding.at, ...finding.at]]) : box, -2.75);
}

// --- rows without a place -------------------------------------------------------------------------

function drawUnplaced() {
  const sections = layers.map(layer => [layer, layer.features.filter(f => !f.kind && layer.style.interactive && isOfDay(f))]).filter(([, found]) => found.length);
  $("pane-unplaced").replaceChildren(
    el("h2", {}, W.without_place),
    el("p", {}, W.without_place_about),
    ...sections.map(([layer, found]) => el("section", {},
      el("h3", {}, `${layer.style.title} (${number(found.length, 0)})`),
      el("ul", {}, found.map(f => el("li", {}, el("button", { class: "fbtn", type: "button", on: { click: () => openFeature(f) } }, el("span", {}, brief(f.name), el("small", {}, sourceText(layer, f.i))))))))),
  );
}
