"""One template's view of all nodes, kept up to date by the table's log of changes.

Feasible nodes that score alike stand in one group, so that a Pod of the template is placed by looking at the
groups, not at the nodes: most clusters have a handful. What depends on all nodes at once (normalisation, counts by
zone) is worked out over the groups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from k8s_magic.machinery.selectors import Selector
from k8s_magic.scheduler import filters, scores, spread
from k8s_magic.scheduler.filters import Refusal
from k8s_magic.scheduler.inter_pod_affinity import InterPodAffinity
from k8s_magic.scheduler.node_table import NodeInfo, NodeTable
from k8s_magic.scheduler.template import ZONE_LABEL, Template

# A number from 0 up to 1, by lot.
Draw = Callable[[], float]


class _Group(NamedTuple):
    """What the score of its nodes follows from."""

    base: int  # weighted sum of what a node answers by itself
    taints: int
    affinity: int
    host_count: int
    zone: str | None


class Outcome(NamedTuple):
    """A node, or why there is none: refusals by node name."""

    node: NodeInfo | None
    refusals: Mapping[str, Refusal]


def _out_of_reach(plugin: str) -> Refusal:
    return Refusal(plugin, (f"node(s) didn't satisfy plugin(s) [{plugin}]",))


ELSEWHERE = _out_of_reach("NodeAffinity")


class Evaluation:
    """`selector` is the default spreading selector of the template's Pods (None: they are not spread by default)."""

    def __init__(self, template: Template, table: NodeTable, selector: Selector | None) -> None:
        self.template = template
        self.selector = selector
        self._table = table
        self._epoch = -1
        self._read = 0
        self._groups: dict[_Group, list[NodeInfo]] = {}
        self._place: dict[str, tuple[_Group, int]] = {}  # node -> its group and position there
        self.refusals: dict[str, Refusal] = {}
        self._properties: dict[str, tuple[int, Refusal | None]] = {}
        self._counts: dict[str, int] = {}
        self._zone_counts: dict[str, int] = {}
        self._zone_nodes: dict[str, int] = {}
        self._holders: dict[str, int] = {}

    @property
    def is_plain(self) -> bool:
        """Whether groups suffice: nothing relates the template to particular Pods elsewhere."""
        return not (self.template.constraints or self.template.has_inter_pod_terms or self._table.inter_pod_terms)

    # --- Keeping up

    def _catch_up(self) -> None:
        table = self._table
        if self._epoch != table.epoch:
            self._rebuild()
            return
        changes = table.changes
        if self._read == len(changes):
            return
        fresh, self._read = changes[self._read :], len(changes)
        for index in dict.fromkeys(fresh):
            info = table.nodes[index]
            self._leave(info)
            self._enter(info)

    def _rebuild(self) -> None:
        table = self._table
        self._epoch, self._read = table.epoch, len(table.changes)
        self._groups.clear()
        self._place.clear()
        self.refusals.clear()
        self._properties.clear()
        self._counts.clear()
        self._zone_counts.clear()
        self._zone_nodes.clear()
        self._holders = {image: sum(image in info.images for info in table) for image in self.template.images}
        for info in table:
            self._enter(info)

    def _leave(self, info: NodeInfo) -> None:
        placed = self._place.pop(info.name, None)
        if placed is not None:
            key, position = placed
            members = self._groups[key]
            last = members.pop()
            if last is not info:
                members[position] = last
                self._place[last.name] = (key, position)
            if not members:
                del self._groups[key]
            zone = key.zone or ""
            self._zone_nodes[zone] -= 1
            if not self._zone_nodes[zone]:
                del self._zone_nodes[zone]
        self.refusals.pop(info.name, None)

    def _enter(self, info: NodeInfo) -> None:
        refusal = self._by_properties(info)
        count = 0
        if self.selector is not None and (refusal is None or refusal is not filters.NO_AFFINITY):
            count = spread.matching_pods(info, self.selector, self.template.namespace)
            zone = info.labels.get(ZONE_LABEL, "")
            before = self._counts.get(info.name, 0)
            if count != before:
                self._zone_counts[zone] = self._zone_counts.get(zone, 0) + count - before
                self._counts[info.name] = count
        refusal = refusal or filters.by_occupancy(self.template, info)
        if refusal is not None:
            self.refusals[info.name] = refusal
            return
        template = self.template
        key = _Group(
            scores.least_allocated(template, info)
            + scores.balanced_allocation(template, info)
            + scores.image_locality(template, info, self._holders, len(self._table)),
            scores.intolerable_taints(template, info),
            scores.preferred_affinity(template, info),
            count,
            info.labels.get(ZONE_LABEL),
        )
        members = self._groups.setdefault(key, [])
        self._place[info.name] = (key, len(members))
        members.append(info)
        zone = key.zone or ""
        self._zone_nodes[zone] = self._zone_nodes.get(zone, 0) + 1

    def _by_properties(self, info: NodeInfo) -> Refusal | None:
        known = self._properties.get(info.name)
        if known is not None and known[0] == info.spec_version:
            return known[1]
        named = self.template.named_nodes
        if named is not None and info.name not in named:
            refusal: Refusal | None = ELSEWHERE
        else:
            refusal = filters.by_properties(self.template, info)
        self._properties[info.name] = (info.spec_version, refusal)
        return refusal

    # --- Answering

    def refusal_of(self, info: NodeInfo) -> Refusal | None:
        self._catch_up()
        return self.refusals.get(info.name)

    def place(self, draw: Draw, uid: str = "") -> Outcome:
        """The best node for one Pod; among equals the draw decides."""
        self._catch_up()
        if not self.is_plain:
            return self._place_singly(draw)
        if not self._groups:
            return Outcome(None, self.refusals)
        best, total = [], -1
        if len(self._groups) == 1:
            best = list(self._groups.values())
        else:
            most_taints = max(key.taints for key in self._groups)
            most_affinity = max(key.affinity for key in self._groups)
            spreads = self._spreads()
            for key, members in self._groups.items():
                score = (
                    key.base
                    + scores.TAINT_WEIGHT * scores.reverse_normalised(key.taints, most_taints)
                    + scores.AFFINITY_WEIGHT * scores.normalised(key.affinity, most_affinity)
                    + scores.SPREAD_WEIGHT * spreads.get((key.host_count, key.zone), 0)
                )
                if score > total:
                    best, total = [members], score
                elif score == total:
                    best.append(members)
        return Outcome(_pick(best, draw), {})

    def _spreads(self) -> dict[tuple[int, str | None], int]:
        """The normalised default spreading score by (Pods on the node, zone)."""
        if self.selector is None:
            return {}
        host_weight = spread.domain_weight(len(self._place))
        zone_weight = spread.domain_weight(len(self._zone_nodes))
        raw = {
            pair: spread.default_score(pair[0], pair[1], host_weight, zone_weight, self._zone_counts)
            for pair in {(key.host_count, key.zone): None for key in self._groups}
        }
        fewest, most = min(raw.values()), max(raw.values())
        return {pair: spread.normalised(score, fewest, most) for pair, score in raw.items()}

    def _place_singly(self, draw: Draw) -> Outcome:
        """Every node on its own, with what relates Pods to Pods."""
        table, template = self._table, self.template
        hard = spread.HardSpread(template, table)
        relations = InterPodAffinity(template, table)
        refusals = dict(self.refusals)
        feasible = []
        for info in table:
            if info.name in refusals:
                continue
            refusal = hard.refusal(info) or relations.refusal(info)
            if refusal is None:
                feasible.append(info)
            else:
                refusals[info.name] = refusal
        if not feasible:
            return Outcome(None, refusals)
        totals = self._totals(feasible, relations)
        most = max(totals)
        return Outcome(_pick([[info for info, total in zip(feasible, totals, strict=True) if total == most]], draw), {})

    def _totals(self, feasible: list[NodeInfo], relations: InterPodAffinity) -> list[int]:
        template = self.template
        keys = [self._place[info.name][0] for info in feasible]
        most_taints = max(key.taints for key in keys)
        most_affinity = max(key.affinity for key in keys)
        raw: list[int | None]
        soft = [one for one in template.constraints if not one.is_hard]
        if soft:
            raw = spread.soft_scores(template, soft, feasible, self._table)
        elif template.constraints or self.selector is None:
            raw = []
        else:
            host, zone = spread.domain_weight(len(feasible)), spread.domain_weight(len({key.zone for key in keys}))
            raw = [spread.default_score(key.host_count, key.zone, host, zone, self._zone_counts) for key in keys]
        known = [score for score in raw if score is not None]
        fewest, most = min(known, default=0), max(known, default=0)
        spreads = [spread.normalised(score, fewest, most) for score in raw] or [0] * len(feasible)
        return [
            key.base
            + scores.TAINT_WEIGHT * scores.reverse_normalised(key.taints, most_taints)
            + scores.AFFINITY_WEIGHT * scores.normalised(key.affinity, most_affinity)
            + scores.SPREAD_WEIGHT * spread_score
            + scores.INTER_POD_WEIGHT * relation
            for key, spread_score, relation in zip(keys, spreads, relations.scores(feasible), strict=True)
        ]


def _pick(groups: list[list[NodeInfo]], draw: Draw) -> NodeInfo:
    size = sum(map(len, groups))
    index = int(draw() * size) if size > 1 else 0
    for members in groups:
        if index < len(members):
            return members[index]
        index -= len(members)
    raise AssertionError("a group of equals is never empty")
