// src/rollout_data.js
var PARTS = ["oldReady", "oldUnready", "newUnready", "newReady"];
var SYSTEM = "kube-system";
function acceptRollouts(rollouts, frame) {
  frame.key && rollouts.clear();
  for (let uid of frame.goneRollouts ?? []) rollouts.delete(uid);
  for (let { fresh, ...entry } of frame.rollouts ?? []) {
    let before = fresh ? [] : rollouts.get(entry.uid)?.points ?? [];
    rollouts.set(entry.uid, { ...entry, points: [...before, ...entry.points] });
  }
}
function chosen(rollouts, namespace, names) {
  return [...rollouts.values()].filter((one) => (namespace ? one.namespace === namespace : names.length || one.namespace !== SYSTEM) && (!names.length || names.includes(one.name))).sort((a, b) => a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name, void 0, { numeric: !0 }));
}
function total(counts) {
  return counts[0] + counts[1] + counts[2] + counts[3];
}
function axisEnd(rollout) {
  let ends = rollout.points.map((point) => Math.max(total(point.slice(1)), point[6], point[8]));
  return Math.max(1, rollout.counts[7], rollout.counts[5], total(rollout.counts), ...ends);
}
function segments(counts) {
  let at = 0;
  return PARTS.map((_, index) => [at, at += counts[index]]);
}
function countsAt(points, time, tweened) {
  let index = points.length - 1;
  for (; index > 0 && points[index][0] > time; ) index -= 1;
  if (index < 0) return [0, 0, 0, 0, 0, 0, 0, 0];
  let to = points[index].slice(1);
  if (!tweened || index === 0) return to;
  let share = Math.min(1, Math.max(0, (time - points[index][0]) / 25e4)), from = points[index - 1].slice(1), swapped = from[3] > 0 && to[3] === 0 && to[0] >= from[3];
  return share === 1 || swapped ? to : to.map((value, at) => from[at] + (value - from[at]) * share);
}
function isMoving(rollout, time) {
  let last = rollout.points.at(-1);
  return last !== void 0 && time - last[0] < 25e4;
}
function stretch(rollout, now) {
  let start = rollout.points[0]?.[0] ?? now, last = rollout.points.at(-1)?.[0] ?? now, end = rollout.end === null ? now : Math.max(rollout.end, last) + 1e6;
  return [start, Math.max(end, start + 8e6)];
}
function area(points, part3, until, x, y) {
  let stairs = points.map((point) => {
    let below = 0;
    for (let index = 0; index < part3; index += 1) below += point[1 + index];
    return [point[0], below, below + point[1 + part3]];
  });
  if (stairs.every(([, low, high]) => low === high)) return "";
  let top = [], bottom = [];
  return stairs.forEach(([time, low, high], index) => {
    let next = index + 1 < stairs.length ? stairs[index + 1][0] : until;
    top.push(`${round(x(time))},${round(y(high))}`, `${round(x(next))},${round(y(high))}`), bottom.unshift(`${round(x(next))},${round(y(low))}`, `${round(x(time))},${round(y(low))}`);
  }), `M${top.join("L")}L${bottom.join("L")}Z`;
}
function outside(rollout) {
  return rollout.points.map((point) => {
    let [time, ...counts] = point, left = rollout.leavings.find(([from, to]) => from <= time && (to === null || time < to));
    return left?.[2] === "below" ? [time, counts[4], Math.max(0, counts[6] - counts[4]), 0, 0] : left ? [time, counts[7], Math.max(0, total(counts) - counts[7]), 0, 0] : [time, 0, 0, 0, 0];
  });
}
function stair(points, value, until, x, y) {
  let corners = points.flatMap((point, index) => {
    let next = index + 1 < points.length ? points[index + 1][0] : until, height = round(y(value(point.slice(1))));
    return [`${round(x(point[0]))},${height}`, `${round(x(next))},${height}`];
  });
  return corners.length ? `M${corners.join("L")}` : "";
}
function round(value) {
  return Math.round(value * 10) / 10;
}
function tick(span4) {
  let steps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200, 86400], seconds = span4 / 1e6;
  return (steps.find((step) => seconds / step <= 6) ?? 86400 * Math.ceil(seconds / 86400 / 6)) * 1e6;
}
function countStep(axis) {
  for (let size = 1; ; size *= 10)
    for (let step of [1, 2, 5]) if (axis / (step * size) <= 8) return step * size;
}
function span(micros) {
  let seconds = Math.round(micros / 1e6);
  if (seconds < 60) return `${seconds}s`;
  let [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${hours ? `${hours}h` : ""}${minutes ? `${minutes}m` : ""}${rest ? `${rest}s` : ""}`;
}
function stateOf(rollout) {
  return rollout.isStuck ? "stuck" : rollout.paused ? "paused" : rollout.done ? "done" : "rolling";
}

// src/i18n.js
var count = (n, one, many) => `${n} ${n === 1 ? one : many}`, en = {
  label: "Nodes and Pods of the cluster",
  table: "Table",
  tableTitle: "Show as a table (t)",
  waiting: "Waiting room",
  filter: "Filter",
  filterHint: "app=web",
  ring: "Ring",
  ringHint: "svc/web",
  cpu: "CPU",
  memory: "memory",
  pods: "Pods",
  clock: "Simulated time since the cluster was made",
  paused: "paused",
  last: "last picture",
  control: "Control plane",
  zone: (name) => `Zone ${name}`,
  share: (used, total2) => `${total2 ? Math.round(used / total2 * 100) : 0} %`,
  load: (asked, used) => `${asked} requested, ${used} used`,
  requested: "requested",
  used: "used",
  podsOf: (used, total2) => `${used} of ${total2}`,
  summary: (nodes, pods, own) => `${count(nodes, "node", "nodes")}, ${count(pods, "Pod", "Pods")} (${own} outside kube-system)`,
  shown: (some, all) => `${some} of ${count(all, "Pod", "Pods")} shown`,
  ringed: (n) => `${count(n, "Pod", "Pods")} ringed`,
  nodePods: (n) => count(n, "Pod", "Pods"),
  cordoned: "SchedulingDisabled",
  readyNode: "Ready",
  notReady: "NotReady",
  pressure: { MemoryPressure: "memory pressure", DiskPressure: "disk pressure", PIDPressure: "PID pressure", NetworkUnavailable: "no network" },
  taint: (text) => `taint ${text}`,
  leaves: (time) => `first Pod leaves in ${time}`,
  leavesPod: (time) => `leaves the node in ${time}`,
  ends: (time) => `has ${time} to end`,
  pulling: (percent) => `image ${percent} %`,
  more: (n) => `and ${n} more`,
  on: (node) => `on ${node}`,
  of: (owner) => `of ${owner}`,
  old: "old template",
  containersReady: (ready, all) => `${ready} of ${all} containers ready`,
  restarts: (n) => count(n, "restart", "restarts"),
  columns: ["Namespace", "Name", "State", "Node", "Owner", "Revision", "Restarts"],
  rows: "Pods",
  joined: (rows) => rows.join(", "),
  close: "Close",
  keys: "Arrow keys go from Pod to Pod, Enter tells its story, t shows a table",
  facts: {
    state: "State",
    owner: "Owner",
    revision: "Revision",
    node: "Node",
    ip: "IP",
    phase: "Phase",
    labels: "Labels",
    zone: "Zone",
    roles: "Roles",
    kubelet: "Kubelet",
    taints: "Taints",
    "service account": "Service account",
    reason: "Reason"
  },
  conditions: "Conditions",
  conditionColumns: ["Type", "Status", "Reason", "Message"],
  containers: "Containers",
  containerColumns: ["Name", "Image", "State", "Reason", "Message", "Restarts"],
  events: "Events",
  eventColumns: ["Time", "Reason", "Message"],
  gone: "It is gone.",
  states: {
    pending: "Pending",
    creating: "ContainerCreating",
    running: "Running, not ready",
    ready: "Ready",
    error: "Error",
    terminating: "Terminating",
    succeeded: "Succeeded",
    unknown: "Unknown"
  }
}, ja = {
  label: "\u30AF\u30E9\u30B9\u30BF\u30FC\u306E\u30CE\u30FC\u30C9\u3068 Pod",
  table: "\u8868",
  tableTitle: "\u8868\u3067\u898B\u308B (t)",
  waiting: "\u5F85\u5408\u5BA4",
  filter: "\u7D5E\u308A\u8FBC\u307F",
  filterHint: "app=web",
  ring: "\u56F2\u3080",
  ringHint: "svc/web",
  cpu: "CPU",
  memory: "\u30E1\u30E2\u30EA",
  pods: "Pod",
  clock: "\u30AF\u30E9\u30B9\u30BF\u30FC\u304C\u3067\u304D\u3066\u304B\u3089\u306E\u30B7\u30DF\u30E5\u30EC\u30FC\u30B7\u30E7\u30F3\u6642\u9593",
  paused: "\u4E00\u6642\u505C\u6B62\u4E2D",
  last: "\u6700\u5F8C\u306E\u753B\u9762",
  control: "\u30B3\u30F3\u30C8\u30ED\u30FC\u30EB\u30D7\u30EC\u30FC\u30F3",
  zone: (name) => `\u30BE\u30FC\u30F3 ${name}`,
  share: en.share,
  load: (asked, used) => `\u8981\u6C42 ${asked}\u3001\u4F7F\u7528 ${used}`,
  requested: "\u8981\u6C42",
  used: "\u4F7F\u7528",
  podsOf: (used, total2) => `${used} / ${total2}`,
  summary: (nodes, pods, own) => `\u30CE\u30FC\u30C9 ${nodes} \u53F0\u3001Pod ${pods} \u500B\uFF08kube-system \u4EE5\u5916 ${own} \u500B\uFF09`,
  shown: (some, all) => `Pod ${all} \u500B\u4E2D ${some} \u500B\u3092\u8868\u793A`,
  ringed: (n) => `Pod ${n} \u500B\u3092\u56F2\u307F\u307E\u3057\u305F`,
  nodePods: (n) => `Pod ${n} \u500B`,
  cordoned: "\u30B9\u30B1\u30B8\u30E5\u30FC\u30EB\u505C\u6B62\u4E2D",
  readyNode: "\u6E96\u5099\u5B8C\u4E86",
  notReady: "\u5FDC\u7B54\u306A\u3057",
  pressure: { MemoryPressure: "\u30E1\u30E2\u30EA\u4E0D\u8DB3", DiskPressure: "\u30C7\u30A3\u30B9\u30AF\u4E0D\u8DB3", PIDPressure: "PID \u4E0D\u8DB3", NetworkUnavailable: "\u30CD\u30C3\u30C8\u30EF\u30FC\u30AF\u306A\u3057" },
  taint: (text) => `\u30C6\u30A4\u30F3\u30C8 ${text}`,
  leaves: (time) => `\u6700\u521D\u306E Pod \u306E\u9000\u907F\u307E\u3067 ${time}`,
  leavesPod: (time) => `\u9000\u907F\u307E\u3067 ${time}`,
  ends: (time) => `\u7D42\u4E86\u306E\u7336\u4E88 ${time}`,
  pulling: (percent) => `\u30A4\u30E1\u30FC\u30B8 ${percent} %`,
  more: (n) => `\u307B\u304B ${n} \u500B`,
  on: (node) => `${node} \u4E0A`,
  of: (owner) => `${owner} \u306E Pod`,
  old: "\u53E4\u3044\u30C6\u30F3\u30D7\u30EC\u30FC\u30C8",
  containersReady: (ready, all) => `\u30B3\u30F3\u30C6\u30CA ${all} \u500B\u4E2D ${ready} \u500B\u304C\u6E96\u5099\u5B8C\u4E86`,
  restarts: (n) => `\u518D\u8D77\u52D5 ${n} \u56DE`,
  columns: ["\u540D\u524D\u7A7A\u9593", "\u540D\u524D", "\u72B6\u614B", "\u30CE\u30FC\u30C9", "\u6240\u6709\u8005", "\u30EA\u30D3\u30B8\u30E7\u30F3", "\u518D\u8D77\u52D5"],
  rows: "Pod",
  joined: (rows) => rows.join("\u3001"),
  close: "\u9589\u3058\u308B",
  keys: "\u77E2\u5370\u30AD\u30FC\u3067 Pod \u3092\u79FB\u52D5\u3001Enter \u3067\u8A73\u7D30\u3001t \u3067\u8868",
  facts: {
    state: "\u72B6\u614B",
    owner: "\u6240\u6709\u8005",
    revision: "\u30EA\u30D3\u30B8\u30E7\u30F3",
    node: "\u30CE\u30FC\u30C9",
    ip: "IP",
    phase: "\u30D5\u30A7\u30FC\u30BA",
    labels: "\u30E9\u30D9\u30EB",
    zone: "\u30BE\u30FC\u30F3",
    roles: "\u5F79\u5272",
    kubelet: "Kubelet",
    taints: "\u30C6\u30A4\u30F3\u30C8",
    "service account": "\u30B5\u30FC\u30D3\u30B9\u30A2\u30AB\u30A6\u30F3\u30C8",
    reason: "\u7406\u7531"
  },
  conditions: "\u30B3\u30F3\u30C7\u30A3\u30B7\u30E7\u30F3",
  conditionColumns: ["\u7A2E\u985E", "\u5024", "\u7406\u7531", "\u30E1\u30C3\u30BB\u30FC\u30B8"],
  containers: "\u30B3\u30F3\u30C6\u30CA",
  containerColumns: ["\u540D\u524D", "\u30A4\u30E1\u30FC\u30B8", "\u72B6\u614B", "\u7406\u7531", "\u30E1\u30C3\u30BB\u30FC\u30B8", "\u518D\u8D77\u52D5"],
  events: "\u30A4\u30D9\u30F3\u30C8",
  eventColumns: ["\u6642\u523B", "\u7406\u7531", "\u30E1\u30C3\u30BB\u30FC\u30B8"],
  gone: "\u3082\u3046\u3042\u308A\u307E\u305B\u3093\u3002",
  states: {
    pending: "\u5272\u308A\u5F53\u3066\u5F85\u3061",
    creating: "\u30B3\u30F3\u30C6\u30CA\u4F5C\u6210\u4E2D",
    running: "\u5B9F\u884C\u4E2D\uFF08\u6E96\u5099\u672A\u5B8C\u4E86\uFF09",
    ready: "\u6E96\u5099\u5B8C\u4E86",
    error: "\u30A8\u30E9\u30FC",
    terminating: "\u7D42\u4E86\u51E6\u7406\u4E2D",
    succeeded: "\u5B8C\u4E86",
    unknown: "\u4E0D\u660E"
  }
};
function wordsOf(language = "") {
  return languageOf(language) === "ja" ? ja : en;
}
function languageOf(language = "") {
  return (language || globalThis.navigator?.language || "en").toLowerCase().startsWith("ja") ? "ja" : "en";
}

// src/traffic_words.js
var CAUSES = ["refused", "reset", "timeout", "5xx", "no_route", "unknown_host"], EN = {
  title: "Service traffic",
  none: (service) => `No traffic yet: %traffic svc/${service || "web"} --rate 50/s`,
  causes: { refused: "refused", reset: "reset", timeout: "timed out", "5xx": "5xx", no_route: "no route", unknown_host: "no such name" },
  sent: "sent",
  answered: "answered",
  lost: "lost",
  inFlight: "in flight",
  from: { pod: (name, node) => name ? `pod ${name}` : `a pod on ${node}`, node: (name, node) => `node ${node}`, outside: (name, node) => `outside, by ${node}` },
  source: (text) => `from ${text}`,
  ended: "ended",
  keptAlive: (count2) => `${count2} connections kept alive`,
  patterns: { steady: "", ramp: "ramp", spike: "spikes", wave: "wave" },
  nobody: "Reached nobody",
  noEndpoint: "no endpoint",
  earlier: (count2) => `${count2} earlier Pod${count2 === 1 ? "" : "s"}`,
  others: (count2) => `${count2} more Pods`,
  leaving: "leaving",
  gone: "gone",
  total: "Total",
  now: "Per second",
  table: "Table",
  tableTitle: "Show as a table (t)",
  modeTitle: "Total or per second (n)",
  even: "even share",
  old: "old template",
  latency: "Latency",
  noLatency: "nothing answered yet",
  stream: "Requests a second",
  lostTitle: "Lost requests",
  noLost: "No request was lost.",
  by: (pod2) => pod2 ? ` by ${pod2}` : "",
  at: (pod2) => pod2 ? ` at ${pod2}` : "",
  why: (text) => text,
  columns: ["Pod", "Version", "State", "Sent", "Answered", "Lost", "Per second", "Even share"],
  describe: (name, one, lost) => `${name}: ${one.sent.toLocaleString("en")} sent, ${lost || "none lost"}, ${one.nowSent.toLocaleString("en")} a second, even share ${one.expected.toLocaleString("en")}`,
  announce: (load, lost) => `${load.service}: ${load.sent.toLocaleString("en")} requests sent, ${lost || "none lost"}`
}, WHY_JA = {
  "it was not listening yet": "\u307E\u3060\u5F85\u3061\u53D7\u3051\u3066\u3044\u307E\u305B\u3093\u3067\u3057\u305F",
  "it no longer listened": "\u3082\u3046\u5F85\u3061\u53D7\u3051\u3066\u3044\u307E\u305B\u3093\u3067\u3057\u305F",
  "it was killed": "\u5F37\u5236\u7D42\u4E86\u3055\u308C\u307E\u3057\u305F",
  "it is gone": "\u3082\u3046\u5B58\u5728\u3057\u307E\u305B\u3093",
  "no endpoint was ready": "Ready\u306A\u30A8\u30F3\u30C9\u30DD\u30A4\u30F3\u30C8\u304C\u3042\u308A\u307E\u305B\u3093\u3067\u3057\u305F",
  "the Service was gone": "Service\u304C\u3042\u308A\u307E\u305B\u3093\u3067\u3057\u305F",
  "nothing took them in": "\u53D7\u3051\u53D6\u308B\u76F8\u624B\u304C\u3044\u307E\u305B\u3093\u3067\u3057\u305F",
  "it answered too late": "\u5FDC\u7B54\u304C\u9593\u306B\u5408\u3044\u307E\u305B\u3093\u3067\u3057\u305F",
  "it closed the connection without an answer": "\u5FDC\u7B54\u305B\u305A\u306B\u63A5\u7D9A\u3092\u9589\u3058\u307E\u3057\u305F"
}, JA = {
  title: "Service\u306E\u30C8\u30E9\u30D5\u30A3\u30C3\u30AF",
  none: (service) => `\u307E\u3060\u30C8\u30E9\u30D5\u30A3\u30C3\u30AF\u304C\u3042\u308A\u307E\u305B\u3093: %traffic svc/${service || "web"} --rate 50/s`,
  causes: { refused: "\u63A5\u7D9A\u62D2\u5426", reset: "\u5207\u65AD", timeout: "\u6642\u9593\u5207\u308C", "5xx": "5xx", no_route: "\u5230\u9054\u4E0D\u80FD", unknown_host: "\u540D\u524D\u306A\u3057" },
  sent: "\u9001\u4FE1",
  answered: "\u5FDC\u7B54\u3042\u308A",
  lost: "\u5931\u6557",
  inFlight: "\u5FDC\u7B54\u5F85\u3061",
  from: { pod: (name, node) => name ? `Pod ${name}` : `${node} \u4E0A\u306EPod`, node: (name, node) => `\u30CE\u30FC\u30C9 ${node}`, outside: (name, node) => `\u5916\u90E8(${node} \u7D4C\u7531)` },
  source: (text) => `\u9001\u4FE1\u5143: ${text}`,
  ended: "\u7D42\u4E86",
  keptAlive: (count2) => `\u63A5\u7D9A${count2}\u672C\u3092\u7DAD\u6301`,
  patterns: { steady: "", ramp: "\u6F38\u5897", spike: "\u30B9\u30D1\u30A4\u30AF", wave: "\u6CE2" },
  nobody: "\u3069\u3053\u306B\u3082\u5C4A\u304B\u305A",
  noEndpoint: "\u30A8\u30F3\u30C9\u30DD\u30A4\u30F3\u30C8\u306A\u3057",
  earlier: (count2) => `\u4EE5\u524D\u306EPod ${count2}\u500B`,
  others: (count2) => `\u307B\u304B\u306EPod ${count2}\u500B`,
  leaving: "\u96E2\u8131\u4E2D",
  gone: "\u524A\u9664\u6E08\u307F",
  total: "\u5408\u8A08",
  now: "\u6BCE\u79D2",
  table: "\u8868",
  tableTitle: "\u8868\u3067\u898B\u308B (t)",
  modeTitle: "\u5408\u8A08\u3068\u6BCE\u79D2\u306E\u5207\u308A\u66FF\u3048 (n)",
  even: "\u5747\u7B49\u306A\u5272\u308A\u5F53\u3066",
  old: "\u65E7\u30C6\u30F3\u30D7\u30EC\u30FC\u30C8",
  latency: "\u5FDC\u7B54\u6642\u9593",
  noLatency: "\u307E\u3060\u5FDC\u7B54\u304C\u3042\u308A\u307E\u305B\u3093",
  stream: "\u6BCE\u79D2\u306E\u30EA\u30AF\u30A8\u30B9\u30C8\u6570",
  lostTitle: "\u5931\u308F\u308C\u305F\u30EA\u30AF\u30A8\u30B9\u30C8",
  noLost: "\u5931\u308F\u308C\u305F\u30EA\u30AF\u30A8\u30B9\u30C8\u306F\u3042\u308A\u307E\u305B\u3093\u3002",
  by: (pod2) => pod2 ? ` ${pod2}` : "",
  at: (pod2) => pod2 ? ` ${pod2}` : "",
  why: (text) => WHY_JA[text] ?? text.replace(/^its node (\S+) is cut off$/, "\u30CE\u30FC\u30C9 $1 \u304C\u5207\u308A\u96E2\u3055\u308C\u3066\u3044\u307E\u3059").replace(/^it answered (\d+)$/, "$1 \u3092\u8FD4\u3057\u307E\u3057\u305F"),
  columns: ["Pod", "\u30D0\u30FC\u30B8\u30E7\u30F3", "\u72B6\u614B", "\u9001\u4FE1", "\u5FDC\u7B54\u3042\u308A", "\u5931\u6557", "\u6BCE\u79D2", "\u5747\u7B49\u306A\u5272\u308A\u5F53\u3066"],
  describe: (name, one, lost) => `${name}: \u9001\u4FE1${one.sent.toLocaleString("ja")}\u4EF6\u3001${lost || "\u5931\u6557\u306A\u3057"}\u3001\u6BCE\u79D2${one.nowSent.toLocaleString("ja")}\u4EF6\u3001\u5747\u7B49\u306A\u5272\u308A\u5F53\u3066${one.expected.toLocaleString("ja")}\u4EF6`,
  announce: (load, lost) => `${load.service}: \u9001\u4FE1${load.sent.toLocaleString("ja")}\u4EF6\u3001${lost || "\u5931\u6557\u306A\u3057"}`
};
function trafficWords(language) {
  return languageOf(language) === "ja" ? JA : EN;
}

// src/traffic_data.js
function acceptTraffic(loads, frame) {
  (frame.key || frame.traffic?.all) && loads.clear();
  for (let load of frame.traffic?.loads ?? []) loads.set(load.key, load);
}
function byVersion(load) {
  let groups = load.versions.map((version, place2) => ({ version, rows: load.endpoints.filter((one) => one.version === place2) }));
  groups.push({ version: null, rows: load.endpoints.filter((one) => one.version < 0) });
  let later = (one) => one.state === "earlier" ? 2 : one.state === "others" ? 1 : 0;
  for (let group of groups) group.rows.sort((a, b) => later(a) - later(b) || a.pod.localeCompare(b.pod));
  return groups.filter((group) => group.rows.length);
}
function parts(one, perSecond, most) {
  let sent = perSecond ? one.nowSent : one.sent, failed = Math.min(sent, perSecond ? one.nowFailed : one.failed), scale = most > 0 ? 1 / most : 0, causes = CAUSES.filter((cause) => one.errors[cause]).map((cause) => {
    let share = one.failed ? one.errors[cause] / one.failed : 0;
    return { cause, part: failed * share * scale };
  });
  return { ok: (sent - failed) * scale, causes: failed ? causes : [], even: (perSecond ? one.nowExpected : one.expected) * scale };
}
function longest(load, perSecond) {
  return Math.max(1, ...load.endpoints.map((one) => perSecond ? Math.max(one.nowSent, one.nowExpected) : Math.max(one.sent, one.expected)));
}
var shortImage = (image) => image.slice(image.lastIndexOf("/") + 1);
function span2(micros) {
  return micros == null ? "\u2013" : micros < 1e3 ? `${micros} \xB5s` : micros < 1e4 ? `${(micros / 1e3).toFixed(1)} ms` : micros < 1e6 ? `${Math.round(micros / 1e3)} ms` : `${(micros / 1e6).toFixed(1)} s`;
}
function instant(micros) {
  let tenths = Math.floor(micros / 1e5);
  return `${Math.floor(tenths / 600)}:${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}.${tenths % 10}`;
}
function bars(buckets, wanted) {
  if (!buckets.length) return [];
  let first = Math.log(buckets[0][0] || 1), step = (Math.log(buckets[buckets.length - 1][1]) - first) / wanted || 1, found = Array.from({ length: wanted }, (_, place2) => ({ from: Math.exp(first + place2 * step), to: Math.exp(first + (place2 + 1) * step), count: 0 }));
  for (let [from, to, count2] of buckets) {
    let [low, high] = [(Math.log(from || 1) - first) / step, (Math.log(to) - first) / step];
    for (let place2 = Math.max(0, Math.floor(low)); place2 < Math.min(wanted, high); place2 += 1)
      found[place2].count += count2 * (Math.min(place2 + 1, high) - Math.max(place2, low)) / (high - low || 1);
  }
  return found;
}

// src/store.js
var SILENCE_MS = 8e3, PAGE = Math.random().toString(36).slice(2);
function pod([
  uid,
  namespace,
  name,
  node,
  slot,
  state,
  reason,
  owner,
  revision,
  isOld,
  restarts,
  readyContainers,
  containers,
  since,
  parts2 = "",
  labels = 0,
  until = 0,
  pull = null,
  message = ""
]) {
  return {
    uid,
    namespace,
    name,
    node,
    slot,
    state,
    reason,
    owner,
    revision,
    isOld,
    restarts,
    readyContainers,
    containers,
    since,
    parts: parts2,
    labels,
    until,
    pull,
    message
  };
}
var Store = class {
  constructor() {
    this.nodes = /* @__PURE__ */ new Map(), this.pods = /* @__PURE__ */ new Map(), this.rollouts = /* @__PURE__ */ new Map(), this.labels = /* @__PURE__ */ new Map(), this.services = {}, this.isLast = !1, this.traffic = /* @__PURE__ */ new Map(), this.seq = 0, this.time = 0, this.speed = 1, this.paused = !1, this.frames = 0, this.listeners = /* @__PURE__ */ new Set(), this.onGap = () => {
    }, this.receivedAt = 0, this.send = () => {
    }, this.waiting = /* @__PURE__ */ new Map(), this.orders = 0;
  }
  /**
   * Ask the cluster for something, as a command would. Who no longer waits for the answer aborts; then none comes.
   * @param {any} what @param {AbortSignal} [signal] @returns {Promise<{ok: boolean, text: string}>}
   */
  order(what, signal) {
    let id = `${PAGE}-${this.orders += 1}`, answer = new Promise((resolve) => {
      let forget = () => this.waiting.delete(id);
      signal?.addEventListener("abort", forget, { once: !0 }), this.waiting.set(id, (content) => {
        signal?.removeEventListener("abort", forget), resolve(content);
      });
    });
    return this.send({ ...what, type: "order", id }), answer;
  }
  /** The hub's answer to an order. @param {{id: string, ok: boolean, text: string}} content */
  answer(content) {
    this.waiting.get(content.id)?.(content), this.waiting.delete(content.id);
  }
  /** @param {(change: Change) => void} listener @returns {() => void} unsubscribe */
  subscribe(listener) {
    return this.listeners.add(listener), () => this.listeners.delete(listener);
  }
  /**
   * Call back again and again while the kernel is heard; once it is silent a last time, and then not before its next
   * frame. @param {number} ms @param {() => void} back @returns {() => void} stop
   */
  every(ms, back) {
    let timer = 0, beat = () => {
      performance.now() - this.receivedAt >= SILENCE_MS && (this.isLast = !0), this.isLast && rest(), back();
    }, rest = () => {
      clearInterval(timer), timer = 0;
    }, wake = () => timer ||= setInterval(beat, ms), unsubscribe = this.subscribe(wake);
    return this.frames && wake(), () => {
      unsubscribe(), rest();
    };
  }
  /** Simulated microseconds at this moment of the page. */
  now() {
    return this.paused || !this.speed ? this.time : this.time + Math.min(performance.now() - this.receivedAt, SILENCE_MS) * 1e3 * this.speed;
  }
  /** Show a saved picture until a live one comes. @param {any} frame */
  acceptLast(frame) {
    this.frames || (this.isLast = !0, this.accept(frame, !0));
  }
  /** Take one frame in. @param {any} frame @param {boolean} [isLast] */
  accept(frame, isLast = !1) {
    if (!frame.key && frame.seq !== this.seq + 1) {
      this.seq = frame.seq, this.onGap();
      return;
    }
    this.isLast = isLast, this.seq = frame.seq, this.time = frame.time, this.speed = frame.speed, this.paused = frame.paused, this.receivedAt = performance.now(), this.frames += 1;
    let change = { key: frame.key, nodes: frame.nodes ?? [], goneNodes: frame.goneNodes ?? [], pods: (frame.pods ?? []).map(pod), gone: [], frame };
    frame.key && (this.nodes.clear(), this.pods.clear(), this.labels.clear());
    for (let [index, labels] of Object.entries(frame.labels ?? {})) this.labels.set(Number(index), labels);
    frame.services && (this.services = frame.services);
    for (let name of change.goneNodes) this.nodes.delete(name);
    for (let node of change.nodes) this.nodes.set(node.name, node);
    for (let uid of frame.gone ?? []) {
      let gone = this.pods.get(uid);
      gone && change.gone.push(gone), this.pods.delete(uid);
    }
    for (let cell of change.pods) this.pods.set(cell.uid, cell);
    acceptRollouts(this.rollouts, frame), acceptTraffic(this.traffic, frame);
    for (let listener of this.listeners) listener(change);
  }
};

// src/dom.js
function make(tag, className, attributes = {}, text = "") {
  let el = document.createElement(tag);
  el.className = className;
  for (let [name, value] of Object.entries(attributes)) el.setAttribute(name, value);
  return text && (el.textContent = text), el;
}
function isDark() {
  let theme = document.body.dataset.jpThemeLight ?? "";
  return theme ? theme === "false" : document.body.classList.contains("vscode-dark") ? !0 : window.matchMedia?.("(prefers-color-scheme: dark)").matches ?? !1;
}
function onTheme(root, after = () => {
}) {
  let follow = () => {
    root.classList.toggle("k8sm-dark", isDark()) !== was && after(), was = root.classList.contains("k8sm-dark");
  }, was = isDark();
  follow();
  let observer = new MutationObserver(follow);
  observer.observe(document.body, { attributes: !0, attributeFilter: ["data-jp-theme-light", "class"] });
  let system = window.matchMedia?.("(prefers-color-scheme: dark)");
  return system?.addEventListener("change", follow), () => {
    observer.disconnect(), system?.removeEventListener("change", follow);
  };
}
function ownKeys(root, signal) {
  let own = (el) => el.setAttribute("data-lm-suppress-shortcuts", "true");
  own(root), root.addEventListener("focusin", (event) => own(event.target), { signal });
}

// src/rollout_words.js
var EN2 = {
  controls: {
    toolbar: "Simulated time",
    pause: "Pause",
    play: "Play",
    step: (seconds) => `Let ${seconds} s pass at once`,
    speed: "Speed",
    times: (factor) => `${factor} times as fast as the clock`,
    busy: "the kernel is busy; this happens when it is free",
    manual: "moves by commands only",
    last: "last picture",
    paused: "paused",
    running: (speed) => `runs at ${speed}\xD7`,
    clock: "Simulated time since the cluster was made"
  },
  title: "Rollout progress",
  none: "There is no Deployment yet: kubectl create deployment web --image=nginx --replicas=4",
  notFound: (names) => `Not found: ${names}`,
  parts: ["old, ready", "old, not ready", "new, not ready", "new, ready"],
  states: { rolling: "rolling out", done: "done", paused: "paused", stuck: "stuck" },
  failing: (count2) => `${count2} of them failing`,
  terminating: (count2) => `${count2} terminating, not counted`,
  desired: (count2) => `desired ${count2}`,
  band: (low, high) => `at least ${low} available, at most ${high} in all`,
  revision: (revision) => `revision ${revision}`,
  revisions: (revision) => `revisions ${revision}`,
  gone: "no Pods left",
  noOld: "nothing before",
  available: "available",
  in: (namespace) => `Deployment in ${namespace}`,
  pause: "Pause rollout",
  resume: "Resume rollout",
  undo: "Undo rollout",
  table: "Table",
  tableTitle: "Show as a table (t)",
  why: "Stuck",
  notReady: "Not ready",
  pods: (count2) => `${count2} Pod${count2 === 1 ? "" : "s"}`,
  left: { below: "fewer than the minimum available", above: "more than the maximum in all" },
  leftAt: (word, at, span4) => `${word}, ${at}${span4}`,
  for: (span4) => ` for ${span4}`,
  still: " until now",
  bandLeft: "Band left",
  after: (span4) => `after ${span4}`,
  before: (span4) => `${span4} before`,
  stream: "Pods over simulated time",
  mark: (text) => text,
  columns: ["Deployment", "Old, ready", "Old, not ready", "New, not ready", "New, ready", "Available", "Desired", "Minimum available", "Maximum in all", "Progress"]
}, JA2 = {
  controls: {
    toolbar: "\u30B7\u30DF\u30E5\u30EC\u30FC\u30B7\u30E7\u30F3\u6642\u9593",
    pause: "\u4E00\u6642\u505C\u6B62",
    play: "\u518D\u958B",
    step: (seconds) => `${seconds}\u79D2\u9032\u3081\u308B`,
    speed: "\u901F\u3055",
    times: (factor) => `\u5B9F\u6642\u9593\u306E${factor}\u500D`,
    busy: "\u30AB\u30FC\u30CD\u30EB\u304C\u5B9F\u884C\u4E2D\u3067\u3059\u3002\u7A7A\u304D\u3057\u3060\u3044\u53CD\u6620\u3055\u308C\u307E\u3059",
    manual: "\u30B3\u30DE\u30F3\u30C9\u3067\u306E\u307F\u9032\u307F\u307E\u3059",
    last: "\u6700\u5F8C\u306E\u753B\u9762",
    paused: "\u4E00\u6642\u505C\u6B62\u4E2D",
    running: (speed) => `${speed}\u500D\u901F\u3067\u9032\u884C\u4E2D`,
    clock: "\u30AF\u30E9\u30B9\u30BF\u30FC\u4F5C\u6210\u304B\u3089\u306E\u30B7\u30DF\u30E5\u30EC\u30FC\u30B7\u30E7\u30F3\u6642\u9593"
  },
  title: "\u30ED\u30FC\u30EB\u30A2\u30A6\u30C8\u306E\u9032\u884C",
  none: "Deployment\u304C\u307E\u3060\u3042\u308A\u307E\u305B\u3093: kubectl create deployment web --image=nginx --replicas=4",
  notFound: (names) => `\u898B\u3064\u304B\u308A\u307E\u305B\u3093: ${names}`,
  parts: ["\u65E7\u30FBReady", "\u65E7\u30FB\u672AReady", "\u65B0\u30FB\u672AReady", "\u65B0\u30FBReady"],
  states: { rolling: "\u66F4\u65B0\u4E2D", done: "\u5B8C\u4E86", paused: "\u4E00\u6642\u505C\u6B62\u4E2D", stuck: "\u505C\u6EDE" },
  failing: (count2) => `\u3046\u3061${count2}\u500B\u304C\u5931\u6557`,
  terminating: (count2) => `\u7D42\u4E86\u4E2D${count2}\u500B(\u6570\u3048\u307E\u305B\u3093)`,
  desired: (count2) => `\u5E0C\u671B\u6570 ${count2}`,
  band: (low, high) => `\u5229\u7528\u53EF\u80FD\u306F${low}\u4EE5\u4E0A\u3001\u5168\u4F53\u306F${high}\u4EE5\u4E0B`,
  revision: (revision) => `\u30EA\u30D3\u30B8\u30E7\u30F3 ${revision}`,
  revisions: (revision) => `\u30EA\u30D3\u30B8\u30E7\u30F3 ${revision}`,
  gone: "Pod\u306F\u6B8B\u3063\u3066\u3044\u307E\u305B\u3093",
  noOld: "\u4EE5\u524D\u306E\u3082\u306E\u306F\u3042\u308A\u307E\u305B\u3093",
  available: "\u5229\u7528\u53EF\u80FD",
  in: (namespace) => `${namespace} \u306EDeployment`,
  pause: "\u66F4\u65B0\u3092\u4E00\u6642\u505C\u6B62",
  resume: "\u66F4\u65B0\u3092\u518D\u958B",
  undo: "\u66F4\u65B0\u3092\u5143\u306B\u623B\u3059",
  table: "\u8868",
  tableTitle: "\u8868\u3067\u898B\u308B (t)",
  why: "\u505C\u6EDE",
  notReady: "\u672AReady",
  pods: (count2) => `Pod ${count2}\u500B`,
  left: { below: "\u5229\u7528\u53EF\u80FD\u6570\u304C\u4E0B\u9650\u3092\u5272\u308A\u307E\u3057\u305F", above: "\u5168\u4F53\u304C\u4E0A\u9650\u3092\u8D85\u3048\u307E\u3057\u305F" },
  leftAt: (word, at, span4) => `${word}(${at}${span4})`,
  for: (span4) => `\u3001${span4}\u9593`,
  still: "\u3001\u7D99\u7D9A\u4E2D",
  bandLeft: "\u8A31\u5BB9\u7BC4\u56F2\u3092\u5916\u308C\u307E\u3057\u305F",
  after: (span4) => `${span4}\u5F8C`,
  before: (span4) => `${span4}\u524D`,
  stream: "\u30B7\u30DF\u30E5\u30EC\u30FC\u30B7\u30E7\u30F3\u6642\u9593\u306B\u6CBF\u3063\u305FPod\u6570",
  mark: (text) => text.replace("revision", "\u30EA\u30D3\u30B8\u30E7\u30F3").replace("paused", "\u4E00\u6642\u505C\u6B62").replace("resumed", "\u518D\u958B"),
  columns: ["Deployment", "\u65E7\u30FBReady", "\u65E7\u30FB\u672AReady", "\u65B0\u30FB\u672AReady", "\u65B0\u30FBReady", "\u5229\u7528\u53EF\u80FD", "\u5E0C\u671B\u6570", "\u5229\u7528\u53EF\u80FD\u306E\u4E0B\u9650", "\u5168\u4F53\u306E\u4E0A\u9650", "\u9032\u884C"]
};
function rolloutWords(language) {
  return languageOf(language) === "ja" ? JA2 : EN2;
}
function controlWords(language) {
  return rolloutWords(language).controls;
}

// src/svg.js
var SVG = "http://www.w3.org/2000/svg";
function draw(tag, attributes = {}, children = []) {
  let el = document.createElementNS(SVG, tag);
  for (let [name, value] of Object.entries(attributes)) el.setAttribute(name, typeof value == "number" ? String(Math.round(value * 10) / 10) : value);
  return el.append(...children), el;
}

// src/controls.js
var SPEEDS = [0.5, 1, 2, 5, 10], STEPS = [1, 10], BUSY_MS = 900, PAUSE = "M3 2h3.5v12H3zM9.5 2H13v12H9.5z", PLAY = "M4 2l10 6-10 6z", STEP = "M2 2l7.5 6L2 14zM11 2h3v12h-3z";
function clock(micros) {
  let seconds = Math.floor(micros / 1e6), two = (value) => String(value).padStart(2, "0"), [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
function button(label2, icon, keys) {
  let el = make("button", "k8sm-button", { type: "button", tabindex: "-1", ...keys ? { "aria-keyshortcuts": keys } : {} }), text = make("span", "", {}, label2), path = icon ? draw("path", { d: icon }) : null;
  return path && el.append(draw("svg", { viewBox: "0 0 16 16", class: "k8sm-icon", "aria-hidden": "true" }, [path])), el.append(text), { el, text, path };
}
function mountControls(el, store, options = {}) {
  let words = controlWords(options.language), root = make("div", "k8sm k8sm-controls", { role: "toolbar", "aria-label": words.toolbar, lang: languageOf(options.language) }), toggle = button(words.pause, PAUSE, "p");
  toggle.el.dataset.do = "toggle";
  let steps = STEPS.map((seconds) => {
    let found = button(`${seconds} s`, STEP, seconds === 1 ? "s" : "Shift+S");
    return found.el.setAttribute("aria-label", words.step(seconds)), found.el.title = `%cluster step ${seconds}s`, found.el.dataset.step = String(seconds), found.el;
  }), group = make("span", "k8sm-speeds", { role: "group", "aria-label": words.speed }), speeds = SPEEDS.map((factor) => {
    let found = button(`${factor}\xD7`, "", "");
    return found.el.setAttribute("aria-label", words.times(factor)), found.el.title = `%cluster speed ${factor}`, found.el.dataset.speed = String(factor), group.append(found.el), found.el;
  }), state = make("span", "k8sm-state", {}), note = make("span", "k8sm-note", { role: "status" }), between = make("span", "k8sm-between");
  between.append(...steps), root.append(toggle.el, between, group, state, note), el.append(root);
  let buttons = [toggle.el, ...steps, ...speeds];
  toggle.el.tabIndex = 0;
  let busy = 0, waiting = 0;
  async function order(what, source) {
    waiting += 1, clearTimeout(busy), busy = setTimeout(() => note.textContent = words.busy, BUSY_MS), source.setAttribute("aria-busy", "true");
    let answer = await store.order(what, abort.signal);
    waiting -= 1, waiting || clearTimeout(busy), source.removeAttribute("aria-busy"), note.textContent = answer.ok ? "" : answer.text;
  }
  let isManual = () => !store.speed, press = (source) => {
    source.getAttribute("aria-disabled") !== "true" && (source === toggle.el ? order({ do: store.paused ? "play" : "pause" }, source) : source.dataset.step ? order({ do: "step", seconds: Number(source.dataset.step) }, source) : order({ do: "speed", factor: Number(source.dataset.speed) }, source));
  };
  function paint() {
    let { paused } = store;
    toggle.text.textContent = paused ? words.play : words.pause, toggle.path?.setAttribute("d", paused ? PLAY : PAUSE), toggle.el.title = paused ? "%cluster play" : "%cluster pause";
    for (let one of [toggle.el, ...speeds]) one.setAttribute("aria-disabled", String(isManual() || store.isLast));
    for (let one of steps) one.setAttribute("aria-disabled", String(store.isLast));
    for (let one of speeds) one.setAttribute("aria-pressed", String(Number(one.dataset.speed) === store.speed));
    root.dataset.state = store.isLast ? "last" : isManual() ? "manual" : paused ? "paused" : "running";
    let how = store.isLast ? words.last : isManual() ? words.manual : paused ? words.paused : words.running(store.speed);
    state.textContent = `${clock(store.now())} \xB7 ${how}`, state.title = words.clock;
  }
  let abort = new AbortController();
  ownKeys(root, abort.signal);
  let listen = (target, type, handler) => target.addEventListener(type, handler, { signal: abort.signal });
  for (let one of buttons) listen(one, "click", () => press(one));
  listen(root, "focusin", (event) => {
    if (buttons.includes(event.target))
      for (let one of buttons) one.tabIndex = one === event.target ? 0 : -1;
  }), listen(root, "keydown", (event) => {
    let at = buttons.indexOf(event.target), to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    to === void 0 || at < 0 || (event.preventDefault(), buttons[(to + buttons.length) % buttons.length].focus());
  }), listen(el, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("input, textarea, select")) return;
    let source = { p: toggle.el, s: steps[0], S: steps[1] }[event.key];
    source && press(source);
  });
  let untheme = onTheme(root), unsubscribe = store.subscribe(paint), rest = store.every(500, paint);
  return paint(), () => {
    unsubscribe(), untheme(), abort.abort(), rest(), clearTimeout(busy), root.remove();
  };
}

// src/states.js
var STATES = Object.fromEntries(
  Object.entries({ pending: "", creating: "", running: "", ready: "", error: "!", terminating: "\xD7", succeeded: "\u2713", unknown: "?" }).map(([state, glyph]) => [
    state,
    { word: wordsOf("en").states[state], glyph }
  ])
), SYSTEM2 = "kube-system";
function letterOf(pod2) {
  return ((pod2.owner.slice(pod2.owner.indexOf("/") + 1) || pod2.name)[0] ?? "").toUpperCase();
}
function stateOf2(pod2, t) {
  let word = t.states[pod2.state] ?? pod2.state;
  return pod2.reason && !["Running", "Terminating", "Completed", "Pending", "ContainerCreating", "Error", "NodeLost", word].includes(pod2.reason) ? `${word} (${pod2.reason})` : word;
}
function span3(micros) {
  let seconds = Math.max(0, Math.ceil(micros / 1e6));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
function pulled(pod2, now) {
  if (!pod2.pull) return null;
  let [from, to] = pod2.pull;
  return Math.max(0, Math.min(1, (now - from) / Math.max(1, to - from)));
}
function graceLeft(pod2, now) {
  return pod2.state !== "terminating" || !pod2.until ? 1 : Math.max(0, Math.min(1, (pod2.until - now) / Math.max(1, pod2.until - pod2.since)));
}
function describe(pod2, t = wordsOf("en"), now = -1) {
  let parts2 = [`${pod2.namespace}/${pod2.name}`, stateOf2(pod2, t)];
  if (pod2.node && parts2.push(t.on(pod2.node)), pod2.owner && parts2.push(t.of(pod2.owner)), pod2.owner && pod2.isOld && parts2.push(t.old), pod2.containers > 1 && parts2.push(t.containersReady(pod2.readyContainers, pod2.containers)), pod2.restarts && parts2.push(t.restarts(pod2.restarts)), now >= 0) {
    let share = pulled(pod2, now);
    share !== null && parts2.push(t.pulling(Math.floor(share * 100))), pod2.until > now && parts2.push((pod2.state === "terminating" ? t.ends : t.leavesPod)(span3(pod2.until - now)));
  }
  return t.joined(parts2);
}

// src/cells.js
var GHOST_MICROS = 1e6, TICKS = 5, Cells = class {
  /**
   * @param {HTMLElement} el
   * @param {import("./store.js").Store} store
   * @param {any} t words
   * @param {{limit?: number}} [options] slots beyond `limit` are not drawn
   */
  constructor(el, store, t, { limit = 1 / 0 } = {}) {
    this.el = el, this.store = store, this.t = t, this.limit = limit, this.cells = /* @__PURE__ */ new Map(), this.ghosts = /* @__PURE__ */ new Set(), this.passing = /* @__PURE__ */ new Set();
  }
  /** Draw a Pod as it is now. @param {import("./store.js").Pod} pod @returns {HTMLElement | null} its element if it is new */
  put(pod2) {
    if (pod2.slot >= this.limit) return null;
    let cell = this.cells.get(pod2.uid), isNew = !cell;
    cell || (cell = make("button", "", { type: "button", "data-uid": pod2.uid, "data-slot": String(pod2.slot), tabindex: "-1" }), this.cells.set(pod2.uid, cell), this.#insert(cell, pod2.slot));
    let keep = ["k8sm-ring", "k8sm-faint"].filter((name) => cell.classList.contains(name));
    return cell.className = [
      "k8sm-cell",
      `k8sm-${pod2.state}`,
      ...keep,
      pod2.isOld ? "k8sm-old" : "",
      pod2.namespace === SYSTEM2 ? "k8sm-system" : "",
      pod2.parts ? "k8sm-split" : ""
    ].filter(Boolean).join(" "), this.#fill(cell, pod2), cell.dataset.owner = pod2.owner, cell.dataset.state = pod2.state, cell.dataset.name = pod2.name, cell.style.setProperty("--ticks", String(Math.min(pod2.restarts, TICKS))), cell.dataset.restarts = pod2.restarts ? String(pod2.restarts) : "", cell.setAttribute("aria-label", describe(pod2, this.t)), (pod2.pull || pod2.state === "terminating" && pod2.until) && this.passing.add(pod2.uid), this.#pass(pod2, cell), isNew ? cell : null;
  }
  /** A letter or glyph, or one part a container. */
  #fill(cell, pod2) {
    let split = pod2.parts && ["ready", "running", "error", "creating"].includes(pod2.state) ? pod2.parts : "", text = split ? "" : STATES[pod2.state]?.glyph || (["ready", "creating"].includes(pod2.state) ? letterOf(pod2) : ""), content = split || `:${text}`;
    cell.dataset.content !== content && (cell.dataset.content = content, split ? cell.replaceChildren(...[...split].map((part3) => make("i", `k8sm-part k8sm-part-${part3}`))) : cell.replaceChildren(make("span", "k8sm-glyph", {}, text)));
  }
  /** What passes with simulated time, as it is now. */
  #pass(pod2, cell) {
    let share = pulled(pod2, this.store.now());
    cell.classList.toggle("k8sm-pulling", share !== null), share !== null && cell.style.setProperty("--pull", `${Math.round(share * 100)}%`), pod2.state === "terminating" && cell.style.setProperty("--left", graceLeft(pod2, this.store.now()).toFixed(2));
  }
  /** Slots that nobody holds stay empty, so that no Pod ever moves. */
  #insert(cell, slot) {
    for (; this.el.children.length <= slot; ) this.el.append(make("span", "k8sm-empty"));
    this.el.replaceChild(cell, this.el.children[slot]);
  }
  /** @param {string} uid @param {boolean} leavesGhost */
  remove(uid, leavesGhost) {
    let cell = this.cells.get(uid);
    if (!cell) return;
    if (this.cells.delete(uid), this.passing.delete(uid), !leavesGhost) return this.#vacate(cell);
    let ghost = make("span", "k8sm-ghost", { "aria-hidden": "true" });
    cell.replaceWith(ghost), this.ghosts.add({ cell: ghost, until: this.store.now() + GHOST_MICROS });
  }
  #vacate(cell) {
    for (cell.parentNode === this.el && this.el.replaceChild(make("span", "k8sm-empty"), cell); this.el.lastElementChild?.className === "k8sm-empty"; ) this.el.lastElementChild.remove();
  }
  /** Simulated time has gone on. */
  tick() {
    let now = this.store.now();
    for (let ghost of this.ghosts)
      now < ghost.until || (this.ghosts.delete(ghost), this.#vacate(ghost.cell));
    for (let uid of this.passing) {
      let [pod2, cell] = [this.store.pods.get(uid), this.cells.get(uid)];
      pod2 && cell && this.#pass(pod2, cell), (!pod2 || !cell || !pod2.pull && pod2.state !== "terminating") && this.passing.delete(uid);
    }
  }
  /** @param {((pod: any) => boolean) | null} ring @param {((pod: any) => boolean) | null} filter */
  mark(ring, filter) {
    for (let [uid, cell] of this.cells) {
      let pod2 = this.store.pods.get(uid);
      pod2 && (cell.classList.toggle("k8sm-ring", ring !== null && ring(pod2)), cell.classList.toggle("k8sm-faint", filter !== null && !filter(pod2)));
    }
  }
  clear() {
    this.ghosts.clear(), this.passing.clear(), this.cells.clear(), this.el.replaceChildren();
  }
};

// src/nodes.js
function byPlace(a, b) {
  let lane = (node) => node.roles.includes("control-plane") ? 0 : 1;
  return lane(a) - lane(b) || (a.zone ?? "").localeCompare(b.zone ?? "") || a.name.localeCompare(b.name, void 0, { numeric: !0 });
}
function nodeWords(node, t) {
  let words = [node.roles, node.ready ? t.readyNode : t.notReady];
  return node.cordoned && words.push(t.cordoned), words.filter(Boolean).join(" \xB7 ");
}
var SAID = "node.kubernetes.io/unschedulable";
function tagsOf(node, t) {
  let pressure = (node.pressure ?? []).map((type) => ({ text: `\u26A0 ${t.pressure[type] ?? type}`, title: type, kind: "pressure" })), taints = node.taints.filter((taint) => !taint.startsWith(SAID)).map((taint) => ({ text: taint.slice(taint.indexOf("/") + 1), title: t.taint(taint), kind: "taint" }));
  return [...pressure, ...taints];
}

// src/boxes.js
var part = (amount, total2) => `${total2 ? Math.min(100, amount / total2 * 100).toFixed(1) : 0}%`, Boxes = class {
  /** @param {import("./store.js").Store} store @param {any} t words */
  constructor(store, t) {
    this.store = store, this.t = t, this.el = make("div", "k8sm-nodes"), this.boxes = /* @__PURE__ */ new Map(), this.zones = /* @__PURE__ */ new Map();
  }
  #box(name) {
    let found = this.boxes.get(name);
    if (found) return found;
    let el = make("div", "k8sm-node", { "data-node": name, role: "group" }), title = make("div", "k8sm-title"), button2 = make("button", "k8sm-name k8sm-nodename", { type: "button", tabindex: "-1", "data-nodename": name }, name), note = make("span", "k8sm-note");
    title.append(button2, note);
    let tags = make("div", "k8sm-tags", { hidden: "" }), bars2 = make("div", "k8sm-bars"), meters = [this.t.cpu, this.t.memory, this.t.pods].map((label2) => {
      let meter = make("div", "k8sm-meter"), fill = make("div", "k8sm-fill"), asked = make("div", "k8sm-asked"), track = make("div", "k8sm-track");
      track.append(fill, asked);
      let text = make("span", "k8sm-note");
      return meter.append(track, text), bars2.append(meter), { label: label2, meter, fill, asked, text };
    }), place2 = make("div", "k8sm-cells");
    return el.append(title, tags, bars2, place2), found = { el, button: button2, note, tags, meters, countdown: null, node: null, cells: new Cells(place2, this.store, this.t) }, this.boxes.set(name, found), found;
  }
  /** @param {import("./store.js").Node} node */
  node(node) {
    let { t } = this, box = this.#box(node.name);
    box.node = node, box.el.classList.toggle("k8sm-lane", node.roles.includes("control-plane")), box.el.classList.toggle("k8sm-lost", !node.ready), box.el.classList.toggle("k8sm-cordoned", node.cordoned), box.note.textContent = nodeWords(node, t), box.el.setAttribute("aria-label", `${node.name}, ${nodeWords(node, t)}`);
    let tags = tagsOf(node, t).map(({ text, title, kind }) => make("span", `k8sm-tag k8sm-tag-${kind}`, { title }, text));
    box.countdown = node.evictsAt ? make("span", "k8sm-tag k8sm-tag-leaves") : null, box.countdown && tags.unshift(box.countdown), box.tags.replaceChildren(...tags), box.tags.hidden = tags.length === 0, [node.cpu, node.memory, node.pods].forEach(([asked, total2, used], index) => {
      let found = box.meters[index];
      found.fill.style.width = part(used ?? asked, total2), found.asked.style.width = part(used === void 0 ? 0 : asked, total2), found.asked.hidden = !used || !asked, found.text.textContent = `${found.label} ${index === 2 ? t.podsOf(asked, total2) : t.share(asked, total2)}`, used !== void 0 && (found.meter.title = `${found.label}: ${t.load(t.share(asked, total2), t.share(used, total2))}`);
    }), this.#count(box);
  }
  #count(box) {
    box.countdown && (box.countdown.textContent = this.t.leaves(span3(box.node.evictsAt - this.store.now())));
  }
  removeNode(name) {
    this.boxes.get(name)?.el.remove(), this.boxes.delete(name);
  }
  /** Control plane on top, then lanes by zone where there are zones, each node in its place. */
  order() {
    let nodes = [...this.store.nodes.values()].sort(byPlace), hasZones = nodes.some((node) => node.zone && !node.roles.includes("control-plane")), wanted = [], zone = null;
    for (let node of nodes)
      hasZones && !node.roles.includes("control-plane") && node.zone !== zone && (zone = node.zone, this.zones.has(zone) || this.zones.set(zone, make("div", "k8sm-zone", {}, zone ? this.t.zone(zone) : "\u2013")), wanted.push(this.zones.get(zone))), wanted.push(this.#box(node.name).el);
    for (wanted.forEach((el, index) => {
      this.el.children[index] !== el && this.el.insertBefore(el, this.el.children[index] ?? null);
    }); this.el.children.length > wanted.length; ) this.el.lastElementChild.remove();
  }
  put(pod2) {
    return this.#box(pod2.node).cells.put(pod2);
  }
  remove(pod2, leavesGhost) {
    this.boxes.get(pod2.node)?.cells.remove(pod2.uid, leavesGhost);
  }
  tick() {
    for (let box of this.boxes.values())
      this.#count(box), box.cells.tick();
  }
  flush() {
  }
  mark(ring, filter) {
    for (let { cells } of this.boxes.values()) cells.mark(ring, filter);
  }
  /** What the arrow keys go through: each node and its Pods. */
  items() {
    let found = [];
    for (let node of [...this.store.nodes.values()].sort(byPlace)) {
      let box = this.boxes.get(node.name);
      box && found.push(box.button, ...box.cells.el.querySelectorAll(".k8sm-cell"));
    }
    return found.map((el) => ({ id: el.dataset.uid ?? `node/${el.dataset.nodename}`, el, rect: () => el.getBoundingClientRect() }));
  }
  clear() {
    this.el.replaceChildren(), this.boxes.clear();
  }
  destroy() {
    this.clear(), this.el.remove();
  }
};

// src/brush.js
function palette(root) {
  let style = getComputedStyle(root), get = (name) => style.getPropertyValue(`--${name}`).trim();
  return Object.fromEntries(
    ["bg", "box", "line", "ink", "dim", "track", "fill", "sky", "yellow", "green", "vermilion", "blue", "grey", "ring", "on-fill"].map((name) => [name, get(name)])
  );
}
var FILLS = { creating: "sky", running: "yellow", ready: "green", error: "vermilion", terminating: "green", succeeded: "blue", unknown: "grey" }, fillOf = (state, colours) => colours[FILLS[state]] ?? colours.dim;
function line(pen, colour, width, points) {
  pen.strokeStyle = colour, pen.lineWidth = width, pen.beginPath(), points.forEach(([x, y], index) => index ? pen.lineTo(x, y) : pen.moveTo(x, y)), pen.stroke();
}
function drawPod(pen, pod2, at, colours, now, { isRinged, isFaint }) {
  let { x, y, size: s } = at;
  if (pen.globalAlpha = isFaint ? 0.16 : 1, pen.fillStyle = fillOf(pod2.state, colours), pod2.state === "pending")
    pen.strokeStyle = colours.dim, pen.lineWidth = 1, pen.strokeRect(x + 0.5, y + 0.5, s - 1, s - 1);
  else if (pod2.state === "running")
    pen.fillRect(x, y, s / 2, s), line(pen, colours.ink, 1, [[x + 0.5, y + 0.5], [x + s - 0.5, y + 0.5], [x + s - 0.5, y + s - 0.5], [x + 0.5, y + s - 0.5], [x + 0.5, y + 0.5]]);
  else if (pod2.state === "error" && s >= 5) {
    let notch = s * 0.35;
    pen.beginPath(), pen.moveTo(x, y), pen.lineTo(x + s - notch, y), pen.lineTo(x + s, y + notch), pen.lineTo(x + s, y + s), pen.lineTo(x, y + s), pen.fill();
  } else if (pod2.state === "terminating") {
    let left = s * (0.45 + 0.55 * graceLeft(pod2, now)), inset = (s - left) / 2;
    pen.globalAlpha *= 0.4, pen.fillRect(x + inset, y + inset, left, left), pen.globalAlpha = isFaint ? 0.16 : 1;
  } else pen.fillRect(x, y, s, s);
  if (decorate(pen, pod2, at, colours, now), isRinged) {
    pen.strokeStyle = colours.ring, pen.lineWidth = s >= 7 ? 2 : 1;
    let out = s >= 7 ? 1.5 : 0.5;
    pen.strokeRect(x - out, y - out, s + 2 * out, s + 2 * out);
  }
  pen.globalAlpha = 1;
}
function decorate(pen, pod2, { x, y, size: s }, colours, now) {
  if ((pod2.isOld || pod2.state === "unknown") && s >= 4 && line(pen, pod2.state === "unknown" ? colours.box : colours["on-fill"], s >= 9 ? 1.6 : 1, [[x, y + s], [x + s, y]]), pod2.state === "creating" && s >= 5) {
    let share = pulled(pod2, now);
    pen.fillStyle = colours.box;
    let hole = s * 0.4;
    pen.fillRect(x + (s - hole) / 2, y + (s - hole) / 2, hole, hole * (1 - (share ?? 0)));
  }
  if (pod2.state === "terminating" && s >= 5) {
    let a = s * 0.3;
    line(pen, colours.ink, 1, [[x + a, y + a], [x + s - a, y + s - a]]), line(pen, colours.ink, 1, [[x + s - a, y + a], [x + a, y + s - a]]);
  }
  let glyph = STATES[pod2.state]?.glyph;
  glyph && s >= 9 && pod2.state !== "terminating" && (pen.fillStyle = pod2.state === "unknown" ? colours.ink : colours["on-fill"], pen.font = `700 ${Math.round(s * 0.8)}px system-ui, sans-serif`, pen.textAlign = "center", pen.textBaseline = "middle", pen.fillText(glyph, x + s / 2, y + s / 2 + 0.5));
}
function fit(pen, text, width) {
  if (pen.measureText(text).width <= width) return text;
  let cut = text.length;
  for (; cut > 1 && pen.measureText(`${text.slice(0, cut)}\u2026`).width > width; ) cut -= 1;
  return `${text.slice(0, cut)}\u2026`;
}
function drawNode(pen, box, colours, words, hasNames) {
  let { node, x, y, w, h } = box;
  if (pen.globalAlpha = 1, pen.clearRect(x - 2, y - 2, w + 4, h + 4), pen.fillStyle = colours.box, pen.beginPath(), pen.roundRect(x + 0.5, y + 0.5, w - 1, h - 1, 5), pen.fill(), !node.ready) {
    pen.save(), pen.clip(), pen.globalAlpha = 0.35;
    for (let at = -h; at < w; at += 9) line(pen, colours.line, 1.5, [[x + at, y + h], [x + at + h, y]]);
    pen.restore();
  }
  if (pen.setLineDash(node.ready ? [] : [5, 3]), pen.strokeStyle = colours.line, pen.lineWidth = 1, pen.beginPath(), pen.roundRect(x + 0.5, y + 0.5, w - 1, h - 1, 5), pen.stroke(), pen.setLineDash([]), node.cordoned)
    for (let at = 0; at < w - 6; at += 12)
      pen.fillStyle = colours.vermilion, pen.fillRect(x + at + 3, y + h - 4, 6, 3);
  if (!hasNames) return;
  pen.textBaseline = "alphabetic", pen.textAlign = "left", pen.fillStyle = colours.ink, pen.font = "600 11px system-ui, sans-serif";
  let isTile = box.head < 24, isCompact = box.head < 36;
  if (pen.fillText(fit(pen, node.name, w - 12 - (words ? Math.min(w * 0.45, pen.measureText(words).width + 8) : 0)), x + (isTile ? 4 : 8), y + 13), words && (pen.fillStyle = colours.dim, pen.font = "11px system-ui, sans-serif", pen.textAlign = "right", pen.fillText(fit(pen, words, w * 0.5), x + w - (isTile ? 4 : 8), y + 13)), isTile) return;
  let third = (w - 16 - 12) / 3;
  [node.cpu, node.memory, node.pods].forEach(([asked, total2, used], index) => {
    let left = x + 8 + index * (third + 6), [top, deep] = isCompact ? [y + 17, 3] : [y + 20, 4];
    pen.fillStyle = colours.track, pen.fillRect(left, top, third, deep), pen.fillStyle = colours.fill, pen.fillRect(left, top, total2 ? third * Math.min(1, (used ?? asked) / total2) : 0, deep), !(!used || !asked || !total2) && (pen.strokeStyle = colours.fill, pen.lineWidth = 1, pen.strokeRect(left + 0.5, top + 0.5, Math.max(1, third * Math.min(1, asked / total2) - 1), deep - 1));
  });
}
function drawShares(pen, box, counts, colours) {
  let total2 = Object.values(counts).reduce((sum, count2) => sum + count2, 0), x = box.cx, width = box.w - 6;
  for (let state of Object.keys(STATES)) {
    if (!counts[state]) continue;
    let share = counts[state] / total2 * width;
    pen.fillStyle = fillOf(state, colours);
    let depth = box.h - (box.cy - box.y) - 3;
    if (pen.fillRect(x, box.cy, share, depth), ["error", "unknown"].includes(state)) for (let at = 3; at < share; at += 5) line(pen, colours.box, 1, [[x + at - 3, box.cy + depth], [x + at, box.cy]]);
    x += share;
  }
}

// src/layout.js
var SIZES = [16, 13, 11, 9, 7, 6, 5, 4, 3], BOX_GAP = 8, PAD = 8, HEAD = 36, COMPACT = 9, COMPACT_HEAD = 24, LANE = 20, HIGHEST = 760, gapOf = (size) => size >= 9 ? 3 : size >= 5 ? 2 : 1;
function layout(nodes, slotsOf, width) {
  let sorted = [...nodes].sort(byPlace), most = sorted.reduce((most2, node) => node.roles.includes("control-plane") ? most2 : Math.max(most2, slotsOf(node.name)), 1);
  for (let size of SIZES) {
    let found = place(sorted, slotsOf, width, size, most);
    if (found.height <= HIGHEST) return found;
  }
  let small = sorted.length > 800;
  return place(sorted, slotsOf, width, 0, most, small ? { head: 0, wide: 34, deep: 12 } : { head: 18, wide: 104, deep: 12 });
}
function lanes(sorted) {
  let isHead = (node) => node.roles.includes("control-plane"), found = [{ zone: null, nodes: sorted.filter(isHead), isHead: !0 }], workers = sorted.filter((node) => !isHead(node)), hasZones = workers.some((node) => node.zone);
  for (let node of workers) {
    let zone = hasZones ? node.zone ?? "" : null;
    (found.at(-1).isHead || found.at(-1).zone !== zone) && found.push({ zone, nodes: [], isHead: !1 }), found.at(-1).nodes.push(node);
  }
  return found.filter((lane) => lane.nodes.length);
}
function place(sorted, slotsOf, width, size, most, tile = null) {
  let gap = gapOf(size), isCompact = size < COMPACT, head = tile ? tile.head : isCompact ? COMPACT_HEAD : HEAD, pad = tile ? 3 : PAD, pitch = size + gap, natural = tile ? tile.wide : Math.max(isCompact ? 92 : 132, Math.ceil(Math.sqrt(most * 2.4)) * pitch + 2 * pad - gap), boxes = [], zones = [], y = 0;
  for (let lane of lanes(sorted)) {
    lane.zone !== null && (zones.push({ name: lane.zone, y }), y += LANE);
    let outer = tile ? 4 : BOX_GAP, fit2 = Math.max(1, Math.floor((width + outer) / (natural + outer))), perRow = tile ? fit2 : Math.min(fit2, lane.nodes.length), w = Math.floor((width + outer) / perRow) - outer, columns = size ? Math.max(1, Math.floor((w - 2 * pad + gap) / pitch)) : 1;
    for (let start = 0; start < lane.nodes.length; start += perRow) {
      let row = lane.nodes.slice(start, start + perRow), rows = size ? Math.max(...row.map((node) => Math.ceil(Math.max(1, slotsOf(node.name)) / columns))) : 1, h = head + (size ? rows * pitch - gap : tile.deep) + pad;
      row.forEach((node, index) => {
        let x = index * (w + outer);
        boxes.push({ node, x, y, w, h, columns, head, cx: x + pad, cy: y + head + (tile && !head ? pad : 0) });
      }), y += h + outer;
    }
  }
  return { size, gap, hasNames: !tile || tile.head > 0, boxes, zones, height: Math.max(0, y) };
}
function slotAt(plan, box, slot) {
  let pitch = plan.size + plan.gap;
  return { x: box.cx + slot % box.columns * pitch, y: box.cy + Math.floor(slot / box.columns) * pitch, size: plan.size };
}
function under(plan, x, y) {
  let box = plan.boxes.find((one) => x >= one.x && x < one.x + one.w && y >= one.y && y < one.y + one.h);
  if (!box) return null;
  if (!plan.size || y < box.cy) return { box, slot: -1 };
  let pitch = plan.size + plan.gap, column = Math.floor((x - box.cx) / pitch), row = Math.floor((y - box.cy) / pitch);
  return { box, slot: column >= 0 && column < box.columns ? row * box.columns + column : -1 };
}

// src/canvas.js
var GHOST_MICROS2 = 1e6, LENS = { side: 120, zoom: 5 }, Canvas = class {
  /** @param {import("./store.js").Store} store @param {any} t words */
  constructor(store, t) {
    this.store = store, this.t = t, this.el = make("div", "k8sm-nodes k8sm-on-canvas"), this.canvas = make("canvas", "", { "aria-hidden": "true" }), this.cursor = make("button", "k8sm-cursor", { type: "button", tabindex: "0" }), this.lensCanvas = make("canvas", "k8sm-lens", { "aria-hidden": "true", width: String(LENS.side), height: String(LENS.side) }), this.el.append(this.canvas, this.cursor), this.slots = /* @__PURE__ */ new Map(), this.highest = /* @__PURE__ */ new Map(), this.ghosts = /* @__PURE__ */ new Map(), this.dirty = /* @__PURE__ */ new Set(), this.needsLayout = !0, this.ring = this.filter = null, this.plan = layout([], () => 0, 100), this.boxOf = /* @__PURE__ */ new Map(), this.focused = "", this.frame = 0, this.observer = new ResizeObserver(() => {
      Math.round(this.el.clientWidth) !== this.width && this.#relayout();
    }), this.observer.observe(this.el);
  }
  node(node) {
    let had = this.boxOf.get(node.name);
    had ? had.node = node : this.needsLayout = !0, this.dirty.add(node.name);
  }
  removeNode(name) {
    this.slots.delete(name), this.highest.delete(name), this.needsLayout = !0;
  }
  order() {
  }
  put(pod2) {
    if (this.slots.has(pod2.node) || this.slots.set(pod2.node, /* @__PURE__ */ new Map()), this.slots.get(pod2.node).set(pod2.slot, pod2.uid), this.ghosts.delete(`${pod2.node}/${pod2.slot}`), (this.highest.get(pod2.node) ?? 0) < pod2.slot + 1) {
      this.highest.set(pod2.node, pod2.slot + 1);
      let box = this.boxOf.get(pod2.node), room = box && this.plan.size ? Math.round((box.y + box.h - box.cy) / (this.plan.size + this.plan.gap)) * box.columns : 0;
      (!box || this.plan.size && pod2.slot >= room) && (this.needsLayout = !0);
    }
    return this.dirty.add(pod2.node), pod2.uid === this.focused && this.#placeCursor(), null;
  }
  remove(pod2, leavesGhost) {
    let held = this.slots.get(pod2.node);
    held?.get(pod2.slot) === pod2.uid && held.delete(pod2.slot), leavesGhost && this.ghosts.set(`${pod2.node}/${pod2.slot}`, { name: pod2.node, slot: pod2.slot, until: this.store.now() + GHOST_MICROS2 }), this.dirty.add(pod2.node);
  }
  tick() {
    let now = this.store.now();
    for (let [key, ghost] of this.ghosts)
      now < ghost.until || (this.ghosts.delete(key), this.dirty.add(ghost.name));
    for (let pod2 of this.store.pods.values()) pod2.node && (pod2.pull || pod2.state === "terminating") && this.dirty.add(pod2.node);
    this.flush();
  }
  mark(ring, filter) {
    this.ring = ring, this.filter = filter;
    for (let name of this.boxOf.keys()) this.dirty.add(name);
    this.flush();
  }
  /** Draw what has changed, once a frame of the screen. */
  flush() {
    this.frame || !this.dirty.size && !this.needsLayout || (this.frame = requestAnimationFrame(() => {
      this.frame = 0, this.needsLayout ? this.#relayout() : this.#paint(this.dirty), this.dirty.clear();
    }));
  }
  /** The theme has changed. */
  repaint() {
    this.needsLayout = !0, this.flush();
  }
  #relayout() {
    if (this.needsLayout = !1, this.width = Math.round(this.el.clientWidth), !this.width) return;
    this.plan = layout([...this.store.nodes.values()], (name) => this.highest.get(name) ?? 0, this.width), this.boxOf = new Map(this.plan.boxes.map((box) => [box.node.name, box])), this.colours = palette(this.el);
    let height = Math.ceil(this.plan.height) + 2, ratio = Math.min(globalThis.devicePixelRatio || 1, 16e3 / height);
    this.canvas.width = Math.round(this.width * ratio), this.canvas.height = Math.round(height * ratio), this.canvas.style.height = `${height}px`, this.pen = this.canvas.getContext("2d"), this.pen.setTransform(ratio, 0, 0, ratio, 0, 0), this.ratio = ratio, this.el.dataset.size = String(this.plan.size);
    for (let zone of this.plan.zones)
      this.pen.fillStyle = this.colours.dim, this.pen.font = "600 11px system-ui, sans-serif", this.pen.textAlign = "left", this.pen.fillText(zone.name ? this.t.zone(zone.name) : "\u2013", 2, zone.y + 14);
    this.#paint(this.boxOf.keys()), this.#placeCursor();
  }
  #paint(names) {
    let { pen, plan, store, colours } = this;
    if (!pen) return;
    let now = store.now();
    for (let name of names) {
      let box = this.boxOf.get(name);
      if (!box) continue;
      let words = box.w < 100 ? "" : box.node.ready ? box.node.cordoned && box.w > 180 ? this.t.cordoned : "" : this.t.notReady;
      drawNode(pen, box, colours, words, plan.hasNames);
      let held = this.slots.get(name);
      if (held) {
        if (!plan.size) {
          let counts = {};
          for (let uid of held.values()) {
            let pod2 = store.pods.get(uid);
            pod2 && (counts[pod2.state] = (counts[pod2.state] ?? 0) + 1);
          }
          drawShares(pen, box, counts, colours);
          continue;
        }
        for (let [slot, uid] of held) {
          let pod2 = store.pods.get(uid);
          pod2 && drawPod(pen, pod2, slotAt(plan, box, slot), colours, now, { isRinged: this.ring?.(pod2) ?? !1, isFaint: this.filter ? !this.filter(pod2) : !1 });
        }
      }
    }
    if (plan.size) {
      pen.strokeStyle = colours.dim, pen.lineWidth = 1, pen.setLineDash([1, 1.5]);
      for (let ghost of this.ghosts.values()) {
        let box = this.boxOf.get(ghost.name), at = box && slotAt(plan, box, ghost.slot);
        at && pen.strokeRect(at.x + 0.5, at.y + 0.5, at.size - 1, at.size - 1);
      }
      pen.setLineDash([]);
    }
  }
  /** What is at a point of the page: a Pod's uid or `node/NAME`, and where. */
  at(event) {
    let outer = this.canvas.getBoundingClientRect(), found = under(this.plan, event.clientX - outer.left, event.clientY - outer.top);
    if (!found) return null;
    let uid = found.slot >= 0 ? this.slots.get(found.box.node.name)?.get(found.slot) : void 0;
    return { id: uid ?? `node/${found.box.node.name}`, rect: this.#rect(uid ?? `node/${found.box.node.name}`) };
  }
  /** What is under the pointer, larger; null where cells are large enough. */
  lens(event) {
    if (this.plan.size >= 9 || !this.plan.size) return null;
    let outer = this.canvas.getBoundingClientRect(), side = LENS.side / LENS.zoom, [x, y] = [event.clientX - outer.left - side / 2, event.clientY - outer.top - side / 2], pen = this.lensCanvas.getContext("2d");
    return pen.imageSmoothingEnabled = !1, pen.fillStyle = this.colours.bg, pen.fillRect(0, 0, LENS.side, LENS.side), pen.drawImage(this.canvas, x * this.ratio, y * this.ratio, side * this.ratio, side * this.ratio, 0, 0, LENS.side, LENS.side), this.lensCanvas;
  }
  #place(id) {
    if (id.startsWith("node/")) {
      let box2 = this.boxOf.get(id.slice(5));
      return box2 ? { x: box2.x, y: box2.y, w: box2.w, h: box2.h } : null;
    }
    let pod2 = this.store.pods.get(id), box = pod2 && this.boxOf.get(pod2.node);
    if (!box || !this.plan.size) return null;
    let at = slotAt(this.plan, box, pod2.slot);
    return { x: at.x, y: at.y, w: at.size, h: at.size };
  }
  #rect(id) {
    let outer = this.canvas.getBoundingClientRect(), at = this.#place(id);
    return at ? new DOMRect(outer.left + at.x, outer.top + at.y, at.w, at.h) : null;
  }
  items() {
    let found = [];
    for (let box of this.plan.boxes) {
      let name = box.node.name;
      if (found.push(this.#item(`node/${name}`)), !!this.plan.size)
        for (let [, uid] of [...this.slots.get(name) ?? []].sort((a, b) => a[0] - b[0])) found.push(this.#item(uid));
    }
    return found;
  }
  #item(id) {
    return { id, el: this.cursor, rect: () => this.#rect(id), show: () => this.show(id) };
  }
  /** Move the element that has the focus. */
  show(id) {
    this.focused = id, this.#placeCursor();
  }
  #placeCursor() {
    let at = this.#place(this.focused);
    if (!at && this.plan.boxes.length && this.focused !== `node/${this.plan.boxes[0].node.name}`) return this.show(`node/${this.plan.boxes[0].node.name}`);
    if (!at) return;
    let { cursor, focused } = this;
    cursor.style.cssText = `left:${at.x - 2}px;top:${at.y - 2}px;width:${at.w + 4}px;height:${at.h + 4}px`;
    let pod2 = this.store.pods.get(focused), node = pod2 ? null : this.store.nodes.get(focused.slice(5));
    cursor.setAttribute("aria-label", pod2 ? describe(pod2, this.t) : `${node?.name}, ${node ? nodeWords(node, this.t) : ""}`), pod2 ? cursor.dataset.uid = focused : delete cursor.dataset.uid, cursor.dataset.id = focused;
  }
  clear() {
    this.slots.clear(), this.highest.clear(), this.ghosts.clear(), this.boxOf.clear(), this.needsLayout = !0;
  }
  destroy() {
    cancelAnimationFrame(this.frame), this.observer.disconnect(), this.el.remove();
  }
};

// src/keys.js
function nextItem(items, id, key) {
  let at = items.findIndex((item) => item.id === id);
  if (at < 0) return null;
  if (key === "ArrowRight") return items[at + 1] ?? null;
  if (key === "ArrowLeft") return items[at - 1] ?? null;
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  let down = { ArrowDown: 1, ArrowUp: -1 }[key], from = down ? items[at].rect() : null;
  if (!from) return null;
  let middle = (rect) => [rect.left + rect.width / 2, rect.top + rect.height / 2], [x, y] = middle(from), best = null, least = 1 / 0;
  for (let item of items) {
    let rect = item.rect();
    if (!rect) continue;
    let [otherX, otherY] = middle(rect), dy = (otherY - y) * down;
    if (dy < 4) continue;
    let cost = dy * 2 + Math.abs(otherX - x);
    cost < least && ([best, least] = [item, cost]);
  }
  return best;
}

// src/match.js
var KINDS = {
  deploy: "Deployment",
  deployment: "Deployment",
  deployments: "Deployment",
  rs: "ReplicaSet",
  replicaset: "ReplicaSet",
  sts: "StatefulSet",
  statefulset: "StatefulSet",
  ds: "DaemonSet",
  daemonset: "DaemonSet",
  job: "Job",
  jobs: "Job",
  node: "Node",
  no: "Node",
  pod: "Pod",
  po: "Pod"
}, SERVICES = ["svc", "service", "services"], TERM = /^\s*(!?)\s*([A-Za-z0-9_./-]+)\s*(?:(==|=|!=)\s*([A-Za-z0-9_.-]*)|\s(in|notin)\s*\(([^)]*)\))?\s*$/;
function selector(text) {
  let tests = [];
  for (let term of text.split(/,(?![^(]*\))/)) {
    let found = TERM.exec(term);
    if (!found) return null;
    let [, not, key, sign, value, word, list] = found;
    if (not && (sign || word)) return null;
    let values = list?.split(",").map((one) => one.trim());
    sign ? tests.push((labels) => labels[key] === value == (sign !== "!=")) : word ? tests.push((labels) => (labels[key] !== void 0 && values.includes(labels[key])) === (word === "in")) : tests.push((labels) => labels[key] !== void 0 == !not);
  }
  return (labels) => tests.every((test) => test(labels));
}
function looksLikeSelector(text) {
  return /=|^\s*!|\s(in|notin)\s*\(/.test(text);
}
function matcher(text, store) {
  let wanted = text.trim();
  if (!wanted) return null;
  let named = /^([A-Za-z]+)\/([A-Za-z0-9.-]+)$/.exec(wanted);
  if (named) {
    let [, kind, name] = named;
    if (SERVICES.includes(kind.toLowerCase())) {
      let selectors = Object.entries(store.services).filter(([key]) => key.slice(key.indexOf("/") + 1) === name);
      return (pod2) => selectors.some(([key, labels]) => {
        let own = store.labels.get(pod2.labels) ?? {};
        return key.startsWith(`${pod2.namespace}/`) && Object.entries(labels).every(([label2, value]) => own[label2] === value);
      });
    }
    let owner = KINDS[kind.toLowerCase()];
    if (owner === "Node") return (pod2) => pod2.node === name;
    if (owner === "Pod") return (pod2) => pod2.name === name;
    if (owner) return (pod2) => pod2.owner === `${owner}/${name}`;
  }
  if (looksLikeSelector(wanted)) {
    let test = selector(wanted);
    if (test) return (pod2) => test(store.labels.get(pod2.labels) ?? {});
  }
  let low = wanted.toLowerCase();
  return (pod2) => `${pod2.namespace}/${pod2.name} ${pod2.owner} ${pod2.node} ${pod2.state} ${pod2.reason}`.toLowerCase().includes(low);
}
function choices(store) {
  let found = /* @__PURE__ */ new Set();
  for (let pod2 of store.pods.values()) pod2.owner && found.size < 100 && found.add(pod2.owner.replace(/^\w+/, (kind) => kind.toLowerCase()));
  for (let key of Object.keys(store.services)) found.add(`svc/${key.slice(key.indexOf("/") + 1)}`);
  return [...found].sort();
}

// src/motion.js
function isReduced() {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? !1;
}
var Motion = class {
  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store, this.running = /* @__PURE__ */ new Set(), this.births = [];
  }
  /** A Pod has come to its slot from a place. @param {HTMLElement} cell @param {DOMRect} from */
  born(cell, from) {
    this.births.push([cell, from]);
  }
  /** Set what was born since the last call on its way; measured together, since measuring lays the page out. */
  start() {
    let births = this.births;
    if (this.births = [], births.length > 40 || document.hidden || isReduced()) return;
    let ways = births.map(([cell, from]) => ({ cell, from, to: cell.getBoundingClientRect() })).filter(({ to }) => to.width);
    for (let { cell, from, to } of ways) {
      let start = `translate(${from.left - to.left}px, ${from.top - to.top}px)`, animation = cell.animate([{ transform: start, zIndex: 3 }, { transform: "none", zIndex: 3 }], { duration: 450, easing: "cubic-bezier(.3,.1,.2,1)" });
      this.running.add(animation), animation.onfinish = animation.oncancel = () => this.running.delete(animation), this.#pace(animation);
    }
  }
  /** Follow the pace of the simulation. */
  sync() {
    for (let animation of this.running) this.#pace(animation);
  }
  stop() {
    for (let animation of [...this.running]) animation.cancel();
    this.running.clear(), this.births = [];
  }
  #pace(animation) {
    let { paused, speed } = this.store;
    if (paused) return animation.pause();
    animation.playbackRate = Math.max(0.5, Math.min(speed || 1, 8)), animation.playState === "paused" && animation.play();
  }
};

// src/story.js
var Story = class {
  /** @param {import("./store.js").Store} store @param {any} t @param {() => void} onClose */
  constructor(store, t, onClose) {
    this.store = store, this.t = t, this.id = "", this.abort = new AbortController(), this.el = make("div", "k8sm-story", { role: "region", hidden: "", tabindex: "-1" }), this.title = make("h3", "k8sm-story-title");
    let close = make("button", "k8sm-toggle", { type: "button" }, t.close);
    close.onclick = () => this.close(onClose);
    let head = make("div", "k8sm-story-head");
    head.append(this.title, close), this.body = make("div", "k8sm-story-body"), this.el.append(head, this.body);
  }
  get isOpen() {
    return this.id !== "";
  }
  /** @param {string} id a Pod's uid, or `node/NAME` */
  open(id) {
    this.id = id, this.el.hidden = !1, this.answer = null, this.paint(), this.ask();
  }
  close(after = () => {
  }) {
    this.isOpen && (this.id = "", this.el.hidden = !0, after());
  }
  /** Ask for the rest; an answer that comes late for another object is let go. */
  async ask() {
    let id = this.id, order = id.startsWith("node/") ? { do: "story", node: id.slice(5) } : { do: "story", uid: id }, answer = await this.store.order(order, this.abort.signal);
    id === this.id && (answer.ok && (this.answer = answer.story), this.paint());
  }
  /** The picture has changed. @param {Set<string>} changed ids */
  follow(changed) {
    !this.isOpen || !changed.has(this.id) || (this.paint(), this.ask());
  }
  destroy() {
    this.abort.abort();
  }
  paint() {
    let { t, store, id, answer } = this, node = id.startsWith("node/") ? store.nodes.get(id.slice(5)) : null, pod2 = node ? null : store.pods.get(id), facts = [];
    pod2 ? (this.title.textContent = `Pod ${pod2.namespace}/${pod2.name}`, facts.push(["state", stateOf2(pod2, t)]), pod2.message && facts.push(["reason", pod2.message]), pod2.owner && facts.push(["owner", pod2.isOld ? `${pod2.owner} (${t.old})` : pod2.owner]), pod2.revision && facts.push(["revision", pod2.revision]), answer || facts.push(["node", pod2.node || "\u2013"], ["labels", Object.entries(store.labels.get(pod2.labels) ?? {}).map((pair) => pair.join("=")).join(", ")])) : node ? (this.title.textContent = node.name, facts.push(["state", nodeWords(node, t)]), !answer && node.taints.length && facts.push(["taints", node.taints.join(", ")])) : facts.push(["state", t.gone]), answer && facts.push(...answer.facts), this.el.setAttribute("aria-label", this.title.textContent);
    let list = make("dl", "k8sm-facts");
    for (let [key, text] of facts) text && list.append(make("dt", "", {}, t.facts[key] ?? key), make("dd", "", {}, text));
    let parts2 = [list];
    answer?.containers.length && parts2.push(table(t.containers, t.containerColumns, answer.containers)), answer?.conditions.length && parts2.push(table(t.conditions, t.conditionColumns, answer.conditions)), answer?.events.length && parts2.push(table(t.events, t.eventColumns, answer.events.map(([time, ...rest]) => [span3(time), ...rest]))), this.body.replaceChildren(...parts2);
  }
};
function table(title, columns, rows) {
  let wrap = make("div", "k8sm-table"), el = make("table", ""), head = make("tr", "");
  head.append(...columns.map((column) => make("th", "", { scope: "col" }, column)));
  let caption = make("caption", "", {}, title), thead = make("thead", "");
  thead.append(head);
  let body = make("tbody", "");
  for (let row of rows) {
    let line2 = make("tr", "");
    line2.append(...row.map((text) => make("td", "", {}, String(text)))), body.append(line2);
  }
  return el.append(caption, thead, body), wrap.append(el), wrap;
}

// src/table.js
var LIMIT = 500, Table = class {
  /** @param {any} t words */
  constructor(t) {
    this.t = t, this.el = make("div", "k8sm-table", { hidden: "" }), this.body = make("tbody", ""), this.more = make("p", "k8sm-note");
    let table2 = make("table", "", { "aria-label": t.rows }), head = make("thead", ""), row = make("tr", "");
    row.append(...t.columns.map((title) => make("th", "", { scope: "col" }, title))), head.append(row), table2.append(head, this.body), this.el.append(table2, this.more);
  }
  /** @param {boolean} isOn */
  setVisible(isOn) {
    this.el.hidden = !isOn;
  }
  /** @param {import("./store.js").Store} store @param {(pod: any) => boolean} isShown */
  paint(store, isShown) {
    if (this.el.hidden) return;
    let pods = [...store.pods.values()].filter(isShown), compare = (one, other) => one < other ? -1 : one > other ? 1 : 0;
    pods.sort((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name)), this.body.replaceChildren(
      ...pods.slice(0, LIMIT).map((pod2) => {
        let row = make("tr", ""), texts = [pod2.namespace, pod2.name, stateOf2(pod2, this.t), pod2.node || "\u2013", pod2.owner || "\u2013", pod2.revision || "\u2013", String(pod2.restarts)];
        return row.append(...texts.map((text) => make("td", "", {}, text))), row;
      })
    ), this.more.textContent = pods.length > LIMIT ? this.t.more(pods.length - LIMIT) : "";
  }
};

// src/waiting.js
var PLACES = 48, LINES = 4, WaitingRoom = class {
  /** @param {import("./store.js").Store} store @param {any} t words */
  constructor(store, t) {
    this.store = store, this.t = t, this.el = make("div", "k8sm-waiting", { hidden: "", role: "group", "aria-label": t.waiting }), this.title = make("span", "k8sm-name", {}, t.waiting);
    let place2 = make("div", "k8sm-cells");
    this.why = make("ul", "k8sm-why"), this.el.append(this.title, place2, this.why), this.cells = new Cells(place2, store, t, { limit: PLACES });
  }
  /** Why they wait: one line for each reason. @param {import("./store.js").Pod[]} pods */
  paint(pods) {
    this.el.hidden = pods.length === 0;
    let reasons = /* @__PURE__ */ new Map();
    for (let pod2 of pods) {
      let text = pod2.message ? `${pod2.reason}: ${pod2.message}` : stateOf2(pod2, this.t);
      reasons.has(text) || reasons.set(text, []), reasons.get(text).push(pod2.name);
    }
    let lines = [...reasons].slice(0, LINES).map(([text, names]) => {
      let who = names.length === 1 ? names[0] : names.length <= 3 ? names.join(", ") : `${names[0]} ${this.t.more(names.length - 1)}`, line2 = make("li", "k8sm-note");
      return line2.append(make("b", "", {}, who), ` ${text}`), line2;
    });
    reasons.size > LINES && lines.push(make("li", "k8sm-note", {}, this.t.more(reasons.size - LINES))), this.why.replaceChildren(...lines);
  }
};

// src/grid.js
var ANNOUNCE_MS = 1e3, TICK_MS = 250, MOST_CELLS = 600, MOST_NODES = 120, BACK = 0.8, LARGE = 300, TABLE_MS = 500;
function field(label2, hint, value, list = "") {
  let el = make("label", "k8sm-field", {}, label2), input = make("input", "", { type: "search", placeholder: hint, spellcheck: "false", ...list ? { list } : {} });
  return input.value = value, el.append(input), { el, input };
}
function mountGrid(el, store, options = {}) {
  let t = wordsOf(options.language), root = make("section", "k8sm k8sm-grid", { "aria-label": t.label, lang: languageOf(options.language) }), head = make("div", "k8sm-head"), summary = make("span", "k8sm-summary"), clock2 = make("span", "k8sm-clock", { title: t.clock }), listId = `k8sm-${Math.random().toString(36).slice(2)}`, filter = field(t.filter, t.filterHint, options.filter ?? ""), ring = field(t.ring, t.ringHint, options.select ?? "", listId), list = make("datalist", "", { id: listId }), toggle = make("button", "k8sm-toggle", { type: "button", "aria-pressed": "false", title: t.tableTitle }, t.table);
  head.append(summary, filter.el, ring.el, list, clock2, toggle);
  let live = make("p", "k8sm-live", { "aria-live": "polite" }), room = new WaitingRoom(store, t), legend = make("div", "k8sm-legend"), tip = make("div", "k8sm-tip", { role: "tooltip", hidden: "" }), table2 = new Table(t), motion = new Motion(store), current = "", story = new Story(store, t, () => focusOn(current)), body = new Boxes(store, t);
  root.append(head, room.el, body.el, table2.el, story.el, legend, tip, live), el.append(root);
  let inNamespace = (pod2) => !options.namespace || pod2.namespace === options.namespace, tests = { filter: null, ring: null, hover: null }, isShown = (pod2) => inNamespace(pod2) && (!tests.filter || tests.filter(pod2)), drawn = /* @__PURE__ */ new Map();
  function undraw(pod2, leavesGhost) {
    pod2.node ? body.remove(pod2, leavesGhost) : room.cells.remove(pod2.uid, leavesGhost), drawn.delete(pod2.uid);
  }
  function draw2(pod2, isWhole) {
    if (!inNamespace(pod2)) return;
    let before = drawn.get(pod2.uid), from = null;
    before && before.node !== pod2.node && (from = room.cells.cells.get(pod2.uid)?.getBoundingClientRect() ?? null, undraw(before, !1)), drawn.set(pod2.uid, pod2);
    let cell = pod2.node ? body.put(pod2) : room.cells.put(pod2);
    cell && pod2.node && !isWhole && motion.born(cell, from ?? (room.el.hidden ? head : room.el).getBoundingClientRect());
  }
  function chooseBody() {
    let isCanvas = body instanceof Canvas, factor = isCanvas ? BACK : 1, wantsCanvas = drawn.size > MOST_CELLS * factor || store.nodes.size > MOST_NODES * factor;
    if (root.dataset.size = drawn.size > LARGE ? "small" : "large", wantsCanvas === isCanvas) return;
    motion.stop();
    let next = wantsCanvas ? new Canvas(store, t) : new Boxes(store, t);
    body.el.replaceWith(next.el), body.destroy(), body = next;
    for (let node of store.nodes.values()) body.node(node);
    body.order();
    for (let pod2 of drawn.values()) pod2.node && body.put(pod2);
    mark();
  }
  function apply(change) {
    let lists = [change.pods, change.gone, change.nodes, change.goneNodes], hasChanged = change.key || lists.some((list2) => list2.length > 0) || !!change.frame?.services, held = change.key && root.contains(document.activeElement) ? idOf(document.activeElement) : "";
    change.key && (motion.stop(), room.cells.clear(), body.clear(), drawn.clear());
    for (let name of change.goneNodes) body.removeNode(name);
    for (let node of change.nodes) body.node(node);
    (change.key || change.nodes.length || change.goneNodes.length) && body.order();
    for (let pod2 of change.gone) drawn.has(pod2.uid) && undraw(drawn.get(pod2.uid), !0);
    for (let pod2 of change.pods) draw2(pod2, change.key);
    hasChanged && (chooseBody(), (change.key || change.frame?.services) && readTests(), paintWords(), (tests.filter || tests.ring) && mark(), story.follow(new Set([...change.pods, ...change.gone].map((pod2) => pod2.uid).concat(change.nodes.map((node) => `node/${node.name}`)))), story.isOpen && change.key && story.paint(), followTip()), (change.frame?.services || change.key) && list.replaceChildren(...choices(store).map((text) => make("option", "", { value: text }))), body.flush(), motion.start(), motion.sync(), rove(), paintClock(), root.dataset.frames = String(store.frames), root.dataset.mode = body instanceof Canvas ? "canvas" : "elements", held && idOf(document.activeElement) !== held && focusOn(held);
  }
  function paintWords() {
    let counts = {}, waiting = [], own = 0, shown = 0, all = 0;
    for (let pod2 of drawn.values())
      all += 1, pod2.namespace !== SYSTEM2 && (own += 1), pod2.node || waiting.push(pod2), !(tests.filter && !tests.filter(pod2)) && (shown += 1, counts[pod2.state] = (counts[pod2.state] ?? 0) + 1);
    room.paint(waiting);
    let used = Object.keys(STATES).filter((state) => counts[state]);
    summary.textContent = tests.filter ? t.shown(shown, all) : t.summary(store.nodes.size, all, own), root.dataset.counts = JSON.stringify(counts);
    let said = used.map((state) => `${counts[state]} ${t.states[state]}`);
    paintLegend(used, counts), announce2(t.joined(said)), table2.el.hidden || tableSoon();
  }
  function paintLegend(used, counts) {
    legend.dataset.used !== used.join() && (legend.dataset.used = used.join(), legend.replaceChildren(
      ...used.map((state) => {
        let item = make("span", "k8sm-key"), cell = make("span", `k8sm-cell k8sm-${state}`, { "aria-hidden": "true" });
        return cell.append(make("span", "k8sm-glyph", {}, STATES[state].glyph)), item.append(cell, make("span", "")), item;
      }),
      ...["requested", "used"].map((word) => {
        let item = make("span", "k8sm-key");
        return item.append(make("span", `k8sm-sample k8sm-sample-${word}`, { "aria-hidden": "true" }), make("span", "", {}, t[word])), item;
      })
    )), used.forEach((state, index) => legend.children[index].lastChild.textContent = `${t.states[state]} ${counts[state]}`);
  }
  let announced = "", announceTimer = 0, latest = "";
  function announce2(text) {
    latest = text, !(latest === announced || announceTimer) && (announceTimer = window.setTimeout(() => {
      announceTimer = 0, announced = latest, live.textContent = latest;
    }, ANNOUNCE_MS));
  }
  let tableTimer = 0;
  function tableSoon() {
    tableTimer ||= window.setTimeout(() => {
      tableTimer = 0, table2.paint(store, isShown);
    }, TABLE_MS);
  }
  let clockText = "";
  function paintClock() {
    let seconds = Math.floor(store.now() / 1e6), time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`, text = store.isLast ? `${t.last}, ${time}` : store.paused ? `${time}, ${t.paused}` : store.speed && store.speed !== 1 ? `${time}, ${store.speed}\xD7` : time;
    text !== clockText && (clock2.textContent = clockText = text);
  }
  function mark() {
    let both = tests.ring ?? tests.hover;
    room.cells.mark(both, tests.filter), body.mark(both, tests.filter);
  }
  function readTests() {
    tests.filter = matcher(filter.input.value, store), tests.ring = matcher(ring.input.value, store);
  }
  function readFields() {
    readTests(), mark(), paintWords(), tests.ring && announce2(t.ringed([...drawn.values()].filter(tests.ring).length)), table2.paint(store, isShown);
  }
  function showTable(isOn) {
    let isInside = root.contains(document.activeElement);
    toggle.setAttribute("aria-pressed", String(isOn)), root.classList.toggle("k8sm-as-table", isOn), table2.setVisible(isOn), isOn && table2.paint(store, isShown), isInside && toggle.focus();
  }
  let roomItems = () => [...room.cells.el.querySelectorAll(".k8sm-cell")].map((cell) => ({ id: cell.dataset.uid, el: cell, rect: () => cell.getBoundingClientRect() })), items = () => [...room.el.hidden ? [] : roomItems(), ...body.items()], idOf = (target) => target.dataset?.id ?? target.dataset?.uid ?? (target.dataset?.nodename ? `node/${target.dataset.nodename}` : ""), stop = null;
  function rove() {
    stop?.isConnected || (stop = body.el.querySelector(".k8sm-nodename, .k8sm-cursor"), stop && (stop.tabIndex = 0));
  }
  function focusItem(item) {
    item.show?.(), stop && stop !== item.el && (stop.tabIndex = -1), stop = item.el, stop.tabIndex = 0, current = item.id, item.el.focus(), showTip(item.id, item.rect());
  }
  function focusOn(id) {
    let item = items().find((one) => one.id === id);
    item && focusItem(item);
  }
  let told = "";
  function followTip() {
    if (tip.hidden) return;
    let pod2 = store.pods.get(told);
    !pod2 && !store.nodes.has(told.slice(5)) ? hideTip() : pod2 && (tip.firstChild.textContent = describe(pod2, t, store.now()));
  }
  function showTip(id, rect, lens = null) {
    let pod2 = store.pods.get(id), node = pod2 ? null : store.nodes.get(id.slice(5));
    if (!pod2 && !node || !rect) return hideTip();
    let text = pod2 ? describe(pod2, t, store.now()) : `${node.name}, ${nodeWords(node, t)}, ${t.nodePods(node.pods[0])}`, why = pod2?.message ? [make("div", "k8sm-tip-why", {}, pod2.message)] : [];
    tip.replaceChildren(make("div", "", {}, text), ...why, ...lens ? [lens] : []), tip.hidden = !1, told = id;
    let outer = root.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(rect.left - outer.left, outer.width - tip.offsetWidth - 6))}px`;
    let below = rect.bottom - outer.top + 6, above = rect.top - outer.top - tip.offsetHeight - 6;
    tip.style.top = `${below + tip.offsetHeight > outer.height && above >= 0 ? above : below}px`, hover(pod2?.owner ?? "");
  }
  function hideTip() {
    tip.hidden = !0, hover("");
  }
  let hovered = "";
  function hover(owner) {
    owner !== hovered && (hovered = owner, tests.hover = owner ? (pod2) => pod2.owner === owner : null, tests.ring || mark());
  }
  let abort = new AbortController();
  ownKeys(root, abort.signal);
  let listen = (target, type, handler) => target.addEventListener(type, handler, { signal: abort.signal });
  listen(toggle, "click", () => showTable(toggle.getAttribute("aria-pressed") !== "true")), listen(filter.input, "input", readFields), listen(ring.input, "input", readFields), listen(root, "keydown", (event) => {
    if (event.target.matches?.("input")) return;
    if (event.key === "Escape") return story.isOpen ? story.close(() => focusOn(current)) : hideTip();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "t") return showTable(toggle.getAttribute("aria-pressed") !== "true");
    let id = idOf(event.target), next = id ? nextItem(items(), id, event.key) : null;
    next && (event.preventDefault(), focusItem(next));
  });
  let spot = (event) => {
    let target = event.target;
    if (target === body.canvas || target.matches?.(".k8sm-cursor")) return event.type.startsWith("focus") ? { id: idOf(target), rect: target.getBoundingClientRect() } : body.at(event);
    let id = idOf(target.closest?.(".k8sm-cell[data-uid], .k8sm-nodename") ?? {});
    return id ? { id, rect: target.getBoundingClientRect() } : null;
  };
  listen(root, "click", (event) => {
    let found = event.detail === 0 && idOf(event.target) ? { id: idOf(event.target) } : spot(event);
    found && (current = found.id, body instanceof Canvas && !room.cells.cells.has(found.id) && body.show(found.id), hideTip(), story.open(found.id), story.el.focus());
  }), listen(root, "pointermove", (event) => {
    let found = spot(event);
    found ? showTip(found.id, found.rect, event.target === body.canvas ? body.lens(event) : null) : tip.hidden || hideTip();
  }), listen(root, "pointerleave", hideTip), listen(root, "focusin", (event) => {
    let found = event.target.matches?.(".k8sm-cell[data-uid], .k8sm-nodename, .k8sm-cursor") ? spot(event) : null;
    found && (current = found.id, showTip(found.id, found.rect));
  }), listen(root, "focusout", hideTip);
  let untheme = onTheme(root, () => body.repaint?.()), unsubscribe = store.subscribe(apply), rest = store.every(TICK_MS, () => {
    paintClock(), room.cells.tick(), body.tick(), motion.sync();
  });
  return store.frames && apply({ key: !0, nodes: [...store.nodes.values()], goneNodes: [], pods: [...store.pods.values()], gone: [] }), readFields(), () => {
    unsubscribe(), untheme(), abort.abort(), rest(), clearTimeout(announceTimer), clearTimeout(tableTimer), motion.stop(), story.destroy(), room.cells.clear(), body.destroy(), root.remove();
  };
}

// src/rollout_picture.js
var SIDE = 14, BAR = { top: 20, height: 34, all: 92 }, STREAM = { top: 18, bottom: 122, left: 34, all: 146 }, LABEL = 74, made = 0;
function patterns() {
  made += 1;
  let ids = { old: `k8sm-old-${made}`, unready: `k8sm-unready-${made}`, fault: `k8sm-fault-${made}` }, pattern = (id, size, turn, children) => draw("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse", ...turn ? { patternTransform: `rotate(${turn})` } : {} }, children), defs = draw("defs", {}, [
    pattern(ids.old, 7, 45, [draw("rect", { width: 2.2, height: 7, class: "k8sm-hatch" })]),
    pattern(ids.unready, 6, 0, [draw("circle", { cx: 2, cy: 2, r: 1, class: "k8sm-dot" })]),
    pattern(ids.fault, 6, -45, [draw("rect", { width: 2.5, height: 6, class: "k8sm-fault" })])
  ]);
  return { ids, defs };
}
function label(x, y, text, width, attributes = {}) {
  let half = [...text].reduce((sum, letter) => sum + (letter > "\u2E7F" ? 5.7 : 2.9), 0), anchor = x - half < 2 ? "start" : x + half > width - 2 ? "end" : "middle", at = anchor === "start" ? 2 : anchor === "end" ? width - 2 : x;
  return draw("text", { x: at, y, "text-anchor": anchor, ...attributes }, [text]);
}
function beside(x, line2) {
  return Math.abs(x - line2) < 20 ? line2 - 24 : x;
}
function part2(index, box, unit, failing, ids) {
  let { x, y, width, height } = box;
  if (width < 0.4) return [];
  let kind = PARTS[index], isOld = index < 2, isReady = index === 0 || index === 3, drawn = [];
  if (isReady) drawn.push(draw("rect", { x, y, width, height, class: "k8sm-good" }));
  else {
    drawn.push(draw("rect", { x: x + 1, y: y + 1, width: Math.max(0, width - 2), height: height - 2, class: "k8sm-half" })), drawn.push(draw("rect", { x: x + 1, y: y + height / 2, width: Math.max(0, width - 2), height: height / 2 - 1, class: "k8sm-soft" }));
    let bad = Math.min(width, failing * unit);
    bad > 0 && drawn.push(draw("rect", { x, y, width: bad, height, class: "k8sm-bad" }));
    for (let at = 0; unit >= 12 && at < failing; at += 1) drawn.push(draw("text", { x: x + (at + 0.5) * unit, y: y + height / 2 + 5, class: "k8sm-shout" }, ["!"]));
  }
  isOld && drawn.push(draw("rect", { x, y, width, height, fill: `url(#${ids.old})` }));
  for (let at = 1; unit >= 6 && at < width / unit - 0.01; at += 1) drawn.push(draw("path", { d: `M${x + at * unit} ${y}V${y + height}`, class: "k8sm-seam" }));
  return [draw("g", { "data-part": kind }, drawn)];
}
function drawBar(rollout, now, width, words, tweened, ids) {
  let axis = axisEnd(rollout), unit = (width - 2 * SIDE) / axis, x = (count2) => SIDE + count2 * unit, { top, height } = BAR, [low, high, desired] = [rollout.counts[6], rollout.counts[7], rollout.counts[5]], counts = countsAt(rollout.points, now, tweened), drawn = [
    draw("rect", { x: x(0), y: top, width: unit * axis, height, class: "k8sm-axis" }),
    draw("rect", { x: x(low), y: top - 7, width: Math.max(1, x(high) - x(low)), height: height + 14, class: "k8sm-band" }),
    draw("path", { d: `M${x(low)} ${top - 7}v${height + 14}M${x(high)} ${top - 7}v${height + 14}`, class: "k8sm-edge" })
  ];
  segments(counts).forEach(([from, to], index) => {
    let failing = index === 1 ? rollout.oldFailing : index === 2 ? rollout.failing : 0;
    drawn.push(...part2(index, { x: x(from), y: top, width: x(to) - x(from), height }, unit, failing, ids)), unit < 6 && x(to) - x(from) > 26 && drawn.push(draw("text", { x: beside((x(from) + x(to)) / 2, x(desired)), y: top + 22, class: "k8sm-count" }, [String(Math.round(to - from))]));
  }), drawn.push(draw("path", { d: `M${x(desired)} ${top - 8}v${height + 16}`, class: "k8sm-desired" })), drawn.push(label(x(desired), 10, words.desired(desired), width, { class: "k8sm-strong" }));
  let every = unit >= 22 ? 1 : countStep(axis);
  for (let count2 = 0; count2 <= axis; count2 += every) drawn.push(draw("text", { x: x(count2), y: top + height + 19, "text-anchor": "middle" }, [String(count2)]));
  return drawn.push(label((x(low) + x(high)) / 2, BAR.all - 3, words.band(low, high), width, { class: "k8sm-bandtext" })), { drawn, height: BAR.all };
}
function drawStream(rollout, now, width, words, ids) {
  let axis = axisEnd(rollout), { points } = rollout, [start, end] = stretch(rollout, now), until = rollout.end === null ? Math.max(now, points.at(-1)?.[0] ?? now) : end, { top, bottom, left } = STREAM, x = (time) => left + (time - start) / (end - start) * (width - left - SIDE), y = (count2) => bottom - count2 / axis * (bottom - top), band = points.map((point) => [point[0], point[7], point[8] - point[7], 0, 0]), drawn = [draw("rect", { x: left, y: top, width: width - left - SIDE, height: bottom - top, class: "k8sm-axis" })];
  drawn.push(draw("path", { d: area(band, 1, until, x, y), class: "k8sm-band" })), PARTS.forEach((kind, index) => {
    let outline = area(points, index, until, x, y);
    if (!outline) return;
    let isReady = index === 0 || index === 3, layers = [draw("path", { d: outline, class: isReady ? "k8sm-good" : "k8sm-soft" })];
    isReady || layers.push(draw("path", { d: outline, fill: `url(#${ids.unready})` })), index < 2 && layers.push(draw("path", { d: outline, fill: `url(#${ids.old})` })), drawn.push(draw("g", { "data-part": kind }, layers));
  });
  for (let edge of [6, 7]) drawn.push(draw("path", { d: stair(points, (counts) => counts[edge], until, x, y), class: "k8sm-edge" }));
  for (let [which, look] of [[5, "k8sm-wish"], [4, "k8sm-available"]]) {
    let d = stair(points, (counts) => counts[which], until, x, y);
    drawn.push(draw("path", { d, class: "k8sm-halo" }), draw("path", { d, class: look }));
  }
  let missing = area(outside(rollout), 1, until, x, y);
  missing && drawn.push(draw("path", { d: missing, fill: `url(#${ids.fault})`, "data-left": "" }));
  for (let [from, to] of rollout.leavings) {
    let middle = (Math.max(start, from) + (to ?? until)) / 2;
    drawn.push(draw("text", { x: x(middle), y: top + 16, class: "k8sm-shout k8sm-left" }, ["!"]));
  }
  let last = -LABEL;
  for (let [time, text] of rollout.marks)
    time < start || (drawn.push(draw("path", { d: `M${x(time)} ${top - 4}V${bottom}`, class: "k8sm-mark" })), !(x(time) - last < LABEL) && (last = x(time), drawn.push(draw("text", { x: Math.min(last + 3, width - SIDE - LABEL), y: top - 6 }, [words.mark(text)]))));
  rollout.end === null && drawn.push(draw("path", { d: `M${x(until)} ${top - 4}V${bottom + 4}`, class: "k8sm-now" }));
  let heights = [points.at(-1)?.[6] ?? 0, 0, axis].filter((value, index, all) => all.findIndex((other) => Math.abs(y(other) - y(value)) < 12) === index);
  for (let value of heights) drawn.push(draw("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, [String(value)]));
  let origin = rollout.marks.find(([time]) => time >= start)?.[0] ?? points[1]?.[0] ?? start, step = tick(end - start);
  for (let time = origin - Math.floor((origin - start) / step) * step; time <= end; time += step)
    drawn.push(draw("path", { d: `M${x(time)} ${bottom}v4`, class: "k8sm-mark" })), x(time) < width - SIDE - 8 && drawn.push(draw("text", { x: x(time), y: bottom + 18, "text-anchor": "middle" }, [span(time - origin)]));
  return { drawn, height: STREAM.all, timeAt: (at) => start + (at - left) / (width - left - SIDE) * (end - start), until, since: (time) => time - origin < 1e7 ? `${((time - origin) / 1e6).toFixed(1)}s` : span(time - origin) };
}

// src/rollout_card.js
var GLYPHS = { rolling: "\u21BB", done: "\u2713", paused: "\u2016", stuck: "!" }, Card = class {
  /** @param {any} words @param {(verb: string, rollout: any) => Promise<{ok: boolean, text: string}>} command */
  constructor(words, command) {
    this.words = words, this.el = make("article", "k8sm-rollout"), this.name = make("h3", "k8sm-name"), this.place = make("span", "k8sm-note"), this.state = make("span", "k8sm-chip"), this.answer = make("span", "k8sm-note k8sm-answer", { role: "status" });
    let buttons = make("span", "k8sm-verbs");
    this.toggle = make("button", "k8sm-button", { type: "button" }), this.undo = make("button", "k8sm-button", { type: "button", "data-verb": "undo" }, words.undo), buttons.append(this.toggle, this.undo);
    let head = make("header", "k8sm-rollout-head");
    head.append(this.name, this.place, this.state, buttons), this.sentence = make("p", "k8sm-sentence"), this.ends = make("div", "k8sm-ends");
    let { ids, defs } = patterns();
    this.ids = ids, this.bar = draw("svg", { class: "k8sm-bar", role: "img" }), this.stream = draw("svg", { class: "k8sm-stream", role: "img" }), this.defs = draw("svg", { width: 0, height: 0, class: "k8sm-defs", "aria-hidden": "true" }, [defs]), this.tip = make("div", "k8sm-tip", { hidden: "" }), this.legend = make("ul", "k8sm-legend"), this.trouble = make("div", "k8sm-trouble"), this.el.append(head, this.answer, this.sentence, this.trouble, this.ends, this.bar, this.stream, this.legend, this.defs, this.tip), this.stream.onpointermove = (event) => this.#point(event), this.stream.onpointerleave = () => this.tip.hidden = !0;
    for (let button2 of [this.toggle, this.undo])
      button2.onclick = async () => {
        button2.setAttribute("aria-busy", "true");
        let verb = button2.dataset.verb;
        this.revision = this.rollout.new?.revision;
        let answer = await command(verb, this.rollout);
        button2.removeAttribute("aria-busy"), this.isAwaited = answer.ok && verb === "undo", this.answer.textContent = answer.text, this.answer.classList.toggle("k8sm-refused", !answer.ok);
      };
  }
  /** What is text: changes only with the frames. @param {import("./rollout_data.js").Rollout} rollout */
  tell(rollout) {
    let { words } = this;
    this.rollout = rollout;
    let state = stateOf(rollout);
    this.#forget(rollout.new?.revision), this.el.dataset.name = rollout.name, this.el.dataset.state = state, this.el.dataset.counts = JSON.stringify(rollout.counts), this.el.setAttribute("aria-label", rollout.name), this.name.textContent = rollout.name, this.place.textContent = words.in(rollout.namespace), this.state.textContent = `${GLYPHS[state]} ${words.states[state]}`, this.toggle.textContent = rollout.paused ? words.resume : words.pause, this.toggle.dataset.verb = rollout.paused ? "resume" : "pause";
    for (let button2 of [this.toggle, this.undo]) button2.title = `kubectl rollout ${button2.dataset.verb} deployment/${rollout.name}`;
    this.sentence.textContent = rollout.sentence, this.ends.replaceChildren(this.#end(rollout.old, "k8sm-end"), this.#end(rollout.new, "k8sm-end k8sm-end-new")), this.legend.replaceChildren(...this.#keys(rollout)), this.trouble.replaceChildren(...this.#troubles(rollout)), this.bar.setAttribute("aria-label", this.describe(rollout)), this.stream.setAttribute("aria-label", `${words.stream}: ${rollout.name}`);
  }
  /** An answer stands until there is another revision than the one it was about. */
  #forget(revision) {
    revision !== this.revision && (this.isAwaited || (this.answer.textContent = ""), this.isAwaited = !1, this.revision = revision);
  }
  /** What is drawn: a function of simulated time. @param {number} now @param {boolean} tweened */
  paint(now, tweened) {
    let width = Math.max(280, this.el.clientWidth - 24);
    this.picture = drawStream(this.rollout, now, width, this.words, this.ids);
    for (let [svg, picture] of [
      [this.bar, drawBar(this.rollout, now, width, this.words, tweened, this.ids)],
      [this.stream, this.picture]
    ])
      svg.setAttribute("viewBox", `0 0 ${width} ${picture.height}`), svg.setAttribute("width", String(width)), svg.setAttribute("height", String(picture.height)), svg.replaceChildren(...picture.drawn);
  }
  /** Without a kernel there is nothing to command. @param {boolean} isOn */
  setEnabled(isOn) {
    for (let button2 of [this.toggle, this.undo]) button2.disabled = !isOn;
  }
  /** @param {number} now */
  isMoving(now) {
    return isMoving(this.rollout, now);
  }
  /** What stood at the instant under the pointer. */
  #point(event) {
    let { left, width } = this.stream.getBoundingClientRect(), card = this.el.getBoundingClientRect(), inner = Number(this.stream.getAttribute("width")), time = this.picture.timeAt((event.clientX - left) / width * inner), { points } = this.rollout;
    if (this.tip.hidden = !points.length || time < points[0][0] || time > this.picture.until, this.tip.hidden) return;
    let counts = countsAt(points, time, !1), parts2 = PARTS.map((_, index) => counts[index] ? `${counts[index]} ${this.words.parts[index]}` : "").filter(Boolean);
    this.tip.textContent = [this.picture.since(time), ...parts2, `${counts[4]} ${this.words.available}`].join(" \xB7 "), this.tip.style.top = `${this.stream.getBoundingClientRect().top - card.top - 24}px`, this.tip.style.left = `${Math.max(0, Math.min(event.clientX - card.left - 60, card.width - this.tip.offsetWidth - 8))}px`;
  }
  /** In words, as a screen reader and the live region say it. */
  describe(rollout) {
    let { words } = this, counts = PARTS.map((_, index) => `${rollout.counts[index]} ${words.parts[index]}`);
    return `${rollout.name}: ${counts.join("; ")}; ${words.desired(rollout.counts[5])}`;
  }
  #end(side, className) {
    let { words } = this, el = make("span", className);
    if (!side)
      return el.append(make("span", "k8sm-note", {}, words.noOld)), el;
    let title = side.revision.includes(",") ? words.revisions(side.revision) : words.revision(side.revision);
    return el.append(make("strong", "", {}, title), make("code", "", {}, side.images.join(", "))), side.pods || el.append(make("span", "k8sm-note", {}, words.gone)), el;
  }
  #keys(rollout) {
    let { words } = this, keys = PARTS.map((kind, index) => {
      let swatch = draw("svg", { width: 18, height: 16, viewBox: "0 0 18 16", "aria-hidden": "true" }, part2(index, { x: 0, y: 0, width: 18, height: 16 }, 18, 0, this.ids)), key = make("li", "k8sm-key", { "data-key": kind }), failing = index === 1 ? rollout.oldFailing : index === 2 ? rollout.failing : 0;
      return key.append(swatch, make("b", "", {}, String(rollout.counts[index])), words.parts[index]), failing && key.append(make("span", "k8sm-failing", {}, `! ${words.failing(failing)}`)), key;
    }), line2 = make("li", "k8sm-key");
    return line2.append(draw("svg", { width: 18, height: 16, "aria-hidden": "true" }, [draw("path", { d: "M0 8H18", class: "k8sm-available" })]), make("b", "", {}, String(rollout.counts[4])), words.available), keys.push(line2), rollout.terminating && keys.push(make("li", "k8sm-key", {}, `\xD7 ${words.terminating(rollout.terminating)}`)), keys;
  }
  #troubles(rollout) {
    let { words } = this, lines = [];
    rollout.isStuck && lines.push(this.#trouble("k8sm-stuck", words.why, rollout.stuck));
    for (let [reason, pods, message] of rollout.reasons.slice(0, 4))
      lines.push(this.#trouble(rollout.isStuck ? "k8sm-stuck" : "k8sm-waits", words.notReady, `${words.pods(pods)}: ${reason}`, message));
    for (let [from, to, fault] of rollout.leavings.slice(-2)) {
      let origin = rollout.marks[0]?.[0] ?? rollout.points[1]?.[0] ?? from, at = from < origin ? words.before(span(origin - from)) : words.after(span(from - origin));
      lines.push(this.#trouble("k8sm-stuck", words.bandLeft, words.leftAt(words.left[fault] ?? fault, at, to === null ? words.still : words.for(span(to - from)))));
    }
    return lines;
  }
  #trouble(className, title, text, message = "") {
    let line2 = make("p", className);
    return line2.append(make("b", "", {}, className === "k8sm-stuck" ? `! ${title}` : title), ` ${text}`), message && line2.append(make("span", "k8sm-note k8sm-message", { title: message }, message)), line2;
  }
};

