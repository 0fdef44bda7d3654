"use strict";
// The page needs no script; this opens what a link points at, and on a phone shuts long parts.
const holder = head => head.closest("tbody");

const setShut = (head, shut) => {
  holder(head).classList.toggle("shut", shut);
  head.setAttribute("aria-expanded", String(!shut));
};

/** On a phone a head becomes a button for what stands under it. */
const fold = () => {
  for (const head of document.querySelectorAll("[data-shuts]")) {
    head.setAttribute("role", "button");
    head.tabIndex = 0;
    const turn = () => setShut(head, !holder(head).classList.contains("shut"));
    head.addEventListener("click", turn);
    head.addEventListener("keydown", event => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      turn();
    });
    // The first figures stay open.
    setShut(head, !holder(head).matches("tbody:first-of-type"));
  }
};

const show = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const shut = target.closest(".shut");
  if (shut) setShut(shut.querySelector("[data-shuts]"), false);
  const inside = target.querySelector("th > details, :scope > details");
  if (inside) inside.open = true;
  for (let around = target.closest("details"); around; around = around.parentElement.closest("details")) {
    around.open = true;
  }
  target.scrollIntoView();
};

if (matchMedia("(max-width: 700px)").matches) fold();
addEventListener("hashchange", show);
show();
