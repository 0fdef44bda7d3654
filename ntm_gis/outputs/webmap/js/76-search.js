// Search by name or code, without marks: "ho tra" finds bản Hô Tra, and shows by former commune
// and height that Hô Ta is another village.

const LONGEST = 9;
const seekable = features.filter(f => f.layer.style.interactive && f.layer.style.primary).map(feature => {
  const text = `${feature.name} ${feature.id}`;
  const folded = fold(text);
  return { feature, folded, joined: joined(folded), plain: text.normalize("NFC").toLowerCase(), short: fold(feature.layer.short ? feature.layer.short[feature.i] : feature.name) };
});

/** Letters and figures alone: "hotra" and "hô-tra" find Hô Tra too. */
function joined(text) {
  return text.replace(/[^\p{L}\p{N}]+/gu, "");
}

const isVillage = feature => villages.includes(feature);

/** What matches, the best first; names one sign away of a village follow, said to be near. */
function seek(typed) {
  const plain = typed.trim().normalize("NFC").toLowerCase();
  const words = fold(typed.trim()).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const want = words.join(" ");
  const run = joined(want);
  const found = seekable.filter(s => words.every(word => s.folded.includes(word)) || (run.length > 2 && s.joined.includes(run)));
  const rank = s => (s.short === want || joined(s.short) === run ? 0 : 8) + (s.plain.includes(plain) ? 0 : 4) + (beginsWord(s.folded, want) ? 0 : 2) + (isVillage(s.feature) ? 0 : 1);
  const best = found.map((s, order) => ({ s, rank: rank(s), order })).sort((a, b) => a.rank - b.rank || a.order - b.order).map(x => x.s);
  const near = seekable.filter(s => isVillage(s.feature) && !found.includes(s) && (oneAway(s.short, want) || best.some(b => isVillage(b.feature) && b.short === want && oneAway(b.short, s.short))));
  const list = best.slice(0, LONGEST - Math.min(near.length, 2)).map(s => ({ feature: s.feature, near: false }));
  return [...list, ...near.slice(0, 2).map(s => ({ feature: s.feature, near: true }))];
}

const beginsWord = (text, want) => text.startsWith(want) || text.includes(" " + want);

/** Whether two texts differ by one sign put in, left out or changed. */
function oneAway(a, b) {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  const [restA, restB] = [a.slice(i), b.slice(i)];
  return restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1);
}

const field = $("q");
const hits = $("hits");
let offered = [];
let chosen = -1;

function offer() {
  chosen = -1;
  offered = seek(field.value);
  const blank = !field.value.trim();
  hits.replaceChildren(...offered.map(({ feature, near }, i) => el("li", { role: "option", id: "hit-" + i, "aria-selected": "false", on: { mousedown: event => { event.preventDefault(); pick(feature); } } },
    el("b", {}, brief(feature.name)), el("span", {}, [near ? W.near_name : null, hintOf(feature)].filter(Boolean).join(" · ")))),
  ...(offered.length ? [] : [el("li", { class: "empty", role: "option", "aria-disabled": "true", "aria-selected": "false" }, W.search_none)]));
  if (!blank) tell(offered.length ? say("search_count", { n: number(offered.length, 0) }) : W.search_none);
  setOpen(!blank);
}

/** What tells a hit from others of its name: kind, former commune, height, or file. */
function hintOf(feature) {
  const more = feature.layer.hint ? feature.layer.hint[feature.i] : "";
  const parts = [feature.layer.style.one, more || feature.id, feature.box ? "" : W.no_place];
  return parts.filter(Boolean).join(" · ");
}

function setOpen(open) {
  hits.hidden = !open;
  field.setAttribute("aria-expanded", String(open));
  if (!open) field.removeAttribute("aria-activedescendant");
}

function pick(feature) {
  setOpen(false);
  field.value = brief(feature.name);
  openFeature(feature, true);
}

function choose(step) {
  if (!offered.length) return;
  chosen = (chosen + step + offered.length) % offered.length;
  [...hits.children].forEach((node, i) => node.setAttribute("aria-selected", String(i === chosen)));
  field.setAttribute("aria-activedescendant", "hit-" + chosen);
}

field.addEventListener("input", offer);
field.addEventListener("focus", () => { if (field.value) offer(); });
field.addEventListener("blur", () => setOpen(false));
field.addEventListener("keydown", event => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && offered.length) {
    event.preventDefault();
    pick(offered[Math.max(chosen, 0)].feature);
  } else if (event.key === "Escape") {
    event.stopPropagation();
    setOpen(false);
  }
});
