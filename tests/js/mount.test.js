/** What each view's `mount` draws, hears and leaves behind. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { mountControls } from "../../js/src/controls.js";
import { mountGrid } from "../../js/src/grid.js";
import { mountRollout } from "../../js/src/rollout.js";
import { Store } from "../../js/src/store.js";
import { mountTraffic } from "../../js/src/traffic.js";
import { open } from "./page.js";
import { delta, endpoint, load, lossy, node, pod, rolling, rollout, whole } from "./pictures.js";

const SILENCE_MS = 9000;
const VIEWS = { grid: mountGrid, rollout: mountRollout, traffic: mountTraffic, controls: mountControls };
const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff]/;

function stand(t, view, { options = {}, picture = whole(), ...about } = {}) {
  const page = open(t, about);
  const store = new Store();
  const sent = [];
  store.send = (message) => sent.push(message);
  const el = page.place();
  const unmount = VIEWS[view](el, store, options);
  if (picture) store.accept(picture);
  return { page, store, sent, el, unmount };
}

/** Everything a view can be asked for at once: what is under way when it is taken down. */
function stir({ page, store, el }) {
  store.accept(delta(store.seq + 1, { pods: [pod(7, { slot: 3, state: "creating", pull: [86e6, 99e6] }), pod(1, { state: "terminating", until: 120e6 })], gone: ["uid-0"] }));
  store.accept(delta(store.seq + 1, { rollouts: [rolling({ fresh: false, points: [[store.time, 1, 0, 1, 2, 3, 3, 3, 4]] })], traffic: { all: false, loads: [lossy()] } }));
  for (const button of el.querySelectorAll("button")) button.click();
  for (const type of ["pointermove", "pointerover"]) for (const one of el.querySelectorAll(".k8sm-cell, .k8sm-t-row, svg")) page.point(one, type);
  const { time } = store;
  for (const pods of [[pod(6, { slot: 5 })], [pod(6, { slot: 5, state: "error" })]]) {
    store.accept(delta(store.seq + 1, { time, pods, rollouts: [rolling({ fresh: false, points: [[time, 0, 0, 1, 2, 2, 3, 3, 4]] })] }));
  }
  page.tick(40);
}

function isClean(page, store) {
  assert.deepEqual(page.ledger.left(), {});
  assert.equal(store.listeners.size, 0);
  assert.equal(store.waiting.size, 0, "nobody waits for an answer");
}

for (const view of Object.keys(VIEWS)) {
  test(`${view}: taken down while much is under way, it leaves nothing`, (t) => {
    const stood = stand(t, view);
    const { page, store, el, unmount } = stood;
    stir(stood);
    assert.ok(Object.keys(page.ledger.left()).length > 3, "the ledger sees what is under way");
    unmount();
    isClean(page, store);
    assert.equal(el.innerHTML, "");
    const { begun } = page.ledger;
    store.accept(whole({ seq: 99, pods: [] }));
    page.tick(5000);
    assert.equal(page.ledger.begun, begun, "and nothing comes back");
  });

  test(`${view}: mounted and taken down 100 times, nothing is left`, (t) => {
    const { page, store, el, unmount } = stand(t, view);
    unmount();
    const before = page.document.documentElement.innerHTML;
    for (let round = 0; round < 100; round += 1) {
      const down = VIEWS[view](el, store, {});
      if (round % 10 === 0) stir({ page, store, el });
      down();
    }
    isClean(page, store);
    assert.equal(page.document.documentElement.innerHTML, before);
  });

  test(`${view}: a kernel that has gone silent leaves no timer running, and its next frame wakes the view`, (t) => {
    const { page, store } = stand(t, view, { picture: whole({ rollouts: [rolling()] }) });
    const running = () => ["interval", "timeout", "frame"].reduce((sum, what) => sum + (page.ledger.left()[what] ?? 0), 0);
    // The picture of traffic changes with the frames alone.
    assert.equal(running() > 0, view !== "traffic" || page.find(".k8sm-live").textContent === "");
    page.tick(SILENCE_MS);
    assert.equal(running(), 0);
    store.accept(delta(2));
    assert.equal(running(), view === "traffic" ? 0 : 1);
    assert.equal(store.isLast, false);
  });

  test(`${view}: speaks Japanese where it is asked to, or the page does`, (t) => {
    for (const [about, isJapanese] of [[{ options: { language: "ja" } }, true], [{ language: "ja-JP", options: { language: "" } }, true], [{}, false], [{ language: "ja-JP", options: { language: "en" } }, false]]) {
      const { page, el } = stand(t, view, about);
      assert.equal(JAPANESE.test(el.textContent), isJapanese, JSON.stringify(about));
      assert.equal(el.firstElementChild.lang, isJapanese ? "ja" : "en");
      const labels = [...el.querySelectorAll("[aria-label]")].map((one) => one.getAttribute("aria-label")).join(" ");
      if (labels) assert.equal(JAPANESE.test(labels), isJapanese);
      page.close();
    }
  });

  test(`${view}: the tab key stops at few places and each control is reached from there`, (t) => {
    const { page, el } = stand(t, view);
    const reached = new Set();
    const stops = [...el.querySelectorAll("button, input, [tabindex]")].filter((one) => one.tabIndex >= 0 && !one.closest("[hidden]"));
    assert.ok(stops.length >= 1 && stops.length <= 6, `${stops.length} stops`);
    for (const stop of stops) {
      stop.focus();
      for (let step = 0; step < 20; step += 1) {
        reached.add(page.document.activeElement);
        assert.ok(page.document.activeElement.dataset.lmSuppressShortcuts, "its keys are not Jupyter's");
        page.press(view === "traffic" ? "ArrowDown" : "ArrowRight");
      }
    }
    const all = [...el.querySelectorAll("button, input, .k8sm-t-row")].filter((one) => !one.closest("[hidden]"));
    assert.deepEqual(all.filter((one) => !reached.has(one)).map((one) => one.outerHTML), []);
  });

  test(`${view}: is dark where the page is, and follows it`, async (t) => {
    const { page, el } = stand(t, view, { isDark: true });
    const isDark = () => el.firstElementChild.classList.contains("k8sm-dark");
    assert.equal(isDark(), true);
    page.document.body.dataset.jpThemeLight = "true";
    await page.settle();
    assert.equal(isDark(), false, "Jupyter's own theme goes before the system's");
  });
}

