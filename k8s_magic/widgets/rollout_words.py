"""What the rollout pictures say, in English and in Japanese. The browser's twin is js/src/rollout_words.js.

kubectl's own sentence and the API's reasons and messages stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from k8s_magic.widgets.words import is_japanese


@dataclass(frozen=True, slots=True)
class RolloutWords:
    """Shape: `parts` in the order of Counts; `states` by rollout_text.state_of; `left` by a Leaving's fault."""

    title: str
    none: str
    parts: tuple[str, str, str, str]
    states: dict[str, str]
    failing: str
    terminating: Callable[[int], str]
    desired: Callable[[int], str]
    band: Callable[[int, int], str]
    revision: Callable[[str], str]
    gone: str
    no_old: str
    available: str
    place: Callable[[str], str]  # of a namespace
    why: str
    not_ready: str
    pods: Callable[[int], str]
    left: dict[str, str]
    left_at: Callable[[str, str, str], str]
    lasted: Callable[[str], str]
    still: str
    band_left: str
    after: Callable[[str], str]
    before: Callable[[str], str]
    mark: Callable[[str], str]
    # In the terminal only.
    and_: str
    free: str
    wish: str


ENGLISH = RolloutWords(
    title="Rollout progress",
    none="There is no Deployment yet: kubectl create deployment web --image=nginx --replicas=4",
    parts=("old, ready", "old, not ready", "new, not ready", "new, ready"),
    states={"rolling": "rolling out", "done": "done", "paused": "paused", "stuck": "stuck"},
    failing="failing",
    terminating=lambda count: f"{count} terminating, not counted",
    desired=lambda count: f"desired {count}",
    band=lambda low, high: f"at least {low} available, at most {high} in all",
    revision=lambda revision: f"revision{'s' if ',' in revision else ''} {revision}",
    gone="no Pods left",
    no_old="nothing before",
    available="available",
    place=lambda namespace: f"Deployment in {namespace}",
    why="Stuck",
    not_ready="Not ready",
    pods=lambda count: f"{count} Pod{'' if count == 1 else 's'}",
    left={"below": "fewer than the minimum available", "above": "more than the maximum in all"},
    left_at=lambda word, at, span: f"{word}, {at}{span}",
    lasted=lambda span: f" for {span}",
    still=" until now",
    band_left="Band left",
    after=lambda span: f"after {span}",
    before=lambda span: f"{span} before",
    mark=lambda text: text,
    and_=", ",
    free="free",
    wish="desired",
)
_MARKS = {"revision": "リビジョン", "paused": "一時停止", "resumed": "再開"}
JAPANESE = RolloutWords(
    title="ロールアウトの進行",
    none="Deploymentがまだありません: kubectl create deployment web --image=nginx --replicas=4",
    parts=("旧・Ready", "旧・未Ready", "新・未Ready", "新・Ready"),
    states={"rolling": "更新中", "done": "完了", "paused": "一時停止中", "stuck": "停滞"},
    failing="失敗",
    terminating=lambda count: f"終了中{count}個(数えません)",
    desired=lambda count: f"希望数 {count}",
    band=lambda low, high: f"利用可能は{low}以上、全体は{high}以下",
    revision=lambda revision: f"リビジョン {revision}",
    gone="Podは残っていません",
    no_old="以前のものはありません",
    available="利用可能",
    place=lambda namespace: f"{namespace} のDeployment",
    why="停滞",
    not_ready="未Ready",
    pods=lambda count: f"Pod {count}個",
    left={"below": "利用可能数が下限を割りました", "above": "全体が上限を超えました"},
    left_at=lambda word, at, span: f"{word}({at}{span})",
    lasted=lambda span: f"、{span}間",
    still="、継続中",
    band_left="許容範囲を外れました",
    after=lambda span: f"{span}後",
    before=lambda span: f"{span}前",
    mark=lambda text: " ".join(_MARKS.get(word, word) for word in text.split(" ")),
    and_="、",
    free="空き",
    wish="希望数",
)


def words_of(language: str) -> RolloutWords:
    """As words.words_of."""
    return JAPANESE if is_japanese(language) else ENGLISH
