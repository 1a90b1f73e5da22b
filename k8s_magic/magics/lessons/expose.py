"""Lesson 4: expose an app."""

from __future__ import annotations

from k8s_magic.machinery import meta, names
from k8s_magic.machinery.meta import Object
from k8s_magic.magics.lessons.reader import Reader, is_ready
from k8s_magic.magics.lessons.verdict import Lesson, Verdict, coming, missing, right
from k8s_magic.magics.lessons.workload import absent, unready
from k8s_magic.sim.time import SECOND

APP = "kubernetes-bootcamp"


def _addresses(see: Reader, service: str) -> set[str]:
    """The addresses that a Service sends requests to."""
    found: set[str] = set()
    for each in see.all(names.ENDPOINT_SLICES):
        if meta.labels_of(each).get("kubernetes.io/service-name") == service:
            for endpoint in each.get("endpoints") or ():
                if endpoint.get("conditions", {}).get("ready"):
                    found.update(endpoint["addresses"])
    return found


def _answers(see: Reader, url: str) -> bool:
    """Whether the Pod client gets an answer, at the second try if not at once: rules reach the nodes a little later."""
    for _ in range(2):
        if see.exec("client", "curl", "-s", "--max-time", "2", "-o", "/dev/null", url).exit_code == 0:
            return True
        see.cluster.wait(lambda: False, SECOND)
    return False


def _selected(see: Reader, service: Object) -> bool:
    """Whether a Pod that is ready carries the labels that a Service selects."""
    selector = (service["spec"].get("selector") or {}).items()
    return any(is_ready(pod) and selector <= meta.labels_of(pod).items() for pod in see.all(names.PODS))


def _unreachable(see: Reader, service: str) -> Verdict | None:
    found = see.get(names.SERVICES, service)
    if found is None:
        return missing(f"there is no Service {service}.", f"Service {service} がありません。")
    if see.get(names.PODS, "client") is None:
        return missing("the Pod client is gone; make it again.", "Pod client がありません。もう一度作ってください。")
    if not _addresses(see, service) and _selected(see, found):
        return coming(f"Service {service} is finding its Pods.", f"Service {service} が Pod を見つけているところです。")
    if not _addresses(see, service):
        selector = ",".join(f"{key}={value}" for key, value in (found["spec"].get("selector") or {}).items())
        return missing(
            f"Service {service} has no endpoints: its selector {selector} finds no Pod that is ready.",
            f"Service {service} にエンドポイントがありません。{selector} に合う Ready の Pod がありません。",
        )
    if not _answers(see, f"http://{service}"):
        return missing(
            f"the Pod client gets no answer from http://{service}; are port and targetPort right?",
            f"Pod client が http://{service} から応答を得られません。port と targetPort は正しいですか?",
        )
    return None


def reachable_inside(see: Reader, words: list[str]) -> Verdict:
    problem = unready(see, "web") or _unreachable(see, "web")
    if problem is not None:
        return problem
    service = see.get(names.SERVICES, "web")
    assert service is not None
    if service["spec"].get("type") != "ClusterIP":
        return missing(
            f"http://web answers, but its type is {service['spec']['type']}: it is open to the outside, too.",
            f"http://web は応答しますが、タイプが {service['spec']['type']} なので外部にも公開されています。",
        )
    return right("the Pod client gets an answer from http://web.", "Pod client が http://web から応答を得ました。")


def mended_service(see: Reader, words: list[str]) -> Verdict:
    return (
        unready(see, "shop")
        or _unreachable(see, "shop")
        or right("http://shop answers.", "http://shop が応答しました。")
    )


def quarantined_pod(see: Reader, words: list[str]) -> Verdict:
    """A Pod of the app goes on running, and its Service sends it nothing more."""
    deployment = see.deployment(APP)
    if deployment is None:
        return absent(APP)
    if see.get(names.SERVICES, APP) is None:
        return missing(f"there is no Service {APP}.", f"Service {APP} がありません。")
    own = {meta.uid_of(pod) for pod in see.pods_of(deployment)}
    alone = [pod for pod in see.all(names.PODS) if meta.uid_of(pod) not in own and _runs(pod, APP)]
    if not alone:
        return missing(
            f"every Pod of {APP} still carries the label app={APP}.",
            f"{APP} の Pod にはすべて、まだラベル app={APP} が付いています。",
        )
    problem = unready(see, APP)
    if problem is not None:
        return problem
    if any(pod["status"].get("podIP") in _addresses(see, APP) for pod in alone):
        return missing(
            "the Service still sends requests to that Pod.", "Service はまだその Pod にリクエストを送っています。"
        )
    name = meta.name_of(alone[0])
    return right(
        f"{name} runs on in peace, the Service leaves it out, and the Deployment has made another.",
        f"{name} は動き続け、Service の対象から外れました。Deployment は代わりの Pod を作りました。",
    )


def _runs(pod: Object, name: str) -> bool:
    return meta.name_of(pod).startswith(f"{name}-") and is_ready(pod) and not meta.is_deleting(pod)


LESSON = Lesson(
    4,
    {"en": "Expose your app", "ja": "アプリの公開"},
    {"reachable-inside": reachable_inside, "mended-service": mended_service, "quarantined-pod": quarantined_pod},
)
