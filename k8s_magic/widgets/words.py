"""What the node and Pod pictures say, in English and in Japanese. The browser's twin is js/src/i18n.js."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from k8s_magic.widgets.pod_state import State

LANGUAGES = ("en", "ja")


@dataclass(frozen=True, slots=True)
class Words:
    states: dict[State, str]
    waiting: str
    cpu: str
    memory: str
    pods: str
    requested: str
    used: str
    ready: str
    not_ready: str
    cordoned: str
    old: str
    pressure: dict[str, str]
    image: str  # what an <img> shows
    more: Callable[[int], str]
    summary: Callable[[int, int, int], str]  # nodes, Pods, ready
    pods_of: Callable[[int, int], str]
    leaves: Callable[[str], str]
    zone: Callable[[str], str]
    on: Callable[[str], str]


ENGLISH = Words(
    states={
        "pending": "Pending",
        "creating": "ContainerCreating",
        "running": "Running, not ready",
        "ready": "Ready",
        "error": "Error",
        "terminating": "Terminating",
        "succeeded": "Succeeded",
        "unknown": "Unknown",
    },
    waiting="Waiting room",
    cpu="CPU",
    memory="memory",
    pods="Pods",
    requested="requested",
    used="used",
    ready="Ready",
    not_ready="NotReady",
    cordoned="SchedulingDisabled",
    old="old template",
    pressure={
        "MemoryPressure": "memory pressure",
        "DiskPressure": "disk pressure",
        "PIDPressure": "PID pressure",
        "NetworkUnavailable": "no network",
    },
    image="Nodes and Pods of the cluster",
    more=lambda count: f"and {count} more",
    summary=lambda nodes, pods, ready: f"{nodes} nodes, {pods} Pods, {ready} ready",
    pods_of=lambda used, total: f"{used}/{total} Pods",
    leaves=lambda time: f"first Pod leaves in {time}",
    zone=lambda name: f"Zone {name}",
    on=lambda node: f"on {node}",
)
JAPANESE = Words(
    states={
        "pending": "割り当て待ち",
        "creating": "コンテナ作成中",
        "running": "実行中（準備未完了）",
        "ready": "準備完了",
        "error": "エラー",
        "terminating": "終了処理中",
        "succeeded": "完了",
        "unknown": "不明",
    },
    waiting="待合室",
    cpu="CPU",
    memory="メモリ",
    pods="Pod",
    requested="要求",
    used="使用",
    ready="準備完了",
    not_ready="応答なし",
    cordoned="スケジュール停止中",
    old="古いテンプレート",
    pressure={
        "MemoryPressure": "メモリ不足",
        "DiskPressure": "ディスク不足",
        "PIDPressure": "PID 不足",
        "NetworkUnavailable": "ネットワークなし",
    },
    image="クラスターのノードと Pod",
    more=lambda count: f"ほか {count} 個",
    summary=lambda nodes, pods, ready: f"ノード {nodes} 台、Pod {pods} 個、準備完了 {ready} 個",
    pods_of=lambda used, total: f"Pod {used}/{total}",
    leaves=lambda time: f"最初の Pod の退避まで {time}",
    zone=lambda name: f"ゾーン {name}",
    on=lambda node: f"{node} 上",
)


def is_japanese(language: str) -> bool:
    return language.lower().startswith("ja")


def words_of(language: str) -> Words:
    """The words of a language by its tag, e.g. "ja" or "ja-JP"; English for all others and for ""."""
    return JAPANESE if is_japanese(language) else ENGLISH
