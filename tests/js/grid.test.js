import assert from "node:assert/strict";
import { test } from "node:test";

import { languageOf, wordsOf } from "../../js/src/i18n.js";
import { nextItem } from "../../js/src/keys.js";
import { gapOf, layout, slotAt, under } from "../../js/src/layout.js";
import { choices, matcher, selector } from "../../js/src/match.js";
import { byPlace, tagsOf } from "../../js/src/nodes.js";
import { describe, graceLeft, pulled, span } from "../../js/src/states.js";
import { Store } from "../../js/src/store.js";

const node = (name, more = {}) => ({ name, roles: "", ready: true, cordoned: false, taints: [], cpu: [0, 1], memory: [0, 1], pods: [0, 1], ...more });
const row = (uid, more = {}) => [
  uid, more.namespace ?? "default", more.name ?? `web-${uid}`, more.node ?? "node-1", 0, more.state ?? "ready", "", more.owner ?? "Deployment/web", "", false, 0, 1, 1, 0, "",
  more.labels ?? 0, more.until ?? 0, more.pull ?? null, "",
];

function filled() {
  const store = new Store();
  store.accept({
    seq: 1, key: true, time: 0, speed: 1, paused: true, nodes: [node("node-1")], labels: { 0: { app: "web", tier: "front" }, 1: { app: "db" } },
    services: { "default/web": { app: "web" }, "other/db": { app: "db" } },
    pods: [row("a"), row("b", { owner: "StatefulSet/db", name: "db-0", labels: 1 }), row("c", { namespace: "other", owner: "", name: "db-x", labels: 1 })],
  });
  return store;
}

test("texts mean Pods by owner, Service, node, selector or any part", () => {
  const store = filled();
  const who = (text) => [...store.pods.values()].filter(matcher(text, store)).map((pod) => pod.uid).join("");
  assert.equal(who("deployment/web"), "a");
  assert.equal(who("sts/db"), "b");
  assert.equal(who("svc/web"), "a");
  assert.equal(who("svc/db"), "c", "a Service selects in its own namespace");
  assert.equal(who("node/node-1"), "abc");
  assert.equal(who("app=db"), "bc");
  assert.equal(who("app in (web, db),tier"), "a");
  assert.equal(who("app!=db"), "a");
  assert.equal(who("db-"), "bc");
  assert.equal(matcher("  ", store), null);
  assert.deepEqual(choices(store), ["deployment/web", "statefulset/db", "svc/db", "svc/web"]);
});

test("selectors are read as kubectl reads them", () => {
  const labels = { app: "web", "a.b/c": "1" };
  for (const text of ["app=web", "app==web", "app", "!gone", "a.b/c=1", "app notin (db)"]) {
    assert.equal(selector(text)(labels), true, text);
  }
  assert.equal(selector("app=db")(labels), false);
  assert.equal(selector("app in (db,web)")(labels), true);
  assert.equal(selector("a b c"), null);
});

test("nodes stand with the control plane first, then by zone, then by number", () => {
  const nodes = [node("node-10"), node("node-2"), node("cp", { roles: "control-plane" }), node("node-1", { zone: "b" })];
  assert.deepEqual(nodes.sort(byPlace).map((one) => one.name), ["cp", "node-2", "node-10", "node-1"]);
  const tags = tagsOf(node("x", { taints: ["node.kubernetes.io/unschedulable:NoSchedule", "team=blue:NoSchedule"], pressure: ["DiskPressure"] }), wordsOf("en"));
  assert.deepEqual(tags.map((tag) => tag.text), ["⚠ disk pressure", "team=blue:NoSchedule"]);
});