// src/rollout.js
var ANNOUNCE_MS2 = 1e3, SLOW_MS = 250;
function mountRollout(el, store, options = {}) {
  let words = rolloutWords(options.language), { namespace = "" } = options, names = options.names ?? [], root = make("section", "k8sm k8sm-rollouts", { "aria-label": words.title, lang: languageOf(options.language) }), head = make("header", "k8sm-head"), title = make("span", "k8sm-summary", {}, words.title), toggle = make("button", "k8sm-toggle", { type: "button", "aria-pressed": "false", title: words.tableTitle }, words.table);
  head.append(title, make("span", "k8sm-clock"), toggle);
  let none = make("p", "k8sm-note", { hidden: "" }), list = make("div", "k8sm-rollout-list"), table2 = make("div", "k8sm-table", { hidden: "" }), live = make("p", "k8sm-live", { "aria-live": "polite" });
  root.append(head, none, list, table2, live), el.append(root);
  let still = window.matchMedia?.("(prefers-reduced-motion: reduce)"), cards = /* @__PURE__ */ new Map(), command = (verb, rollout) => store.order({ do: "rollout", verb, name: rollout.name, namespace: rollout.namespace }, abort.signal);
  function tell() {
    let shown = chosen(store.rollouts, namespace, names);
    for (let [uid, card] of cards)
      shown.some((one) => one.uid === uid) || (card.el.remove(), cards.delete(uid));
    shown.forEach((rollout, index) => {
      let card = cards.get(rollout.uid);
      card || cards.set(rollout.uid, card = new Card(words, command)), card.rollout !== rollout && card.tell(rollout), card.setEnabled(!store.isLast), list.children[index] !== card.el && list.insertBefore(card.el, list.children[index] ?? null);
    });
    let missing = names.filter((name) => !shown.some((one) => one.name === name));
    none.hidden = shown.length > 0 && missing.length === 0, none.textContent = missing.length ? words.notFound(missing.join(", ")) : words.none, table2.hidden || paintTable(shown), announce2(shown.map((one) => one.sentence).join(" "));
  }
  let frame = 0;
  function paint() {
    cancelAnimationFrame(frame);
    let now = store.now();
    for (let card of cards.values()) card.paint(now, !still?.matches);
    store.paused || !store.speed || !still?.matches && [...cards.values()].some((card) => card.isMoving(now)) && (frame = requestAnimationFrame(paint));
  }
  function beat() {
    let all = [...cards.values()];
    for (let card of all) card.setEnabled(!store.isLast);
    !store.paused && store.speed && all.some((card) => card.rollout.end === null) && paint();
  }
  function paintTable(shown) {
    let row = (cells, tag) => {
      let line2 = make("tr", "");
      return line2.append(...cells.map((text) => make(tag, "", tag === "th" ? { scope: "col" } : {}, String(text)))), line2;
    }, grid = make("table", "", { "aria-label": words.title }), [top, body] = [make("thead", ""), make("tbody", "")];
    top.append(row(words.columns, "th")), body.append(...shown.map((one) => row([`${one.namespace}/${one.name}`, ...one.counts, one.sentence], "td"))), grid.append(top, body), table2.replaceChildren(grid);
  }
  function showTable(isOn) {
    let isInside = root.contains(document.activeElement);
    toggle.setAttribute("aria-pressed", String(isOn)), table2.hidden = !isOn, list.hidden = isOn, tell(), paint(), isInside && toggle.focus();
  }
  let announced = "", announcing = 0;
  function announce2(text) {
    text === announced || announcing || (announcing = window.setTimeout(() => {
      announcing = 0, announced = chosen(store.rollouts, namespace, names).map((one) => one.sentence).join(" "), live.textContent = announced;
    }, ANNOUNCE_MS2));
  }
  let abort = new AbortController();
  ownKeys(root, abort.signal);
  let listen = (target, type, handler) => target.addEventListener(type, handler, { signal: abort.signal });
  listen(toggle, "click", () => showTable(toggle.getAttribute("aria-pressed") !== "true")), listen(root, "keydown", (event) => {
    event.key === "t" && !event.ctrlKey && !event.metaKey && !event.altKey && showTable(toggle.getAttribute("aria-pressed") !== "true");
  });
  let untheme = onTheme(root), resized = new ResizeObserver(() => paint());
  resized.observe(root);
  let unsubscribe = store.subscribe(() => {
    tell(), paint(), root.dataset.frames = String(store.frames);
  }), rest = store.every(SLOW_MS, beat);
  return tell(), paint(), () => {
    unsubscribe(), untheme(), resized.disconnect(), abort.abort(), cancelAnimationFrame(frame), rest(), clearTimeout(announcing), root.remove();
  };
}

