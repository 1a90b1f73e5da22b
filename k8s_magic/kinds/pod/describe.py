"""How `kubectl describe pod` tells of a Pod.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Callable

from k8s_magic.kinds import describe_template, describe_volumes
from k8s_magic.kinds.describe import (
    DescribeContext,
    Writer,
    controller_line,
    event_lines,
    label_lines,
    metadata_lines,
    moment,
    name_lines,
)
from k8s_magic.kinds.pod import qos
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object

_MIRROR = "kubernetes.io/config.mirror"


def describe(obj: Object, context: DescribeContext) -> str:
    mirror = meta.annotations_of(obj).get(_MIRROR)
    events = context.events(obj, kind="", uid=mirror)
    spec, status = obj["spec"], obj.get("status") or {}
    w = Writer()
    _head(w, obj, spec, status, context)
    read = field_reader(obj)
    if spec.get("initContainers"):
        statuses = status.get("initContainerStatuses")
        describe_template.container_lines(w, "Init Containers", spec["initContainers"], statuses, read)
    statuses = status.get("containerStatuses")
    describe_template.container_lines(w, "Containers", spec.get("containers") or (), statuses, read)
    if spec.get("ephemeralContainers"):
        statuses = status.get("ephemeralContainerStatuses")
        describe_template.container_lines(w, "Ephemeral Containers", spec["ephemeralContainers"], statuses, read)
    _conditions(w, spec, status)
    describe_volumes.volume_lines(w, spec.get("volumes"))
    w(0, f"QoS Class:\t{status.get('qosClass') or qos.qos_class(spec)}")
    label_lines(w, "Node-Selectors", spec.get("nodeSelector"))
    describe_template.toleration_lines(w, "Tolerations", spec.get("tolerations"))
    describe_template.spread_lines(w, spec.get("topologySpreadConstraints"))
    if spec.get("schedulingGroup"):
        w(0, "SchedulingGroup:")
        w(1, f"PodGroupName:\t{spec['schedulingGroup'].get('podGroupName', '')}")
    event_lines(w, events, context)
    return w.text()


def _head(w: Writer, obj: Object, spec: Object, status: Object, context: DescribeContext) -> None:
    name_lines(w, obj)
    if spec.get("priority") is not None:
        w(0, f"Priority:\t{spec['priority']}")
    if spec.get("priorityClassName"):
        w(0, f"Priority Class Name:\t{spec['priorityClassName']}")
    if spec.get("runtimeClassName"):
        w(0, f"Runtime Class Name:\t{spec['runtimeClassName']}")
    if spec.get("serviceAccountName"):
        w(0, f"Service Account:\t{spec['serviceAccountName']}")
    node = spec.get("nodeName")
    w(0, f"Node:\t{node}/{status.get('hostIP', '')}" if node else "Node:\t<none>")
    if status.get("startTime"):
        w(0, f"Start Time:\t{moment(status['startTime'])}")
    metadata_lines(w, obj)
    deleted = obj["metadata"].get("deletionTimestamp")
    if deleted and status.get("phase") not in ("Failed", "Succeeded"):
        w(0, f"Status:\tTerminating (lasts {context.since(deleted)})")
        w(0, f"Termination Grace Period:\t{obj['metadata'].get('deletionGracePeriodSeconds', 0)}s")
    else:
        w(0, f"Status:\t{status.get('phase', '')}")
    for title, key in (("Reason", "reason"), ("Message", "message")):
        if status.get(key):
            w(0, f"{title}:\t{status[key]}")
    profile = (spec.get("securityContext") or {}).get("seccompProfile")
    if profile:
        w(0, f"SeccompProfile:\t{profile['type']}")
        if profile["type"] == "Localhost":
            w(0, f"LocalhostProfile:\t{profile.get('localhostProfile', '')}")
    w(0, f"IP:\t{status.get('podIP', '')}")
    addresses = status.get("podIPs")
    w(0, "IPs:" if addresses else "IPs:\t<none>")
    for address in addresses or ():
        w(1, f"IP:\t{address.get('ip', '')}")
    controller_line(w, obj)
    if status.get("nominatedNodeName"):
        w(0, f"NominatedNodeName:\t{status['nominatedNodeName']}")
    if spec.get("resources") is not None:
        w(0, "Resources:")
        describe_template.resource_lines(w, spec["resources"], 1)


def _conditions(w: Writer, spec: Object, status: Object) -> None:
    conditions = status.get("conditions") or ()
    if spec.get("readinessGates"):
        w(0, "Readiness Gates:\n  Type\tStatus")
        for gate in spec["readinessGates"]:
            found = [each.get("status", "") for each in conditions if each["type"] == gate["conditionType"]]
            w(1, f"{gate['conditionType']} \t{found[0] if found else '<none>'} ")
    if conditions:
        w(0, "Conditions:\n  Type\tStatus")
        for each in conditions:
            w(1, f"{each['type']} \t{each.get('status', '')} ")


def field_reader(obj: Object) -> Callable[[str], str]:
    """What kubectl itself reads of a Pod for a variable: its name and namespace, nothing else.

    Source: kubectl/pkg/describe/describe.go (EnvValueRetriever); a client's scheme knows no other field label
    """
    metadata = obj["metadata"]
    known = {"metadata.name": metadata["name"], "metadata.namespace": metadata.get("namespace", "")}
    return lambda path: known.get(path, "")