test("grid: each Pod stands in its slot with its state, and what changes is drawn", (t) => {
  const { page, store } = stand(t, "grid");
  const cell = (n) => page.find(`[data-uid='uid-${n}']`);
  const slot = (n) => [...cell(n).parentNode.children].indexOf(cell(n));
  assert.equal(page.all(".k8sm-node").length, 3);
  assert.deepEqual([0, 1, 2].map((n) => cell(n).dataset.state), ["ready", "ready", "error"]);
  assert.deepEqual([0, 1, 2].map(slot), [0, 1, 0]);
  assert.match(cell(2).getAttribute("aria-label"), /CrashLoopBackOff.*2 restarts/);
  store.accept(delta(2, { gone: ["uid-0"], pods: [pod(1, { state: "terminating", until: 90e6 }), pod(5, { slot: 4, node: "node-1", state: "creating" })] }));
  assert.equal(cell(0), null);
  assert.equal(page.all(".k8sm-ghost").length, 1);
  assert.deepEqual([1, 5].map(slot), [1, 4], "nobody moved");
  assert.equal(cell(1).dataset.state, "terminating");
  page.tick(1500);
  assert.equal(page.all(".k8sm-ghost").length, 0, "a ghost stays for a second");
  assert.match(page.find(".k8sm-live").textContent, /1 Terminating/);
});

test("grid: births travel, unless motion is unwanted", (t) => {
  for (const isReduced of [false, true]) {
    const { page, store } = stand(t, "grid", { isReduced });
    store.accept(delta(2, { pods: [pod(8, { slot: 2, state: "creating" })] }));
    assert.equal(page.travelled, isReduced ? 0 : 1);
    page.close();
  }
});

test("grid: a filter fades, a ring rings, t shows the same Pods as a table", (t) => {
  const { page, el } = stand(t, "grid", { options: { select: "svc/web" } });
  assert.equal(page.all(".k8sm-ring").length, 3);
  const [filter] = el.querySelectorAll("input");
  filter.value = "node/node-2";
  filter.dispatchEvent(new page.window.Event("input", { bubbles: true }));
  assert.equal(page.all("[data-uid].k8sm-faint").length, 2);
  page.find(".k8sm-nodename").focus();
  page.press("t");
  assert.equal(page.find(".k8sm-grid > .k8sm-table").hidden, false);
  assert.equal(page.all(".k8sm-grid > .k8sm-table tbody tr").length, 1);
  assert.equal(page.document.activeElement, page.find(".k8sm-head .k8sm-toggle"), "the focus is on what leads back");
  page.press("t");
  assert.equal(page.find(".k8sm-grid > .k8sm-table").hidden, true);
});

