"use strict";
// The page needs no script; this only opens what a link points at.
const show = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const inside = target.querySelector("th > details");
  const around = target.closest("details");
  for (const details of [inside, around]) if (details) details.open = true;
  target.scrollIntoView();
};
addEventListener("hashchange", show);
show();
