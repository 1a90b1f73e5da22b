/** The Pods of one node (or of the waiting room): one element a Pod, each in its slot for life. */

import { make } from "./dom.js";
import { describe, graceLeft, letterOf, pulled, STATES, SYSTEM } from "./states.js";

// A Pod that is gone leaves a ghost for a second of simulated time.
const GHOST_MICROS = 1_000_000;
const TICKS = 5;

export class Cells {
  /**
   * @param {HTMLElement} el
   * @param {import("./store.js").Store} store
   * @param {any} t words
   * @param {{limit?: number}} [options] slots beyond `limit` are not drawn
   */
  constructor(el, store, t, { limit = Infinity } = {}) {
    this.el = el;
    this.store = store;
    this.t = t;
    this.limit = limit;
    /** @type {Map<string, HTMLElement>} */
    this.cells = new Map();
    /** @type {Set<{cell: HTMLElement, until: number}>} */
    this.ghosts = new Set();
    /** Pods that something passes for: their image arrives, their grace runs out. @type {Set<string>} */
    this.passing = new Set();
  }

  /** Draw a Pod as it is now. @param {import("./store.js").Pod} pod @returns {HTMLElement | null} its element if it is new */
  put(pod) {
    if (pod.slot >= this.limit) return null;
    let cell = this.cells.get(pod.uid);
    const isNew = !cell;
    if (!cell) {
      cell = make("button", "", { type: "button", "data-uid": pod.uid, "data-slot": String(pod.slot), tabindex: "-1" });
      this.cells.set(pod.uid, cell);
      this.#insert(cell, pod.slot);
    }
    const keep = ["k8sm-ring", "k8sm-faint"].filter((name) => cell.classList.contains(name));
    cell.className = [
      "k8sm-cell", `k8sm-${pod.state}`, ...keep, pod.isOld ? "k8sm-old" : "", pod.namespace === SYSTEM ? "k8sm-system" : "", pod.parts ? "k8sm-split" : "",
    ].filter(Boolean).join(" ");
    this.#fill(cell, pod);
    cell.dataset.owner = pod.owner;
    cell.dataset.state = pod.state;
    cell.dataset.name = pod.name;
    cell.style.setProperty("--ticks", String(Math.min(pod.restarts, TICKS)));
    cell.dataset.restarts = pod.restarts ? String(pod.restarts) : "";
    cell.setAttribute("aria-label", describe(pod, this.t));
    if (pod.pull || (pod.state === "terminating" && pod.until)) this.passing.add(pod.uid);
    this.#pass(pod, cell);
    return isNew ? cell : null;
  }

  /** A letter or glyph, or one part a container. */
  #fill(cell, pod) {
    const split = pod.parts && ["ready", "running", "error", "creating"].includes(pod.state) ? pod.parts : "";
    const text = split ? "" : STATES[pod.state]?.glyph || (["ready", "creating"].includes(pod.state) ? letterOf(pod) : "");
    const content = split || `:${text}`;
    if (cell.dataset.content === content) return;
    cell.dataset.content = content;
    if (!split) cell.replaceChildren(make("span", "k8sm-glyph", {}, text));
    else cell.replaceChildren(...[...split].map((part) => make("i", `k8sm-part k8sm-part-${part}`)));
  }

  /** What passes with simulated time, as it is now. */
  #pass(pod, cell) {
    const share = pulled(pod, this.store.now());
    cell.classList.toggle("k8sm-pulling", share !== null);
    if (share !== null) cell.style.setProperty("--pull", `${Math.round(share * 100)}%`);
    if (pod.state === "terminating") cell.style.setProperty("--left", graceLeft(pod, this.store.now()).toFixed(2));
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
    this.passing.delete(uid);
    if (!leavesGhost) return this.#vacate(cell);
    const ghost = make("span", "k8sm-ghost", { "aria-hidden": "true" });
    cell.replaceWith(ghost);
    this.ghosts.add({ cell: ghost, until: this.store.now() + GHOST_MICROS });
  }

  #vacate(cell) {
    if (cell.parentNode === this.el) this.el.replaceChild(make("span", "k8sm-empty"), cell);
    while (this.el.lastElementChild?.className === "k8sm-empty") this.el.lastElementChild.remove();
  }

  /** Simulated time has gone on. */
  tick() {
    const now = this.store.now();
    for (const ghost of this.ghosts) {
      if (now < ghost.until) continue;
      this.ghosts.delete(ghost);
      this.#vacate(ghost.cell);
    }
    for (const uid of this.passing) {
      const [pod, cell] = [this.store.pods.get(uid), this.cells.get(uid)];
      if (pod && cell) this.#pass(pod, cell);
      if (!pod || !cell || (!pod.pull && pod.state !== "terminating")) this.passing.delete(uid);
    }
  }

  /** @param {((pod: any) => boolean) | null} ring @param {((pod: any) => boolean) | null} filter */
  mark(ring, filter) {
    for (const [uid, cell] of this.cells) {
      const pod = this.store.pods.get(uid);
      if (!pod) continue;
      cell.classList.toggle("k8sm-ring", ring !== null && ring(pod));
      cell.classList.toggle("k8sm-faint", filter !== null && !filter(pod));
    }
  }

  clear() {
    this.ghosts.clear();
    this.passing.clear();
    this.cells.clear();
    this.el.replaceChildren();
  }
}