test("grid: a Service that comes after its name was typed rings its Pods, without another change", (t) => {
  const { page, store } = stand(t, "grid", { options: { select: "svc/web" }, picture: whole({ services: {} }) });
  assert.equal(page.all(".k8sm-ring").length, 0);
  store.accept(delta(2, { services: { "default/web": { app: "web" } } }));
  assert.equal(page.all(".k8sm-ring").length, 3);
  store.accept(delta(3, { services: {} }));
  assert.equal(page.all(".k8sm-ring").length, 0);
});

test("grid: what is told of a Pod follows it and goes with it; a new whole picture leaves the focus where it was", (t) => {
  const { page, store } = stand(t, "grid");
  const tip = page.find(".k8sm-tip");
  page.find("[data-uid='uid-1']").focus();
  assert.match(tip.textContent, /Ready, on node-1/);
  store.accept(delta(2, { pods: [pod(1, { state: "terminating", until: 120e6 })] }));
  assert.match(tip.textContent, /Terminating/);
  store.accept(whole({ seq: 3 }));
  assert.equal(page.document.activeElement.dataset.uid, "uid-1");
  assert.match(tip.textContent, /Ready, on node-1/);
  store.accept(delta(4, { gone: ["uid-1"], goneNodes: ["node-2"] }));
  assert.equal(tip.hidden, true);
  assert.match(page.find(".k8sm-summary").textContent, /^2 nodes/);
});

test("grid: Enter opens the story of what has the focus, the answer fills it, Escape leads back", async (t) => {
  const { page, store, sent } = stand(t, "grid");
  page.find("[data-uid='uid-1']").focus();
  page.press("Enter");
  assert.equal(sent.at(-1).do, "story");
  assert.match(page.find(".k8sm-story").textContent, /web-7887448d46-1/);
  store.answer({ id: sent.at(-1).id, ok: true, text: "", story: { facts: [["ip", "10.0.0.9"]], containers: [], conditions: [], events: [] } });
  await page.settle();
  assert.match(page.find(".k8sm-story").textContent, /10\.0\.0\.9/);
  page.press("Escape");
  assert.equal(page.find(".k8sm-story").hidden, true);
  assert.equal(page.document.activeElement.dataset.uid, "uid-1");
});

test("grid: thousands are drawn on a canvas, and only what has changed is painted again", (t) => {
  const pods = Array.from({ length: 900 }, (_, n) => pod(n, { node: `node-${1 + (n % 2)}`, slot: Math.floor(n / 2) }));
  const { page, store, unmount } = stand(t, "grid", { picture: whole({ pods }) });
  page.tick(20);
  assert.equal(page.find(".k8sm-grid").dataset.mode, "canvas");
  assert.equal(page.all(".k8sm-cells [data-uid]").length, 0);
  const { calls } = page.find(".k8sm-on-canvas canvas").pen;
  const filled = () => calls.filter(([what]) => what === "fillRect" || what === "fill").length;
  const before = filled();
  assert.ok(before >= 900, `${before} shapes`);
  calls.length = 0;
  store.accept(delta(2, { pods: [pod(4, { node: "node-1", slot: 2, state: "error" })] }));
  page.tick(20);
  const after = filled();
  assert.ok(after > 0 && after < before, "only the node that changed is painted again");
  page.find(".k8sm-cursor").focus();
  for (const _ of ["node-1", "its first Pod"]) page.press("ArrowRight");
  assert.match(page.find(".k8sm-cursor").getAttribute("aria-label"), /default\/web-/);
  store.accept(delta(3, { pods: [pod(4, { node: "node-1", slot: 2 })] }));
  unmount();
  isClean(page, store);
});

test("grid: a crowd that comes and goes changes between canvas and elements and leaves nothing of either", (t) => {
  const { page, store, unmount } = stand(t, "grid");
  const crowd = Array.from({ length: 700 }, (_, n) => pod(n + 10));
  store.accept(delta(2, { pods: crowd }));
  assert.equal(page.find(".k8sm-grid").dataset.mode, "canvas");
  store.accept(delta(3, { gone: crowd.map(([uid]) => uid) }));
  assert.equal(page.find(".k8sm-grid").dataset.mode, "elements");
  assert.equal(page.all("[data-uid]").length, 3);
  assert.equal(page.ledger.left().ResizeObserver, undefined);
  unmount();
  isClean(page, store);
});

