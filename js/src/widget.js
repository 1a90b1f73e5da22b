/** Binds the views to anywidget's models. The only file that knows of Jupyter. */

import { Store } from "./store.js";
import { mountControls } from "./controls.js";
import { mountGrid } from "./grid.js";
import { mountRollout } from "./rollout.js";
import { mountTraffic } from "./traffic.js";

// Both kinds of model load this file on their own, so the stores of a page are kept on the page itself.
const STORES = Symbol.for("k8s-magic.stores");
const ALIVE_MS = 10_000;

/** @returns {Map<string, Store>} */
function stores() {
  globalThis[STORES] ??= new Map();
  return globalThis[STORES];
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
  stores().set(model.get("hub_id"), store);
  // Where the kernel is gone there is nobody to hear it.
  const say = (message) => {
    try {
      model.send(message);
    } catch {}
  };
  const hello = () => say({ type: "hello" });
  const onMessage = (content, buffers) => {
    if (content.type === "frame") store.accept(JSON.parse(decoder.decode(buffers[0])));
    if (content.type === "answer") store.answer(content);
  };
  model.on("msg:custom", onMessage);
  store.onGap = hello;
  store.send = say;
  // A notebook that was saved carries its last picture; without a kernel it is all there is.
  const saved = model.get("snapshot");
  if (saved?.byteLength) unpack(saved).then((frame) => store.acceptLast(frame), () => {});
  hello();
  const timer = setInterval(() => say({ type: "alive" }), ALIVE_MS);
  return () => {
    clearInterval(timer);
    model.off("msg:custom", onMessage);
    stores().delete(model.get("hub_id"));
  };
}

/** The store of a hub; its model may arrive a moment after the view's. @param {string} id @param {AbortSignal} signal */
async function storeOf(id, signal) {
  while (!signal.aborted) {
    const store = stores().get(id);
    if (store) return store;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return null;
}

let viewers = 0;

/** Tells the view's model that it is on show, and when it no longer is: some figures are only sent while somebody looks.
 * @param {any} model @param {Store} store @returns {() => void} stop */
function announce(model, store) {
  if (model.get("view") !== "traffic") return () => {};
  const viewer = `${Math.random().toString(36).slice(2)}-${(viewers += 1)}`;
  const shown = () => model.send({ type: "shown", viewer });
  shown();
  // Another cluster has taken the place of the one before.
  const unsubscribe = store.subscribe((change) => change.key && shown());
  return () => {
    unsubscribe();
    model.send({ type: "hidden", viewer });
  };
}

export { mountControls, mountGrid, mountRollout, mountTraffic, Store };

const VIEWS = { grid: mountGrid, rollout: mountRollout, traffic: mountTraffic };

export default {
  initialize(context) {
    return context.model.get("hub_id") ? initializeHub(context) : undefined;
  },
  render({ model, el }) {
    const abort = new AbortController();
    let unmount = () => {};
    const mount = VIEWS[model.get("view")];
    if (mount) {
      storeOf(model.get("hub"), abort.signal).then((store) => {
        if (!store) return;
        let down = [];
        const up = () => {
          down.forEach((stop) => stop());
          const options = Object.fromEntries(LOOKS.map((name) => [name, model.get(name)]));
          down = [mount(el, store, options), mountControls(el, store, options), announce(model, store)];
        };
        up();
        const changes = LOOKS.map((name) => `change:${name}`).join(" ");
        model.on(changes, up);
        unmount = () => {
          model.off(changes, up);
          down.forEach((stop) => stop());
        };
      });
    }
    return () => {
      abort.abort();
      unmount();
    };
  },
};
