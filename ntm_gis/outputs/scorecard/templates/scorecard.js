"use strict";
// The page needs no script; this narrows the list, and opens what a link points at.
const form = document.querySelector(".filter");
const criteria = [...document.querySelectorAll(".crit")];
const field = form.querySelector("input");
const buttons = [...form.querySelectorAll("[data-show]")];
const all = form.querySelector(".all");
const said = form.querySelector("[role=status]");
const wasOpen = new Map(criteria.map(c => [c, c.open]));

/** A text as people type it: without marks, without capitals. */
const plain = text => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
const texts = new Map();
const text = part => {
  if (!texts.has(part)) texts.set(part, plain(part.textContent));
  return texts.get(part);
};

/** Show the criteria of a verdict that hold a word; their order stays. */
const narrow = () => {
  const verdict = buttons.find(b => b.getAttribute("aria-pressed") === "true").dataset.show;
  const word = plain(field.value.trim());
  let shown = 0;
  for (const criterion of criteria) {
    const lines = [...criterion.querySelectorAll(".ind")];
    const own = word && text(criterion.querySelector("summary")).includes(word);
    let any = false;
    for (const line of lines) {
      const fits = !word || own || text(line).includes(word);
      line.hidden = !fits;
      any ||= fits;
    }
    criterion.hidden = Boolean(verdict) && criterion.dataset.verdict !== verdict || Boolean(word) && !own && !any;
    if (!criterion.hidden) shown += 1;
    criterion.open = word || verdict ? true : wasOpen.get(criterion);
  }
  said.textContent = shown < criteria.length ? `${said.dataset.said} ${shown}/${criteria.length}` : "";
  document.querySelector(".none-fits").hidden = shown > 0;
};

for (const button of buttons) {
  button.addEventListener("click", () => {
    for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
    narrow();
  });
}
field.addEventListener("input", narrow);
form.addEventListener("submit", event => event.preventDefault());
all.addEventListener("click", () => {
  const open = criteria.some(c => !c.open);
  for (const criterion of criteria) criterion.open = open;
  all.textContent = open ? all.dataset.shut : all.dataset.open;
});
addEventListener("keydown", event => {
  const writing = /^(input|select|textarea)$/i.test(document.activeElement.tagName);
  if (event.key === "/" && !writing) { event.preventDefault(); field.focus(); }
});

const show = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let around = target; around; around = around.parentElement) {
    if (around.hidden) { field.value = ""; buttons[0].click(); }
    if (around.localName === "details") around.open = true;
  }
  target.scrollIntoView();
};

/** On paper all indicators stand, and the evidence of those not met or not known. */
const opened = [];
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll(".crit, .ind.not_met, .ind.undetermined")) {
    if (!part.open) { part.open = true; opened.push(part); }
  }
});
addEventListener("afterprint", () => { for (const part of opened.splice(0)) part.open = false; });

form.hidden = false;
addEventListener("hashchange", show);
show();
