"""InterPodAffinity: nodes by the Pods that already run in their topology domain.

Source: framework/plugins/interpodaffinity/{filtering,scoring}.go (1.36)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from k8s_magic.scheduler.filters import Refusal
from k8s_magic.scheduler.node_table import NodeInfo
from k8s_magic.scheduler.template import Template

# Source: apis/config/v1/defaults.go (hardPodAffinityWeight)
HARD_AFFINITY_WEIGHT = 1
MAX_SCORE = 100

PLUGIN = "InterPodAffinity"
EXISTING_ANTI = Refusal(PLUGIN, ("node(s) didn't satisfy existing pods anti-affinity rules",), is_final=False)
AFFINITY = Refusal(PLUGIN, ("node(s) didn't match pod affinity rules",))
ANTI_AFFINITY = Refusal(PLUGIN, ("node(s) didn't match pod anti-affinity rules",), is_final=False)

Domain = tuple[str, str]


class InterPodAffinity:
    """The state of one Pod's affinities against all that run, at one moment."""

    def __init__(self, template: Template, nodes: Iterable[NodeInfo]) -> None:
        self._template = template
        self._forbidden: set[Domain] = set()
        self._affine: dict[Domain, int] = {}
        self._anti: dict[Domain, int] = {}
        self._scores: dict[Domain, int] = {}
        # One that asks for nothing itself has only to do with those that do.
        for info in nodes:
            for entry in (info.pods if template.has_inter_pod_terms else info.related).values():
                self._count(info, entry.template)

    def _count(self, info: NodeInfo, other: Template) -> None:
        mine = self._template
        labels = info.labels
        for term in other.anti_affinity:
            if term.matches(mine.namespace, mine.labels) and term.topology_key in labels:
                self._forbidden.add((term.topology_key, labels[term.topology_key]))
        if mine.affinity and all(term.matches(other.namespace, other.labels) for term in mine.affinity):
            for term in mine.affinity:
                self._raise(self._affine, info, term.topology_key, 1)
        for term in mine.anti_affinity:
            if term.matches(other.namespace, other.labels):
                self._raise(self._anti, info, term.topology_key, 1)
        for term in mine.affinity_preferred:
            if term.matches(other.namespace, other.labels):
                self._raise(self._scores, info, term.topology_key, term.weight)
        for term in other.affinity:
            if term.matches(mine.namespace, mine.labels):
                self._raise(self._scores, info, term.topology_key, HARD_AFFINITY_WEIGHT)
        for term in other.affinity_preferred:
            if term.matches(mine.namespace, mine.labels):
                self._raise(self._scores, info, term.topology_key, term.weight)

    @staticmethod
    def _raise(counts: dict[Domain, int], info: NodeInfo, key: str, by: int) -> None:
        if key in info.labels:
            domain = (key, info.labels[key])
            counts[domain] = counts.get(domain, 0) + by

    def refusal(self, info: NodeInfo) -> Refusal | None:
        labels, mine = info.labels, self._template
        if mine.affinity and not self._affinity_satisfied(info):
            return AFFINITY
        for term in mine.anti_affinity:
            if term.topology_key in labels and self._anti.get((term.topology_key, labels[term.topology_key])):
                return ANTI_AFFINITY
        if any((key, labels[key]) in self._forbidden for key, _ in self._forbidden if key in labels):
            return EXISTING_ANTI
        return None

    def _affinity_satisfied(self, info: NodeInfo) -> bool:
        mine, exists = self._template, True
        for term in mine.affinity:
            domain = info.labels.get(term.topology_key)
            if domain is None:
                return False
            if not self._affine.get((term.topology_key, domain)):
                exists = False
        if exists:
            return True
        # The first of a series of Pods that want one another's company may go anywhere.
        return not self._affine and all(term.matches(mine.namespace, mine.labels) for term in mine.affinity)

    def scores(self, feasible: Sequence[NodeInfo]) -> list[int]:
        """Normalised to 0..100."""
        if not self._scores:
            return [0] * len(feasible)
        keys = sorted({key for key, _ in self._scores})
        raw = [
            sum(self._scores.get((key, info.labels[key]), 0) for key in keys if key in info.labels) for info in feasible
        ]
        least, most = min(raw, default=0), max(raw, default=0)
        if most == least:
            return [0] * len(raw)
        return [int(MAX_SCORE * ((value - least) / (most - least))) for value in raw]
