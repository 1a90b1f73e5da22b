/** Nodes and Pods on one canvas, for pictures of thousands; the one that has the focus is also an element. */

import { drawNode, drawPod, drawShares, palette } from "./brush.js";
import { make } from "./dom.js";
import { layout, slotAt, under } from "./layout.js";
import { nodeWords } from "./nodes.js";
import { describe } from "./states.js";

const GHOST_MICROS = 1_000_000;
const LENS = { side: 120, zoom: 5 };

export class Canvas {
  /** @param {import("./store.js").Store} store @param {any} t words */
  constructor(store, t) {
    this.store = store;
    this.t = t;
    this.el = make("div", "k8sm-nodes k8sm-on-canvas");
    this.canvas = make("canvas", "", { "aria-hidden": "true" });
    this.cursor = make("button", "k8sm-cursor", { type: "button", tabindex: "0" });
    this.lensCanvas = make("canvas", "k8sm-lens", { "aria-hidden": "true", width: String(LENS.side), height: String(LENS.side) });
    this.el.append(this.canvas, this.cursor);
    /** Who has a slot. @type {Map<string, Map<number, string>>} */
    this.slots = new Map();
    /** @type {Map<string, number>} */
    this.highest = new Map();
    /** @type {Map<string, {name: string, slot: number, until: number}>} */
    this.ghosts = new Map();
    /** @type {Set<string>} */
    this.dirty = new Set();
    this.needsLayout = true;
    this.ring = this.filter = null;
    this.plan = layout([], () => 0, 100);
    /** @type {Map<string, any>} */
    this.boxOf = new Map();
    this.focused = "";
    this.frame = 0;
    this.observer = new ResizeObserver(() => {
      if (Math.round(this.el.clientWidth) !== this.width) this.#relayout();
    });
    this.observer.observe(this.el);
  }

  node(node) {
    const had = this.boxOf.get(node.name);
    if (had) had.node = node;
    else this.needsLayout = true;
    this.dirty.add(node.name);
  }

  removeNode(name) {
    this.slots.delete(name);
    this.highest.delete(name);
    this.needsLayout = true;
  }

  order() {}

  put(pod) {
    if (!this.slots.has(pod.node)) this.slots.set(pod.node, new Map());
    this.slots.get(pod.node).set(pod.slot, pod.uid);
    this.ghosts.delete(`${pod.node}/${pod.slot}`);
    if ((this.highest.get(pod.node) ?? 0) < pod.slot + 1) {
      this.highest.set(pod.node, pod.slot + 1);
      const box = this.boxOf.get(pod.node);
      const room = box && this.plan.size ? Math.round((box.y + box.h - box.cy) / (this.plan.size + this.plan.gap)) * box.columns : 0;
      if (!box || (this.plan.size && pod.slot >= room)) this.needsLayout = true;
    }
    this.dirty.add(pod.node);
    if (pod.uid === this.focused) this.#placeCursor();
    return null;
  }

  remove(pod, leavesGhost) {
    const held = this.slots.get(pod.node);
    if (held?.get(pod.slot) === pod.uid) held.delete(pod.slot);
    if (leavesGhost) this.ghosts.set(`${pod.node}/${pod.slot}`, { name: pod.node, slot: pod.slot, until: this.store.now() + GHOST_MICROS });
    this.dirty.add(pod.node);
  }

  tick() {
    const now = this.store.now();
    for (const [key, ghost] of this.ghosts) {
      if (now < ghost.until) continue;
      this.ghosts.delete(key);
      this.dirty.add(ghost.name);
    }
    for (const pod of this.store.pods.values()) if (pod.node && (pod.pull || pod.state === "terminating")) this.dirty.add(pod.node);
    this.flush();
  }

  mark(ring, filter) {
    this.ring = ring;
    this.filter = filter;
    for (const name of this.boxOf.keys()) this.dirty.add(name);
    this.flush();
  }

