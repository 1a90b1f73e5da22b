"""How `kubectl describe storageclass` tells of a StorageClass.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, event_lines
from k8s_magic.kinds.storageclass.columns import is_default
from k8s_magic.machinery import selectors
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    events = context.events(obj)
    w = Writer()
    w(0, f"Name:\t{obj['metadata']['name']}")
    w(0, f"IsDefaultClass:\t{'Yes' if is_default(obj) else 'No'}")
    w(0, f"Annotations:\t{selectors.format_labels(obj['metadata'].get('annotations'))}")
    w(0, f"Provisioner:\t{obj.get('provisioner', '')}")
    w(0, f"Parameters:\t{selectors.format_labels(obj.get('parameters'))}")
    expansion = obj.get("allowVolumeExpansion")
    w(0, f"AllowVolumeExpansion:\t{'<unset>' if expansion is None else bool(expansion)}")
    options = obj.get("mountOptions")
    w(0, "MountOptions:" if options else "MountOptions:\t<none>")
    for option in options or ():
        w(1, option)
    for title, key in (("ReclaimPolicy", "reclaimPolicy"), ("VolumeBindingMode", "volumeBindingMode")):
        if obj.get(key) is not None:
            w(0, f"{title}:\t{obj[key]}")
    if obj.get("allowedTopologies") is not None:
        _topologies(w, obj["allowedTopologies"])
    event_lines(w, events, context)
    return w.text()


def _topologies(w: Writer, topologies: list[Object]) -> None:
    w(0, "AllowedTopologies:\t" + ("" if topologies else "<none>"))
    for index, term in enumerate(topologies):
        lead = f"Term {index}:\t"
        expressions: list[Object] = term.get("matchLabelExpressions") or [{}]
        for each in expressions:
            text = f"{each['key']} in" if each else "<none>"
            if each.get("values"):
                text += f" [{', '.join(each['values'])}]"
            w(1, lead + text)
            lead = "\t"