// src/traffic_picture.js
var WIDTH = 320, HEIGHT = 104, FLOOR = 76, BARS = 26, SECONDS = 60, Latency = class {
  /** @param {any} words */
  constructor(words) {
    this.words = words, this.el = make("figure", "k8sm-t-figure"), this.svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "k8sm-t-latency" }), this.el.append(make("figcaption", "k8sm-t-caption", {}, words.latency), this.svg);
  }
  /** @param {import("./traffic_data.js").Load} load */
  paint(load) {
    let { latency } = load, ticks = ["p50", "p95", "p99"].map((name) => [name, latency[name]]), label2 = latency.p50 === null ? this.words.noLatency : ticks.map(([name, value]) => `${name} ${span2(value)}`).join(", ");
    if (this.svg.setAttribute("aria-label", `${this.words.latency}: ${label2}`), latency.p50 === null) {
      this.svg.replaceChildren(draw("text", { x: WIDTH / 2, y: 44, "text-anchor": "middle", class: "k8sm-t-dim" }, [label2]));
      return;
    }
    let found = bars(latency.buckets, BARS), most = Math.max(...found.map((bar) => bar.count)), step = WIDTH / BARS, shapes = found.map((bar, place3) => {
      let height = bar.count ? Math.max(1, bar.count / most * (FLOOR - 8)) : 0, title = draw("title", {}, [`${span2(Math.round(bar.from))} \u2013 ${span2(Math.round(bar.to))}: ${Math.round(bar.count).toLocaleString()}`]);
      return draw("rect", { x: place3 * step + 0.75, y: FLOOR - height, width: step - 1.5, height, rx: 1.5, class: "k8sm-t-bin" }, [title]);
    }), low = Math.log(found[0].from), high = Math.log(found[BARS - 1].to), place2 = (value) => Math.min(WIDTH - 2, Math.max(2, (Math.log(value) - low) / (high - low) * WIDTH));
    shapes.push(draw("path", { d: `M0 ${FLOOR + 0.5}H${WIDTH}`, class: "k8sm-t-floor" }));
    let spots = ticks.map(([name, value]) => ({ name, value, at: place2(value), label: 0 })), room = 88;
    spots.forEach((spot) => spot.label = spot.at);
    for (let index = 1; index < spots.length; index += 1) spots[index].label = Math.max(spots[index].label, spots[index - 1].label + room);
    let limit = WIDTH - room / 2;
    for (let index = spots.length - 1; index >= 0; index -= 1)
      spots[index].label = Math.max(room / 2 - 6 + index * room, Math.min(spots[index].label, limit)), limit = spots[index].label - room;
    for (let { name, value, at, label: spot } of spots)
      shapes.push(
        draw("path", { d: `M${at.toFixed(1)} 4V${FLOOR + 4}`, class: "k8sm-t-tick" }),
        draw("path", { d: `M${at.toFixed(1)} ${FLOOR + 4}L${spot.toFixed(1)} ${FLOOR + 13}`, class: "k8sm-t-lead" }),
        draw("text", { x: spot, y: HEIGHT - 4, "text-anchor": "middle", class: "k8sm-t-figuretext" }, [draw("tspan", { class: "k8sm-t-dim" }, [`${name} `]), draw("tspan", { class: "k8sm-t-strong" }, [span2(value)])])
      );
    this.svg.replaceChildren(...shapes);
  }
}, Stream = class {
  /** @param {any} words */
  constructor(words) {
    this.words = words, this.el = make("figure", "k8sm-t-figure"), this.svg = draw("svg", { viewBox: `0 0 ${WIDTH} 84`, role: "img", class: "k8sm-t-stream" }), this.el.append(make("figcaption", "k8sm-t-caption", {}, words.stream), this.svg);
  }
  /** @param {import("./traffic_data.js").Load} load @param {string} hatch */
  paint(load, hatch) {
    let newest = Math.floor((load.now - 1) / 1e6), shown = load.series.filter(([second]) => second > newest - SECONDS), whole = load.running ? shown.filter(([second]) => second < newest) : shown, most = Math.max(1, ...whole.map(([, sent, failed]) => Math.max(sent, failed))), step = WIDTH / SECONDS, shapes = [];
    for (let [second, sent, failed] of whole) {
      let x = (second - newest + SECONDS - 1) * step + 0.5, lost = failed ? Math.max(3, Math.min(failed, sent || failed) / most * 54) : 0, good = Math.max(0, sent / most * 54 - lost);
      if (shapes.push(draw("rect", { x, y: 62 - good, width: step - 1, height: good, class: "k8sm-t-good" })), lost) {
        let box = { x, y: 62 - good - lost, width: step - 1, height: lost };
        shapes.push(draw("rect", { ...box, class: "k8sm-t-lost" }), draw("rect", { ...box, fill: hatch }));
      }
    }
    let lostInAll = whole.reduce((sum, [, , failed]) => sum + failed, 0);
    this.svg.setAttribute("aria-label", `${this.words.stream}: ${load.nowSent.toLocaleString()}, ${this.words.lost} ${lostInAll.toLocaleString()}`), shapes.push(
      draw("path", { d: `M0 ${62 + 0.5}H${WIDTH}`, class: "k8sm-t-floor" }),
      draw("text", { x: 0, y: 78, class: "k8sm-t-dim" }, ["\u221260 s"]),
      draw("text", { x: WIDTH, y: 78, "text-anchor": "end", class: "k8sm-t-figuretext k8sm-t-strong" }, [`${load.nowSent.toLocaleString()}/s`])
    ), this.svg.replaceChildren(...shapes);
  }
};

