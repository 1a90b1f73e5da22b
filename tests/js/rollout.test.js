import assert from "node:assert/strict";
import { test } from "node:test";

import { clock } from "../../js/src/controls.js";
import { acceptRollouts, area, axisEnd, chosen, countsAt, countStep, outside, segments, span, stair, stateOf, stretch, tick } from "../../js/src/rollout_data.js";
import { controlWords, rolloutWords } from "../../js/src/rollout_words.js";
import { Store } from "../../js/src/store.js";

// [time, old ready, old not ready, new not ready, new ready, available, desired, minimum, maximum]
const point = (time, ...counts) => [time * 1e6, ...counts, counts[0] + counts[3], 4, 3, 5];
const entry = (more = {}) => ({
  uid: "u", namespace: "default", name: "web", counts: [0, 0, 0, 4, 4, 4, 3, 5], failing: 0, oldFailing: 0, terminating: 0, old: null, new: null,
  paused: false, sentence: "", done: true, isStuck: false, stuck: "", reasons: [], end: null, fresh: true, points: [], marks: [], leavings: [], ...more,
});

test("a frame adds points, a fresh entry replaces them, a key frame replaces all", () => {
  const rollouts = new Map();
  acceptRollouts(rollouts, { key: true, rollouts: [entry({ points: [point(0, 4, 0, 0, 0)] })] });
  acceptRollouts(rollouts, { key: false, rollouts: [entry({ fresh: false, points: [point(1, 3, 0, 2, 0)], paused: true })] });
  assert.equal(rollouts.get("u").points.length, 2);
  assert.equal(rollouts.get("u").paused, true);
  acceptRollouts(rollouts, { key: false, rollouts: [entry({ points: [point(9, 0, 0, 0, 4)] })] });
  assert.equal(rollouts.get("u").points.length, 1);
  acceptRollouts(rollouts, { key: false });
  assert.equal(rollouts.size, 1);
  acceptRollouts(rollouts, { key: false, goneRollouts: ["u"] });
  assert.equal(rollouts.size, 0);
});

test("the store hands rollouts on and its orders are answered", async () => {
  const store = new Store();
  const sent = [];
  store.send = (message) => sent.push(message);
  store.accept({ seq: 1, key: true, time: 0, speed: 1, paused: false, rollouts: [entry()] });
  assert.equal(store.rollouts.get("u").name, "web");
  const answer = store.order({ do: "pause" });
  assert.deepEqual([sent[0].type, sent[0].do], ["order", "pause"]);
  store.answer({ id: "another page's", ok: false, text: "" });
  store.answer({ id: sent[0].id, ok: true, text: "done" });
  assert.equal((await answer).text, "done");
  assert.equal(store.waiting.size, 0);
});

test("a view shows the Deployments it was asked for, in order, and not the system's unasked", () => {
  const rollouts = new Map([["a", entry({ uid: "a", name: "web-10" })], ["b", entry({ uid: "b", name: "web-9" })], ["c", entry({ uid: "c", name: "dns", namespace: "kube-system" })]]);
  const names = (...args) => chosen(rollouts, ...args).map((one) => one.name);
  assert.deepEqual(names("", []), ["web-9", "web-10"]);
  assert.deepEqual(names("kube-system", []), ["dns"]);
  assert.deepEqual(names("", ["dns", "web-9"]), ["web-9", "dns"]);
});

test("the axis ends at desired + surge, further only where there were more Pods", () => {
  assert.equal(axisEnd(entry()), 5);
  assert.equal(axisEnd(entry({ points: [point(0, 7, 0, 0, 0)] })), 7);
  assert.equal(axisEnd(entry({ counts: [0, 0, 0, 0, 0, 0, 0, 0] })), 1);
  assert.deepEqual(segments([3, 0, 1, 1]), [[0, 3], [3, 3], [3, 4], [4, 5]]);
});

test("what is drawn is a function of simulated time", () => {
  const points = [point(0, 4, 0, 0, 0), point(10, 2, 0, 2, 0)];
  assert.equal(countsAt(points, 5e6, true)[0], 4);
  assert.equal(countsAt(points, 10.125e6, true)[0], 3);
  assert.equal(countsAt(points, 10.125e6, true)[2], 1);
  assert.equal(countsAt(points, 10.125e6, false)[0], 2, "with reduced motion the same instants without tweening");
  assert.equal(countsAt(points, 11e6, true)[0], 2);
  const swapped = [point(0, 0, 0, 0, 4), point(10, 4, 0, 0, 0)];
  assert.deepEqual(countsAt(swapped, 10.1e6, true).slice(0, 4), [4, 0, 0, 0], "new becomes old at once");
  assert.deepEqual(countsAt([], 0, true).slice(0, 4), [0, 0, 0, 0]);
});

test("the stream covers the rollout and stands still after its end", () => {
  const points = [point(100, 4, 0, 0, 0), point(101, 3, 0, 2, 0), point(130, 0, 0, 0, 4)];
  assert.deepEqual(stretch(entry({ points }), 140e6), [100e6, 140e6]);
  assert.deepEqual(stretch(entry({ points, end: 130e6 }), 500e6), [100e6, 131e6]);
  assert.deepEqual(stretch(entry({ points: points.slice(0, 1) }), 101e6), [100e6, 108e6]);
});

test("areas are stairs, empty parts are not drawn", () => {
  const points = [point(0, 2, 0, 0, 0), point(1, 1, 0, 0, 3)];
  const [x, y] = [(time) => time / 1e5, (count) => 10 - count];
  assert.equal(area(points, 0, 2e6, x, y), "M0,8L10,8L10,9L20,9L20,10L10,10L10,10L0,10Z");
  assert.equal(area(points, 1, 2e6, x, y), "");
  assert.equal(stair(points, (counts) => counts[5], 2e6, x, y), "M0,6L10,6L10,6L20,6");
});

test("what is outside the band is drawn only where the band was left", () => {
  const points = [point(0, 0, 0, 0, 1), point(1, 0, 0, 0, 1), point(2, 6, 0, 0, 0)];
  const leavings = [[1e6, 2e6, "below"], [2e6, null, "above"]];
  assert.deepEqual(outside(entry({ points, leavings })).map(([, low, size]) => [low, size]), [[0, 0], [1, 2], [5, 1]]);
});

test("times are said shortly", () => {
  assert.deepEqual([5e6, 90e6, 3600e6, 3725e6].map(span), ["5s", "1m30s", "1h", "1h2m5s"]);
  assert.deepEqual([8e6, 61e6, 700e6].map((micros) => tick(micros) / 1e6), [2, 20, 120]);
  assert.deepEqual([5, 13, 250, 1250].map(countStep), [1, 2, 50, 200]);
  assert.deepEqual([65e6, 3605e6].map(clock), ["1:05", "1:00:05"]);
});

test("a rollout's state in one word: stuck before paused before done", () => {
  assert.equal(stateOf(entry()), "done");
  assert.equal(stateOf(entry({ paused: true })), "paused");
  assert.equal(stateOf(entry({ paused: true, isStuck: true })), "stuck");
  assert.equal(stateOf(entry({ done: false })), "rolling");
});

test("Japanese says all that English says", () => {
  const keys = (words) => Object.keys(words).sort();
  assert.deepEqual(keys(rolloutWords("ja-JP")), keys(rolloutWords("en-GB")));
  assert.deepEqual(keys(controlWords("ja")), keys(controlWords("en")));
  assert.notEqual(controlWords("ja").pause, controlWords("en").pause);
});
