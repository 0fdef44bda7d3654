// Printing the page itself: the map is put on the paper as it stands on the screen, larger or
// smaller as a whole. It is not painted anew: browsers lose what is painted while they print.

const PAPER = [770, 636];             // pixels of the map beside its legend, A4 across
const LARGEST = 1.6;                  // times: above, what is painted would be seen in pixels

let backToScreen = null;

function toPaper() {
  const ground = $("map").parentNode;
  const [w, h] = [ground.clientWidth, ground.clientHeight];
  const k = Math.min(PAPER[0] / w, PAPER[1] / h, LARGEST);
  const set = { flex: "none", width: `${w}px`, height: `${h}px`, transformOrigin: "0 0", transform: `scale(${k})`, marginBottom: `${h * (k - 1)}px` };
  Object.assign(ground.style, set);
  return () => { for (const name of Object.keys(set)) ground.style[name] = ""; };
}

addEventListener("beforeprint", () => { backToScreen = backToScreen || toPaper(); });
addEventListener("afterprint", () => {
  if (backToScreen) backToScreen();
  backToScreen = null;
});
