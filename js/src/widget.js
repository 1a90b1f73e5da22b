/** Binds the views to anywidget's models. The only file that knows of Jupyter. */

import { Store } from "./store.js";
import { mountControls } from "./controls.js";
import { mountGrid } from "./grid.js";
import { mountRollout } from "./rollout.js";

// Both kinds of model load this file on their own, so the stores of a page are kept on the page itself.
const STORES = Symbol.for("k8s-magic.stores");
const ALIVE_MS = 10_000;

/** @returns {Map<string, Store>} */
function stores() {
  globalThis[STORES] ??= new Map();
  return globalThis[STORES];
}

/** The hub's model: frames come in here, whatever view is shown. @param {{model: any}} context */
function initializeHub({ model }) {
  const store = new Store();
  const decoder = new TextDecoder();
  stores().set(model.get("hub_id"), store);
  const hello = () => model.send({ type: "hello" });
  const onMessage = (content, buffers) => {
    if (content.type === "frame") store.accept(JSON.parse(decoder.decode(buffers[0])));
    if (content.type === "answer") store.answer(content);
  };
  model.on("msg:custom", onMessage);
  store.onGap = hello;
  store.send = (message) => model.send(message);
  hello();
  const timer = setInterval(() => model.send({ type: "alive" }), ALIVE_MS);
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

export { mountControls, mountGrid, mountRollout, Store };

const VIEWS = { grid: mountGrid, rollout: mountRollout };

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
        const down = [mount(el, store, { namespace: model.get("namespace"), names: model.get("names") }), mountControls(el, store)];
        unmount = () => down.forEach((stop) => stop());
      });
    }
    return () => {
      abort.abort();
      unmount();
    };
  },
};
