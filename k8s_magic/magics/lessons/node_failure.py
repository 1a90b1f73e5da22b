"""Lesson 7: what if the host itself dies?"""

from __future__ import annotations

from k8s_magic.cluster import Cluster
from k8s_magic.machinery import meta, names
from k8s_magic.magics.lessons.reader import Reader, is_ready, node_of
from k8s_magic.magics.lessons.verdict import Lesson, Verdict, missing, right
from k8s_magic.magics.lessons.workload import absent, unready

APP = "kubernetes-bootcamp"
# A node is missed after 50 s at most and Pods are to leave 30 s later; the rest is for starting elsewhere.
# Source: pkg/controller/nodelifecycle/config (NodeMonitorGracePeriod)
SOON = 100.0
FAILED = "node-1"
MAINTAINED = "node-2"


def leaves_soon(see: Reader, words: list[str]) -> Verdict:
    """Tried on a copy of the cluster, in which a node dies."""
    problem = unready(see, "quick")
    if problem is not None:
        return problem
    copy = Reader(Cluster.load(see.cluster.save()))
    try:
        return _after_a_failure(copy)
    finally:
        copy.cluster.close()


def _after_a_failure(copy: Reader) -> Verdict:
    deployment = copy.deployment("quick")
    if deployment is None:
        return absent("quick")
    node = node_of(copy.pods_of(deployment)[0])
    copy.cluster.fail(node)
    copy.cluster.run(SOON)
    wanted = deployment["spec"]["replicas"]
    ready = sum(is_ready(pod) and node_of(pod) != node for pod in copy.pods_of(deployment))
    if ready < wanted:
        return missing(
            f"on a copy of your cluster {node} died, and {SOON:g} s later {ready} of {wanted} Pods were ready.",
            f"クラスターのコピーで {node} を止めてみました。{SOON:g} 秒後に Ready だった quick の Pod は"
            f" {wanted} 個のうち {ready} 個です。",
        )
    return right(
        f"on a copy of your cluster {node} died, and {SOON:g} s later all {wanted} Pods were ready elsewhere.",
        f"クラスターのコピーで {node} を止めてみました。{SOON:g} 秒後には quick の Pod が {wanted} 個とも"
        "ほかのノードで Ready でした。",
    )


def drained(see: Reader, words: list[str]) -> Verdict:
    node = see.get(names.NODES, MAINTAINED, "")
    if node is None:
        return missing(f"there is no node {MAINTAINED}.", f"ノード {MAINTAINED} がありません。")
    if not node["spec"].get("unschedulable"):
        return missing(f"{MAINTAINED} still takes new Pods.", f"{MAINTAINED} にはまだ新しい Pod が置かれます。")
    for pod in see.all(names.PODS, ""):
        owner = meta.controller_of(pod)
        if node_of(pod) == MAINTAINED and (owner is None or owner["kind"] not in ("DaemonSet", "Node")):
            return missing(
                f"Pod {meta.name_of(pod)} is still on {MAINTAINED}.",
                f"Pod {meta.name_of(pod)} がまだ {MAINTAINED} にあります。",
            )
    return unready(see, APP) or right(
        f"{MAINTAINED} is empty, and all Pods of {APP} are ready elsewhere.",
        f"{MAINTAINED} は空になり、{APP} の Pod はすべてほかのノードで Ready です。",
    )


def back_at_work(see: Reader, words: list[str]) -> Verdict:
    node, deployment = see.get(names.NODES, FAILED, ""), see.deployment(APP)
    if node is None:
        return missing(f"there is no node {FAILED}.", f"ノード {FAILED} がありません。")
    if deployment is None:
        return absent(APP)
    if not is_ready(node):
        return missing(f"{FAILED} is not Ready; %cluster heal brings it back.", f"{FAILED} が Ready ではありません。")
    problem = unready(see, APP, 6)
    if problem is not None:
        return problem
    if not any(node_of(pod) == FAILED for pod in see.pods_of(deployment)):
        return missing(
            f"no Pod of {APP} runs on {FAILED}. Pods do not move by themselves: new ones have to be made.",
            f"{FAILED} で動く {APP} の Pod がありません。Pod は自分では移動しないので、新しい Pod が必要です。",
        )
    return right(f"{FAILED} runs Pods of {APP} again.", f"{FAILED} で再び {APP} の Pod が動いています。")


LESSON = Lesson(
    7,
    {"en": "What if the host itself dies?", "ja": "ノードが落ちたら?"},
    {"back-at-work": back_at_work, "leaves-soon": leaves_soon, "drained": drained},
)