test("rollout: the bar's parts are as long as their counts and end at the desired line", (t) => {
  const { page, store } = stand(t, "rollout");
  const card = page.find(".k8sm-rollout");
  const end = (part) => {
    const rect = card.querySelector(`.k8sm-bar [data-part='${part}'] rect`);
    return Number(rect.getAttribute("x")) + Number(rect.getAttribute("width"));
  };
  const desired = () => Number(card.querySelector(".k8sm-bar .k8sm-desired").getAttribute("d").slice(1).split(" ")[0]);
  assert.equal(card.dataset.state, "rolling");
  assert.equal(card.querySelector(".k8sm-sentence").textContent, rolling().sentence);
  assert.deepEqual(JSON.parse(card.dataset.counts), rolling().counts);
  page.tick(500);
  assert.ok(end("newReady") > desired(), "one more than desired");
  store.accept(delta(2, { rollouts: [rollout()] }));
  page.tick(500);
  assert.equal(card.dataset.state, "done");
  assert.ok(Math.abs(end("newReady") - desired()) < 0.01);
  store.accept(delta(3, { goneRollouts: ["r-web"] }));
  assert.match(page.find(".k8sm-rollouts").textContent, /There is no Deployment yet/);
});

test("rollout: between two counts the bar walks, unless motion is unwanted", (t) => {
  for (const isReduced of [false, true]) {
    const { page, store } = stand(t, "rollout", { isReduced });
    const point = [86125e3 * 1, 1, 0, 1, 2, 3, 3, 3, 4];
    store.accept(delta(2, { time: 86125e3, rollouts: [rolling({ fresh: false, counts: point.slice(1), points: [point] })] }));
    const width = Number(page.find(".k8sm-bar [data-part='newReady'] rect").getAttribute("width"));
    page.tick(300);
    const later = Number(page.find(".k8sm-bar [data-part='newReady'] rect").getAttribute("width"));
    assert.equal(later > width + 1, !isReduced);
    page.close();
  }
});

test("rollout: its buttons ask, and say what was answered", async (t) => {
  const { page, store, sent } = stand(t, "rollout");
  for (const [verb, shown] of [["pause", "deployment.apps/web paused"], ["undo", "error: no"]]) {
    page.find(`[data-verb='${verb}']`).click();
    const { id, ...order } = sent.at(-1);
    assert.deepEqual(order, { type: "order", do: "rollout", verb, name: "web", namespace: "default" });
    store.answer({ id, ok: verb === "pause", text: shown });
    await page.settle();
    assert.equal(page.find(".k8sm-answer").textContent, shown);
  }
  store.accept(delta(2, { rollouts: [rolling({ fresh: false, points: [], paused: true })] }));
  assert.equal(page.all("[data-verb='resume']").length, 1);
  const revision = (number) => store.accept(delta(store.seq + 1, { rollouts: [rolling({ new: { revision: number, images: ["nginx"], pods: 1 } })] }));
  page.find("[data-verb='undo']").click();
  store.answer({ id: sent.at(-1).id, ok: true, text: "deployment.apps/web rolled back" });
  await page.settle();
  for (const [number, shown] of [["3", "deployment.apps/web rolled back"], ["4", ""]]) {
    revision(number);
    assert.equal(page.find(".k8sm-answer").textContent, shown, "it stands until something else happens");
  }
});

test("rollout: when the band was left is told from its beginning, or before it", (t) => {
  for (const [from, told] of [[84302000, /after 1s for 2s/], [80302000, /3s before for 6s/]]) {
    const { page } = stand(t, "rollout", { picture: whole({ rollouts: [rolling({ leavings: [[from, 86302000, "below"]] })] }) });
    assert.match(page.find(".k8sm-trouble").textContent, told);
    assert.equal(page.all(".k8sm-stream .k8sm-left").length, 1);
    page.close();
  }
});

test("rollout: t shows the same counts as a table, and why it is stuck is named", (t) => {
  const stuck = rolling({ isStuck: true, stuck: "ProgressDeadlineExceeded", reasons: [["ImagePullBackOff", 1, "no such tag"]], failing: 1 });
  const { page } = stand(t, "rollout", { picture: whole({ rollouts: [stuck] }) });
  assert.match(page.find(".k8sm-trouble").textContent, /ProgressDeadlineExceeded.*ImagePullBackOff.*no such tag/s);
  page.find("[data-verb='undo']").focus();
  page.press("t");
  assert.equal(page.document.activeElement, page.find(".k8sm-head .k8sm-toggle"), "the focus is on what leads back");
  assert.deepEqual(page.all(".k8sm-rollouts tbody td").slice(0, 9).map((cell) => cell.textContent), ["default/web", "2", "0", "1", "1", "3", "3", "3", "4"]);
});

