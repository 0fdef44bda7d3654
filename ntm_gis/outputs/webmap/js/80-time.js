// Works in progress: the day that is shown, the strip of the work chosen, kilometre stones, and
// who reported and who confirmed the stretch that was pressed.

let chosenWork = 0;
let playing = 0;
const stretches = layers.filter(layer => layer.day).flatMap(layer => layer.features);
const PLAY_MS = 1100;
const EDGE = 1.5;
const ROAD = 97;

/** The stretches of a work on the day that is shown, from its start to its end. */
function partsOf(work) {
  return stretches.filter(f => isOfDay(f) && f.layer.work[f.i] === work).sort((a, b) => spanOf(a)[0] - spanOf(b)[0]);
}

const spanOf = feature => feature.layer.span[feature.i];

/** A chainage as people write it, to the metre. */
function chainage(metres) {
  const m = Math.round(metres);
  return `Km${Math.floor(m / 1000)}+${String(m % 1000).padStart(3, "0")}`;
}

// --- what the card says of a stretch --------------------------------------------------------------

function drawTold(feature) {
  const { layer, i } = feature;
  const work = D.works[layer.work[i]];
  chooseWork(layer.work[i], feature);
  const said = layer.told[i].map(id => work.reports[id]).filter(Boolean);
  const [from, to] = spanOf(feature);
  const walked = [...new Set(work.tracks.filter(([a, b, since]) => a < to && b > from && since <= today).map(track => track[3]))];
  return [
    el("div", { class: "told" }, el("h3", {}, W.who_reported),
      said.length ? el("ol", {}, said.map(drawReport)) : el("p", {}, W.nothing_reported),
      walked.length ? el("p", {}, `${W.tracks_here}: ${walked.join(", ")}`) : null),
  ];
}

function drawReport(report) {
  return el("li", {},
    el("span", { class: "num on" }, report.on), el("b", {}, report.head),
    ["where", "by", "checked", "photo"].filter(key => report[key]).map(key => el("p", { class: key === "where" ? "num" : "" }, report[key])),
    report.why ? el("p", { class: "why" }, report.why) : null,
    report.file ? el("p", { class: "src" }, report.file) : null);
}

function chooseWork(work, feature) {
  chosenWork = work;
  drawTime(feature);
}

// --- kilometre stones -----------------------------------------------------------------------------

const POST = 17;

/** White discs with their number on the works, where there is room. */
function placePosts(busy) {
  if (!stretches.some(isShown)) return;
  const taken = new Crowd();
  for (const work of D.works) {
    for (const [x, y, km] of work.posts) {
      const [px, py] = plane([x, y]);
      const box = [px - POST / 2, py - POST / 2, px + POST / 2, py + POST / 2];
      if (taken.over(box)) continue;
      taken.add(box);
      busy.add(box);
      nameAt([box[0], box[1]], String(km), "post");
    }
  }
}

// --- the panel under the map ----------------------------------------------------------------------

const place = (metres, [from, to]) => `${EDGE + (ROAD * (metres - from)) / (to - from)}%`;

/** A stretch of the strip as a picture of the very line on the map. */
function bandOf(look, width, height) {
  return sample(width, height, (pen, w, h) => {
    const [, core, pattern] = look.strokes;
    pen.fillStyle = core.colour;
    pen.fillRect(0, 0, w, h);
    if (!pattern) return;
    const wide = pattern.px;
    pen.fillStyle = pattern.colour;
    const [on, off] = pattern.dash.map(n => n * wide);
    for (let x = 0; x < w; x += on + off) {
      if (pattern.cap === "round") { pen.beginPath(); pen.arc(x + off / 2, h / 2, wide / 2, 0, 7); pen.fill(); } else pen.fillRect(x, 0, on, h);
    }
  });
}

/** Steps of a scale that bears at most eight marks. */
function marksOf([from, to]) {
  const step = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000].find(s => (to - from) / s <= (phone.matches ? 4 : 8)) || 50000;
  const out = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) out.push(at);
  return out;
}

