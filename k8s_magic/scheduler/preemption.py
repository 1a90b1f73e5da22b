"""DefaultPreemption: which Pods of lower priority to evict so that one Pod fits somewhere.

Our simplification: PodDisruptionBudgets are not looked at. Source: framework/preemption/preemption.go,
framework/plugins/defaultpreemption/default_preemption.go (1.36)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from k8s_magic.machinery import meta
from k8s_magic.scheduler import filters
from k8s_magic.scheduler.evaluation import Draw
from k8s_magic.scheduler.filters import Refusal
from k8s_magic.scheduler.inter_pod_affinity import InterPodAffinity
from k8s_magic.scheduler.node_table import NodeInfo, NodeTable, PodEntry
from k8s_magic.scheduler.spread import HardSpread
from k8s_magic.scheduler.template import Template

NOT_HELPFUL = "Preemption is not helpful for scheduling"
NO_VICTIMS = "No preemption victims found for incoming pod"
NEVER = "not eligible due to preemptionPolicy=Never."
VICTIMS_LEAVING = "not eligible due to a terminating pod on the nominated node."
# Source: apis/config/v1/defaults.go (DefaultPreemptionArgs)
MIN_CANDIDATES_PERCENT = 10
MIN_CANDIDATES = 100
_PRIORITY_SHIFT = 2**31


class Verdict(NamedTuple):
    """A node to empty of its victims, or the message why not."""

    node: NodeInfo | None
    victims: tuple[PodEntry, ...]
    message: str


def histogram(total: int, reasons: Iterable[str]) -> str:
    """FitError.Error without its prelude: `0/3 nodes are available: 1 …, 2 ….`; sorted as texts."""
    texts = sorted(f"{count} {reason}" for reason, count in Counter(reasons).items())
    listed = f" {', '.join(texts)}." if texts else ""
    return f"0/{total} nodes are available:{listed}"


def _fits(template: Template, info: NodeInfo, table: NodeTable, uid: str) -> Refusal | None:
    refusal = filters.by_properties(template, info) or filters.by_occupancy(template, info, uid)
    if refusal is None and (template.constraints or template.has_inter_pod_terms or table.inter_pod_terms):
        refusal = HardSpread(template, table).refusal(info) or InterPodAffinity(template, table).refusal(info)
    return refusal


def _importance(entry: PodEntry) -> tuple[int, str]:
    return -entry.template.priority, (entry.pod.get("status") or {}).get("startTime") or "~"


def _victims_on(template: Template, info: NodeInfo, table: NodeTable, uid: str) -> list[PodEntry] | str:
    """The fewest and least important Pods whose leaving makes room; a reason where none do."""
    potential = sorted(
        (entry for entry in info.pods.values() if entry.template.priority < template.priority), key=_importance
    )
    if not potential:
        return NO_VICTIMS
    for entry in potential:
        info.remove(meta.uid_of(entry.pod))
    victims: list[PodEntry] = []
    refusal = _fits(template, info, table, uid)
    for entry in potential:
        info.add(meta.uid_of(entry.pod), entry)
        if refusal is None and _fits(template, info, table, uid) is not None:
            info.remove(meta.uid_of(entry.pod))
            victims.append(entry)
    for entry in victims:
        info.add(meta.uid_of(entry.pod), entry)
    table.touch(info)
    if refusal is not None:
        return ", ".join(refusal.reasons)
    return victims


def _cost(victims: list[PodEntry]) -> tuple[int, int, int]:
    highest = victims[0].template.priority if victims else -_PRIORITY_SHIFT
    return highest, sum(entry.template.priority + _PRIORITY_SHIFT for entry in victims), len(victims)


def _latest_start(victims: list[PodEntry]) -> str:
    """The earliest start among the most important victims: the later, the better to preempt."""
    highest = victims[0].template.priority if victims else 0
    starts = [
        (entry.pod.get("status") or {}).get("startTime") or "~"
        for entry in victims
        if entry.template.priority == highest
    ]
    return min(starts, default="~")


def find(
    template: Template,
    uid: str,
    nominated: str,
    table: NodeTable,
    refusals: Mapping[str, Refusal],
    draw: Draw,
) -> Verdict:
    """Where eviction helps most at the least cost."""
    if template.preemption_policy == "Never":
        return Verdict(None, (), NEVER)
    on = table.by_name.get(nominated)
    if on is not None and (nominated not in refusals or not refusals[nominated].is_final):
        for entry in on.pods.values():
            if entry.is_leaving and entry.template.priority < template.priority:
                return Verdict(None, (), VICTIMS_LEAVING)
    potential = [info for info in table if info.name in refusals and not refusals[info.name].is_final]
    if not potential:
        return Verdict(None, (), histogram(len(table), [NOT_HELPFUL] * len(table)))
    wanted = min(max(len(potential) * MIN_CANDIDATES_PERCENT // 100, MIN_CANDIDATES), len(potential))
    offset = int(draw() * len(potential))
    candidates: list[tuple[NodeInfo, list[PodEntry]]] = []
    reasons: list[str] = []
    for step in range(len(potential)):
        info = potential[(offset + step) % len(potential)]
        found = _victims_on(template, info, table, uid)
        if isinstance(found, str):
            reasons.append(found)
            continue
        candidates.append((info, found))
        if len(candidates) == wanted:
            break
    if not candidates:
        absent = [NOT_HELPFUL] * (len(table) - len(reasons))
        return Verdict(None, (), histogram(len(table), [*reasons, *absent]))
    cheapest = min(_cost(victims) for _, victims in candidates)
    equal = [(info, victims) for info, victims in candidates if _cost(victims) == cheapest]
    latest = max(_latest_start(victims) for _, victims in equal)
    node, victims = next((info, victims) for info, victims in equal if _latest_start(victims) == latest)
    return Verdict(node, tuple(victims), "")
