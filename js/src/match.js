/** Which Pods a text means: `deployment/web`, `svc/web`, `node/node-1`, a label selector, or any part of what is written of them. */

const KINDS = {
  deploy: "Deployment", deployment: "Deployment", deployments: "Deployment", rs: "ReplicaSet", replicaset: "ReplicaSet", sts: "StatefulSet",
  statefulset: "StatefulSet", ds: "DaemonSet", daemonset: "DaemonSet", job: "Job", jobs: "Job", node: "Node", no: "Node", pod: "Pod", po: "Pod",
};
const SERVICES = ["svc", "service", "services"];
const TERM = /^\s*(!?)\s*([A-Za-z0-9_./-]+)\s*(?:(==|=|!=)\s*([A-Za-z0-9_.-]*)|\s(in|notin)\s*\(([^)]*)\))?\s*$/;

/** A label selector as kubectl takes it; null where the text is none. @param {string} text @returns {((labels: Record<string, string>) => boolean) | null} */
export function selector(text) {
  const tests = [];
  for (const term of text.split(/,(?![^(]*\))/)) {
    const found = TERM.exec(term);
    if (!found) return null;
    const [, not, key, sign, value, word, list] = found;
    if (not && (sign || word)) return null;
    const values = list?.split(",").map((one) => one.trim());
    if (sign) tests.push((labels) => (labels[key] === value) === (sign !== "!="));
    else if (word) tests.push((labels) => (labels[key] !== undefined && values.includes(labels[key])) === (word === "in"));
    else tests.push((labels) => (labels[key] !== undefined) === !not);
  }
  return (labels) => tests.every((test) => test(labels));
}

/** @param {string} text */
function looksLikeSelector(text) {
  return /=|^\s*!|\s(in|notin)\s*\(/.test(text);
}

/**
 * @param {string} text
 * @param {import("./store.js").Store} store
 * @returns {((pod: import("./store.js").Pod) => boolean) | null} null where the text means nothing in particular
 */
export function matcher(text, store) {
  const wanted = text.trim();
  if (!wanted) return null;
  const named = /^([A-Za-z]+)\/([A-Za-z0-9.-]+)$/.exec(wanted);
  if (named) {
    const [, kind, name] = named;
    if (SERVICES.includes(kind.toLowerCase())) {
      const selectors = Object.entries(store.services).filter(([key]) => key.slice(key.indexOf("/") + 1) === name);
      return (pod) =>
        selectors.some(([key, labels]) => {
          const own = store.labels.get(pod.labels) ?? {};
          return key.startsWith(`${pod.namespace}/`) && Object.entries(labels).every(([label, value]) => own[label] === value);
        });
    }
    const owner = KINDS[kind.toLowerCase()];
    if (owner === "Node") return (pod) => pod.node === name;
    if (owner === "Pod") return (pod) => pod.name === name;
    if (owner) return (pod) => pod.owner === `${owner}/${name}`;
  }
  if (looksLikeSelector(wanted)) {
    const test = selector(wanted);
    if (test) return (pod) => test(store.labels.get(pod.labels) ?? {});
  }
  const low = wanted.toLowerCase();
  return (pod) => `${pod.namespace}/${pod.name} ${pod.owner} ${pod.node} ${pod.state} ${pod.reason}`.toLowerCase().includes(low);
}

/** What can be ringed by name: owners and Services in the picture. @param {import("./store.js").Store} store @returns {string[]} */
export function choices(store) {
  const found = new Set();
  for (const pod of store.pods.values()) if (pod.owner && found.size < 100) found.add(pod.owner.replace(/^\w+/, (kind) => kind.toLowerCase()));
  for (const key of Object.keys(store.services)) found.add(`svc/${key.slice(key.indexOf("/") + 1)}`);
  return [...found].sort();
}
