/**
 * The node and Pod grid. `mountGrid(el, store, options)` knows nothing of Jupyter and returns what takes it down again.
 *
 * Nodes are boxes, Pods are cells that keep their slot for life; Pods without a node stand in the waiting room. Up to
 * some hundred Pods are elements, more are drawn on a canvas.
 */

import { Boxes } from "./boxes.js";
import { Canvas } from "./canvas.js";
import { make, onTheme, ownKeys } from "./dom.js";
import { languageOf, wordsOf } from "./i18n.js";
import { nextItem } from "./keys.js";
import { choices, matcher } from "./match.js";
import { Motion } from "./motion.js";
import { nodeWords } from "./nodes.js";
import { describe, STATES, SYSTEM } from "./states.js";
import { Story } from "./story.js";
import { Table } from "./table.js";
import { WaitingRoom } from "./waiting.js";

const ANNOUNCE_MS = 1000;
const TICK_MS = 250;
// More Pods or nodes than this are drawn on a canvas; a little fewer bring the elements back.
const MOST_CELLS = 600;
const MOST_NODES = 120;
const BACK = 0.8;
// Up to here cells are large.
const LARGE = 300;
const TABLE_MS = 500;

function field(label, hint, value, list = "") {
  const el = make("label", "k8sm-field", {}, label);
  const input = make("input", "", { type: "search", placeholder: hint, spellcheck: "false", ...(list ? { list } : {}) });
  input.value = value;
  el.append(input);
  return { el, input };
}

/**
 * @param {HTMLElement} el
 * @param {import("./store.js").Store} store
 * @param {{namespace?: string, language?: string, filter?: string, select?: string}} [options]
 * @returns {() => void} unmount
 */
