// src/store.js
function pod([uid, namespace, name, node, slot, state, reason, owner, revision, isOld, restarts, readyContainers, containers, since]) {
  return { uid, namespace, name, node, slot, state, reason, owner, revision, isOld, restarts, readyContainers, containers, since };
}
var Store = class {
  constructor() {
    this.nodes = /* @__PURE__ */ new Map(), this.pods = /* @__PURE__ */ new Map(), this.seq = 0, this.time = 0, this.speed = 1, this.paused = !1, this.frames = 0, this.listeners = /* @__PURE__ */ new Set(), this.onGap = () => {
    }, this.receivedAt = 0;
  }
  /** @param {(change: Change) => void} listener @returns {() => void} unsubscribe */
  subscribe(listener) {
    return this.listeners.add(listener), () => this.listeners.delete(listener);
  }
  /** Simulated microseconds at this moment of the page. */
  now() {
    return this.paused || !this.speed ? this.time : this.time + (performance.now() - this.receivedAt) * 1e3 * this.speed;
  }
  /** Take one frame in. @param {any} frame */
  accept(frame) {
    if (!frame.key && frame.seq !== this.seq + 1) {
      this.seq = frame.seq, this.onGap();
      return;
    }
    this.seq = frame.seq, this.time = frame.time, this.speed = frame.speed, this.paused = frame.paused, this.receivedAt = performance.now(), this.frames += 1;
    let change = { key: frame.key, nodes: frame.nodes ?? [], goneNodes: frame.goneNodes ?? [], pods: (frame.pods ?? []).map(pod), gone: [] };
    frame.key && (this.nodes.clear(), this.pods.clear());
    for (let name of change.goneNodes) this.nodes.delete(name);
    for (let node of change.nodes) this.nodes.set(node.name, node);
    for (let uid of frame.gone ?? []) {
      let gone = this.pods.get(uid);
      gone && change.gone.push(gone), this.pods.delete(uid);
    }
    for (let cell of change.pods) this.pods.set(cell.uid, cell);
    for (let listener of this.listeners) listener(change);
  }
};

// src/dom.js
function make(tag, className, attributes = {}, text = "") {
  let el = document.createElement(tag);
  el.className = className;
  for (let [name, value] of Object.entries(attributes)) el.setAttribute(name, value);
  return text && (el.textContent = text), el;
}
function isDark() {
  let theme = document.body.dataset.jpThemeLight ?? "";
  return theme ? theme === "false" : document.body.classList.contains("vscode-dark") ? !0 : window.matchMedia?.("(prefers-color-scheme: dark)").matches ?? !1;
}
function onTheme(root) {
  let follow = () => root.classList.toggle("k8sm-dark", isDark());
  follow();
  let observer = new MutationObserver(follow);
  return observer.observe(document.body, { attributes: !0, attributeFilter: ["data-jp-theme-light", "class"] }), () => observer.disconnect();
}

// src/states.js
var STATES = {
  pending: { word: "Pending", glyph: "" },
  creating: { word: "ContainerCreating", glyph: "\u25D4" },
  running: { word: "Running, not ready", glyph: "\u25D0" },
  ready: { word: "Ready", glyph: "" },
  error: { word: "Error", glyph: "!" },
  terminating: { word: "Terminating", glyph: "\xD7" },
  succeeded: { word: "Succeeded", glyph: "\u2713" },
  unknown: { word: "Unknown", glyph: "?" }
};
function describe(pod2) {
  let state = STATES[pod2.state]?.word ?? pod2.state, parts = [`${pod2.namespace}/${pod2.name}`, pod2.reason && !["Running", state].includes(pod2.reason) ? `${state} (${pod2.reason})` : state];
  return pod2.node && parts.push(`on ${pod2.node}`), pod2.owner && parts.push(`of ${pod2.owner}${pod2.isOld ? ", old template" : ""}`), pod2.containers > 1 && parts.push(`${pod2.readyContainers} of ${pod2.containers} containers ready`), pod2.restarts && parts.push(`${pod2.restarts} restart${pod2.restarts === 1 ? "" : "s"}`), parts.join(", ");
}

