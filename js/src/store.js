/**
 * The picture as the frames tell it. Knows nothing of Jupyter and nothing of the page.
 *
 * @typedef {{name: string, roles: string, ready: boolean, cordoned: boolean, taints: string[],
 *   cpu: [number, number, number?], memory: [number, number, number?], pods: [number, number], pressure?: string[], zone?: string, evictsAt?: number}} Node
 * @typedef {{uid: string, namespace: string, name: string, node: string, slot: number, state: string, reason: string,
 *   owner: string, revision: string, isOld: boolean, restarts: number, readyContainers: number, containers: number,
 *   since: number, parts: string, labels: number, until: number, pull: [number, number] | null, message: string}} Pod
 * @typedef {{nodes: Node[], goneNodes: string[], pods: Pod[], gone: Pod[], key: boolean, frame?: any}} Change
 */

import { acceptRollouts } from "./rollout_data.js";
import { acceptTraffic } from "./traffic_data.js";

// A kernel that is alive says so every two seconds; when it has been silent for long its time stands still.
const SILENCE_MS = 8000;

// Pages that share a kernel hear one another's answers.
const PAGE = Math.random().toString(36).slice(2);

/** @param {any[]} cells @returns {Pod} */
function pod([
  uid, namespace, name, node, slot, state, reason, owner, revision, isOld, restarts, readyContainers, containers, since,
  parts = "", labels = 0, until = 0, pull = null, message = "",
]) {
  return {
    uid, namespace, name, node, slot, state, reason, owner, revision, isOld, restarts, readyContainers, containers, since, parts, labels, until, pull, message,
  };
}

export class Store {
  constructor() {
    /** @type {Map<string, Node>} */
    this.nodes = new Map();
    /** @type {Map<string, Pod>} */
    this.pods = new Map();
    /** @type {Map<string, import("./rollout_data.js").Rollout>} */
    this.rollouts = new Map();
    /** Label sets by the index that Pods name. @type {Map<number, Record<string, string>>} */
    this.labels = new Map();
    /** Selectors by `namespace/name`. @type {Record<string, Record<string, string>>} */
    this.services = {};
    /** Whether the picture is only the last one of a kernel that is not there. */
    this.isLast = false;
    /** @type {Map<string, import("./traffic_data.js").Load>} */
    this.traffic = new Map();
    this.seq = 0;
    this.time = 0;
    this.speed = 1;
    this.paused = false;
    this.frames = 0;
    /** @type {Set<(change: Change) => void>} */
    this.listeners = new Set();
    /** Called when a frame is missing and the whole picture is needed. */
    this.onGap = () => {};
    this.receivedAt = 0;
    /** Says something to the hub; set by whoever binds the store to a model. @type {(message: any) => void} */
    this.send = () => {};
    /** @type {Map<string, (answer: {ok: boolean, text: string}) => void>} */
    this.waiting = new Map();
    this.orders = 0;
  }

  /**
   * Ask the cluster for something, as a command would. Who no longer waits for the answer aborts; then none comes.
   * @param {any} what @param {AbortSignal} [signal] @returns {Promise<{ok: boolean, text: string}>}
   */
  order(what, signal) {
    const id = `${PAGE}-${(this.orders += 1)}`;
    const answer = new Promise((resolve) => {
      const forget = () => this.waiting.delete(id);
      signal?.addEventListener("abort", forget, { once: true });
      this.waiting.set(id, (content) => {
        signal?.removeEventListener("abort", forget);
        resolve(content);
      });
    });
    this.send({ ...what, type: "order", id });
    return answer;
  }

  /** The hub's answer to an order. @param {{id: string, ok: boolean, text: string}} content */
  answer(content) {
    this.waiting.get(content.id)?.(content);
    this.waiting.delete(content.id);
  }

  /** @param {(change: Change) => void} listener @returns {() => void} unsubscribe */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Call back again and again while the kernel is heard; once it is silent a last time, and then not before its next
   * frame. @param {number} ms @param {() => void} back @returns {() => void} stop
   */
  every(ms, back) {
    let timer = 0;
    const beat = () => {
      if (performance.now() - this.receivedAt >= SILENCE_MS) this.isLast = true;
      if (this.isLast) rest();
      back();
    };
    const rest = () => {
      clearInterval(timer);
      timer = 0;
    };
    const wake = () => (timer ||= setInterval(beat, ms));
    const unsubscribe = this.subscribe(wake);
    if (this.frames) wake();
    return () => {
      unsubscribe();
      rest();
    };
  }

  /** Simulated microseconds at this moment of the page. */
  now() {
    if (this.paused || !this.speed) return this.time;
    return this.time + Math.min(performance.now() - this.receivedAt, SILENCE_MS) * 1000 * this.speed;
  }

  /** Show a saved picture until a live one comes. @param {any} frame */
  acceptLast(frame) {
    if (this.frames) return;
    this.isLast = true;
    this.accept(frame, true);
  }

  /** Take one frame in. @param {any} frame @param {boolean} [isLast] */
  accept(frame, isLast = false) {
    if (!frame.key && frame.seq !== this.seq + 1) {
      this.seq = frame.seq;
      this.onGap();
      return;
    }
    this.isLast = isLast;
    this.seq = frame.seq;
    this.time = frame.time;
    this.speed = frame.speed;
    this.paused = frame.paused;
    this.receivedAt = performance.now();
    this.frames += 1;
    /** @type {Change} */
    const change = { key: frame.key, nodes: frame.nodes ?? [], goneNodes: frame.goneNodes ?? [], pods: (frame.pods ?? []).map(pod), gone: [], frame };
    if (frame.key) {
      this.nodes.clear();
      this.pods.clear();
      this.labels.clear();
    }
    for (const [index, labels] of Object.entries(frame.labels ?? {})) this.labels.set(Number(index), labels);
    if (frame.services) this.services = frame.services;
    for (const name of change.goneNodes) this.nodes.delete(name);
    for (const node of change.nodes) this.nodes.set(node.name, node);
    for (const uid of frame.gone ?? []) {
      const gone = this.pods.get(uid);
      if (gone) change.gone.push(gone);
      this.pods.delete(uid);
    }
    for (const cell of change.pods) this.pods.set(cell.uid, cell);
    acceptRollouts(this.rollouts, frame);
    acceptTraffic(this.traffic, frame);
    for (const listener of this.listeners) listener(change);
  }
}