// src/traffic_load.js
var LEAST_LOST = 5, hatches = 0;
function lostBox(id, cause, className) {
  let whole = { width: "100%", height: "100%" };
  return draw("svg", { class: className, "data-cause": cause }, [draw("rect", { ...whole, class: "k8sm-t-lost" }), draw("rect", { ...whole, fill: `url(#${id}-${cause})` })]);
}
function patterns2(id) {
  let lines = { refused: "M-1 1l2 -2M0 6l6 -6M5 7l2 -2", reset: "M-1 5l2 2M0 0l6 6M5 -1l2 2", timeout: "M0 3h6", "5xx": "M3 0v6", no_route: "M0 3h6M3 0v6", unknown_host: "M0 0l6 6M0 6l6 -6" };
  return draw(
    "defs",
    {},
    CAUSES.map((cause) => draw("pattern", { id: `${id}-${cause}`, width: 6, height: 6, patternUnits: "userSpaceOnUse" }, [draw("path", { d: lines[cause], class: "k8sm-t-hatch" })]))
  );
}
var LoadCard = class {
  /** @param {any} words @param {(row: HTMLElement, text: string) => void} onRow */
  constructor(words, onRow) {
    this.words = words, this.onRow = onRow, this.id = `k8sm-t${hatches += 1}`, this.el = make("article", "k8sm-t-load");
    let head = make("div", "k8sm-t-head");
    this.name = make("h3", "k8sm-t-name"), this.about = make("span", "k8sm-note"), head.append(this.name, this.about);
    let counts = make("div", "k8sm-t-counts");
    this.counts = Object.fromEntries(
      ["sent", "answered", "lost"].map((what) => {
        let box = make("div", `k8sm-t-count k8sm-t-count-${what}`), value = make("b", ""), note = make("small", "");
        return box.append(value, make("span", "k8sm-note", {}, words[what]), note), counts.append(box), [what, { value, note, box }];
      })
    );
    let columns = make("div", "k8sm-t-columns");
    this.bars = make("div", "k8sm-t-bars", { role: "list" });
    let side = make("div", "k8sm-t-side");
    this.latency = new Latency(words), this.stream = new Stream(words), side.append(this.stream.el, this.latency.el), columns.append(this.bars, side), this.losses = make("div", "k8sm-t-losses");
    let defs = draw("svg", { class: "k8sm-t-defs", width: 0, height: 0, "aria-hidden": "true" }, [patterns2(this.id)]);
    this.el.append(defs, head, counts, columns, this.losses), this.rows = /* @__PURE__ */ new Map(), this.groups = /* @__PURE__ */ new Map(), this.said = "";
  }
  /** @param {import("./traffic_data.js").Load} load @param {boolean} perSecond */
  paint(load, perSecond) {
    let { words } = this;
    this.el.dataset.key = load.key, this.el.dataset.sent = String(load.sent), this.el.dataset.failed = String(load.failed), this.el.dataset.running = String(load.running), this.name.textContent = `${load.namespace}/${load.service}`;
    let about = [[`${load.rate.toLocaleString(void 0, { maximumFractionDigits: 2 })}/s`, words.patterns[load.pattern]].filter(Boolean).join(" "), words.source(words.from[load.source](load.sourceName, load.sourceNode))];
    load.keepAlive && about.push(words.keptAlive(load.keepAlive)), load.running || about.push(load.note ? `${words.ended}: ${load.note}` : words.ended), this.about.textContent = about.join(" \xB7 ");
    let { sent, answered, lost } = this.counts;
    sent.value.textContent = load.sent.toLocaleString(), sent.note.textContent = load.inFlight ? `${load.inFlight.toLocaleString()} ${words.inFlight}` : "", answered.value.textContent = load.answered.toLocaleString(), lost.value.textContent = load.failed.toLocaleString(), lost.note.textContent = this.lostWords(load.errors), lost.box.classList.toggle("k8sm-t-some", load.failed > 0), this.paintBars(load, perSecond), this.latency.paint(load), this.stream.paint(load, `url(#${this.id}-refused)`), this.paintLosses(load);
  }
  /** `20 refused, 3 timed out`. @param {Record<string, number>} errors */
  lostWords(errors) {
    return CAUSES.filter((cause) => errors[cause]).map((cause) => `${errors[cause].toLocaleString()} ${this.words.causes[cause]}`).join(", ");
  }
  nameOf(one) {
    return one.state === "nobody" ? this.words.noEndpoint : one.state === "others" ? this.words.others(one.pods) : one.state === "earlier" ? this.words.earlier(one.pods) : one.pod;
  }
  paintBars(load, perSecond) {
    let most = longest(load, perSecond), order = [], kept = /* @__PURE__ */ new Set();
    byVersion(load).forEach(({ version, rows }) => {
      let place2 = rows[0].version;
      order.push(this.group(place2, version, load, perSecond));
      for (let one of rows) {
        let key = `${place2}/${one.pod}/${one.state === "earlier" || one.state === "others" ? one.state : ""}`;
        kept.add(key), order.push(this.row(key, one, version, most, perSecond));
      }
    });
    for (let [key, row] of this.rows)
      kept.has(key) || (row.el.remove(), this.rows.delete(key));
    for (order.forEach((el, index) => {
      this.bars.children[index] !== el && this.bars.insertBefore(el, this.bars.children[index] ?? null);
    }); this.bars.children.length > order.length; ) this.bars.lastElementChild.remove();
  }
  group(place2, version, load, perSecond) {
    let group = this.groups.get(place2);
    if (!group) {
      let el = make("div", "k8sm-t-group", { role: "listitem" }), name = make("b", ""), hash = make("code", ""), old = make("span", "k8sm-t-old", {}, this.words.old), share = make("span", "k8sm-note k8sm-t-share");
      el.append(name, hash, old, share), group = { el, name, hash, old, share }, this.groups.set(place2, group);
    }
    group.name.textContent = version ? shortImage(version.image) || "Pods" : this.words.nobody, group.hash.textContent = version?.hash ?? "", group.old.hidden = !version?.isOld;
    let all = perSecond ? load.nowSent : load.sent, own = load.endpoints.filter((one) => one.version === place2).reduce((sum, one) => sum + (perSecond ? one.nowSent : one.sent), 0);
    return group.share.textContent = all ? `${(own / all * 100).toFixed(own && own < all / 100 ? 2 : 0)} %` : "", group.el.dataset.sent = String(own), group.el;
  }
  row(key, one, version, most, perSecond) {
    let row = this.rows.get(key);
    if (!row) {
      let el = make("div", "k8sm-t-row", { role: "listitem", tabindex: "-1" }), name2 = make("span", "k8sm-t-pod"), [begin, end] = [make("span", "k8sm-t-begin"), make("span", "")];
      name2.append(begin, end);
      let track = make("span", "k8sm-t-track", { "aria-hidden": "true" }), ok = make("span", "k8sm-t-ok"), even = make("span", "k8sm-t-even");
      track.append(ok, even);
      let value = make("span", "k8sm-t-value"), rate = make("span", "k8sm-note k8sm-t-rate");
      el.append(name2, track, value, rate), row = { el, name: name2, begin, end, track, ok, even, value, rate, causes: /* @__PURE__ */ new Map() }, this.rows.set(key, row);
    }
    let { words } = this, drawn = parts(one, perSecond, most), name = this.nameOf(one), cut = one.pod ? name.lastIndexOf("-") : -1;
    row.begin.textContent = cut > 0 ? name.slice(0, cut) : "", row.end.textContent = cut > 0 ? name.slice(cut) : name, row.name.title = one.node, row.el.dataset.pod = one.pod, row.el.dataset.state = one.state, row.el.dataset.sent = String(one.sent), row.el.classList.toggle("k8sm-t-isold", !!version?.isOld), row.ok.style.width = `${(drawn.ok * 100).toFixed(2)}%`;
    let present = /* @__PURE__ */ new Set();
    for (let { cause, part: part3 } of drawn.causes) {
      present.add(cause);
      let box = row.causes.get(cause);
      box || (box = lostBox(this.id, cause, "k8sm-t-cause"), row.causes.set(cause, box), row.track.insertBefore(box, row.even)), box.style.width = `max(${LEAST_LOST}px, ${(part3 * 100).toFixed(2)}%)`;
    }
    for (let [cause, box] of row.causes)
      present.has(cause) || (box.remove(), row.causes.delete(cause));
    row.even.hidden = !drawn.even, row.even.style.left = `${Math.min(100, drawn.even * 100).toFixed(2)}%`, row.value.textContent = perSecond ? `${one.nowSent.toLocaleString()}/s` : one.sent.toLocaleString();
    let note = { leaving: words.leaving, gone: words.gone }[one.state];
    row.rate.textContent = note ?? (perSecond ? one.sent.toLocaleString() : one.state === "ready" ? `${one.nowSent.toLocaleString()}/s` : "");
    let text = words.describe(name, one, this.lostWords(one.errors));
    return row.text = text, row.el.setAttribute("aria-label", text), this.onRow(row.el, text), row.el;
  }
  paintLosses(load) {
    let { words } = this, said = JSON.stringify(load.losses);
    if (said === this.said) return;
    if (this.said = said, !load.losses.length) {
      this.losses.replaceChildren(make("p", "k8sm-note", {}, words.noLost));
      return;
    }
    let list = make("ul", "k8sm-t-list");
    list.append(
      ...load.losses.map((one) => {
        let item = make("li", ""), where = ["refused", "reset"].includes(one.cause) ? words.by(one.pod) : words.at(one.pod);
        return item.append(make("time", "", {}, instant(one.from)), make("b", "", {}, `${one.count.toLocaleString()} ${words.causes[one.cause]}`), make("span", "", {}, where), make("span", "k8sm-note", {}, words.why(one.why))), item;
      })
    ), this.losses.replaceChildren(make("h4", "k8sm-t-caption", {}, words.lostTitle), list);
  }
};

