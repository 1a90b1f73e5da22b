"""Lesson 3: explore an app."""

from __future__ import annotations

from k8s_magic.machinery import meta, names
from k8s_magic.magics.lessons.reader import Reader, node_of
from k8s_magic.magics.lessons.verdict import Lesson, Verdict, missing, right
from k8s_magic.magics.lessons.workload import absent, unready

APP = "kubernetes-bootcamp"


def mended_shop(see: Reader, words: list[str]) -> Verdict:
    return unready(see, "shop") or right("shop runs.", "shop が動いています。")


def written_file(see: Reader, words: list[str]) -> Verdict:
    deployment = see.deployment(APP)
    if deployment is None:
        return absent(APP)
    for pod in see.pods_of(deployment):
        found = see.exec(meta.name_of(pod), "cat", "/tmp/note")
        if found.exit_code == 0 and found.stdout.strip():
            text = found.stdout.strip().splitlines()[0]
            return right(f"the file in the container says: {text}", f"コンテナのファイルの中身: {text}")
    return missing(
        f"no container of {APP} has a file /tmp/note with a text in it.",
        f"{APP} のコンテナに、文字の書かれた /tmp/note がありません。",
    )


def marked_node(see: Reader, words: list[str]) -> Verdict:
    """The learner finds out where a Pod runs."""
    deployment = see.deployment(APP)
    if deployment is None:
        return absent(APP)
    wanted = {node_of(pod) for pod in see.pods_of(deployment)}
    marked = {meta.name_of(node) for node in see.all(names.NODES, "") if "bootcamp" in meta.labels_of(node)}
    if not marked:
        return missing("no node has a label named bootcamp.", "bootcamp という名前のラベルを持つノードがありません。")
    if marked - wanted:
        other = min(marked - wanted)
        return missing(
            f"{other} has the label, but no Pod of {APP} runs there.",
            f"{other} にラベルがありますが、{APP} の Pod はそこでは動いていません。",
        )
    if wanted - marked:
        return missing(
            f"a Pod of {APP} runs on another node as well: {min(wanted - marked)}.",
            f"{APP} の Pod は別のノードでも動いています: {min(wanted - marked)}",
        )
    where = ", ".join(sorted(marked))
    return right(f"{APP} runs on {where}.", f"{APP} は {where} で動いています。")


LESSON = Lesson(
    3,
    {"en": "Explore your app", "ja": "アプリの調査"},
    {"marked-node": marked_node, "written-file": written_file, "mended-shop": mended_shop},
)