for (const [nodes, pods, width] of [[4, 10, 700], [33, 30, 1000], [100, 100, 1000], [100, 100, 360], [1000, 110, 1000], [5000, 30, 1000]]) {
  test(`${nodes} nodes with ${pods} Pods in ${width} px: nothing overlaps and nothing is clipped`, () => {
    const plan = layout(Array.from({ length: nodes }, (_, index) => node(`node-${index}`)), () => pods, width);
    assert.equal(plan.boxes.length, nodes);
    const taken = new Map();
    for (const box of plan.boxes) {
      assert.ok(box.x >= 0 && box.x + box.w <= width, "inside the width");
      assert.ok(box.y + box.h <= plan.height, "inside the height");
      taken.set(`${box.x},${box.y}`, box);
      if (!plan.size) continue;
      const last = slotAt(plan, box, pods - 1);
      assert.ok(last.x + last.size <= box.x + box.w && last.y + last.size <= box.y + box.h, "the last slot is inside its box");
      assert.deepEqual(under(plan, last.x + 1, last.y + 1), { box, slot: pods - 1 });
    }
    assert.equal(taken.size, nodes);
    assert.ok(plan.size === 0 || plan.size >= 3);
  });
}

test("10,000 Pods on 100 nodes are still cells, 100,000 are shares", () => {
  const nodes = Array.from({ length: 100 }, (_, index) => node(`node-${index}`));
  assert.equal(layout(nodes, () => 100, 1044).size, 4);
  assert.equal(layout(nodes, () => 1000, 1000).size, 0);
  assert.ok(gapOf(16) > gapOf(3));
});

test("arrows lead through all in order, and up and down to what is nearest", () => {
  const at = (id, left, top) => ({ id, rect: () => ({ left, top, width: 10, height: 10 }) });
  const items = [at("a", 0, 0), at("b", 20, 0), at("c", 0, 20), at("d", 20, 20)];
  const go = (id, key) => nextItem(items, id, key)?.id ?? null;
  assert.equal(go("a", "ArrowRight"), "b");
  assert.equal(go("b", "ArrowDown"), "d");
  assert.equal(go("d", "ArrowUp"), "b");
  assert.equal(go("a", "ArrowLeft"), null);
  assert.equal(go("a", "End"), "d");
  assert.equal(go("d", "Home"), "a");
});

test("what passes is a function of simulated time", () => {
  const store = new Store();
  store.accept({
    seq: 1, key: true, time: 0, speed: 1, paused: true, nodes: [],
    pods: [row("p", { state: "creating", pull: [1e6, 3e6] }), row("t", { state: "terminating", until: 30e6 })],
  });
  assert.deepEqual([0, 2e6, 9e6].map((now) => pulled(store.pods.get("p"), now)), [0, 0.5, 1]);
  assert.deepEqual([0, 15e6, 40e6].map((now) => graceLeft(store.pods.get("t"), now)), [1, 0.5, 0]);
  assert.equal(span(299_000_001), "5:00");
  assert.match(describe(store.pods.get("p"), wordsOf("en"), 2e6), /image 50 %/);
});

test("Japanese has every word that English has", () => {
  const [en, ja] = [wordsOf("en"), wordsOf("ja-JP")];
  const keys = (words) => Object.entries(words).flatMap(([key, value]) => (value && typeof value === "object" ? Object.keys(value).map((inner) => `${key}.${inner}`) : [key])).sort();
  assert.deepEqual(keys(ja), keys(en));
  assert.equal(languageOf("ja"), "ja");
  assert.equal(languageOf("de"), "en");
});

test("a saved picture stands until a live one comes, and never replaces one", () => {
  const [store, live] = [filled(), new Store()];
  store.acceptLast({ seq: 0, key: true, time: 9e6, speed: 0, paused: true, nodes: [], pods: [] });
  assert.equal(store.pods.size, 3);
  let asked = 0;
  live.onGap = () => (asked += 1);
  live.acceptLast({ seq: 0, key: true, time: 9e6, speed: 0, paused: true, nodes: [node("n")], pods: [] });
  assert.equal(live.isLast, true);
  live.accept({ seq: 7, key: false, time: 10e6, speed: 1, paused: false });
  assert.equal(asked, 1, "a change to an unknown picture asks for the whole");
  live.accept({ seq: 8, key: true, time: 10e6, speed: 1, paused: false, nodes: [], pods: [] });
  assert.equal(live.isLast, false);
});