// src/traffic.js
var ANNOUNCE_MS3 = 1e3, legends = 0;
function mountTraffic(el, store, options = {}) {
  let words = trafficWords(options.language), root = make("section", "k8sm k8sm-traffic", { "aria-label": words.title, lang: languageOf(options.language) }), head = make("header", "k8sm-head"), mode = make("span", "k8sm-t-mode", { role: "group", "aria-label": words.modeTitle }), [inTotal, perSecond] = [words.total, words.now].map((text) => make("button", "k8sm-toggle", { type: "button", title: words.modeTitle }, text));
  mode.append(inTotal, perSecond);
  let toggle = make("button", "k8sm-toggle", { type: "button", "aria-pressed": "false", title: words.tableTitle }, words.table);
  head.append(make("span", "k8sm-summary", {}, words.title), make("span", "k8sm-t-fill"), mode, toggle);
  let none = make("p", "k8sm-note", {}, words.none(options.service)), cards = make("div", "k8sm-t-loads"), table2 = make("div", "k8sm-table", { hidden: "" }), legend = make("footer", "k8sm-legend"), tip = make("div", "k8sm-tip", { role: "tooltip", hidden: "" }), live = make("p", "k8sm-live", { "aria-live": "polite" });
  root.append(head, none, cards, table2, legend, tip, live), el.append(root);
  let key = (swatch2, text) => {
    let item = make("span", "k8sm-key");
    return item.append(swatch2, text), item;
  }, swatch = (className) => make("span", `k8sm-t-swatch ${className}`, { "aria-hidden": "true" }), id = `k8sm-tl${legends += 1}`, defs = draw("svg", { class: "k8sm-t-defs", width: 0, height: 0, "aria-hidden": "true" }, [patterns2(id)]), explained = "";
  function paintLegend(found) {
    let isOld = found.some((load) => load.versions.some((version) => version.isOld)), causes = CAUSES.filter((cause) => found.some((load) => load.errors[cause])), now = `${isOld} ${causes}`;
    now !== explained && (explained = now, legend.replaceChildren(defs, key(swatch("k8sm-t-ok"), words.answered)), isOld && legend.append(key(swatch("k8sm-t-ok k8sm-t-oldswatch"), `${words.answered}, ${words.old}`)), legend.append(...causes.map((cause) => key(lostBox(id, cause, "k8sm-t-swatch"), words.causes[cause])), key(swatch("k8sm-t-evenswatch"), words.even)));
  }
  let shown = /* @__PURE__ */ new Map(), isPerSecond = !1, pointed = null, isOurs = (load) => (!options.namespace || load.namespace === options.namespace) && (!options.service || load.service === options.service), loads = () => [...store.traffic?.values() ?? []].filter(isOurs);
  function onRow(row, text) {
    row === pointed && (tip.textContent = text);
  }
  function paint() {
    let found = loads();
    none.hidden = found.length > 0, legend.hidden = mode.hidden = toggle.hidden = !found.length;
    let keys = new Set(found.map((load) => load.key));
    for (let [name, card] of shown)
      keys.has(name) || (card.el.remove(), shown.delete(name));
    for (let load of found) {
      let card = shown.get(load.key);
      card || (card = new LoadCard(words, onRow), shown.set(load.key, card), cards.append(card.el)), card.paint(load, isPerSecond);
    }
    pointed && !pointed.isConnected && hideTip(), root.dataset.sent = String(found.reduce((sum, load) => sum + load.sent, 0)), root.dataset.frames = String(store.frames), inTotal.setAttribute("aria-pressed", String(!isPerSecond)), perSecond.setAttribute("aria-pressed", String(isPerSecond)), paintLegend(found), table2.hidden || paintTable(found), rove(), announce2(found.map((load) => words.announce(load, [...shown.values()][0].lostWords(load.errors))).join(". "), found);
  }
  function paintTable(found) {
    let grid = make("table", "", { "aria-label": words.title }), row = (tag, texts) => {
      let line2 = make("tr", "");
      return line2.append(...texts.map((text) => make(tag, "", tag === "th" ? { scope: "col" } : {}, text))), line2;
    }, body = make("tbody", "");
    for (let load of found) {
      let card = shown.get(load.key);
      for (let { version, rows } of byVersion(load))
        for (let one of rows) {
          let name = version ? `${shortImage(version.image)} ${version.hash}` : "\u2013", answered = one.sent - one.failed - one.inFlight, state = { leaving: words.leaving, gone: words.gone, ready: "Ready" }[one.state] ?? "\u2013";
          body.append(row("td", [card.nameOf(one), name, state, one.sent.toLocaleString(), answered.toLocaleString(), card.lostWords(one.errors) || "0", one.nowSent.toLocaleString(), one.expected.toLocaleString()]));
        }
    }
    let top = make("thead", "");
    top.append(row("th", words.columns)), grid.append(top, body), table2.replaceChildren(grid);
  }
  let announced = "", wanted = "", announceTimer = 0;
  function announce2(text, found) {
    let news = found.map((load) => `${load.key} ${load.failed} ${load.running}`).join();
    news !== announced && (wanted = text, !announceTimer && (announced = news, announceTimer = window.setTimeout(() => {
      announceTimer = 0, live.textContent = wanted;
    }, ANNOUNCE_MS3)));
  }
  function setMode(toSeconds) {
    isPerSecond = toSeconds, paint();
  }
  function showTable(isOn) {
    let isInside = root.contains(document.activeElement);
    toggle.setAttribute("aria-pressed", String(isOn)), table2.hidden = !isOn, cards.hidden = isOn, isOn && paintTable(loads()), isInside && toggle.focus();
  }
  let abort = new AbortController();
  ownKeys(root, abort.signal);
  let listen = (target, type, handler) => target.addEventListener(type, handler, { signal: abort.signal });
  listen(inTotal, "click", () => setMode(!1)), listen(perSecond, "click", () => setMode(!0)), listen(toggle, "click", () => showTable(table2.hidden));
  let rowsInOrder = () => [...cards.querySelectorAll(".k8sm-t-row")];
  function rove() {
    let rows = rowsInOrder();
    rows.some((row) => row.tabIndex === 0) || !rows.length || (rows[0].tabIndex = 0);
  }
  listen(root, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "t") return showTable(table2.hidden);
    if (event.key === "n") return setMode(!isPerSecond);
    if (event.key === "Escape") return hideTip();
    let step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step || !event.target.matches?.(".k8sm-t-row")) return;
    let rows = rowsInOrder(), next = rows[rows.indexOf(event.target) + step];
    event.preventDefault(), next && (event.target.tabIndex = -1, next.tabIndex = 0, next.focus());
  });
  function showTip(row) {
    pointed = row, tip.textContent = row.getAttribute("aria-label"), tip.hidden = !1;
    let outer = root.getBoundingClientRect(), inner = row.getBoundingClientRect();
    tip.style.left = `${Math.max(0, Math.min(inner.left - outer.left + 12, outer.width - tip.offsetWidth - 4))}px`, tip.style.top = `${inner.bottom - outer.top + 3}px`;
  }
  function hideTip() {
    pointed = null, tip.hidden = !0;
  }
  let rowOf = (target) => target.closest?.(".k8sm-t-row");
  for (let [enter, leave] of [["pointerover", "pointerout"], ["focusin", "focusout"]])
    listen(cards, enter, (event) => rowOf(event.target) && showTip(rowOf(event.target))), listen(cards, leave, (event) => rowOf(event.target) && !rowOf(event.target).contains(event.relatedTarget) && hideTip());
  let untheme = onTheme(root), unsubscribe = store.subscribe((change) => {
    (change.key || change.frame?.traffic) && paint(), root.dataset.frames = String(store.frames);
  });
  return paint(), () => {
    unsubscribe(), untheme(), abort.abort(), clearTimeout(announceTimer), root.remove();
  };
}

