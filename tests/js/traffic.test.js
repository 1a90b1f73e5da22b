import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../js/src/store.js";
import { bars, byVersion, instant, longest, parts, span } from "../../js/src/traffic_data.js";
import { CAUSES, trafficWords } from "../../js/src/traffic_words.js";

const endpoint = (pod, sent, more = {}) => ({
  pod, node: "node-1", version: 0, state: "ready", sent, failed: 0, inFlight: 0, errors: {}, expected: 50, nowSent: 10, nowFailed: 0, nowExpected: 8, pods: 1, ...more,
});
const load = (more = {}) => ({
  key: "default/web/pod", service: "web", versions: [{ image: "nginx", hash: "a" }, { image: "nginx:1.25", hash: "b" }], endpoints: [endpoint("web-1", 60), endpoint("web-2", 40)], ...more,
});
const frame = (seq, more) => ({ seq, key: false, time: seq, speed: 1, paused: false, ...more });

test("loads come with frames that carry them, and go with a new picture", () => {
  const store = new Store();
  store.accept(frame(1, { key: true, traffic: { all: true, loads: [load(), load({ key: "default/db/pod" })] } }));
  store.accept(frame(2, { traffic: { all: false, loads: [load({ sent: 7 })] } }));
  assert.deepEqual([...store.traffic.keys()], ["default/web/pod", "default/db/pod"]);
  assert.equal(store.traffic.get("default/web/pod").sent, 7);
  store.accept(frame(3, {}));
  assert.equal(store.traffic.size, 2);
  store.accept(frame(4, { traffic: { all: true, loads: [load()] } }));
  assert.equal(store.traffic.size, 1);
  store.accept(frame(5, { key: true }));
  assert.equal(store.traffic.size, 0);
});

test("rows stand under their version, what is gone for long last, nobody's at the end", () => {
  const endpoints = [endpoint("", 5, { version: -1, state: "nobody" }), endpoint("", 9, { state: "earlier", pods: 3 }), endpoint("web-2", 1), endpoint("web-1", 1), endpoint("new", 1, { version: 1 })];
  const groups = byVersion(load({ endpoints }));
  assert.deepEqual(groups.map((group) => [group.version?.hash, group.rows.map((row) => row.pod || row.state)]), [["a", ["web-1", "web-2", "earlier"]], ["b", ["new"]], [undefined, ["nobody"]]]);
});

test("a bar's parts add up to what was sent", () => {
  const one = endpoint("web-1", 80, { failed: 20, errors: { timeout: 5, refused: 15 }, nowSent: 8, nowFailed: 4 });
  const most = longest(load({ endpoints: [one] }), false);
  assert.equal(most, 80);
  const drawn = parts(one, false, most);
  assert.equal(drawn.ok, 0.75);
  assert.deepEqual(drawn.causes.map(({ cause, part }) => [cause, part]), [["refused", 0.1875], ["timeout", 0.0625]]);
  assert.equal(drawn.even, 0.625);
  const now = parts(one, true, 8);
  assert.equal(now.ok + now.causes.reduce((sum, { part }) => sum + part, 0), 1);
  assert.deepEqual(parts(endpoint("x", 0, { expected: 0 }), false, 1), { ok: 0, causes: [], even: 0 });
});

test("redrawn buckets lose no answer", () => {
  const buckets = [[400, 448, 10], [448, 512, 30], [512, 576, 60], [1024, 1152, 5]];
  const found = bars(buckets, 20);
  assert.equal(found.length, 20);
  assert.ok(Math.abs(found.reduce((sum, bar) => sum + bar.count, 0) - 105) < 1e-9);
  assert.deepEqual(bars([], 20), []);
});

test("times are written as people read them", () => {
  assert.deepEqual([null, 850, 2200, 120400, 1500000].map(span), ["–", "850 µs", "2.2 ms", "120 ms", "1.5 s"]);
  assert.equal(instant(146_515_509), "2:26.5");
});

test("both languages say the same things", () => {
  const [en, ja] = [trafficWords("en"), trafficWords("ja-JP")];
  assert.notEqual(en, ja);
  assert.deepEqual(Object.keys(ja), Object.keys(en));
  for (const words of [en, ja]) assert.deepEqual(Object.keys(words.causes), CAUSES);
  assert.equal(ja.why("it was not listening yet"), "まだ待ち受けていませんでした");
  assert.equal(ja.why("it answered 503"), "503 を返しました");
  assert.equal(ja.why("its node node-2 is cut off"), "ノード node-2 が切り離されています");
});
