"""Lesson 1: create a cluster."""

from __future__ import annotations

from k8s_magic.machinery import meta, names
from k8s_magic.magics.lessons.reader import Reader, is_ready, node_of
from k8s_magic.magics.lessons.verdict import Lesson, Verdict, coming, missing, right


def control_plane_pods(see: Reader, words: list[str]) -> Verdict:
    """The learner counts what runs on the control plane."""
    if len(words) != 1 or not words[0].isdecimal():
        return missing("write the number in place of the question mark.", "? を数字に置き換えてください。")
    count = sum(node_of(pod) == "control-plane" for pod in see.all(names.PODS, ""))
    if int(words[0]) != count:
        return missing(
            f"it is not {words[0]}. Count the lines that have control-plane in the column NODE.",
            f"{words[0]} ではありません。NODE 列が control-plane の行を数えてください。",
        )
    return right(f"{count} Pods run on control-plane.", f"control-plane では {count} 個の Pod が動いています。")


def labelled_node(see: Reader, words: list[str]) -> Verdict:
    labelled = [meta.name_of(node) for node in see.all(names.NODES, "") if meta.labels_of(node).get("disk") == "ssd"]
    if "node-2" not in labelled:
        return missing("node-2 has no label disk=ssd.", "node-2 にラベル disk=ssd がありません。")
    if len(labelled) > 1:
        others = ", ".join(name for name in labelled if name != "node-2")
        return missing(
            f"node-2 has the label, but so has {others}; take it off again with disk-.",
            f"node-2 にはラベルが付きましたが、{others} にも付いています。disk- で外してください。",
        )
    return right("the selector disk=ssd finds node-2 alone.", "セレクター disk=ssd で node-2 だけが選ばれます。")


def five_nodes(see: Reader, words: list[str]) -> Verdict:
    workers = see.workers()
    if len(workers) != 5:
        return missing(
            f"the cluster has {len(workers)} worker nodes, not 5.",
            f"ワーカーノードは {len(workers)} 台です。5 台にしてください。",
        )
    ready = sum(map(is_ready, workers))
    if ready < 5:
        return coming(f"{ready} of 5 nodes are Ready.", f"5 台のうち {ready} 台が Ready です。")
    return right("five worker nodes are Ready.", "ワーカーノード 5 台が Ready です。")


LESSON = Lesson(
    1,
    {"en": "Create a cluster", "ja": "クラスターの作成"},
    {"control-plane-pods": control_plane_pods, "labelled-node": labelled_node, "five-nodes": five_nodes},
)
