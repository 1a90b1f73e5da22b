"""PodTopologySpread: counting Pods by topology domain, the hard constraints as a filter, the soft ones as a score.

Source: framework/plugins/podtopologyspread/{common,filtering,scoring}.go (1.36)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from k8s_magic.machinery import node_match
from k8s_magic.machinery.selectors import Selector
from k8s_magic.scheduler.filters import Refusal
from k8s_magic.scheduler.node_table import NodeInfo
from k8s_magic.scheduler.template import HOSTNAME_LABEL, Constraint, Template

MAX_SCORE = 100

SKEWED = Refusal("PodTopologySpread", ("node(s) didn't match pod topology spread constraints",), is_final=False)
NO_DOMAIN = Refusal(
    "PodTopologySpread", ("node(s) didn't match pod topology spread constraints (missing required label)",)
)


class Spreading(Protocol):
    """What of a constraint the counts need."""

    @property
    def topology_key(self) -> str: ...
    @property
    def max_skew(self) -> int: ...
    @property
    def selector(self) -> Selector: ...


def matching_pods(info: NodeInfo, selector: Selector, namespace: str) -> int:
    """Pods on a node that a selector counts; those being deleted do not count."""
    return sum(
        count
        for template, count in info.live.items()
        if template.namespace == namespace and selector.matches(template.labels)
    )


def includes(constraint: Constraint, template: Template, info: NodeInfo) -> bool:
    """The constraint's nodeAffinityPolicy and nodeTaintsPolicy."""
    if constraint.honor_affinity and not node_match.required_matches(
        template.node_selector, template.node_required, info.labels, info.name
    ):
        return False
    return not (constraint.honor_taints and node_match.has_untolerated(info.taints, template.tolerations))


class HardSpread:
    """The state of a Pod's DoNotSchedule constraints over all nodes, at one moment."""

    def __init__(self, template: Template, nodes: Iterable[NodeInfo]) -> None:
        self._template = template
        self._constraints = [one for one in template.constraints if one.is_hard]
        self._counts: list[dict[str, int]] = [{} for _ in self._constraints]
        if not self._constraints:
            return
        for info in nodes:
            if any(one.topology_key not in info.labels for one in self._constraints):
                continue
            for constraint, counts in zip(self._constraints, self._counts, strict=True):
                if includes(constraint, template, info):
                    domain = info.labels[constraint.topology_key]
                    found = matching_pods(info, constraint.selector, template.namespace)
                    counts[domain] = counts.get(domain, 0) + found

    def refusal(self, info: NodeInfo) -> Refusal | None:
        for constraint, counts in zip(self._constraints, self._counts, strict=True):
            domain = info.labels.get(constraint.topology_key)
            if domain is None:
                return NO_DOMAIN
            fewest = min(counts.values(), default=0) if len(counts) >= constraint.min_domains else 0
            itself = 1 if constraint.selector.matches(self._template.labels) else 0
            if counts.get(domain, 0) + itself - fewest > constraint.max_skew:
                return SKEWED
        return None


def domain_weight(size: int) -> float:
    return math.log(size + 2)


def rounded(score: float) -> int:
    """math.Round of Go: halves away from zero (scores are never negative)."""
    return math.floor(score + 0.5)


def soft_scores(
    template: Template, constraints: Sequence[Constraint], feasible: Sequence[NodeInfo], nodes: Iterable[NodeInfo]
) -> list[int | None]:
    """The raw score of each feasible node (fewer is better); None where a node lacks a topology label."""
    keys = [one.topology_key for one in constraints]
    scored = [all(key in info.labels for key in keys) for info in feasible]
    counts: list[dict[str, int]] = [{} for _ in constraints]
    for info, counted in zip(feasible, scored, strict=True):
        if counted:
            for key, by_domain in zip(keys, counts, strict=True):
                if key != HOSTNAME_LABEL:
                    by_domain.setdefault(info.labels[key], 0)
    weights = [
        domain_weight(sum(scored) if key == HOSTNAME_LABEL else len(by_domain))
        for key, by_domain in zip(keys, counts, strict=True)
    ]
    for info in nodes:
        if any(key not in info.labels for key in keys):
            continue
        for constraint, by_domain in zip(constraints, counts, strict=True):
            domain = info.labels[constraint.topology_key]
            if domain in by_domain and includes(constraint, template, info):
                by_domain[domain] += matching_pods(info, constraint.selector, template.namespace)
    found: list[int | None] = []
    for info, counted in zip(feasible, scored, strict=True):
        if not counted:
            found.append(None)
            continue
        score = 0.0
        for constraint, by_domain, weight in zip(constraints, counts, weights, strict=True):
            if constraint.topology_key == HOSTNAME_LABEL:
                number = matching_pods(info, constraint.selector, template.namespace)
            else:
                number = by_domain[info.labels[constraint.topology_key]]
            score += number * weight + (constraint.max_skew - 1)
        found.append(rounded(score))
    return found


def normalised(score: int | None, fewest: int, most: int) -> int:
    if score is None:
        return 0
    return MAX_SCORE if most == 0 else MAX_SCORE * (most + fewest - score) // most


def default_score(
    host_count: int, zone: str | None, host_weight: float, zone_weight: float, zones: Mapping[str, int]
) -> int:
    """The raw score under the system's own constraints (hostname with skew 3, zone with skew 5)."""
    score = host_count * host_weight + 2
    if zone is not None:
        score += zones.get(zone, 0) * zone_weight + 4
    return rounded(score)