  /** Draw what has changed, once a frame of the screen. */
  flush() {
    if (this.frame || (!this.dirty.size && !this.needsLayout)) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (this.needsLayout) this.#relayout();
      else this.#paint(this.dirty);
      this.dirty.clear();
    });
  }

  /** The theme has changed. */
  repaint() {
    this.needsLayout = true;
    this.flush();
  }

  #relayout() {
    this.needsLayout = false;
    this.width = Math.round(this.el.clientWidth);
    if (!this.width) return;
    this.plan = layout([...this.store.nodes.values()], (name) => this.highest.get(name) ?? 0, this.width);
    this.boxOf = new Map(this.plan.boxes.map((box) => [box.node.name, box]));
    this.colours = palette(this.el);
    const height = Math.ceil(this.plan.height) + 2;
    // Browsers draw nothing on a canvas that is too high.
    const ratio = Math.min(globalThis.devicePixelRatio || 1, 16000 / height);
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.height = `${height}px`;
    this.pen = this.canvas.getContext("2d");
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.ratio = ratio;
    this.el.dataset.size = String(this.plan.size);
    for (const zone of this.plan.zones) {
      this.pen.fillStyle = this.colours.dim;
      this.pen.font = "600 11px system-ui, sans-serif";
      this.pen.textAlign = "left";
      this.pen.fillText(zone.name ? this.t.zone(zone.name) : "–", 2, zone.y + 14);
    }
    this.#paint(this.boxOf.keys());
    this.#placeCursor();
  }

  #paint(names) {
    const { pen, plan, store, colours } = this;
    if (!pen) return;
    const now = store.now();
    for (const name of names) {
      const box = this.boxOf.get(name);
      if (!box) continue;
      const words = box.w < 100 ? "" : !box.node.ready ? this.t.notReady : box.node.cordoned && box.w > 180 ? this.t.cordoned : "";
      drawNode(pen, box, colours, words, plan.hasNames);
      const held = this.slots.get(name);
      if (!held) continue;
      if (!plan.size) {
        const counts = {};
        for (const uid of held.values()) {
          const pod = store.pods.get(uid);
          if (pod) counts[pod.state] = (counts[pod.state] ?? 0) + 1;
        }
        drawShares(pen, box, counts, colours);
        continue;
      }
      for (const [slot, uid] of held) {
        const pod = store.pods.get(uid);
        if (!pod) continue;
        drawPod(pen, pod, slotAt(plan, box, slot), colours, now, { isRinged: this.ring?.(pod) ?? false, isFaint: this.filter ? !this.filter(pod) : false });
      }
    }
    if (!plan.size) return;
    pen.strokeStyle = colours.dim;
    pen.lineWidth = 1;
    pen.setLineDash([1, 1.5]);
    for (const ghost of this.ghosts.values()) {
      const box = this.boxOf.get(ghost.name);
      const at = box && slotAt(plan, box, ghost.slot);
      if (at) pen.strokeRect(at.x + 0.5, at.y + 0.5, at.size - 1, at.size - 1);
    }
    pen.setLineDash([]);
  }

  /** What is at a point of the page: a Pod's uid or `node/NAME`, and where. */
  at(event) {
    const outer = this.canvas.getBoundingClientRect();
    const found = under(this.plan, event.clientX - outer.left, event.clientY - outer.top);
    if (!found) return null;
    const uid = found.slot >= 0 ? this.slots.get(found.box.node.name)?.get(found.slot) : undefined;
    return { id: uid ?? `node/${found.box.node.name}`, rect: this.#rect(uid ?? `node/${found.box.node.name}`) };
  }

  /** What is under the pointer, larger; null where cells are large enough. */
  lens(event) {
    if (this.plan.size >= 9 || !this.plan.size) return null;
    const outer = this.canvas.getBoundingClientRect();
    const side = LENS.side / LENS.zoom;
    const [x, y] = [event.clientX - outer.left - side / 2, event.clientY - outer.top - side / 2];
    const pen = this.lensCanvas.getContext("2d");
    pen.imageSmoothingEnabled = false;
    pen.fillStyle = this.colours.bg;
    pen.fillRect(0, 0, LENS.side, LENS.side);
    pen.drawImage(this.canvas, x * this.ratio, y * this.ratio, side * this.ratio, side * this.ratio, 0, 0, LENS.side, LENS.side);
    return this.lensCanvas;
  }

  #place(id) {
    if (id.startsWith("node/")) {
      const box = this.boxOf.get(id.slice(5));
      return box ? { x: box.x, y: box.y, w: box.w, h: box.h } : null;
    }
    const pod = this.store.pods.get(id);
    const box = pod && this.boxOf.get(pod.node);
    if (!box || !this.plan.size) return null;
    const at = slotAt(this.plan, box, pod.slot);
    return { x: at.x, y: at.y, w: at.size, h: at.size };
  }

  #rect(id) {
    const outer = this.canvas.getBoundingClientRect();
    const at = this.#place(id);
    return at ? new DOMRect(outer.left + at.x, outer.top + at.y, at.w, at.h) : null;
  }

  items() {
    const found = [];
    for (const box of this.plan.boxes) {
      const name = box.node.name;
      found.push(this.#item(`node/${name}`));
      if (!this.plan.size) continue;
      for (const [, uid] of [...(this.slots.get(name) ?? [])].sort((a, b) => a[0] - b[0])) found.push(this.#item(uid));
    }
    return found;
  }

  #item(id) {
    return { id, el: this.cursor, rect: () => this.#rect(id), show: () => this.show(id) };
  }

  /** Move the element that has the focus. */
  show(id) {
    this.focused = id;
    this.#placeCursor();
  }

  #placeCursor() {
    const at = this.#place(this.focused);
    if (!at && this.plan.boxes.length && this.focused !== `node/${this.plan.boxes[0].node.name}`) return this.show(`node/${this.plan.boxes[0].node.name}`);
    if (!at) return;
    const { cursor, focused } = this;
    cursor.style.cssText = `left:${at.x - 2}px;top:${at.y - 2}px;width:${at.w + 4}px;height:${at.h + 4}px`;
    const pod = this.store.pods.get(focused);
    const node = pod ? null : this.store.nodes.get(focused.slice(5));
    cursor.setAttribute("aria-label", pod ? describe(pod, this.t) : `${node?.name}, ${node ? nodeWords(node, this.t) : ""}`);
    if (pod) cursor.dataset.uid = focused;
    else delete cursor.dataset.uid;
    cursor.dataset.id = focused;
  }

  clear() {
    this.slots.clear();
    this.highest.clear();
    this.ghosts.clear();
    this.boxOf.clear();
    this.needsLayout = true;
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    this.el.remove();
  }
}
