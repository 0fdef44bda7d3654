// Boxes that are taken, by the cells of a grid they lie in: how much of a place is free is asked
// thousands of times for every zoom.

const CELL = 64;                      // pixels

class Crowd {
  constructor(boxes = []) {
    this.cells = new Map();
    boxes.forEach(box => this.add(box));
  }

  /** Every cell that a box touches: its key, column and row. */
  static* cellsOf([west, top, east, foot]) {
    const [last, low] = [Math.floor(east / CELL), Math.floor(foot / CELL)];
    for (let x = Math.floor(west / CELL); x <= last; x++) {
      for (let y = Math.floor(top / CELL); y <= low; y++) yield [x * 1e7 + y, x, y];
    }
  }

  add(box) {
    for (const [key] of Crowd.cellsOf(box)) {
      if (!this.cells.has(key)) this.cells.set(key, new Set());
      this.cells.get(key).add(box);
    }
    return this;
  }

  remove(box) {
    for (const [key] of Crowd.cellsOf(box)) this.cells.get(key).delete(box);
  }

  /** How much of a box lies under those that are here, in square pixels. */
  over(box) {
    let sum = 0;
    for (const [key, x, y] of Crowd.cellsOf(box)) {
      for (const other of this.cells.get(key) || []) {
        const [left, top] = [Math.max(box[0], other[0]), Math.max(box[1], other[1])];
        const [w, h] = [Math.min(box[2], other[2]) - left, Math.min(box[3], other[3]) - top];
        // Two boxes may meet in many cells: they count in that of their first corner.
        if (w > 0 && h > 0 && Math.floor(left / CELL) === x && Math.floor(top / CELL) === y) sum += w * h;
      }
    }
    return sum;
  }
}
