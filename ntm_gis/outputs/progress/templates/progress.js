"use strict";
// Pointing at any place of a road: who reported it, who confirmed it, on which photo it is seen.
// Without a script the stretches of the chart lead to their rows of the table.
(() => {
  const D = JSON.parse(document.getElementById("data").textContent);
  const W = D.words;
  const STEP = 100;
  // A photo shows a place if it was taken this close to it; beyond the other it is not offered.
  const SEEN_M = 50, NEAREST_M = 200, MOST_SEEN = 3;

  const el = (tag, name, ...children) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    node.append(...children.filter(child => child !== null && child !== ""));
    return node;
  };

  /** A chainage as people write it, to the metre. */
  const chainage = metres => {
    const m = Math.round(metres);
    return `Km${Math.floor(m / 1000)}+${String(m % 1000).padStart(3, "0")}`;
  };

  const said = report => el("li", "",
    el("span", "on num", report.on), el("b", "", report.head),
    ...["where", "by", "checked", "photo"].map(key => (report[key] ? el("div", key === "where" ? "num" : "", report[key]) : null)),
    report.why ? el("div", "why", report.why) : null,
    report.file ? el("div", "src", report.file) : null);

  for (const box of document.querySelectorAll(".stripbox")) {
    const work = D.works.find(one => one.anchor === box.dataset.work);
    if (!work || !work.span) continue;
    const [from, to] = work.span;
    const chart = box.querySelector(".strip");
    const pointer = chart.querySelector(".at");
    const panel = box.querySelector(".panel");
    const range = box.querySelector("input");
    const output = box.querySelector("output");
    range.min = from;
    range.max = to;
    range.step = Math.min(STEP, (to - from) / 10);
    range.value = from;
    for (const part of [box.querySelector(".ask"), box.querySelector(".hint")]) part.hidden = false;

    /** What photos show of a place: those taken there, else the nearest within reach, with its distance. */
    const shownOn = at => {
      const near = work.photos.map(([m, text, off, own]) => ({ text, own, away: Math.hypot(m - at, off) })).sort((a, b) => a.away - b.away);
      const say = (words, photo) => words.replace("{photo}", () => photo.text).replace("{away}", Math.round(photo.away));
      const there = near.filter(photo => photo.own && photo.away <= SEEN_M).slice(0, MOST_SEEN);
      if (there.length) return there.map(photo => say(W.seen_here, photo));
      return [near.length && near[0].away <= NEAREST_M ? say(W.nearest_photo, near[0]) : W.no_photo];
    };

    const pick = (at, keep) => {
      at = Math.min(Math.max(at, from), to);
      const part = work.stretches.find(one => at >= one.from && at < one.to) || work.stretches[work.stretches.length - 1];
      const walked = [...new Set(work.tracks.filter(([a, b]) => at >= a && at <= b).map(track => track[2]))];
      if (!keep) range.value = at;
      range.setAttribute("aria-valuetext", `${chainage(at)}: ${part.state}`);
      output.textContent = chainage(at);
      pointer.setAttribute("x", `${1.5 + (97 * (at - from)) / (to - from)}%`);
      pointer.setAttribute("visibility", "visible");
      panel.hidden = false;
      panel.replaceChildren(
        el("h4", "", `${chainage(at)} · ${part.state}`),
        el("p", "num muted", part.where),
        part.reports.length ? el("ul", "", ...part.reports.map(said)) : el("p", "", W.no_report),
        walked.length ? el("p", "src", `${W.walked_by}: ${walked.join(", ")}`) : el("p", "src", W.not_walked),
        ...shownOn(at).map(line => el("p", "src", line)),
      );
    };

    const place = event => {
      const r = chart.getBoundingClientRect();
      return Math.round((from + (((event.clientX - r.left) / r.width - 0.015) / 0.97) * (to - from)) / 10) * 10;
    };
    chart.addEventListener("click", event => {
      event.preventDefault();
      const link = event.target.closest("a");
      // From the keyboard a link is pressed at no place: then the middle of its stretch is meant.
      if (link && event.detail === 0) {
        const part = work.stretches[Number(link.getAttribute("href").split("-").pop()) - 1];
        pick((part.from + part.to) / 2);
      } else {
        pick(place(event));
      }
    });
    range.addEventListener("input", () => pick(Number(range.value), true));

    const asked = new URLSearchParams(location.hash.slice(1));
    if (asked.get("work") === work.id && asked.get("at")) {
      pick(Number(asked.get("at")) || 0);
      box.scrollIntoView();
    }
  }
  document.documentElement.dataset.ready = "true";
})();
