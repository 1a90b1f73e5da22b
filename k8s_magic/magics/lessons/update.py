"""Lesson 6: update an app."""

from __future__ import annotations

from k8s_magic.cluster import Cluster
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.meta import Object
from k8s_magic.magics.lessons.reader import Reader, images_of, trouble_of
from k8s_magic.magics.lessons.verdict import Lesson, Verdict, missing, right
from k8s_magic.magics.lessons.workload import absent, is_of, unready

REVISION = "deployment.kubernetes.io/revision"
RATE = "100/s"
# How long requests go on after the rollout, in seconds: old Pods have by then used up their grace period. Our choice.
AFTERWARDS = 35.0


def _revision(deployment: Object) -> int:
    return int(meta.annotations_of(deployment).get(REVISION, "0"))


def new_version(see: Reader, words: list[str]) -> Verdict:
    deployment = see.deployment("web")
    if deployment is None:
        return absent("web")
    image = images_of(deployment)[0]
    if image.partition("@")[0].rpartition(":")[2] != "1.27":
        return missing(f"the template of web says {image}, not nginx:1.27.", f"web のテンプレートは {image} です。")
    return unready(see, "web") or right(
        f"all Pods of web run {image}.", f"web の Pod はすべて {image} で動いています。"
    )


def unstuck(see: Reader, words: list[str]) -> Verdict:
    deployment = see.deployment("shop")
    if deployment is None:
        return absent("shop")
    for pod in see.pods_of(deployment):
        if trouble_of(pod) and is_of(pod, deployment):
            return missing(
                f"the rollout of shop is stuck: its new Pod says {trouble_of(pod)}. Take it back.",
                f"shop のロールアウトは止まっています。新しい Pod は {trouble_of(pod)} です。元に戻してください。",
            )
    return unready(see, "shop") or right(
        f"shop is back on {images_of(deployment)[0]}, as revision {_revision(deployment)}.",
        f"shop は {images_of(deployment)[0]} に戻りました (リビジョン {_revision(deployment)})。",
    )


def loses_nothing(see: Reader, words: list[str]) -> Verdict:
    """Tried on a copy of the cluster, in which requests come while the Deployment is restarted."""
    problem = unready(see, "calm")
    if problem is not None:
        return problem
    if see.get(names.SERVICES, "calm") is None:
        return missing("there is no Service calm.", "Service calm がありません。")
    copy = Cluster.load(see.cluster.save())
    try:
        copy.traffic("svc/calm", RATE, source="node/node-1")
        copy.kubectl("rollout restart deployment/calm -n default")
        done = copy.kubectl("rollout status deployment/calm -n default --timeout=120s")
        copy.run(AFTERWARDS)
        load = copy.loads("calm", "default")[-1]
    finally:
        copy.close()
    sent, lost = load["sent"], load["failed"]
    if done.exit_code:
        return missing(
            "on a copy of your cluster calm was restarted, and its new Pods did not become ready.",
            "クラスターのコピーで calm を再起動しましたが、新しい Pod が Ready になりませんでした。",
        )
    if lost:
        return missing(
            f"on a copy of your cluster calm was restarted, and {lost} of {sent} requests were lost.",
            f"クラスターのコピーで calm を再起動したところ、{sent} 件のリクエストのうち {lost} 件が失われました。",
        )
    return right(
        f"on a copy of your cluster calm was restarted, and none of {sent} requests was lost.",
        f"クラスターのコピーで calm を再起動しましたが、{sent} 件のリクエストは 1 件も失われませんでした。",
    )


LESSON = Lesson(
    6,
    {"en": "Update your app", "ja": "アプリの更新"},
    {"new-version": new_version, "unstuck": unstuck, "loses-nothing": loses_nothing},
)
