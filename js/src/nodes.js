/** What is said of a node, and in which order nodes stand. */

/** Control plane first, then by zone, then by name with numbers in order. */
export function byPlace(a, b) {
  const lane = (node) => (node.roles.includes("control-plane") ? 0 : 1);
  return lane(a) - lane(b) || (a.zone ?? "").localeCompare(b.zone ?? "") || a.name.localeCompare(b.name, undefined, { numeric: true });
}

/** @param {import("./store.js").Node} node */
export function nodeWords(node, t) {
  const words = [node.roles, node.ready ? t.readyNode : t.notReady];
  if (node.cordoned) words.push(t.cordoned);
  return words.filter(Boolean).join(" · ");
}

// The cordon is said by the box itself.
const SAID = "node.kubernetes.io/unschedulable";

/** Taints and pressure as tags. @param {import("./store.js").Node} node */
export function tagsOf(node, t) {
  const pressure = (node.pressure ?? []).map((type) => ({ text: `⚠ ${t.pressure[type] ?? type}`, title: type, kind: "pressure" }));
  const taints = node.taints
    .filter((taint) => !taint.startsWith(SAID))
    .map((taint) => ({ text: taint.slice(taint.indexOf("/") + 1), title: t.taint(taint), kind: "taint" }));
  return [...pressure, ...taints];
}