test("traffic: bars grow by what was sent, losses are named, and bars of others stay as they are", (t) => {
  const other = load({ key: "default/db/pod", service: "db", sent: 7, answered: 7, endpoints: [endpoint("db-0", 7)] });
  const { page, store } = stand(t, "traffic", { picture: whole({ traffic: { all: true, loads: [load(), other] } }) });
  const sent = () => page.all(".k8sm-t-load").map((card) => [...card.querySelectorAll(".k8sm-t-row")].reduce((sum, row) => sum + Number(row.dataset.sent), 0));
  assert.deepEqual(sent(), [200, 7]);
  store.accept(delta(2, { traffic: { all: false, loads: [lossy()] } }));
  assert.deepEqual(sent(), [260, 7]);
  assert.equal(page.find(".k8sm-traffic").dataset.sent, "267");
  assert.deepEqual(page.all(".k8sm-t-cause").map((box) => box.dataset.cause), ["refused", "timeout"]);
  assert.match(page.find(".k8sm-t-losses").textContent, /15 refused.*it was not listening yet/);
  page.tick(1100);
  assert.match(page.find(".k8sm-live").textContent, /260 requests sent, 15 refused, 5 timed out/);
  store.accept(delta(3, { traffic: { all: true, loads: [other] } }));
  assert.deepEqual(sent(), [7]);
});

test("traffic: n counts by the second, t shows a table, Escape closes what is told", (t) => {
  const { page, store } = stand(t, "traffic");
  page.find(".k8sm-t-row").focus();
  assert.equal(page.find(".k8sm-tip").hidden, false);
  assert.match(page.find(".k8sm-tip").textContent, /92 sent, none lost/);
  page.press("Escape");
  assert.equal(page.find(".k8sm-tip").hidden, true);
  page.find(".k8sm-t-row").focus();
  page.point(page.find(".k8sm-t-row"), "pointerover");
  store.accept(delta(2, { traffic: { all: false, loads: [load({ sent: 108, answered: 108, endpoints: [endpoint("web-7887448d46-2", 108)] })] } }));
  assert.equal(page.find(".k8sm-tip").hidden, true, "nobody tells of a row that is gone");
  store.accept(delta(3, { traffic: { all: false, loads: [load()] } }));
  page.find(".k8sm-t-row").focus();
  page.press("n");
  assert.deepEqual(page.all(".k8sm-t-value").map((value) => value.textContent), ["15/s", "15/s"]);
  page.press("t");
  assert.equal(page.all(".k8sm-traffic tbody tr").length, 2);
  assert.equal(page.document.activeElement.getAttribute("aria-pressed"), "true", "the focus is on what leads back");
  page.press("t");
  assert.equal(page.find(".k8sm-t-loads").hidden, false);
});

test("controls: each button asks for what it says, and the letters do the same", async (t) => {
  const { page, store, sent, el } = stand(t, "controls");
  const last = () => (({ type, id, ...rest }) => rest)(sent.at(-1));
  page.find("[data-do='toggle']").click();
  assert.deepEqual(last(), { do: "pause" });
  store.answer({ id: sent.at(-1).id, ok: true, text: "" });
  store.accept(delta(2, { paused: true }));
  el.querySelector("button").focus();
  for (const [key, order] of [["p", { do: "play" }], ["s", { do: "step", seconds: 1 }], ["S", { do: "step", seconds: 10 }]]) {
    page.press(key);
    assert.deepEqual(last(), order);
  }
  page.find("[data-speed='10']").click();
  assert.deepEqual(last(), { do: "speed", factor: 10 });
  page.tick(1000);
  assert.match(page.find(".k8sm-note").textContent, /the kernel is busy/);
  store.answer({ id: sent.at(-1).id, ok: false, text: "error: no" });
  await page.settle();
  assert.equal(page.find(".k8sm-note").textContent, "error: no");
  for (const name of ["[data-step='1']", "[data-step='10']"]) page.find(name).click();
  for (const { id } of sent) store.answer({ id, ok: true, text: "" });
  await page.settle();
  page.tick(1000);
  assert.equal(page.find(".k8sm-note").textContent, "", "what was answered in time was not late");
});

test("controls: what moves by commands only has no pace to stop, and a last picture has nobody to ask", (t) => {
  const { page, store, sent } = stand(t, "controls", { picture: whole({ speed: 0 }) });
  page.find("[data-do='toggle']").click();
  assert.equal(sent.length, 0);
  page.find("[data-step='1']").click();
  assert.equal(sent.length, 1);
  page.tick(SILENCE_MS);
  assert.equal(page.find(".k8sm-controls").dataset.state, "last");
  page.find("[data-step='1']").click();
  assert.equal(sent.length, 1);
  store.accept(delta(2, { nodes: [node("node-3")] }));
  assert.equal(page.find(".k8sm-controls").dataset.state, "running");
});
