"""Lesson 5: scale an app."""

from __future__ import annotations

from collections import Counter

from k8s_magic.machinery import meta, names, quantity
from k8s_magic.machinery.meta import Object
from k8s_magic.magics.lessons.reader import Reader, is_ready, node_of
from k8s_magic.magics.lessons.verdict import Lesson, Verdict, coming, missing, right
from k8s_magic.magics.lessons.workload import absent, unready

APP = "kubernetes-bootcamp"


def five_pods(see: Reader, words: list[str]) -> Verdict:
    return unready(see, APP, 5) or right(f"five Pods of {APP} are ready.", f"{APP} の Pod が 5 個とも Ready です。")


def two_on_each_node(see: Reader, words: list[str]) -> Verdict:
    deployment = see.deployment(APP)
    if deployment is None:
        return absent(APP)
    problem = unready(see, APP)
    if problem is not None:
        return problem
    counts = Counter(node_of(pod) for pod in see.pods_of(deployment))
    for node in sorted(meta.name_of(node) for node in see.workers()):
        if counts[node] < 2:
            return missing(
                f"on {node} the number of Pods of {APP} is {counts[node]}, not 2 or more.",
                f"{node} で動く {APP} の Pod は {counts[node]} 個です。2 個以上にしてください。",
            )
    return right(
        f"with {counts.total()} replicas each node runs two Pods or more.",
        f"レプリカ数 {counts.total()} で、どのノードでも 2 個以上の Pod が動いています。",
    )


def _cpu(pod: Object) -> int:
    """What a Pod requests. Units: millicores."""
    requests = [container.get("resources", {}).get("requests", {}) for container in pod["spec"]["containers"]]
    return sum(quantity.cpu_milli(each["cpu"]) for each in requests if "cpu" in each)


def as_many_as_fit(see: Reader, words: list[str]) -> Verdict:
    deployment = see.deployment("big")
    if deployment is None:
        return absent("big")
    found = see.pods_of(deployment)
    if len(found) != deployment["spec"]["replicas"]:
        return coming("the number of Pods of big is changing.", "big の Pod の数が変わっているところです。")
    waiting = sum(node_of(pod) == "" for pod in found)
    if waiting:
        return missing(
            f"too many: {waiting} of {len(found)} find no node.",
            f"多すぎます。{len(found)} 個のうち {waiting} 個を置けるノードがありません。",
        )
    problem = unready(see, "big")
    if problem is not None:
        return problem
    used: Counter[str] = Counter()
    for pod in see.all(names.PODS, ""):
        if pod["status"].get("phase") not in ("Failed", "Succeeded"):
            used[node_of(pod)] += _cpu(pod)
    size = max(1, max(map(_cpu, found)))
    for node in see.workers():
        name, whole = meta.name_of(node), quantity.cpu_milli(node["status"]["allocatable"]["cpu"])
        if is_ready(node) and not node["spec"].get("unschedulable") and whole - used[name] >= size:
            return missing(
                f"all {len(found)} run, but {name} has room for another.",
                f"{len(found)} 個とも動いていますが、{name} にはまだ空きがあります。",
            )
    return right(f"{len(found)} Pods of big fit, and not one more.", f"big の Pod は {len(found)} 個まで動かせます。")


LESSON = Lesson(
    5,
    {"en": "Scale your app", "ja": "アプリのスケーリング"},
    {"five-pods": five_pods, "two-on-each-node": two_on_each_node, "as-many-as-fit": as_many_as_fit},
)
