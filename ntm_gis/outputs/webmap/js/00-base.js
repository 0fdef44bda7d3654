// Small helpers that every part of the page uses. All text from data goes through `el` and
// `svg`, which put it in as text, never as markup.

const D = await given();
const W = D.words;
const $ = id => document.getElementById(id);
const phone = matchMedia("(max-width: 760px)");
const SVG_SPACE = document.querySelector("svg").namespaceURI;

/** The data of the page: as it is, or unpacked where there is much of it. */
async function given() {
  const block = document.getElementById("data");
  if (block.type === "application/json") return JSON.parse(block.textContent);
  if (!("DecompressionStream" in window)) {
    document.getElementById("too-old").hidden = false;
    return new Promise(() => {});
  }
  const packed = Uint8Array.from(atob(block.textContent), letter => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

/** An element with attributes (`on`: listeners) and children; what is null is left out. */
function el(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
function svg(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS(SVG_SPACE, tag), attributes, children);
}

function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    } else if (value === true) {
      node.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined));
  return node;
}

/** A sentence of the page with its values put in: `say("lit_features", { n: 3 })`. */
function say(key, values = {}) {
  return W[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Let a screen reader say what changed while the focus stays where it is. */
function tell(text) {
  $("said").textContent = text;
}

const BRIEF = 120;                    // letters of a name in a list; its card has the whole

/** A name as lists show it: one of thousands of letters must not push the others away. */
function brief(text) {
  if (text.length <= BRIEF) return text;
  const letters = [...text];
  return letters.length <= BRIEF ? text : letters.slice(0, BRIEF).join("").trimEnd() + "…";
}

/** Letters without their marks, small: "Hô Tra" and "ho tra" are the same to the search. */
function fold(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
}

/** A number as the page's language writes it. */
function number(value, digits) {
  const [whole, part] = Math.abs(value).toFixed(digits).split(".");
  const [group, mark] = D.lang === "en" ? [",", "."] : [".", ","];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  const sign = value < 0 && Number(value.toFixed(digits)) !== 0 ? "−" : "";
  return sign + grouped + (part ? mark + part : "");
}