// src/cells.js
var GHOST_MICROS = 1e6, Cells = class {
  /** @param {HTMLElement} el @param {import("./store.js").Store} store @param {(pod: any) => boolean} isShown */
  constructor(el, store, isShown) {
    this.el = el, this.store = store, this.isShown = isShown, this.cells = /* @__PURE__ */ new Map(), this.timers = /* @__PURE__ */ new Set();
  }
  /** Draw a Pod as it is now. @param {import("./store.js").Pod} pod */
  put(pod2) {
    if (!this.isShown(pod2)) return;
    let cell = this.cells.get(pod2.uid);
    cell || (cell = make("button", "", { type: "button", "data-uid": pod2.uid, "data-slot": String(pod2.slot), tabindex: "-1" }), this.cells.set(pod2.uid, cell), this.#insert(cell, pod2.slot)), cell.className = `k8sm-cell k8sm-${pod2.state}${pod2.isOld ? " k8sm-old" : ""}${pod2.namespace === "kube-system" ? " k8sm-system" : ""}`, cell.textContent = STATES[pod2.state]?.glyph ?? "", cell.dataset.owner = pod2.owner, cell.dataset.state = pod2.state, cell.dataset.name = pod2.name, cell.dataset.restarts = pod2.restarts ? String(Math.min(pod2.restarts, 9)) : "", cell.setAttribute("aria-label", describe(pod2)), this.#rove();
  }
  /** Slots that nobody holds stay empty, so that no Pod ever moves. */
  #insert(cell, slot) {
    for (; this.el.children.length <= slot; ) this.el.append(make("span", "k8sm-empty"));
    this.el.replaceChild(cell, this.el.children[slot]);
  }
  /** @param {string} uid @param {boolean} leavesGhost */
  remove(uid, leavesGhost) {
    let cell = this.cells.get(uid);
    if (!cell) return;
    this.cells.delete(uid);
    let clear = () => {
      for (cell.parentNode === this.el && this.el.replaceChild(make("span", "k8sm-empty"), cell); this.el.lastElementChild?.className === "k8sm-empty"; ) this.el.lastElementChild.remove();
    }, { speed, paused } = this.store;
    if (!leavesGhost || paused || !speed) return clear();
    cell.className += " k8sm-ghost", cell.removeAttribute("data-uid"), cell.disabled = !0;
    let timer = window.setTimeout(() => {
      this.timers.delete(timer), clear();
    }, GHOST_MICROS / 1e3 / speed);
    this.timers.add(timer), this.#rove();
  }
  clear() {
    for (let timer of this.timers) clearTimeout(timer);
    this.timers.clear(), this.cells.clear(), this.el.replaceChildren();
  }
  /** The first Pod of a box is where the tab key stops. */
  #rove() {
    let first = this.el.querySelector(".k8sm-cell[data-uid]");
    if (!(!first || first.tabIndex === 0)) {
      for (let cell of this.cells.values()) cell.tabIndex = -1;
      first.tabIndex = 0;
    }
  }
};

// src/table.js
var COLUMNS = ["Namespace", "Name", "State", "Node", "Owner", "Restarts"], LIMIT = 500, Table = class {
  constructor() {
    this.el = make("div", "k8sm-table", { hidden: "" }), this.body = make("tbody", ""), this.more = make("p", "k8sm-note");
    let table = make("table", "", { "aria-label": "Pods" }), head = make("thead", ""), row = make("tr", "");
    row.append(...COLUMNS.map((title) => make("th", "", { scope: "col" }, title))), head.append(row), table.append(head, this.body), this.el.append(table, this.more);
  }
  /** @param {boolean} isOn */
  setVisible(isOn) {
    this.el.hidden = !isOn;
  }
  /** @param {import("./store.js").Store} store @param {(pod: any) => boolean} isShown */
  paint(store, isShown) {
    if (this.el.hidden) return;
    let pods = [...store.pods.values()].filter(isShown);
    pods.sort((a, b) => a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name)), this.body.replaceChildren(
      ...pods.slice(0, LIMIT).map((pod2) => {
        let row = make("tr", ""), word = STATES[pod2.state]?.word ?? pod2.state, state = pod2.reason && pod2.reason !== "Running" && pod2.reason !== word ? `${word} (${pod2.reason})` : word;
        return row.append(...[pod2.namespace, pod2.name, state, pod2.node || "\u2013", pod2.owner || "\u2013", String(pod2.restarts)].map((text) => make("td", "", {}, text))), row;
      })
    ), this.more.textContent = pods.length > LIMIT ? `and ${pods.length - LIMIT} more` : "";
  }
};

