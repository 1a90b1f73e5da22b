"""What the traffic pictures say, in English and in Japanese. The browser's twin is js/src/traffic_words.js."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from k8s_magic.widgets.words import is_japanese

# How requests fail, in the order in which they are stacked.
CAUSES = ("refused", "reset", "timeout", "5xx", "no_route", "unknown_host")


@dataclass(frozen=True, slots=True)
class TrafficWords:
    """Shape: `causes` by CAUSES; `origins` by a load's source, of its name and its node; `patterns` as loads name them;
    `why` turns a loss's reason, which is English, into the language."""

    title: str
    none: Callable[[str], str]
    causes: dict[str, str]
    sent: str
    answered: str
    lost: str
    origins: dict[str, Callable[[str, str], str]]
    source: Callable[[str], str]
    ended: str
    kept_alive: Callable[[int], str]
    patterns: dict[str, str]
    nobody: str
    no_endpoint: str
    earlier: Callable[[int], str]
    others: Callable[[int], str]
    leaving: str
    gone: str
    even: str
    old: str
    latency: str
    no_latency: str
    by: Callable[[str], str]
    at: Callable[[str], str]
    why: Callable[[str], str]
    # How the static forms put the words together.
    count: Callable[[str, str], str]  # a number and what it counts
    none_lost: str
    and_: str  # between the parts of a sentence
    about: Callable[[str, str], str]  # a load's name, and what is said of it
    aside: Callable[[str], str]
    loss: Callable[[str, str, str], str]  # an instant, what was lost and by whom, why
    between: Callable[[str, str], str]
    # On the figure for print.
    shared: str
    milliseconds: str


ENGLISH = TrafficWords(
    title="Service traffic",
    none=lambda service: f"No traffic yet: %traffic svc/{service or 'web'} --rate 50/s",
    causes={
        "refused": "refused",
        "reset": "reset",
        "timeout": "timed out",
        "5xx": "5xx",
        "no_route": "no route",
        "unknown_host": "no such name",
    },
    sent="sent",
    answered="answered",
    lost="lost",
    origins={
        "pod": lambda name, node: f"pod {name}" if name else f"a pod on {node}",
        "node": lambda name, node: f"node {node}",
        "outside": lambda name, node: f"outside, by {node}",
    },
    source=lambda text: f"from {text}",
    ended="ended",
    kept_alive=lambda count: f"{count} connections kept alive",
    patterns={"steady": "", "ramp": "ramp", "spike": "spikes", "wave": "wave"},
    nobody="Reached nobody",
    no_endpoint="no endpoint",
    earlier=lambda count: f"{count} earlier Pod{'' if count == 1 else 's'}",
    others=lambda count: f"{count} more Pods",
    leaving="leaving",
    gone="gone",
    even="even share",
    old="old template",
    latency="Latency",
    no_latency="nothing answered yet",
    by=lambda pod: f" by {pod}" if pod else "",
    at=lambda pod: f" at {pod}" if pod else "",
    why=lambda text: text,
    count=lambda number, what: f"{number} {what}",
    none_lost="none lost",
    and_=", ",
    about=lambda name, text: f"{name} {text}",
    aside=lambda text: f" ({text})",
    loss=lambda instant, what, why: f"lost at {instant}: {what} ({why})",
    between=lambda low, high: f"{low} to {high}",
    shared="requests sent (line: an even share)",
    milliseconds="milliseconds",
)
_WHY = {
    "it was not listening yet": "まだ待ち受けていませんでした",
    "it no longer listened": "もう待ち受けていませんでした",
    "it was killed": "強制終了されました",
    "it is gone": "もう存在しません",
    "no endpoint was ready": "Readyなエンドポイントがありませんでした",
    "the Service was gone": "Serviceがありませんでした",
    "nothing took them in": "受け取る相手がいませんでした",
    "it answered too late": "応答が間に合いませんでした",
    "it closed the connection without an answer": "応答せずに接続を閉じました",
}


def _why(text: str) -> str:
    if text in _WHY:
        return _WHY[text]
    text = re.sub(r"^its node (\S+) is cut off$", r"ノード \1 が切り離されています", text)
    return re.sub(r"^it answered (\d+)$", r"\1 を返しました", text)


JAPANESE = TrafficWords(
    title="Serviceのトラフィック",
    none=lambda service: f"まだトラフィックがありません: %traffic svc/{service or 'web'} --rate 50/s",
    causes={
        "refused": "接続拒否",
        "reset": "切断",
        "timeout": "時間切れ",
        "5xx": "5xx",
        "no_route": "到達不能",
        "unknown_host": "名前なし",
    },
    sent="送信",
    answered="応答あり",
    lost="失敗",
    origins={
        "pod": lambda name, node: f"Pod {name}" if name else f"{node} 上のPod",
        "node": lambda name, node: f"ノード {node}",
        "outside": lambda name, node: f"外部({node} 経由)",
    },
    source=lambda text: f"送信元: {text}",
    ended="終了",
    kept_alive=lambda count: f"接続{count}本を維持",
    patterns={"steady": "", "ramp": "漸増", "spike": "スパイク", "wave": "波"},
    nobody="どこにも届かず",
    no_endpoint="エンドポイントなし",
    earlier=lambda count: f"以前のPod {count}個",
    others=lambda count: f"ほかのPod {count}個",
    leaving="離脱中",
    gone="削除済み",
    even="均等な割り当て",
    old="旧テンプレート",
    latency="応答時間",
    no_latency="まだ応答がありません",
    by=lambda pod: f" {pod}" if pod else "",
    at=lambda pod: f" {pod}" if pod else "",
    why=_why,
    count=lambda number, what: f"{what} {number}件",
    none_lost="失敗なし",
    and_="、",
    about=lambda name, text: f"{name}（{text}）",
    aside=lambda text: f"（{text}）",
    loss=lambda instant, what, why: f"失敗 {instant} {what}（{why}）",
    between=lambda low, high: f"{low}～{high}",
    shared="送信したリクエスト数（線: 均等な割り当て）",
    milliseconds="ミリ秒",
)


def words_of(language: str) -> TrafficWords:
    """As words.words_of."""
    return JAPANESE if is_japanese(language) else ENGLISH