export function mountGrid(el, store, options = {}) {
  const t = wordsOf(options.language);
  const root = make("section", "k8sm k8sm-grid", { "aria-label": t.label, lang: languageOf(options.language) });
  const head = make("div", "k8sm-head");
  const summary = make("span", "k8sm-summary");
  const clock = make("span", "k8sm-clock", { title: t.clock });
  const listId = `k8sm-${Math.random().toString(36).slice(2)}`;
  const filter = field(t.filter, t.filterHint, options.filter ?? "");
  const ring = field(t.ring, t.ringHint, options.select ?? "", listId);
  const list = make("datalist", "", { id: listId });
  const toggle = make("button", "k8sm-toggle", { type: "button", "aria-pressed": "false", title: t.tableTitle }, t.table);
  head.append(summary, filter.el, ring.el, list, clock, toggle);
  const live = make("p", "k8sm-live", { "aria-live": "polite" });
  const room = new WaitingRoom(store, t);
  const legend = make("div", "k8sm-legend");
  const tip = make("div", "k8sm-tip", { role: "tooltip", hidden: "" });
  const table = new Table(t);
  const motion = new Motion(store);
  let current = "";
  const story = new Story(store, t, () => focusOn(current));
  /** @type {Boxes | Canvas} */
  let body = new Boxes(store, t);
  root.append(head, room.el, body.el, table.el, story.el, legend, tip, live);
  el.append(root);

  const inNamespace = (pod) => !options.namespace || pod.namespace === options.namespace;
  const tests = { filter: null, ring: null, hover: null };
  const isShown = (pod) => inNamespace(pod) && (!tests.filter || tests.filter(pod));

  /** Pods as they are drawn now. @type {Map<string, import("./store.js").Pod>} */
  const drawn = new Map();

  function undraw(pod, leavesGhost) {
    if (pod.node) body.remove(pod, leavesGhost);
    else room.cells.remove(pod.uid, leavesGhost);
    drawn.delete(pod.uid);
  }

  function draw(pod, isWhole) {
    if (!inNamespace(pod)) return;
    const before = drawn.get(pod.uid);
    let from = null;
    if (before && before.node !== pod.node) {
      from = room.cells.cells.get(pod.uid)?.getBoundingClientRect() ?? null;
      undraw(before, false);
    }
    drawn.set(pod.uid, pod);
    const cell = pod.node ? body.put(pod) : room.cells.put(pod);
    if (cell && pod.node && !isWhole) motion.born(cell, from ?? (room.el.hidden ? head : room.el).getBoundingClientRect());
  }

  /** Elements or canvas, as the picture's size asks. */
  function chooseBody() {
    const isCanvas = body instanceof Canvas;
    const factor = isCanvas ? BACK : 1;
    const wantsCanvas = drawn.size > MOST_CELLS * factor || store.nodes.size > MOST_NODES * factor;
    root.dataset.size = drawn.size > LARGE ? "small" : "large";
    if (wantsCanvas === isCanvas) return;
    motion.stop();
    const next = wantsCanvas ? new Canvas(store, t) : new Boxes(store, t);
    body.el.replaceWith(next.el);
    body.destroy();
    body = next;
    for (const node of store.nodes.values()) body.node(node);
    body.order();
    for (const pod of drawn.values()) if (pod.node) body.put(pod);
    mark();
  }

  function apply(change) {
    const lists = [change.pods, change.gone, change.nodes, change.goneNodes];
    const hasChanged = change.key || lists.some((list) => list.length > 0) || Boolean(change.frame?.services);
    const held = change.key && root.contains(document.activeElement) ? idOf(document.activeElement) : "";
    if (change.key) {
      motion.stop();
      room.cells.clear();
      body.clear();
      drawn.clear();
    }
    for (const name of change.goneNodes) body.removeNode(name);
    for (const node of change.nodes) body.node(node);
    if (change.key || change.nodes.length || change.goneNodes.length) body.order();
    for (const pod of change.gone) if (drawn.has(pod.uid)) undraw(drawn.get(pod.uid), true);
    for (const pod of change.pods) draw(pod, change.key);
    if (hasChanged) {
      chooseBody();
      // A Service's selector or a new label set may mean other Pods by the same words.
      if (change.key || change.frame?.services) readTests();
      paintWords();
      if (tests.filter || tests.ring) mark();
      story.follow(new Set([...change.pods, ...change.gone].map((pod) => pod.uid).concat(change.nodes.map((node) => `node/${node.name}`))));
      if (story.isOpen && change.key) story.paint();
      followTip();
    }
    if (change.frame?.services || change.key) list.replaceChildren(...choices(store).map((text) => make("option", "", { value: text })));
    body.flush();
    motion.start();
    motion.sync();
    rove();
    paintClock();
    root.dataset.frames = String(store.frames);
    root.dataset.mode = body instanceof Canvas ? "canvas" : "elements";
    if (held && idOf(document.activeElement) !== held) focusOn(held);
  }

  function paintWords() {
    const counts = {};
    const waiting = [];
    let own = 0;
    let shown = 0;
    let all = 0;
    for (const pod of drawn.values()) {
      all += 1;
      if (pod.namespace !== SYSTEM) own += 1;
      if (!pod.node) waiting.push(pod);
      if (tests.filter && !tests.filter(pod)) continue;
      shown += 1;
      counts[pod.state] = (counts[pod.state] ?? 0) + 1;
    }
    room.paint(waiting);
    const used = Object.keys(STATES).filter((state) => counts[state]);
    summary.textContent = tests.filter ? t.shown(shown, all) : t.summary(store.nodes.size, all, own);
    root.dataset.counts = JSON.stringify(counts);
    const said = used.map((state) => `${counts[state]} ${t.states[state]}`);
    paintLegend(used, counts);
    announce(t.joined(said));
    if (!table.el.hidden) tableSoon();
  }

  function paintLegend(used, counts) {
    if (legend.dataset.used !== used.join()) {
      legend.dataset.used = used.join();
      legend.replaceChildren(
        ...used.map((state) => {
          const item = make("span", "k8sm-key");
          const cell = make("span", `k8sm-cell k8sm-${state}`, { "aria-hidden": "true" });
          cell.append(make("span", "k8sm-glyph", {}, STATES[state].glyph));
          item.append(cell, make("span", ""));
          return item;
        }),
        ...["requested", "used"].map((word) => {
          const item = make("span", "k8sm-key");
          item.append(make("span", `k8sm-sample k8sm-sample-${word}`, { "aria-hidden": "true" }), make("span", "", {}, t[word]));
          return item;
        }),
      );
    }
    used.forEach((state, index) => (legend.children[index].lastChild.textContent = `${t.states[state]} ${counts[state]}`));
  }

  let announced = "";
  let announceTimer = 0;
  let latest = "";
  /** At most once a second, and always the newest. */
  function announce(text) {
    latest = text;
    if (latest === announced || announceTimer) return;
    announceTimer = window.setTimeout(() => {
      announceTimer = 0;
      announced = latest;
      live.textContent = latest;
    }, ANNOUNCE_MS);
  }

  let tableTimer = 0;
  function tableSoon() {
    tableTimer ||= window.setTimeout(() => {
      tableTimer = 0;
      table.paint(store, isShown);
    }, TABLE_MS);
  }

  let clockText = "";
  function paintClock() {
    const seconds = Math.floor(store.now() / 1e6);
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const text = store.isLast ? `${t.last}, ${time}` : store.paused ? `${time}, ${t.paused}` : store.speed && store.speed !== 1 ? `${time}, ${store.speed}×` : time;
    if (text !== clockText) clock.textContent = clockText = text;
  }

  function mark() {
    const both = tests.ring ?? tests.hover;
    room.cells.mark(both, tests.filter);
    body.mark(both, tests.filter);
  }

  function readTests() {
    tests.filter = matcher(filter.input.value, store);
    tests.ring = matcher(ring.input.value, store);
  }

  function readFields() {
    readTests();
    mark();
    paintWords();
    if (tests.ring) announce(t.ringed([...drawn.values()].filter(tests.ring).length));
    table.paint(store, isShown);
  }

  function showTable(isOn) {
    const isInside = root.contains(document.activeElement);
    toggle.setAttribute("aria-pressed", String(isOn));
    root.classList.toggle("k8sm-as-table", isOn);
    table.setVisible(isOn);
    if (isOn) table.paint(store, isShown);
    // What had the focus may no longer be seen.
    if (isInside) toggle.focus();
  }

  // One stop for the tab key; arrows go from Pod to Pod, Enter opens a story, Escape closes what is open.

  const roomItems = () => [...room.cells.el.querySelectorAll(".k8sm-cell")].map((cell) => ({ id: cell.dataset.uid, el: cell, rect: () => cell.getBoundingClientRect() }));
  const items = () => [...(room.el.hidden ? [] : roomItems()), ...body.items()];
  const idOf = (target) => target.dataset?.id ?? target.dataset?.uid ?? (target.dataset?.nodename ? `node/${target.dataset.nodename}` : "");
  let stop = null;

  function rove() {
    if (stop?.isConnected) return;
    stop = body.el.querySelector(".k8sm-nodename, .k8sm-cursor");
    if (stop) stop.tabIndex = 0;
  }

  function focusItem(item) {
    item.show?.();
    if (stop && stop !== item.el) stop.tabIndex = -1;
    stop = item.el;
    stop.tabIndex = 0;
    current = item.id;
    item.el.focus();
    showTip(item.id, item.rect());
  }

  function focusOn(id) {
    const item = items().find((one) => one.id === id);
    if (item) focusItem(item);
  }

  let told = "";
  /** What the tip tells of has changed, or is gone. */
  function followTip() {
    if (tip.hidden) return;
    const pod = store.pods.get(told);
    if (!pod && !store.nodes.has(told.slice(5))) hideTip();
    else if (pod) tip.firstChild.textContent = describe(pod, t, store.now());
  }

  function showTip(id, rect, lens = null) {
    const pod = store.pods.get(id);
    const node = pod ? null : store.nodes.get(id.slice(5));
    if ((!pod && !node) || !rect) return hideTip();
    const text = pod ? describe(pod, t, store.now()) : `${node.name}, ${nodeWords(node, t)}, ${t.nodePods(node.pods[0])}`;
    const why = pod?.message ? [make("div", "k8sm-tip-why", {}, pod.message)] : [];
    tip.replaceChildren(make("div", "", {}, text), ...why, ...(lens ? [lens] : []));
    tip.hidden = false;
    told = id;
    const outer = root.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(rect.left - outer.left, outer.width - tip.offsetWidth - 6))}px`;
    const below = rect.bottom - outer.top + 6;
    const above = rect.top - outer.top - tip.offsetHeight - 6;
    tip.style.top = `${below + tip.offsetHeight > outer.height && above >= 0 ? above : below}px`;
    hover(pod?.owner ?? "");
  }

  function hideTip() {
    tip.hidden = true;
    hover("");
  }

  let hovered = "";
  /** Ring the Pods of an owner, while nothing else is ringed. */
  function hover(owner) {
    if (owner === hovered) return;
    hovered = owner;
    tests.hover = owner ? (pod) => pod.owner === owner : null;
    if (!tests.ring) mark();
  }

  const abort = new AbortController();
  ownKeys(root, abort.signal);
  const listen = (target, type, handler) => target.addEventListener(type, handler, { signal: abort.signal });
  listen(toggle, "click", () => showTable(toggle.getAttribute("aria-pressed") !== "true"));
  listen(filter.input, "input", readFields);
  listen(ring.input, "input", readFields);
  listen(root, "keydown", (event) => {
    if (event.target.matches?.("input")) return;
    if (event.key === "Escape") return story.isOpen ? story.close(() => focusOn(current)) : hideTip();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "t") return showTable(toggle.getAttribute("aria-pressed") !== "true");
    const id = idOf(event.target);
    const next = id ? nextItem(items(), id, event.key) : null;
    if (!next) return;
    event.preventDefault();
    focusItem(next);
  });
  const spot = (event) => {
    const target = event.target;
    if (target === body.canvas || target.matches?.(".k8sm-cursor")) return event.type.startsWith("focus") ? { id: idOf(target), rect: target.getBoundingClientRect() } : body.at(event);
    const id = idOf(target.closest?.(".k8sm-cell[data-uid], .k8sm-nodename") ?? {});
    return id ? { id, rect: target.getBoundingClientRect() } : null;
  };
  listen(root, "click", (event) => {
    // A key's click comes from where the focus is, a pointer's from what is under it.
    const found = event.detail === 0 && idOf(event.target) ? { id: idOf(event.target) } : spot(event);
    if (!found) return;
    current = found.id;
    if (body instanceof Canvas && !room.cells.cells.has(found.id)) body.show(found.id);
    hideTip();
    story.open(found.id);
    story.el.focus();
  });
  listen(root, "pointermove", (event) => {
    const found = spot(event);
    if (found) showTip(found.id, found.rect, event.target === body.canvas ? body.lens(event) : null);
    else if (!tip.hidden) hideTip();
  });
  listen(root, "pointerleave", hideTip);
  listen(root, "focusin", (event) => {
    const found = event.target.matches?.(".k8sm-cell[data-uid], .k8sm-nodename, .k8sm-cursor") ? spot(event) : null;
    if (found) {
      current = found.id;
      showTip(found.id, found.rect);
    }
  });
  listen(root, "focusout", hideTip);

  const untheme = onTheme(root, () => body.repaint?.());
  const unsubscribe = store.subscribe(apply);
  const rest = store.every(TICK_MS, () => {
    paintClock();
    room.cells.tick();
    body.tick();
    motion.sync();
  });
  if (store.frames) apply({ key: true, nodes: [...store.nodes.values()], goneNodes: [], pods: [...store.pods.values()], gone: [] });
  readFields();

  return () => {
    unsubscribe();
    untheme();
    abort.abort();
    rest();
    clearTimeout(announceTimer);
    clearTimeout(tableTimer);
    motion.stop();
    story.destroy();
    room.cells.clear();
    body.destroy();
    root.remove();
  };
}