// src/grid.js
var SYSTEM = "kube-system", ANNOUNCE_MS = 1e3;
function byPlace(a, b) {
  let lane = (node) => node.roles.includes("control-plane") ? 0 : 1;
  return lane(a) - lane(b) || a.name.localeCompare(b.name, void 0, { numeric: !0 });
}
function mountGrid(el, store, options = {}) {
  let root = make("section", "k8sm", { "aria-label": "Nodes and Pods of the cluster" }), head = make("header", "k8sm-head"), clock = make("span", "k8sm-clock"), summary = make("span", "k8sm-summary"), toggle = make("button", "k8sm-toggle", { type: "button", "aria-pressed": "false", title: "Show as a table (t)" }, "Table");
  head.append(summary, clock, toggle);
  let live = make("p", "k8sm-live", { "aria-live": "polite" }), waiting = make("div", "k8sm-waiting", { hidden: "" }), waitingTitle = make("span", "k8sm-name", {}, "Waiting"), waitingCells = make("div", "k8sm-cells"), waitingWhy = make("span", "k8sm-note");
  waiting.append(waitingTitle, waitingCells, waitingWhy);
  let nodes = make("div", "k8sm-nodes"), legend = make("footer", "k8sm-legend"), tip = make("div", "k8sm-tip", { role: "tooltip", hidden: "" }), table = new Table();
  root.append(head, waiting, nodes, legend, table.el, tip, live), el.append(root);
  let boxes = /* @__PURE__ */ new Map(), isShown = (pod2) => !options.namespace || pod2.namespace === options.namespace, room = new Cells(waitingCells, store, isShown);
  function box(node) {
    let found = boxes.get(node.name);
    if (!found) {
      let frame = make("div", "k8sm-node", { "data-node": node.name }), title = make("div", "k8sm-title"), name = make("span", "k8sm-name", {}, node.name), note = make("span", "k8sm-note");
      title.append(name, note);
      let bars = make("div", "k8sm-bars"), meters = ["CPU", "memory", "Pods"].map((label) => {
        let meter = make("div", "k8sm-meter"), fill = make("div", "k8sm-fill"), track = make("div", "k8sm-track");
        track.append(fill);
        let text = make("span", "k8sm-note");
        return meter.append(track, text), bars.append(meter), { label, fill, text };
      }), place2 = make("div", "k8sm-cells");
      frame.append(title, bars, place2), found = { el: frame, cells: new Cells(place2, store, isShown), parts: { note, meters } }, boxes.set(node.name, found);
    }
    return found;
  }
  function paintNode(node) {
    let { el: frame, parts } = box(node), lane = node.roles.includes("control-plane");
    frame.classList.toggle("k8sm-lane", lane), frame.classList.toggle("k8sm-lost", !node.ready), frame.classList.toggle("k8sm-cordoned", node.cordoned);
    let words = [node.roles, node.ready ? "Ready" : "NotReady"];
    node.cordoned && words.push("SchedulingDisabled"), parts.note.textContent = words.filter(Boolean).join(" \xB7 "), parts.note.title = node.taints.join(`
`);
    let values = [node.cpu, node.memory, node.pods];
    parts.meters.forEach(({ label, fill, text }, index) => {
      let [used, total] = values[index], share = total ? used / total : 0;
      fill.style.width = `${Math.min(100, share * 100).toFixed(1)}%`, text.textContent = index === 2 ? `${label} ${used} of ${total}` : `${label} ${Math.round(share * 100)} %`;
    });
  }
  function order() {
    [...store.nodes.values()].sort(byPlace).map((node) => box(node).el).forEach((frame, index) => {
      nodes.children[index] !== frame && nodes.insertBefore(frame, nodes.children[index] ?? null);
    });
  }
  function cellsOf(name) {
    return name ? boxes.get(name)?.cells ?? box(store.nodes.get(name) ?? { name }).cells : room;
  }
  let place = /* @__PURE__ */ new Map();
  function paintPod(pod2) {
    let before = place.get(pod2.uid);
    before !== void 0 && before !== pod2.node && cellsOf(before).remove(pod2.uid, !1), place.set(pod2.uid, pod2.node), cellsOf(pod2.node).put(pod2);
  }
  function paintWaiting() {
    let pods = [...store.pods.values()].filter((pod2) => !pod2.node && isShown(pod2));
    waiting.hidden = pods.length === 0;
    let reasons = [...new Set(pods.map((pod2) => pod2.reason))];
    waitingWhy.textContent = pods.length ? `${pods.length} Pod${pods.length === 1 ? "" : "s"}: ${reasons.join(", ")}` : "";
  }
  function paintSummary() {
    let counts = {}, own = 0;
    for (let pod2 of store.pods.values())
      isShown(pod2) && (counts[pod2.state] = (counts[pod2.state] ?? 0) + 1, pod2.namespace !== SYSTEM && (own += 1));
    let total = Object.values(counts).reduce((sum, count) => sum + count, 0), used = Object.keys(STATES).filter((state) => counts[state]);
    return summary.textContent = `${store.nodes.size} nodes, ${total} Pods (${own} outside ${SYSTEM})`, legend.replaceChildren(
      ...used.map((state) => {
        let item = make("span", "k8sm-key");
        return item.append(make("span", `k8sm-cell k8sm-${state}`, { "aria-hidden": "true" }, STATES[state].glyph), `${STATES[state].word} ${counts[state]}`), item;
      })
    ), root.dataset.counts = JSON.stringify(counts), used.map((state) => `${counts[state]} ${STATES[state].word}`).join(", ");
  }
  let announced = "", announceTimer = 0;
  function announce(text) {
    text === announced || announceTimer || (announceTimer = window.setTimeout(() => {
      announceTimer = 0, announced = text, live.textContent = text;
    }, ANNOUNCE_MS));
  }
  function apply(change) {
    if (change.key) {
      room.clear();
      for (let { cells, el: frame } of boxes.values())
        cells.clear(), frame.remove();
      boxes.clear(), place.clear();
    }
    for (let name of change.goneNodes)
      boxes.get(name)?.el.remove(), boxes.delete(name);
    for (let node of change.nodes) paintNode(node);
    (change.key || change.nodes.length) && order();
    for (let pod2 of change.gone)
      cellsOf(pod2.node).remove(pod2.uid, !0), place.delete(pod2.uid);
    for (let pod2 of change.pods) paintPod(pod2);
    (change.key || change.pods.length || change.gone.length) && (paintWaiting(), announce(paintSummary()), table.paint(store, isShown)), paintClock(), root.dataset.frames = String(store.frames);
  }
  function paintClock() {
    let seconds = Math.floor(store.now() / 1e6), text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    clock.textContent = store.paused ? `${text}, paused` : store.speed && store.speed !== 1 ? `${text}, ${store.speed}\xD7` : text, clock.title = "Simulated time since the cluster was made";
  }
  function showTable(isOn) {
    toggle.setAttribute("aria-pressed", String(isOn)), root.classList.toggle("k8sm-as-table", isOn), table.setVisible(isOn), isOn && table.paint(store, isShown);
  }
  let abort = new AbortController(), listen = (target, type, handler) => target.addEventListener(type, handler, { signal: abort.signal });
  listen(toggle, "click", () => showTable(toggle.getAttribute("aria-pressed") !== "true"));
  let cellsInOrder = () => [...root.querySelectorAll(".k8sm-cell[data-uid]:not(.k8sm-ghost)")];
  listen(root, "keydown", (event) => {
    if (event.key === "t" && event.target !== toggle) return showTable(toggle.getAttribute("aria-pressed") !== "true");
    if (event.key === "Escape") return hideTip();
    let step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.matches?.(".k8sm-cell")) return;
    let cells = cellsInOrder(), next = cells[cells.indexOf(event.target) + step];
    next && (event.preventDefault(), next.focus());
  });
  function showTip(cell) {
    let pod2 = store.pods.get(cell.dataset.uid);
    if (!pod2) return;
    tip.textContent = describe(pod2), tip.hidden = !1;
    let outer = root.getBoundingClientRect(), inner = cell.getBoundingClientRect();
    tip.style.left = `${Math.max(0, Math.min(inner.left - outer.left, outer.width - tip.offsetWidth - 4))}px`, tip.style.top = `${inner.bottom - outer.top + 4}px`, ring(pod2.owner);
  }
  function hideTip() {
    tip.hidden = !0, ring("");
  }
  function ring(owner) {
    for (let cell of cellsInOrder()) cell.classList.toggle("k8sm-ring", owner !== "" && cell.dataset.owner === owner);
  }
  for (let [enter, leave] of [["pointerover", "pointerout"], ["focusin", "focusout"]])
    listen(root, enter, (event) => event.target.matches?.(".k8sm-cell[data-uid]") && showTip(event.target)), listen(root, leave, (event) => event.target.matches?.(".k8sm-cell[data-uid]") && hideTip());
  let untheme = onTheme(root), unsubscribe = store.subscribe(apply), ticking = setInterval(paintClock, 500);
  return store.frames && apply({ key: !0, nodes: [...store.nodes.values()], goneNodes: [], pods: [...store.pods.values()], gone: [] }), () => {
    unsubscribe(), untheme(), abort.abort(), clearInterval(ticking), clearTimeout(announceTimer), room.clear();
    for (let { cells } of boxes.values()) cells.clear();
    root.remove();
  };
}

