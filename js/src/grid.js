/**
 * The node and Pod grid. `mountGrid(el, store, options)` knows nothing of Jupyter and returns what takes it down again.
 *
 * Nodes are boxes, Pods are cells that keep their slot for life; Pods without a node stand in the waiting room.
 */

import { Cells } from "./cells.js";
import { make, onTheme } from "./dom.js";
import { describe, STATES } from "./states.js";
import { Table } from "./table.js";

const SYSTEM = "kube-system";
const ANNOUNCE_MS = 1000;

/** Control plane first, then by name with numbers in order. */
function byPlace(a, b) {
  const lane = (node) => (node.roles.includes("control-plane") ? 0 : 1);
  return lane(a) - lane(b) || a.name.localeCompare(b.name, undefined, { numeric: true });
}

/**
 * @param {HTMLElement} el
 * @param {import("./store.js").Store} store
 * @param {{namespace?: string}} [options]
 * @returns {() => void} unmount
 */
export function mountGrid(el, store, options = {}) {
  const root = make("section", "k8sm", { "aria-label": "Nodes and Pods of the cluster" });
  const head = make("header", "k8sm-head");
  const clock = make("span", "k8sm-clock");
  const summary = make("span", "k8sm-summary");
  const toggle = make("button", "k8sm-toggle", { type: "button", "aria-pressed": "false", title: "Show as a table (t)" }, "Table");
  head.append(summary, clock, toggle);
  const live = make("p", "k8sm-live", { "aria-live": "polite" });
  const waiting = make("div", "k8sm-waiting", { hidden: "" });
  const waitingTitle = make("span", "k8sm-name", {}, "Waiting");
  const waitingCells = make("div", "k8sm-cells");
  const waitingWhy = make("span", "k8sm-note");
  waiting.append(waitingTitle, waitingCells, waitingWhy);
  const nodes = make("div", "k8sm-nodes");
  const legend = make("footer", "k8sm-legend");
  const tip = make("div", "k8sm-tip", { role: "tooltip", hidden: "" });
  const table = new Table();
  root.append(head, waiting, nodes, legend, table.el, tip, live);
  el.append(root);

  /** @type {Map<string, {el: HTMLElement, cells: Cells, parts: any}>} */
  const boxes = new Map();
  const isShown = (pod) => !options.namespace || pod.namespace === options.namespace;
  const room = new Cells(waitingCells, store, isShown);

  function box(node) {
    let found = boxes.get(node.name);
    if (!found) {
      const frame = make("div", "k8sm-node", { "data-node": node.name });
      const title = make("div", "k8sm-title");
      const name = make("span", "k8sm-name", {}, node.name);
      const note = make("span", "k8sm-note");
      title.append(name, note);
      const bars = make("div", "k8sm-bars");
      const meters = ["CPU", "memory", "Pods"].map((label) => {
        const meter = make("div", "k8sm-meter");
        const fill = make("div", "k8sm-fill");
        const track = make("div", "k8sm-track");
        track.append(fill);
        const text = make("span", "k8sm-note");
        meter.append(track, text);
        bars.append(meter);
        return { label, fill, text };
      });
      const place = make("div", "k8sm-cells");
      frame.append(title, bars, place);
      found = { el: frame, cells: new Cells(place, store, isShown), parts: { note, meters } };
      boxes.set(node.name, found);
    }
    return found;
  }

  function paintNode(node) {
    const { el: frame, parts } = box(node);
    const lane = node.roles.includes("control-plane");
    frame.classList.toggle("k8sm-lane", lane);
    frame.classList.toggle("k8sm-lost", !node.ready);
    frame.classList.toggle("k8sm-cordoned", node.cordoned);
    const words = [node.roles, node.ready ? "Ready" : "NotReady"];
    if (node.cordoned) words.push("SchedulingDisabled");
    parts.note.textContent = words.filter(Boolean).join(" · ");
    parts.note.title = node.taints.join("\n");
    const values = [node.cpu, node.memory, node.pods];
    parts.meters.forEach(({ label, fill, text }, index) => {
      const [used, total] = values[index];
      const share = total ? used / total : 0;
      fill.style.width = `${Math.min(100, share * 100).toFixed(1)}%`;
      text.textContent = index === 2 ? `${label} ${used} of ${total}` : `${label} ${Math.round(share * 100)} %`;
    });
  }

  function order() {
    const wanted = [...store.nodes.values()].sort(byPlace).map((node) => box(node).el);
    wanted.forEach((frame, index) => {
      if (nodes.children[index] !== frame) nodes.insertBefore(frame, nodes.children[index] ?? null);
    });
  }

  function cellsOf(name) {
    if (!name) return room;
    return boxes.get(name)?.cells ?? box(store.nodes.get(name) ?? { name }).cells;
  }

  /** Where each Pod is drawn now, so that one that moves leaves its old place. */
  const place = new Map();

  function paintPod(pod) {
    const before = place.get(pod.uid);
    if (before !== undefined && before !== pod.node) cellsOf(before).remove(pod.uid, false);
    place.set(pod.uid, pod.node);
    cellsOf(pod.node).put(pod);
  }

  function paintWaiting() {
    const pods = [...store.pods.values()].filter((pod) => !pod.node && isShown(pod));
    waiting.hidden = pods.length === 0;
    const reasons = [...new Set(pods.map((pod) => pod.reason))];
    waitingWhy.textContent = pods.length ? `${pods.length} Pod${pods.length === 1 ? "" : "s"}: ${reasons.join(", ")}` : "";
  }

  function paintSummary() {
    const counts = {};
    let own = 0;
    for (const pod of store.pods.values()) {
      if (!isShown(pod)) continue;
      counts[pod.state] = (counts[pod.state] ?? 0) + 1;
      if (pod.namespace !== SYSTEM) own += 1;
    }
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const used = Object.keys(STATES).filter((state) => counts[state]);
    summary.textContent = `${store.nodes.size} nodes, ${total} Pods (${own} outside ${SYSTEM})`;
    legend.replaceChildren(
      ...used.map((state) => {
        const item = make("span", "k8sm-key");
        item.append(make("span", `k8sm-cell k8sm-${state}`, { "aria-hidden": "true" }, STATES[state].glyph), `${STATES[state].word} ${counts[state]}`);
        return item;
      }),
    );
    root.dataset.counts = JSON.stringify(counts);
    return used.map((state) => `${counts[state]} ${STATES[state].word}`).join(", ");
  }

  let announced = "";
  let announceTimer = 0;
  function announce(text) {
    if (text === announced || announceTimer) return;
    announceTimer = window.setTimeout(() => {
      announceTimer = 0;
      announced = text;
      live.textContent = text;
    }, ANNOUNCE_MS);
  }

  function apply(change) {
    if (change.key) {
      room.clear();
      for (const { cells, el: frame } of boxes.values()) {
        cells.clear();
        frame.remove();
      }
      boxes.clear();
      place.clear();
    }
    for (const name of change.goneNodes) {
      boxes.get(name)?.el.remove();
      boxes.delete(name);
    }
    for (const node of change.nodes) paintNode(node);
    if (change.key || change.nodes.length) order();
    for (const pod of change.gone) {
      cellsOf(pod.node).remove(pod.uid, true);
      place.delete(pod.uid);
    }
    for (const pod of change.pods) paintPod(pod);
    if (change.key || change.pods.length || change.gone.length) {
      paintWaiting();
      announce(paintSummary());
      table.paint(store, isShown);
    }
    paintClock();
    root.dataset.frames = String(store.frames);
  }

  function paintClock() {
    const seconds = Math.floor(store.now() / 1e6);
    const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    clock.textContent = store.paused ? `${text}, paused` : store.speed && store.speed !== 1 ? `${text}, ${store.speed}×` : text;
    clock.title = "Simulated time since the cluster was made";
  }

  function showTable(isOn) {
    toggle.setAttribute("aria-pressed", String(isOn));
    root.classList.toggle("k8sm-as-table", isOn);
    table.setVisible(isOn);
    if (isOn) table.paint(store, isShown);
  }

  const abort = new AbortController();
  const listen = (target, type, handler) => target.addEventListener(type, handler, { signal: abort.signal });
  listen(toggle, "click", () => showTable(toggle.getAttribute("aria-pressed") !== "true"));

  // One stop for the tab key; arrows go from Pod to Pod, Escape closes what is open.
  const cellsInOrder = () => [...root.querySelectorAll(".k8sm-cell[data-uid]:not(.k8sm-ghost)")];
  listen(root, "keydown", (event) => {
    if (event.key === "t" && event.target !== toggle) return showTable(toggle.getAttribute("aria-pressed") !== "true");
    if (event.key === "Escape") return hideTip();
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.matches?.(".k8sm-cell")) return;
    const cells = cellsInOrder();
    const next = cells[cells.indexOf(event.target) + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });

  function showTip(cell) {
    const pod = store.pods.get(cell.dataset.uid);
    if (!pod) return;
    tip.textContent = describe(pod);
    tip.hidden = false;
    const outer = root.getBoundingClientRect();
    const inner = cell.getBoundingClientRect();
    tip.style.left = `${Math.max(0, Math.min(inner.left - outer.left, outer.width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${inner.bottom - outer.top + 4}px`;
    ring(pod.owner);
  }
  function hideTip() {
    tip.hidden = true;
    ring("");
  }
  /** Ring every Pod of an owner. */
  function ring(owner) {
    for (const cell of cellsInOrder()) cell.classList.toggle("k8sm-ring", owner !== "" && cell.dataset.owner === owner);
  }
  for (const [enter, leave] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    listen(root, enter, (event) => event.target.matches?.(".k8sm-cell[data-uid]") && showTip(event.target));
    listen(root, leave, (event) => event.target.matches?.(".k8sm-cell[data-uid]") && hideTip());
  }

  const untheme = onTheme(root);
  const unsubscribe = store.subscribe(apply);
  const ticking = setInterval(paintClock, 500);
  if (store.frames) apply({ key: true, nodes: [...store.nodes.values()], goneNodes: [], pods: [...store.pods.values()], gone: [] });

  return () => {
    unsubscribe();
    untheme();
    abort.abort();
    clearInterval(ticking);
    clearTimeout(announceTimer);
    room.clear();
    for (const { cells } of boxes.values()) cells.clear();
    root.remove();
  };
}
