"""How `kubectl describe node` tells of a node, its Pods and what they take.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, amount, event_lines, metadata_lines, moment
from k8s_magic.kinds.node import describe_resources
from k8s_magic.kinds.node.columns import roles
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource

_RESOURCE_SLICES = GroupVersionResource("resource.k8s.io", "v1", "resourceslices")
_LEASES_NAMESPACE = "kube-node-lease"
# Source: describeNodeResourceSlices (maxPoolsToShow)
_MOST_POOLS = 10

_SYSTEM_INFO = (
    ("Machine ID", "machineID"),
    ("System UUID", "systemUUID"),
    ("Boot ID", "bootID"),
    ("Kernel Version", "kernelVersion"),
    ("OS Image", "osImage"),
    ("Operating System", "operatingSystem"),
    ("Architecture", "architecture"),
    ("Container Runtime Version", "containerRuntimeVersion"),
    ("Kubelet Version", "kubeletVersion"),
)


def describe(obj: Object, context: DescribeContext) -> str:
    name = meta.name_of(obj)
    pods = _pods(name, context)
    events = context.events(obj)
    if events is not None:
        # The kubelet's own events carry the node's name as its uid.
        events = events + (context.events(obj, uid=name) or [])
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    w = Writer()
    w(0, f"Name:\t{name}")
    w(0, f"Roles:\t{','.join(roles(obj)) or '<none>'}")
    metadata_lines(w, obj)
    w(0, f"CreationTimestamp:\t{moment(obj['metadata'].get('creationTimestamp'))}")
    _taints(w, spec.get("taints") or [])
    w(0, f"Unschedulable:\t{'true' if spec.get('unschedulable') else 'false'}")
    _lease(w, name, context)
    _conditions(w, status.get("conditions") or [])
    w(0, "Addresses:")
    for address in status.get("addresses") or ():
        w(1, f"{address['type']}:\t{address['address']}")
    for title, key in (("Capacity", "capacity"), ("Allocatable", "allocatable")):
        amounts = status.get(key)
        if amounts:
            w(0, f"{title}:")
            for resource in sorted(amounts):
                w(1, f"{resource}:\t{amount(amounts[resource])}")
    _slices(w, name, context)
    w(0, "System Info:")
    info = status.get("nodeInfo") or {}
    for title, key in _SYSTEM_INFO:
        w(1, f"{title}:\t{info.get(key, '')}")
    if spec.get("podCIDR"):
        w(0, f"PodCIDR:\t{spec['podCIDR']}")
    if spec.get("podCIDRs"):
        w(0, f"PodCIDRs:\t{','.join(spec['podCIDRs'])}")
    if spec.get("providerID"):
        w(0, f"ProviderID:\t{spec['providerID']}")
    if pods is None:
        w(0, "Pods:\tnot authorized")
    else:
        describe_resources.lines(w, pods, status, context)
    event_lines(w, events, context)
    return w.text()


def _pods(node: str, context: DescribeContext) -> list[Object] | None:
    fields = f"spec.nodeName={node},status.phase!=Succeeded,status.phase!=Failed"
    try:
        return context.fetch(names.PODS, "", fields=fields)
    except ApiError as error:
        if error.reason == "Forbidden":
            return None
        raise


def _taints(w: Writer, taints: list[Object]) -> None:
    lead = "Taints:\t"
    for taint in sorted(taints, key=lambda each: f"{each.get('effect', '')},{each['key']}"):
        value, effect = taint.get("value", ""), taint.get("effect", "")
        w(0, lead + taint["key"] + (f"={value}" if value else "") + (f":{effect}" if effect else ""))
        lead = "\t"
    if not taints:
        w(0, "Taints:\t<none>")


def _lease(w: Writer, name: str, context: DescribeContext) -> None:
    try:
        lease = context.transport.get(names.LEASES, _LEASES_NAMESPACE, name)
    except ApiError as error:
        w(0, f"Lease:\tFailed to get lease: {error.message}")
        return
    spec = lease.get("spec") or {}
    holder = spec.get("holderIdentity")
    w(0, "Lease:")
    w(1, f"HolderIdentity:\t{'<unset>' if holder is None else holder}")
    for title, key in (("AcquireTime", "acquireTime"), ("RenewTime", "renewTime")):
        w(1, f"{title}:\t{moment(spec[key]) if spec.get(key) else '<unset>'}")


def _conditions(w: Writer, conditions: list[Object]) -> None:
    if not conditions:
        return
    w(0, "Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage")
    w(1, "----\t------\t-----------------\t------------------\t------\t-------")
    for each in conditions:
        times = f"{moment(each.get('lastHeartbeatTime'))} \t{moment(each.get('lastTransitionTime'))}"
        what = f"{each.get('reason', '')} \t{each.get('message', '')}"
        w(1, f"{each['type']} \t{each.get('status', '')} \t{times} \t{what}")


def _slices(w: Writer, name: str, context: DescribeContext) -> None:
    try:
        found = context.fetch(_RESOURCE_SLICES, "", fields=f"spec.nodeName={name}")
    except ApiError:
        return
    pools: dict[str, list[int]] = {}
    for each in found:
        spec = each["spec"]
        counts = pools.setdefault(f"{spec.get('driver', '')}/{(spec.get('pool') or {}).get('name', '')}", [0, 0])
        counts[0] += 1
        counts[1] += len(spec.get("devices") or ())
    if not pools:
        return
    w(0, "Node-Local ResourceSlices:")
    w(1, "Driver\tPool\tSlices\tDevices")
    w(1, "------\t----\t------\t-------")
    for key in sorted(pools)[:_MOST_POOLS]:
        driver, _, pool = key.partition("/")
        w(1, f"{driver}\t{pool}\t{pools[key][0]}\t{pools[key][1]}")
    if len(pools) > _MOST_POOLS:
        w(1, f"...and {len(pools) - _MOST_POOLS} more pools")
