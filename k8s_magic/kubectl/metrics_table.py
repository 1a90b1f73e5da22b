"""The tables of `kubectl top`. Source: kubectl/pkg/metricsutil/{metrics_printer,metrics_resource_adder}.go"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.machinery import quantity
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Transport

GROUP, VERSION = "metrics.k8s.io", "v1beta1"
MEASURED = ("cpu", "memory")
FLAGS = (
    Flag("no-headers", "bool", help="Leave the headers out."),
    Flag("sort-by", help="Sort by cpu or memory.", candidates="cpu,memory"),
    Flag("show-swap", "bool", help="Show swap."),
    Flag("use-protocol-buffers", "bool", default=True, help="No effect here."),
)
Use = dict[str, int]  # milli CPUs, bytes


def resource(client: Transport, name: str) -> GroupVersionResource:
    """Raises: KubectlError where there is no metrics server."""
    if not any(each["group"] == GROUP and each["version"] == VERSION for each in client.resources()):
        raise KubectlError("Metrics API not available")
    return GroupVersionResource(GROUP, VERSION, name)


def check(call: Call, selectors: Iterable[str], words: str) -> None:
    if call.text("sort-by") not in ("", *MEASURED):
        raise KubectlError("--sort-by accepts only cpu or memory")
    if call.args and any(call.text(each) for each in selectors):
        raise KubectlError(f"only one of NAME or {words} can be provided")


def use(usage: Mapping[str, Any]) -> Use:
    return {"cpu": quantity.cpu_milli(usage.get("cpu", "0")), "memory": quantity.as_bytes(usage.get("memory", "0"))}


def total(uses: Iterable[Use]) -> Use:
    found = dict.fromkeys(MEASURED, 0)
    for each in uses:
        found = {name: found[name] + each[name] for name in MEASURED}
    return found


def cells(amounts: Use) -> list[str]:
    return [f"{amounts['cpu']}m", f"{amounts['memory'] // (1024 * 1024)}Mi"]


def line(words: Iterable[str]) -> str:
    return "".join(f"{word}\t" for word in words) + "\n"
