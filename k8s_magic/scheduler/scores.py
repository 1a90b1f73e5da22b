"""Scores that one node answers by itself, 0 to 100 each, with kube-scheduler's weights.

Source: framework/plugins/noderesources/{least_allocated,balanced_allocation}.go, imagelocality/image_locality.go,
tainttoleration/taint_toleration.go (1.36)
"""

from __future__ import annotations

from collections.abc import Mapping

from k8s_magic.machinery import node_match
from k8s_magic.scheduler.node_table import NodeInfo
from k8s_magic.scheduler.template import Template

MAX_SCORE = 100

# Source: apis/config/v1/default_plugins.go; a plugin that is not named there has weight 1
TAINT_WEIGHT = 3
AFFINITY_WEIGHT = 2
SPREAD_WEIGHT = 2
INTER_POD_WEIGHT = 2

_MIB = 1024 * 1024
_IMAGE_FLOOR = 23 * _MIB
_IMAGE_CEILING = 1000 * _MIB


def least_allocated(template: Template, info: NodeInfo) -> int:
    request = template.request
    total = kinds = 0
    for wanted, allocatable in (
        (info.scored_cpu + request.scored_cpu, info.cpu),
        (info.scored_memory + request.scored_memory, info.memory),
    ):
        if allocatable:
            kinds += 1
            if wanted <= allocatable:
                total += (allocatable - wanted) * MAX_SCORE // allocatable
    return total // kinds if kinds else 0


def _balance(cpu: int, memory: int, info: NodeInfo) -> int:
    if not info.cpu or not info.memory:
        return MAX_SCORE
    spread = abs(min(cpu / info.cpu, 1.0) - min(memory / info.memory, 1.0)) / 2
    return int((1 - spread) * MAX_SCORE)


def balanced_allocation(template: Template, info: NodeInfo) -> int:
    """By how much the Pod improves the balance of the node's CPU and memory; 0 for best-effort Pods."""
    request = template.request
    if not request.cpu and not request.memory:
        return 0
    with_pod = _balance(info.used_cpu + request.cpu, info.used_memory + request.memory, info)
    without = _balance(info.used_cpu, info.used_memory, info)
    half = MAX_SCORE // 2 + with_pod - without
    return MAX_SCORE // 2 + (half // 2 if half >= 0 else -(-half // 2))


def image_locality(template: Template, info: NodeInfo, holders: Mapping[str, int], nodes: int) -> int:
    """`holders` counts the nodes that have an image."""
    total = 0
    for image in template.images:
        size = info.images.get(image)
        if size:
            total += int(size * (holders[image] / nodes))
    ceiling = _IMAGE_CEILING * max(len(template.images), 1)
    total = min(max(total, _IMAGE_FLOOR), ceiling)
    return MAX_SCORE * (total - _IMAGE_FLOOR) // (ceiling - _IMAGE_FLOOR)


def intolerable_taints(template: Template, info: NodeInfo) -> int:
    """PreferNoSchedule taints that the Pod does not tolerate; fewer is better."""
    if not info.taints:
        return 0
    return sum(
        taint.get("effect") == "PreferNoSchedule" and not node_match.is_tolerated(taint, template.tolerations)
        for taint in info.taints
    )


def preferred_affinity(template: Template, info: NodeInfo) -> int:
    if not template.node_preferred:
        return 0
    return node_match.preferred_score(template.node_preferred, info.labels, info.name)


def reverse_normalised(score: int, most: int) -> int:
    return MAX_SCORE - MAX_SCORE * score // most if most else MAX_SCORE


def normalised(score: int, most: int) -> int:
    return MAX_SCORE * score // most if most else 0
