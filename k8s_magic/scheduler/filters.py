"""Filters that one node answers by itself, in kube-scheduler's order: the first that objects is the reason.

Source: apis/config/v1/default_plugins.go (order), framework/plugins/*/ (reasons and codes), 1.36
"""

from __future__ import annotations

from typing import NamedTuple

from k8s_magic.machinery import node_match
from k8s_magic.scheduler.node_table import NodeInfo
from k8s_magic.scheduler.requests import Request
from k8s_magic.scheduler.template import Template


class Refusal(NamedTuple):
    """Why a node is no place. `is_final`: evicting Pods from it would not help (UnschedulableAndUnresolvable)."""

    plugin: str
    reasons: tuple[str, ...]
    is_final: bool = True


UNSCHEDULABLE = Refusal("NodeUnschedulable", ("node(s) were unschedulable",))
OTHER_NAME = Refusal("NodeName", ("node(s) didn't match the requested node name",))
TAINTED = Refusal("TaintToleration", ("node(s) had untolerated taint(s)",))
NO_AFFINITY = Refusal("NodeAffinity", ("node(s) didn't match Pod's node affinity/selector",))
PORTS_TAKEN = Refusal("NodePorts", ("node(s) didn't have free ports for the requested pod ports",), is_final=False)
TOO_MANY_PODS = "Too many pods"
ANY_ADDRESS = "0.0.0.0"


def by_properties(template: Template, info: NodeInfo) -> Refusal | None:
    """NodeUnschedulable, NodeName, TaintToleration, NodeAffinity: changes only with the node's own object."""
    tolerations = template.tolerations
    if info.is_unschedulable and not node_match.is_tolerated(node_match.UNSCHEDULABLE_TAINT, tolerations):
        return UNSCHEDULABLE
    if template.node_name and template.node_name != info.name:
        return OTHER_NAME
    if info.taints and node_match.has_untolerated(info.taints, tolerations):
        return TAINTED
    if (template.node_selector or template.node_required) and not node_match.required_matches(
        template.node_selector, template.node_required, info.labels, info.name
    ):
        return NO_AFFINITY
    return None


def ports_conflict(template: Template, info: NodeInfo) -> bool:
    taken = info.ports
    if not taken:
        return False
    for address, protocol, port in template.ports:
        for other, other_protocol, other_port in taken:
            if (protocol, port) == (other_protocol, other_port) and (
                address == other or ANY_ADDRESS in (address, other)
            ):
                return True
    return False


def insufficient(request: Request, info: NodeInfo, reserved: tuple[Request, ...] = ()) -> Refusal | None:
    """NodeResourcesFit. `reserved` is what nominated Pods will take."""
    reasons: list[str] = []
    final = False
    if len(info.pods) + len(reserved) + 1 > info.pods_allowed:
        reasons.append(TOO_MANY_PODS)
    if not request.is_empty:
        more = Request(
            sum(one.cpu for one in reserved),
            sum(one.memory for one in reserved),
            sum(one.ephemeral for one in reserved),
        )
        checks = (
            ("cpu", request.cpu, info.cpu, info.used_cpu + more.cpu),
            ("memory", request.memory, info.memory, info.used_memory + more.memory),
            ("ephemeral-storage", request.ephemeral, info.ephemeral, info.used_ephemeral + more.ephemeral),
        )
        for name, wanted, allocatable, used in checks:
            if wanted > 0 and wanted > allocatable - used:
                reasons.append(f"Insufficient {name}")
                final = final or wanted > allocatable
        for name, wanted in request.scalars:
            allocatable = info.scalars.get(name, 0)
            if wanted > allocatable - info.used_scalars.get(name, 0):
                reasons.append(f"Insufficient {name}")
                final = final or wanted > allocatable
    return Refusal("NodeResourcesFit", tuple(reasons), final) if reasons else None


def by_occupancy(template: Template, info: NodeInfo, uid: str = "") -> Refusal | None:
    """NodePorts and NodeResourcesFit: changes with the Pods on the node."""
    if template.ports and ports_conflict(template, info):
        return PORTS_TAKEN
    reserved: tuple[Request, ...] = ()
    if info.nominated:
        reserved = tuple(
            other.request
            for other_uid, other in info.nominated.items()
            if other_uid != uid and other.priority >= template.priority
        )
    return insufficient(template.request, info, reserved)