// src/widget.js
var STORES = /* @__PURE__ */ Symbol.for("k8s-magic.stores"), ALIVE_MS = 1e4;
function stores() {
  return globalThis[STORES] ??= /* @__PURE__ */ new Map(), globalThis[STORES];
}
function initializeHub({ model }) {
  let store = new Store(), decoder = new TextDecoder();
  stores().set(model.get("hub_id"), store);
  let hello = () => model.send({ type: "hello" }), onMessage = (content, buffers) => {
    content.type === "frame" && store.accept(JSON.parse(decoder.decode(buffers[0])));
  };
  model.on("msg:custom", onMessage), store.onGap = hello, hello();
  let timer = setInterval(() => model.send({ type: "alive" }), ALIVE_MS);
  return () => {
    clearInterval(timer), model.off("msg:custom", onMessage), stores().delete(model.get("hub_id"));
  };
}
async function storeOf(id, signal) {
  for (; !signal.aborted; ) {
    let store = stores().get(id);
    if (store) return store;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return null;
}
var VIEWS = { grid: mountGrid }, widget_default = {
  initialize(context) {
    return context.model.get("hub_id") ? initializeHub(context) : void 0;
  },
  render({ model, el }) {
    let abort = new AbortController(), unmount = () => {
    }, mount = VIEWS[model.get("view")];
    return mount && storeOf(model.get("hub"), abort.signal).then((store) => {
      store && (unmount = mount(el, store, { namespace: model.get("namespace") }));
    }), () => {
      abort.abort(), unmount();
    };
  }
};
export {
  Store,
  widget_default as default,
  mountGrid
};