function drawStrip(work, lit) {
  const parts = partsOf(chosenWork);
  const said = parts.map(f => `${chainage(spanOf(f)[0])} – ${chainage(spanOf(f)[1])} ${f.case.title}`).join("; ");
  const strip = el("div", { class: "strip", role: "group", "aria-label": say("strip_of", { day: D.days[today], parts: said }) });
  for (const at of marksOf(work.span)) strip.append(placed(el("span", { class: "mark num" }, chainage(at).replace(/\+000$/, "")), at, at, work));
  for (const feature of parts) {
    const [from, to] = spanOf(feature);
    const cell = el("button", { type: "button", class: "cell" + (feature === lit ? " now" : ""), title: `${chainage(from)} – ${chainage(to)}: ${feature.case.title}`, "aria-label": `${chainage(from)} – ${chainage(to)}: ${feature.case.title}`, on: { click: () => openFeature(feature, true) } });
    strip.append(placed(cell, from, to, work));
    const px = Math.max(2, Math.round((strip.clientWidth || $("time").clientWidth || 700) * 0.97 * ((to - from) / (work.span[1] - work.span[0]))));
    cell.append(bandOf(feature.case, px, 22));
  }
  for (const [at, since, name, state] of work.photos) {
    if (since > today) continue;
    const camera = sample(16, 15, (pen, w, h) => paintSymbol(pen, D.symbols[state === "told" ? "photo-told" : "photo"], w / 2, h / 2, 14));
    strip.append(placed(el("span", { class: "camera", title: `${name}, ${chainage(at)}` }, camera), at, at, work));
  }
  return strip;
}

/** Put a piece of the strip where its chainages stand. */
function placed(node, from, to, work) {
  node.style.left = place(from, work.span);
  if (to > from) node.style.width = `${(ROAD * (to - from)) / (work.span[1] - work.span[0])}%`;
  return node;
}

/** What each stage holds of the work chosen: its look and its kilometres, in words. */
function sumsOfDay() {
  const parts = partsOf(chosenWork);
  return stretches[0].layer.style.cases
    .map(look => [look, parts.filter(f => f.case === look).reduce((sum, f) => sum + f.layer.metres[f.i], 0)])
    .filter(([, sum]) => sum > 0)
    .map(([look, sum]) => [look, `${number(sum / 1000, sum % 10 ? (Math.round(sum * 100) % 100 ? 5 : 3) : 2)} km`]);
}

/** The controls are made once and then only set: a slider that is being dragged must not go. */
let controls = null;

function makeControls() {
  const step = (id, label, text, by) => el("button", { type: "button", class: "ctl", id, "aria-label": label, title: label, on: { click: () => { stop(); go(today + by); } } }, text);
  const heading = el("h2", { class: "num" });
  const sums = el("dl");
  const strip = el("div", { class: "hold" });
  const range = el("input", { type: "range", id: "day", min: 0, max: D.days.length - 1, step: 1, "aria-label": W.report_day, on: { input: event => { stop(); go(Number(event.target.value)); } } });
  const marks = el("ol", { "aria-hidden": "true" });
  const run = el("button", { type: "button", class: "ctl play", id: "play", on: { click: play } });
  const choice = D.works.length > 1
    ? el("select", { id: "work", "aria-label": W.choose_work, on: { change: event => { chosenWork = Number(event.target.value); drawTime(); showWork(); } } }, D.works.map((one, i) => el("option", { value: i }, brief(one.name))))
    : el("span", { class: "wname" }, brief(D.works[0].name));
  $("time").replaceChildren(
    el("div", { class: "thead" }, heading, choice, sums), strip,
    el("div", { class: "slide" }, step("day-before", W.day_before, "‹", -1), run, step("day-after", W.day_after, "›", 1), el("div", { class: "track" }, range, marks)),
  );
  return { heading, sums, strip, range, marks, run, choice };
}

