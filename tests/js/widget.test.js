/** What the file that Jupyter loads does with its models: frames in, views up, everything off again. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import widget from "../../js/src/widget.js";
import { open } from "./page.js";
import { delta, pod, whole } from "./pictures.js";

/** A model as anywidget hands it over. */
class Model {
  constructor(traits) {
    this.traits = traits;
    this.sent = [];
    this.isGone = false;
    /** @type {[string, any][]} */
    this.heard = [];
  }

  get(name) {
    return this.traits[name];
  }

  on(names, back) {
    for (const name of names.split(" ")) this.heard.push([name, back]);
  }

  off(names, back) {
    for (const name of names.split(" ")) this.heard = this.heard.filter(([other, own]) => other !== name || own !== back);
  }

  send(content) {
    if (this.isGone) throw new Error("the kernel is gone");
    this.sent.push(content);
  }

  tell(name, ...words) {
    for (const [other, back] of [...this.heard]) if (other === name) back(...words);
  }

  set(name, value) {
    this.traits[name] = value;
    this.tell(`change:${name}`);
  }

  frame(frame) {
    this.tell("msg:custom", { type: "frame" }, [new DataView(new TextEncoder().encode(JSON.stringify(frame)).buffer)]);
  }
}

const hubOf = (more = {}) => new Model({ hub_id: "hub-1", snapshot: new DataView(new ArrayBuffer(0)), ...more });
const viewOf = (view, more = {}) => new Model({ view, hub: "hub-1", namespace: "", names: [], service: "", filter: "", select: "", ...more });

test("a hub's frames reach every view of it, whichever came first, and all agree", (t) => {
  const page = open(t);
  const [early, late] = [page.place(), page.place()];
  const [one, other, hub] = [viewOf("grid"), viewOf("grid"), hubOf()];
  const downs = [widget.render({ model: one, el: early })];
  assert.equal(early.innerHTML, "", "nothing is known yet");
  downs.push(widget.initialize({ model: hub }), widget.render({ model: other, el: late }));
  assert.deepEqual(hub.sent, [{ type: "hello" }]);
  hub.frame(whole());
  hub.frame(delta(2, { pods: [pod(9, { slot: 2, state: "creating" })] }));
  const counts = page.all(".k8sm-grid").map((view) => view.dataset.counts);
  assert.deepEqual(counts, [counts[0], counts[0]]);
  assert.deepEqual(JSON.parse(counts[0]), { ready: 2, error: 1, creating: 1 });
  hub.frame(delta(7));
  assert.deepEqual(hub.sent.at(-1), { type: "hello" }, "a gap asks for the whole picture");
  page.tick(10_000);
  assert.deepEqual(hub.sent.at(-1), { type: "alive" });
  downs.reverse().forEach((down) => down());
  assert.deepEqual(page.ledger.left(), {});
  for (const model of [one, other, hub]) assert.deepEqual(model.heard, []);
  assert.equal(early.innerHTML + late.innerHTML, "");
});

test("each view is up and down 100 times and leaves nothing on its model or in the page", (t) => {
  const page = open(t);
  const hub = hubOf();
  const end = widget.initialize({ model: hub });
  hub.frame(whole());
  const [before, heard] = [page.ledger.left(), hub.heard.length];
  for (const view of ["grid", "rollout", "traffic"]) {
    const model = viewOf(view);
    const el = page.place();
    for (let round = 0; round < 100; round += 1) {
      const down = widget.render({ model, el });
      assert.equal(el.children.length, 2, "the view and its controls");
      model.set("language", round % 2 ? "en" : "ja");
      assert.equal(el.children.length, 2, "a change puts another in its place");
      down();
      assert.equal(el.children.length, 0);
    }
    hub.frame(whole());
    assert.deepEqual(model.heard, []);
    const told = model.sent.map(({ type }) => type);
    assert.deepEqual(told, view === "traffic" ? Array(200).fill(["shown", "hidden"]).flat() : [], "only traffic is told of who looks");
  }
  assert.deepEqual(page.ledger.left(), before);
  assert.equal(hub.heard.length, heard);
  end();
  assert.deepEqual(page.ledger.left(), {});
});

test("a view whose hub never comes runs nothing", (t) => {
  const page = open(t);
  const model = viewOf("rollout", { hub: "nobody" });
  const down = widget.render({ model, el: page.place() });
  assert.deepEqual(page.ledger.left(), {});
  down();
  assert.deepEqual(model.heard, []);
});

test("where the kernel is gone nothing is thrown and nothing goes on", (t) => {
  const page = open(t);
  const [hub, view, el] = [hubOf(), viewOf("traffic"), page.place()];
  const end = widget.initialize({ model: hub });
  const down = widget.render({ model: view, el });
  hub.frame(whole());
  hub.isGone = view.isGone = true;
  page.find("[data-do='toggle']").click();
  page.tick(30_000);
  assert.equal(page.ledger.left().interval, undefined, "neither says that it is there nor draws");
  assert.equal(page.find(".k8sm-controls").dataset.state, "last");
  down();
  end();
  assert.deepEqual(page.ledger.left(), {});
});

test("a hub that takes the place of another takes its views along", (t) => {
  const page = open(t);
  const [first, second] = [hubOf(), hubOf()];
  const endFirst = widget.initialize({ model: first });
  const down = widget.render({ model: viewOf("grid"), el: page.place() });
  first.frame(whole());
  const endSecond = widget.initialize({ model: second });
  endFirst();
  second.frame(whole({ pods: [pod(3)] }));
  assert.equal(page.all("[data-uid]").length, 1);
  const again = widget.render({ model: viewOf("grid"), el: page.place() });
  assert.equal(page.all(".k8sm-grid").length, 2, "the first one's end has not taken the second away");
  for (const stop of [down, again, endSecond]) stop();
  assert.deepEqual(page.ledger.left(), {});
  const alone = widget.render({ model: viewOf("grid"), el: page.place() });
  assert.equal(page.all(".k8sm-grid").length, 0, "a hub that has ended is not kept");
  alone();
});

test("a saved picture is shown until a frame comes", async (t) => {
  const page = open(t);
  const packed = deflateSync(JSON.stringify(whole({ seq: 0, speed: 0, paused: true })));
  const hub = hubOf({ snapshot: new DataView(packed.buffer, packed.byteOffset, packed.byteLength) });
  const downs = [widget.initialize({ model: hub }), widget.render({ model: viewOf("grid"), el: page.place() })];
  for (let round = 0; round < 200 && !page.find("[data-uid]"); round += 1) await page.settle();
  assert.equal(page.all("[data-uid]").length, 3);
  assert.match(page.find(".k8sm-clock").textContent, /last picture/);
  page.tick(1000);
  assert.equal(page.ledger.left().interval, undefined, "nothing runs where nothing passes");
  hub.frame(whole({ seq: 5 }));
  assert.doesNotMatch(page.find(".k8sm-clock").textContent, /last picture/);
  downs.forEach((down) => down());
  assert.deepEqual(page.ledger.left(), {});
});
