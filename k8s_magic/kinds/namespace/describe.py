"""How `kubectl describe namespace` tells of a namespace, its quotas and limits.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, amount, metadata_lines, moment
from k8s_magic.kinds.limitrange.describe import limit_lines
from k8s_magic.kinds.resourcequota.describe import scope_lines
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource


def describe(obj: Object, context: DescribeContext) -> str:
    name = meta.name_of(obj)
    quotas = _listed(names.core("resourcequotas"), name, context)
    limits = _listed(names.core("limitranges"), name, context)
    w = Writer()
    w(0, f"Name:\t{name}")
    metadata_lines(w, obj)
    status = obj.get("status") or {}
    w(0, f"Status:\t{status.get('phase', '')}")
    if status.get("conditions"):
        w(0, "Conditions:")
        w(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage")
        w(1, "----\t------\t------------------\t------\t-------")
        for each in status["conditions"]:
            changed = moment(each.get("lastTransitionTime"))
            what = f"{each.get('reason', '')}\t{each.get('message', '')}"
            w(1, f"{each['type']}\t{each.get('status', '')}\t{changed}\t{what}")
    if quotas is not None:
        w(0, "")
        _quotas(w, quotas)
    if limits is not None:
        w(0, "")
        _limits(w, limits)
    return w.text()


def _listed(resource: GroupVersionResource, namespace: str, context: DescribeContext) -> list[Object] | None:
    """None where the server does not know the resource."""
    try:
        return context.fetch(resource, namespace)
    except ApiError as error:
        if error.is_not_found:
            return None
        raise


def _quotas(w: Writer, quotas: list[Object]) -> None:
    if not quotas:
        w(0, "No resource quota.")
        return
    w(0, "Resource Quotas")
    for quota in sorted(quotas, key=meta.name_of):
        w(1, f"Name:\t{meta.name_of(quota)}")
        scope_lines(w, quota, 1, "* ")
        w(1, "Resource\tUsed\tHard")
        w(1, "--------\t---\t---")
        status = quota.get("status") or {}
        used, hard = status.get("used") or {}, status.get("hard") or {}
        for name in sorted(hard):
            w(1, f"{name}\t{amount(used.get(name))}\t{amount(hard[name])}")


def _limits(w: Writer, limits: list[Object]) -> None:
    if not limits:
        w(0, "No LimitRange resource.")
        return
    titles = "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio"
    w(0, f"Resource Limits\n {titles}")
    w(0, " ----\t--------\t---\t---\t---------------\t-------------\t-----------------------")
    for each in limits:
        limit_lines(w, each, " ")