// src/widget.js
var STORES = /* @__PURE__ */ Symbol.for("k8s-magic.stores"), ALIVE_MS = 1e4;
function page() {
  return globalThis[STORES] ??= { stores: /* @__PURE__ */ new Map(), waiting: /* @__PURE__ */ new Set() }, globalThis[STORES];
}
function whenStore(id, back) {
  let { stores, waiting } = page(), come = (name) => name === id && back(stores.get(id));
  return waiting.add(come), stores.has(id) && come(id), () => waiting.delete(come);
}
var LOOKS = ["namespace", "names", "service", "language", "filter", "select"];
async function unpack(bytes) {
  let stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}
function initializeHub({ model }) {
  let store = new Store(), decoder = new TextDecoder(), { stores, waiting } = page(), id = model.get("hub_id"), timer = 0, say = (message) => {
    try {
      model.send(message);
    } catch {
      rest();
    }
  }, rest = () => {
    clearInterval(timer), timer = 0;
  }, hello = () => say({ type: "hello" }), onMessage = (content, buffers) => {
    content.type === "frame" && (store.accept(JSON.parse(decoder.decode(buffers[0]))), timer ||= setInterval(() => say({ type: "alive" }), ALIVE_MS)), content.type === "answer" && store.answer(content);
  };
  model.on("msg:custom", onMessage), store.onGap = hello, store.send = say;
  let saved = model.get("snapshot");
  saved?.byteLength && unpack(saved).then((frame) => store.acceptLast(frame), () => {
  }), hello(), stores.set(id, store);
  for (let come of [...waiting]) come(id);
  return () => {
    rest(), model.off("msg:custom", onMessage), stores.get(id) === store && stores.delete(id);
  };
}
var viewers = 0;
function announce(model, store) {
  if (model.get("view") !== "traffic") return () => {
  };
  let viewer = `${Math.random().toString(36).slice(2)}-${viewers += 1}`, say = (type) => {
    try {
      model.send({ type, viewer });
    } catch {
    }
  };
  say("shown");
  let unsubscribe = store.subscribe((change) => change.key && say("shown"));
  return () => {
    unsubscribe(), say("hidden");
  };
}
var VIEWS = { grid: mountGrid, rollout: mountRollout, traffic: mountTraffic }, widget_default = {
  initialize(context) {
    return context.model.get("hub_id") ? initializeHub(context) : void 0;
  },
  render({ model, el }) {
    let mount = VIEWS[model.get("view")];
    if (!mount) return;
    let changes = LOOKS.map((name) => `change:${name}`).join(" "), store = null, stops = [], down = () => stops.splice(0).forEach((stop) => stop()), up = () => {
      if (!store) return;
      down();
      let options = Object.fromEntries(LOOKS.map((name) => [name, model.get(name)]));
      stops = [mount(el, store, options), mountControls(el, store, options), announce(model, store)];
    }, unwait = whenStore(model.get("hub"), (found) => {
      store = found, up();
    });
    return model.on(changes, up), () => {
      unwait(), model.off(changes, up), down();
    };
  }
};
export {
  Store,
  widget_default as default,
  mountControls,
  mountGrid,
  mountRollout,
  mountTraffic
};
