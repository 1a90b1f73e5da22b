/** Frames as the hub sends them, for tests: some nodes, Pods, a rollout and traffic. */

export const node = (name, more = {}) => ({
  name, roles: "", ready: true, cordoned: false, taints: [], cpu: [100, 4000], memory: [73400320, 8485076992], pods: [3, 110], pressure: [], zone: "", evictsAt: 0, ...more,
});

/** A Pod's row; `n` is its number, slot and the end of its uid. */
export const pod = (n, more = {}) => {
  const { name = `web-7887448d46-${n}`, node: on = "node-1", slot = n, state = "ready", reason = "Running", owner = "Deployment/web", isOld = false } = more;
  const { restarts = 0, ready = 1, containers = 1, parts = "", labels = 0, until = 0, pull = null, message = "" } = more;
  return [`uid-${n}`, "default", name, on, slot, state, reason, owner, "7887448d46", isOld, restarts, ready, containers, 60e6, parts, labels, until, pull, message];
};

export const rollout = (more = {}) => ({
  uid: "r-web", namespace: "default", name: "web", counts: [0, 0, 0, 3, 3, 3, 3, 4], failing: 0, oldFailing: 0, terminating: 0, old: null,
  new: { revision: "1", images: ["nginx"], pods: 3 }, paused: false, sentence: 'deployment "web" successfully rolled out', done: true, isStuck: false,
  stuck: "", reasons: [], end: 63608132, fresh: true, points: [[60104000, 0, 0, 3, 0, 0, 3, 3, 4], [63608132, 0, 0, 0, 3, 3, 3, 3, 4]],
  marks: [[60102000, "revision 1"]], leavings: [], ...more,
});

/** Half way from one image to another. */
export const rolling = (more = {}) =>
  rollout({
    counts: [2, 0, 1, 1, 3, 3, 3, 4], old: { revision: "1", images: ["nginx"], pods: 2 }, new: { revision: "2", images: ["nginx:1.25"], pods: 2 },
    sentence: 'Waiting for deployment "web" rollout to finish: 2 out of 3 new replicas have been updated...', done: false, end: null,
    reasons: [["ContainerCreating", 1, ""]], points: [[82302000, 3, 0, 0, 0, 3, 3, 3, 4], [83302000, 3, 0, 1, 0, 3, 3, 3, 4], [86000000, 2, 0, 1, 1, 3, 3, 3, 4]],
    marks: [[83302000, "revision 2"]], ...more,
  });

export const endpoint = (name, sent, more = {}) => ({
  pod: name, node: "node-1", version: 0, state: "ready", sent, failed: 0, inFlight: 0, errors: {}, expected: 101, nowSent: 15, nowFailed: 0, nowExpected: 17, pods: 1, ...more,
});

export const load = (more = {}) => ({
  key: "default/web/pod", namespace: "default", service: "web", source: "pod", sourceName: "", sourceNode: "node-1", rate: 50, pattern: "steady",
  timeout: 2000000, keepAlive: 0, path: "/", running: true, note: "", started: 80200000, stopped: null, now: 86300000, sent: 200, answered: 200, inFlight: 0,
  failed: 0, errors: {}, ready: 2, nowSent: 50, nowFailed: 0,
  versions: [{ hash: "7887448d46", image: "nginx", isOld: false, sent: 200, failed: 0, nowSent: 50, p50: 864, p95: 1216, p99: 1728 }],
  endpoints: [endpoint("web-7887448d46-1", 92), endpoint("web-7887448d46-2", 108)],
  latency: { p50: 864, p95: 1216, p99: 1728, buckets: [[352, 384, 20], [768, 832, 100], [1152, 1280, 80]] },
  series: [[83, 50, 0], [84, 50, 0], [85, 50, 0]], losses: [], ...more,
});

/** Some were lost: what the histogram shows of them. */
export const lossy = () =>
  load({
    sent: 260, answered: 240, failed: 20, errors: { refused: 15, timeout: 5 },
    endpoints: [endpoint("web-7887448d46-1", 110), endpoint("web-7887448d46-2", 150, { failed: 20, errors: { refused: 15, timeout: 5 } })],
    losses: [{ from: 84e6, to: 85e6, count: 15, cause: "refused", pod: "web-7887448d46-2", why: "it was not listening yet" }],
  });

/** A frame that says everything. */
export const whole = (more = {}) => ({
  seq: 1, key: true, time: 86e6, speed: 1, paused: false, nodes: [node("control-plane", { roles: "control-plane" }), node("node-1"), node("node-2")],
  pods: [pod(0), pod(1), pod(2, { node: "node-2", slot: 0, state: "error", reason: "CrashLoopBackOff", restarts: 2, ready: 0 })],
  labels: { 0: { app: "web" } }, services: { "default/web": { app: "web" } }, rollouts: [rolling()], traffic: { all: true, loads: [load()] }, ...more,
});

/** A frame that says what changed. */
export const delta = (seq, more = {}) => ({ seq, key: false, time: 86e6 + seq * 125e3, speed: 1, paused: false, ...more });
