"""The Pods of a node and the shares of its resources that they take.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import describe_requests
from k8s_magic.kinds.describe import DescribeContext, Writer
from k8s_magic.machinery import meta, quantity
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.quantity import Quantity

_ZERO = quantity.parse("0")


def lines(w: Writer, pods: list[Object], status: Object, context: DescribeContext) -> None:
    """`Non-terminated Pods:` and `Allocated resources:`."""
    found = status.get("allocatable") or status.get("capacity") or {}
    allocatable = {name: quantity.parse(text) for name, text in found.items()}
    cpu, memory = allocatable.get("cpu", _ZERO), allocatable.get("memory", _ZERO)
    w(0, f"Non-terminated Pods:\t({len(pods)} in total)")
    w(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge")
    w(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---")
    requests: describe_requests.Amounts = {}
    limits: describe_requests.Amounts = {}
    for pod in pods:
        asked, limited = describe_requests.requests(pod), describe_requests.limits(pod)
        describe_requests.add(requests, asked)
        describe_requests.add(limits, limited)
        cells = [
            _cpu_share(asked.get("cpu", _ZERO), cpu),
            _cpu_share(limited.get("cpu", _ZERO), cpu),
            _share(asked.get("memory", _ZERO), memory),
            _share(limited.get("memory", _ZERO), memory),
            context.since(pod["metadata"].get("creationTimestamp")),
        ]
        w(1, f"{meta.namespace_of(pod)}\t{meta.name_of(pod)}\t\t" + "\t".join(cells))
    w(0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)")
    w(1, "Resource\tRequests\tLimits")
    w(1, "--------\t--------\t------")
    w(1, f"cpu\t{_cpu_share(requests.get('cpu', _ZERO), cpu)}\t{_cpu_share(limits.get('cpu', _ZERO), cpu)}")
    huge = sorted(name for name in allocatable if name.startswith("hugepages-"))
    for name in ("memory", "ephemeral-storage", *huge):
        whole = allocatable.get(name, _ZERO)
        shares = f"{_share(requests.get(name, _ZERO), whole)}\t{_share(limits.get(name, _ZERO), whole)}"
        w(1, f"{name}\t{shares}")
    for name in sorted(set(allocatable) - {"cpu", "memory", "ephemeral-storage", "pods", *huge}):
        w(1, f"{name}\t{requests.get(name, _ZERO)}\t{limits.get(name, _ZERO)}")


def _cpu_share(part: Quantity, whole: Quantity) -> str:
    return f"{part} ({_percent(part.milli, whole.milli)}%)"


def _share(part: Quantity, whole: Quantity) -> str:
    return f"{part} ({_percent(part.value, whole.value)}%)"


def _percent(part: int, whole: int) -> int:
    """As Go counts it: in floats, cut."""
    return int(part / whole * 100) if whole else 0
