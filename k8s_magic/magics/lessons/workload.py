"""What most questions ask of a Deployment: that it is there, that it wants so many Pods, that they are ready."""

from __future__ import annotations

from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.magics.lessons.reader import Reader, images_of, is_ready, trouble_of
from k8s_magic.magics.lessons.verdict import Verdict, coming, missing


def pods(count: int) -> str:
    return "1 Pod" if count == 1 else f"{count} Pods"


def absent(name: str) -> Verdict:
    return missing(f"there is no Deployment {name}.", f"Deployment {name} がありません。")


def unready(see: Reader, name: str, replicas: int | None = None) -> Verdict | None:
    """What a Deployment lacks to have all its Pods (`replicas`, if it matters how many) ready; None if nothing."""
    deployment = see.deployment(name)
    if deployment is None:
        return absent(name)
    wanted = deployment["spec"]["replicas"]
    if replicas is not None and wanted != replicas:
        return missing(
            f"Deployment {name} wants {pods(wanted)}; let it want {replicas}.",
            f"Deployment {name} のレプリカ数は {wanted} です。{replicas} にしてください。",
        )
    if wanted == 0:
        return missing(f"Deployment {name} wants no Pods.", f"Deployment {name} のレプリカ数は 0 です。")
    found = see.pods_of(deployment)
    for pod in found:
        if trouble_of(pod) and is_of(pod, deployment) and _is_observed(deployment):
            return _trouble(name, pod)
    ready = sum(is_ready(pod) for pod in found)
    if ready < wanted or len(found) > wanted or not _is_observed(deployment):
        return coming(
            f"{ready} of {pods(wanted)} of {name} are ready. Wait a moment and run this cell again.",
            f"{name} の Pod は {wanted} 個のうち {ready} 個が Ready です。少し待ってから、もう一度実行してください。",
        )
    return None


def is_of(pod: Object, deployment: Object) -> bool:
    """Whether a Pod is what the Deployment wants now, and not left from before an update."""
    return images_of(pod) == images_of(deployment)


def _is_observed(deployment: Object) -> bool:
    observed: int = deployment.get("status", {}).get("observedGeneration", 0)
    generation: int = deployment["metadata"].get("generation", 0)
    return observed >= generation


def _trouble(name: str, pod: Object) -> Verdict:
    reason = trouble_of(pod)
    if reason == "Unschedulable":
        return missing(
            f"Pod {meta.name_of(pod)} of {name} finds no node; kubectl describe says why.",
            f"{name} の Pod {meta.name_of(pod)} を置けるノードがありません。理由は kubectl describe で分かります。",
        )
    return missing(
        f"Pod {meta.name_of(pod)} of {name} cannot start: {reason}.",
        f"{name} の Pod {meta.name_of(pod)} が起動できません ({reason})。",
    )
