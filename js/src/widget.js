/** Binds the views to anywidget's models. The only file that knows of Jupyter. */

import { Store } from "./store.js";
import { mountControls } from "./controls.js";
import { mountGrid } from "./grid.js";
import { mountRollout } from "./rollout.js";
import { mountTraffic } from "./traffic.js";

// Both kinds of model load this file on their own, so the stores of a page are kept on the page itself.
const STORES = Symbol.for("k8s-magic.stores");
const ALIVE_MS = 10_000;

/** @returns {{stores: Map<string, Store>, waiting: Set<(id: string) => void>}} */
function page() {
  globalThis[STORES] ??= { stores: new Map(), waiting: new Set() };
  return globalThis[STORES];
}

/** Call back with the store of a hub, now or as soon as it comes, and again when another takes its place.
 * @param {string} id @param {(store: Store) => void} back @returns {() => void} stop */
function whenStore(id, back) {
  const { stores, waiting } = page();
  const come = (name) => name === id && back(stores.get(id));
  waiting.add(come);
  if (stores.has(id)) come(id);
  return () => waiting.delete(come);
}

/** Traits of a view that make it another picture. */
const LOOKS = ["namespace", "names", "service", "language", "filter", "select"];

/** Unpack a saved picture. @param {DataView} bytes */
async function unpack(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

/** The hub's model: frames come in here, whatever view is shown. @param {{model: any}} context */
function initializeHub({ model }) {
  const store = new Store();
  const decoder = new TextDecoder();
  const { stores, waiting } = page();
  const id = model.get("hub_id");
  let timer = 0;
  // Where the kernel is gone there is nobody to hear it.
  const say = (message) => {
    try {
      model.send(message);
    } catch {
      rest();
    }
  };
  const rest = () => {
    clearInterval(timer);
    timer = 0;
  };
  const hello = () => say({ type: "hello" });
  const onMessage = (content, buffers) => {
    if (content.type === "frame") {
      store.accept(JSON.parse(decoder.decode(buffers[0])));
      timer ||= setInterval(() => say({ type: "alive" }), ALIVE_MS);
    }
    if (content.type === "answer") store.answer(content);
  };
  model.on("msg:custom", onMessage);
  store.onGap = hello;
  store.send = say;
  // A notebook that was saved carries its last picture; without a kernel it is all there is.
  const saved = model.get("snapshot");
  if (saved?.byteLength) unpack(saved).then((frame) => store.acceptLast(frame), () => {});
  hello();
  stores.set(id, store);
  for (const come of [...waiting]) come(id);
  return () => {
    rest();
    model.off("msg:custom", onMessage);
    if (stores.get(id) === store) stores.delete(id);
  };
}

let viewers = 0;

/** Tells the view's model that it is on show, and when it no longer is: some figures are only sent while somebody looks.
 * @param {any} model @param {Store} store @returns {() => void} stop */
function announce(model, store) {
  if (model.get("view") !== "traffic") return () => {};
  const viewer = `${Math.random().toString(36).slice(2)}-${(viewers += 1)}`;
  const say = (type) => {
    try {
      model.send({ type, viewer });
    } catch {
      // The kernel is gone, and with it who would have been told.
    }
  };
  say("shown");
  // Another cluster has taken the place of the one before.
  const unsubscribe = store.subscribe((change) => change.key && say("shown"));
  return () => {
    unsubscribe();
    say("hidden");
  };
}

export { mountControls, mountGrid, mountRollout, mountTraffic, Store };

const VIEWS = { grid: mountGrid, rollout: mountRollout, traffic: mountTraffic };

export default {
  initialize(context) {
    return context.model.get("hub_id") ? initializeHub(context) : undefined;
  },
  render({ model, el }) {
    const mount = VIEWS[model.get("view")];
    if (!mount) return undefined;
    const changes = LOOKS.map((name) => `change:${name}`).join(" ");
    /** @type {Store | null} */
    let store = null;
    let stops = [];
    const down = () => stops.splice(0).forEach((stop) => stop());
    const up = () => {
      if (!store) return;
      down();
      const options = Object.fromEntries(LOOKS.map((name) => [name, model.get(name)]));
      stops = [mount(el, store, options), mountControls(el, store, options), announce(model, store)];
    };
    const unwait = whenStore(model.get("hub"), (found) => {
      store = found;
      up();
    });
    model.on(changes, up);
    return () => {
      unwait();
      model.off(changes, up);
      down();
    };
  },
};
