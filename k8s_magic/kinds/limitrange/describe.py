"""How `kubectl describe limitrange` tells of a LimitRange.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, amount, name_lines
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    w = Writer()
    name_lines(w, obj)
    w(0, "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio")
    w(0, "----\t--------\t---\t---\t---------------\t-------------\t-----------------------")
    limit_lines(w, obj, "")
    return w.text()


def limit_lines(w: Writer, obj: Object, prefix: str) -> None:
    """A line for each resource of each item; kubectl itself takes the resources in any order, we in sorted."""
    keys = ("min", "max", "defaultRequest", "default", "maxLimitRequestRatio")
    for item in (obj.get("spec") or {}).get("limits") or ():
        columns = [item.get(key) or {} for key in keys]
        for name in sorted({name for column in columns for name in column}):
            cells = [amount(column[name]) if name in column else "-" for column in columns]
            w(0, f"{prefix}{item.get('type', '')}\t{name}\t" + "\t".join(cells))
