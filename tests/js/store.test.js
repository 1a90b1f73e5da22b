import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../js/src/store.js";
import { describe } from "../../js/src/states.js";

const pod = (uid, state = "ready", slot = 0) => [uid, "default", `web-${uid}`, "node-1", slot, state, "", "Deployment/web", "abc", false, 0, 1, 1, 0];
const frame = (seq, more = {}) => ({ seq, key: false, time: seq * 1e6, speed: 1, paused: false, ...more });
const key = (seq, more = {}) => frame(seq, { key: true, nodes: [], pods: [], ...more });

test("a key frame is the whole picture and deltas change it", () => {
  const store = new Store();
  const changes = [];
  store.subscribe((change) => changes.push(change));
  store.accept(key(1, { nodes: [{ name: "node-1" }], pods: [pod("a"), pod("b")] }));
  store.accept(frame(2, { pods: [pod("a", "terminating")], gone: ["b"] }));
  assert.deepEqual([...store.pods.keys()], ["a"]);
  assert.equal(store.pods.get("a").state, "terminating");
  assert.deepEqual(changes[1].gone.map((gone) => gone.name), ["web-b"]);
  store.accept(key(3, { pods: [pod("c")] }));
  assert.deepEqual([...store.pods.keys()], ["c"]);
});

test("a gap asks for a key frame and changes nothing", () => {
  const store = new Store();
  let asked = 0;
  store.onGap = () => (asked += 1);
  store.accept(key(1, { pods: [pod("a")] }));
  store.accept(frame(3, { gone: ["a"] }));
  assert.equal(asked, 1);
  assert.equal(store.pods.size, 1);
});

test("time goes on between frames unless it is paused", async () => {
  const store = new Store();
  store.accept(key(1, { speed: 10 }));
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.ok(store.now() > 1e6 + 200_000);
  store.accept(key(2, { paused: true }));
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(store.now(), 2e6);
});

test("nobody who has unsubscribed hears a frame", () => {
  const store = new Store();
  let heard = 0;
  const stop = store.subscribe(() => (heard += 1));
  stop();
  store.accept(key(1));
  assert.equal(heard, 0);
});

test("a Pod is described in words", () => {
  const store = new Store();
  store.accept(key(1, { pods: [["a", "default", "web-a", "node-1", 0, "error", "CrashLoopBackOff", "Deployment/web", "x", true, 2, 0, 2, 0]] }));
  assert.equal(
    describe(store.pods.get("a")),
    "default/web-a, Error (CrashLoopBackOff), on node-1, of Deployment/web, old template, 0 of 2 containers ready, 2 restarts",
  );
});
