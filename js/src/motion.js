/** Births travel from the waiting room to their slot, in simulated time: they stop when it stops and hurry when it does. */

const TRAVEL_MS = 450;
// More births than this at once are a crowd: they appear in place.
const CROWD = 40;

export function isReduced() {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}

export class Motion {
  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
    /** @type {Set<Animation>} */
    this.running = new Set();
    /** @type {[HTMLElement, DOMRect][]} */
    this.births = [];
  }

  /** A Pod has come to its slot from a place. @param {HTMLElement} cell @param {DOMRect} from */
  born(cell, from) {
    this.births.push([cell, from]);
  }

  /** Set what was born since the last call on its way; measured together, since measuring lays the page out. */
  start() {
    const births = this.births;
    this.births = [];
    if (births.length > CROWD || document.hidden || isReduced()) return;
    const ways = births.map(([cell, from]) => ({ cell, from, to: cell.getBoundingClientRect() })).filter(({ to }) => to.width);
    for (const { cell, from, to } of ways) {
      const start = `translate(${from.left - to.left}px, ${from.top - to.top}px)`;
      const animation = cell.animate([{ transform: start, zIndex: 3 }, { transform: "none", zIndex: 3 }], { duration: TRAVEL_MS, easing: "cubic-bezier(.3,.1,.2,1)" });
      this.running.add(animation);
      animation.onfinish = animation.oncancel = () => this.running.delete(animation);
      this.#pace(animation);
    }
  }

  /** Follow the pace of the simulation. */
  sync() {
    for (const animation of this.running) this.#pace(animation);
  }

  stop() {
    for (const animation of [...this.running]) animation.cancel();
    this.running.clear();
    this.births = [];
  }

  #pace(animation) {
    const { paused, speed } = this.store;
    if (paused) return animation.pause();
    animation.playbackRate = Math.max(0.5, Math.min(speed || 1, 8));
    if (animation.playState === "paused") animation.play();
  }
}
