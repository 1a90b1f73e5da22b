/** Nodes as boxes made of elements, each with its Pods: for pictures of some hundred Pods. */

import { Cells } from "./cells.js";
import { make } from "./dom.js";
import { byPlace, nodeWords, tagsOf } from "./nodes.js";
import { span } from "./states.js";

/** A share of a bar, as CSS has it. */
const part = (amount, total) => `${total ? Math.min(100, (amount / total) * 100).toFixed(1) : 0}%`;

export class Boxes {
  /** @param {import("./store.js").Store} store @param {any} t words */
  constructor(store, t) {
    this.store = store;
    this.t = t;
    this.el = make("div", "k8sm-nodes");
    /** @type {Map<string, any>} */
    this.boxes = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.zones = new Map();
  }

  #box(name) {
    let found = this.boxes.get(name);
    if (found) return found;
    const el = make("div", "k8sm-node", { "data-node": name, role: "group" });
    const title = make("div", "k8sm-title");
    const button = make("button", "k8sm-name k8sm-nodename", { type: "button", tabindex: "-1", "data-nodename": name }, name);
    const note = make("span", "k8sm-note");
    title.append(button, note);
    const tags = make("div", "k8sm-tags", { hidden: "" });
    const bars = make("div", "k8sm-bars");
    const meters = [this.t.cpu, this.t.memory, this.t.pods].map((label) => {
      const meter = make("div", "k8sm-meter");
      const fill = make("div", "k8sm-fill");
      const asked = make("div", "k8sm-asked");
      const track = make("div", "k8sm-track");
      track.append(fill, asked);
      const text = make("span", "k8sm-note");
      meter.append(track, text);
      bars.append(meter);
      return { label, meter, fill, asked, text };
    });
    const place = make("div", "k8sm-cells");
    el.append(title, tags, bars, place);
    found = { el, button, note, tags, meters, countdown: null, node: null, cells: new Cells(place, this.store, this.t) };
    this.boxes.set(name, found);
    return found;
  }

  /** @param {import("./store.js").Node} node */
  node(node) {
    const { t } = this;
    const box = this.#box(node.name);
    box.node = node;
    box.el.classList.toggle("k8sm-lane", node.roles.includes("control-plane"));
    box.el.classList.toggle("k8sm-lost", !node.ready);
    box.el.classList.toggle("k8sm-cordoned", node.cordoned);
    box.note.textContent = nodeWords(node, t);
    box.el.setAttribute("aria-label", `${node.name}, ${nodeWords(node, t)}`);
    const tags = tagsOf(node, t).map(({ text, title, kind }) => make("span", `k8sm-tag k8sm-tag-${kind}`, { title }, text));
    box.countdown = node.evictsAt ? make("span", "k8sm-tag k8sm-tag-leaves") : null;
    if (box.countdown) tags.unshift(box.countdown);
    box.tags.replaceChildren(...tags);
    box.tags.hidden = tags.length === 0;
    [node.cpu, node.memory, node.pods].forEach(([asked, total, used], index) => {
      const found = box.meters[index];
      found.fill.style.width = part(used ?? asked, total);
      found.asked.style.width = part(used === undefined ? 0 : asked, total);
      found.asked.hidden = !used || !asked;
      found.text.textContent = `${found.label} ${index === 2 ? t.podsOf(asked, total) : t.share(asked, total)}`;
      if (used !== undefined) found.meter.title = `${found.label}: ${t.load(t.share(asked, total), t.share(used, total))}`;
    });
    this.#count(box);
  }

  #count(box) {
    if (box.countdown) box.countdown.textContent = this.t.leaves(span(box.node.evictsAt - this.store.now()));
  }

  removeNode(name) {
    this.boxes.get(name)?.el.remove();
    this.boxes.delete(name);
  }

  /** Control plane on top, then lanes by zone where there are zones, each node in its place. */
  order() {
    const nodes = [...this.store.nodes.values()].sort(byPlace);
    const hasZones = nodes.some((node) => node.zone && !node.roles.includes("control-plane"));
    const wanted = [];
    let zone = null;
    for (const node of nodes) {
      if (hasZones && !node.roles.includes("control-plane") && node.zone !== zone) {
        zone = node.zone;
        if (!this.zones.has(zone)) this.zones.set(zone, make("div", "k8sm-zone", {}, zone ? this.t.zone(zone) : "–"));
        wanted.push(this.zones.get(zone));
      }
      wanted.push(this.#box(node.name).el);
    }
    wanted.forEach((el, index) => {
      if (this.el.children[index] !== el) this.el.insertBefore(el, this.el.children[index] ?? null);
    });
    while (this.el.children.length > wanted.length) this.el.lastElementChild.remove();
  }

  put(pod) {
    return this.#box(pod.node).cells.put(pod);
  }

  remove(pod, leavesGhost) {
    this.boxes.get(pod.node)?.cells.remove(pod.uid, leavesGhost);
  }

  tick() {
    for (const box of this.boxes.values()) {
      this.#count(box);
      box.cells.tick();
    }
  }

  flush() {}

  mark(ring, filter) {
    for (const { cells } of this.boxes.values()) cells.mark(ring, filter);
  }

  /** What the arrow keys go through: each node and its Pods. */
  items() {
    const found = [];
    for (const node of [...this.store.nodes.values()].sort(byPlace)) {
      const box = this.boxes.get(node.name);
      if (!box) continue;
      found.push(box.button, ...box.cells.el.querySelectorAll(".k8sm-cell"));
    }
    return found.map((el) => ({ id: el.dataset.uid ?? `node/${el.dataset.nodename}`, el, rect: () => el.getBoundingClientRect() }));
  }

  clear() {
    this.el.replaceChildren();
    this.boxes.clear();
  }

  destroy() {
    this.clear();
    this.el.remove();
  }
}
