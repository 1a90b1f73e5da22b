/** The Pods of one node (or of the waiting room): one element a Pod, each in its slot for life. */

import { make } from "./dom.js";
import { describe, STATES } from "./states.js";

// A Pod that is gone leaves a ghost for a second of simulated time.
const GHOST_MICROS = 1_000_000;

export class Cells {
  /** @param {HTMLElement} el @param {import("./store.js").Store} store @param {(pod: any) => boolean} isShown */
  constructor(el, store, isShown) {
    this.el = el;
    this.store = store;
    this.isShown = isShown;
    /** @type {Map<string, HTMLElement>} */
    this.cells = new Map();
    /** @type {Set<number>} */
    this.timers = new Set();
  }

  /** Draw a Pod as it is now. @param {import("./store.js").Pod} pod */
  put(pod) {
    if (!this.isShown(pod)) return;
    let cell = this.cells.get(pod.uid);
    if (!cell) {
      cell = make("button", "", { type: "button", "data-uid": pod.uid, "data-slot": String(pod.slot), tabindex: "-1" });
      this.cells.set(pod.uid, cell);
      this.#insert(cell, pod.slot);
    }
    cell.className = `k8sm-cell k8sm-${pod.state}${pod.isOld ? " k8sm-old" : ""}${pod.namespace === "kube-system" ? " k8sm-system" : ""}`;
    cell.textContent = STATES[pod.state]?.glyph ?? "";
    cell.dataset.owner = pod.owner;
    cell.dataset.state = pod.state;
    cell.dataset.name = pod.name;
    cell.dataset.restarts = pod.restarts ? String(Math.min(pod.restarts, 9)) : "";
    cell.setAttribute("aria-label", describe(pod));
    this.#rove();
  }

  /** Slots that nobody holds stay empty, so that no Pod ever moves. */
  #insert(cell, slot) {
    while (this.el.children.length <= slot) this.el.append(make("span", "k8sm-empty"));
    this.el.replaceChild(cell, this.el.children[slot]);
  }

  /** @param {string} uid @param {boolean} leavesGhost */
  remove(uid, leavesGhost) {
    const cell = this.cells.get(uid);
    if (!cell) return;
    this.cells.delete(uid);
    const clear = () => {
      if (cell.parentNode === this.el) this.el.replaceChild(make("span", "k8sm-empty"), cell);
      while (this.el.lastElementChild?.className === "k8sm-empty") this.el.lastElementChild.remove();
    };
    const { speed, paused } = this.store;
    if (!leavesGhost || paused || !speed) return clear();
    cell.className += " k8sm-ghost";
    cell.removeAttribute("data-uid");
    cell.disabled = true;
    const timer = window.setTimeout(() => {
      this.timers.delete(timer);
      clear();
    }, GHOST_MICROS / 1000 / speed);
    this.timers.add(timer);
    this.#rove();
  }

  clear() {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.cells.clear();
    this.el.replaceChildren();
  }

  /** The first Pod of a box is where the tab key stops. */
  #rove() {
    const first = this.el.querySelector(".k8sm-cell[data-uid]");
    if (!first || first.tabIndex === 0) return;
    for (const cell of this.cells.values()) cell.tabIndex = -1;
    first.tabIndex = 0;
  }
}