function drawTime(lit = null) {
  controls = controls || makeControls();
  const { heading, sums, strip, range, marks, run, choice } = controls;
  const work = D.works[chosenWork];
  heading.textContent = say("until_day", { day: D.days[today] });
  if (D.works.length > 1) choice.value = String(chosenWork);
  const told = sumsOfDay();
  sums.replaceChildren(...told.map(([look, text]) => el("div", {}, el("dt", {}, sampleLine(look.strokes), look.title), el("dd", { class: "num" }, text))));
  const focused = strip.contains(document.activeElement) ? [...strip.querySelectorAll("button")].indexOf(document.activeElement) : -1;
  strip.replaceChildren(work.span ? drawStrip(work, lit) : "");
  if (focused >= 0) (strip.querySelectorAll("button")[focused] || range).focus();
  range.value = today;
  range.setAttribute("aria-valuetext", [D.days[today], ...told.map(([look, text]) => `${look.title} ${text}`)].join("; "));
  run.textContent = playing ? W.stop_days : W.play_days;
  marks.replaceChildren(...someDays().map(([day, i]) => {
    const mark = el("li", { class: "num" + (i === today ? " now" : "") }, day.slice(0, 5));
    mark.style.left = D.days.length > 1 ? `${(100 * i) / (D.days.length - 1)}%` : "0%";
    return mark;
  }));
}

/** Days that are named under the slider: both ends, and those between that have room. */
function someDays() {
  const last = D.days.length - 1;
  const room = Math.ceil(D.days.length / (phone.matches ? 3 : 8));
  return D.days.map((day, i) => [day, i]).filter(([, i]) => i === 0 || i === last || (i % room === 0 && last - i >= room));
}

/** Show another day. */
function go(day) {
  today = Math.max(0, Math.min(D.days.length - 1, day));
  drawTime();
  drawLegend();
  drawUnplaced();
  arrange();
  // A card of a stretch that is another one on this day would tell what is no longer so.
  if (!lit.every(isOfDay)) closeCard();
  if (document.activeElement !== controls.range) tell(controls.range.getAttribute("aria-valuetext"));
}

function stop() {
  clearInterval(playing);
  playing = 0;
}

function play() {
  if (playing) { stop(); drawTime(); return; }
  if (today === D.days.length - 1) today = -1;
  playing = setInterval(() => {
    if (today >= D.days.length - 1) { stop(); drawTime(); } else go(today + 1);
  }, PLAY_MS);
  go(today + 1);
}

/** Show the whole of the work chosen. */
function showWork() {
  const box = around(partsOf(chosenWork).map(f => f.box));
  if (box) show(box, -2.5);
}

/** A day as a number to compare by: "2025-06-30" and "30/06/2025" are 20250630; NaN for no day. */
function dayNumber(text) {
  const parts = (text || "").split(/[-/.]/);
  const [year, month, day] = parts[0].length === 4 ? parts : parts.reverse();
  return parts.length === 3 ? Number(year) * 10000 + Number(month) * 100 + Number(day) : NaN;
}

/** Take work and day from an address; the day is the nearest not after the one asked for. */
function setTime(values) {
  const asked = dayNumber(values.get("day"));
  if (asked) today = Math.max(0, D.days.reduce((last, day, i) => (dayNumber(day) <= asked ? i : last), -1));
  const work = D.works.findIndex(one => one.id === values.get("work"));
  if (work >= 0) chosenWork = work;
  return { day: Boolean(asked), work: work >= 0 };
}

/** Follow #work=CT01&day=2025-06-30: say whether the address asks for either. */
function followTime(values) {
  const asked = setTime(values);
  if (!asked.day && !asked.work) return false;
  stop();
  go(today);
  if (asked.work) showWork();
  return true;
}

function startTime() {
  setTime(new URLSearchParams(location.hash.slice(1)));
  drawTime();
  addEventListener("resize", () => drawTime());
}
