"""Lesson 2: deploy an app."""

from __future__ import annotations

from k8s_magic.machinery import meta, names
from k8s_magic.magics.lessons.reader import Reader, images_of
from k8s_magic.magics.lessons.verdict import Lesson, Verdict, missing, right
from k8s_magic.magics.lessons.workload import absent, unready


def three_pods(see: Reader, words: list[str]) -> Verdict:
    problem = unready(see, "web", 3)
    if problem is not None:
        return problem
    deployment = see.deployment("web")
    assert deployment is not None
    if not all("nginx" in image for image in images_of(deployment)):
        return missing(
            f"the Pods of web run {images_of(deployment)[0]}, not nginx.",
            f"web の Pod のイメージは {images_of(deployment)[0]} です。nginx にしてください。",
        )
    return right("three Pods of web are ready.", "web の Pod が 3 個とも Ready です。")


def replaced_pod(see: Reader, words: list[str]) -> Verdict:
    """A Pod was stopped that no ReplicaSet took away: somebody deleted it, and there is another in its place."""
    deployment = see.deployment("web")
    if deployment is None:
        return absent("web")
    living = {meta.name_of(pod) for pod in see.all(names.PODS) if not meta.is_deleting(pod)}
    stopped, taken = set(), set()
    for event in see.all(names.EVENTS):
        name = event["involvedObject"]["name"]
        if event["reason"] == "Killing" and name.startswith("web-"):
            stopped.add(name)
        elif event["reason"] == "SuccessfulDelete" and event["involvedObject"]["kind"] == "ReplicaSet":
            taken.add(event["message"].rpartition(" ")[2])
    deleted = stopped - taken - living
    if not deleted:
        return missing("no Pod of web has been deleted yet.", "web の Pod はまだ削除されていません。")
    return unready(see, "web") or right(
        f"{min(deleted)} is gone, and the Deployment has put another in its place.",
        f"{min(deleted)} は消え、Deployment が代わりの Pod を作りました。",
    )


def hello_answers(see: Reader, words: list[str]) -> Verdict:
    problem = unready(see, "hello", 2)
    if problem is not None:
        return problem
    deployment = see.deployment("hello")
    assert deployment is not None
    for pod in see.pods_of(deployment):
        path = f"/api/v1/namespaces/default/pods/{meta.name_of(pod)}:8080/proxy/"
        answer = see.cluster.kubectl(["get", "--raw", path])
        if answer.exit_code or "Hello, world!" not in answer.stdout:
            return missing(
                f"Pod {meta.name_of(pod)} does not say hello on port 8080; is the image hello-app:1.0?",
                f"Pod {meta.name_of(pod)} がポート 8080 で応答しません。イメージは hello-app:1.0 ですか?",
            )
    return right("two Pods of hello run and answer.", "hello の Pod が 2 個動き、応答しています。")


LESSON = Lesson(
    2,
    {"en": "Deploy an app", "ja": "アプリのデプロイ"},
    {"three-pods": three_pods, "replaced-pod": replaced_pod, "hello-answers": hello_answers},
)
