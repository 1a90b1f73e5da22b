"""How `kubectl describe networkpolicy` tells of a NetworkPolicy.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, instant, metadata_lines, name_lines
from k8s_magic.machinery import selectors
from k8s_magic.machinery.meta import Object

_INDENT = "    "


def describe(obj: Object, context: DescribeContext) -> str:
    spec = obj.get("spec") or {}
    w = Writer()
    name_lines(w, obj)
    created = obj["metadata"].get("creationTimestamp")
    at = f"{instant(created):%Y-%m-%d %H:%M:%S}" if created else "0001-01-01 00:00:00"
    w(0, f"Created on:\t{at} +0000 UTC")
    metadata_lines(w, obj)
    w(0, "Spec:")
    selector = spec.get("podSelector") or {}
    shown = selectors.format_label_selector(selector)
    if not selector.get("matchLabels") and not selector.get("matchExpressions"):
        shown = "<none> (Allowing the specific traffic to all pods in this namespace)"
    w(1, f"PodSelector:     {shown}")
    types = spec.get("policyTypes") or ()
    for policy, word, end, peers in (("Ingress", "ingress", "From", "from"), ("Egress", "egress", "To", "to")):
        if policy in types:
            w(1, f"Allowing {word} traffic:")
            _rules(w, spec.get(word) or [], word, end, peers)
        else:
            w(1, f"Not affecting {word} traffic")
    w(1, f"Policy Types: {', '.join(types) or '<none>'}")
    return w.text()


def _rules(w: Writer, rules: list[Object], word: str, end: str, peers: str) -> None:
    if not rules:
        w(0, f"{_INDENT}<none> (Selected pods are isolated for {word} connectivity)")
        return
    for index, rule in enumerate(rules):
        for port in rule.get("ports") or ():
            number, protocol = port.get("port", "<nil>"), port.get("protocol", "TCP")
            if port.get("endPort") is None:
                w(0, f"{_INDENT}To Port: {number}/{protocol}")
            else:
                w(0, f"{_INDENT}To Port Range: {number}-{port['endPort']}/{protocol}")
        if not rule.get("ports"):
            w(0, f"{_INDENT}To Port: <any> (traffic allowed to all ports)")
        if not rule.get(peers):
            side = "source" if end == "From" else "destination"
            w(0, f"{_INDENT}{end}: <any> (traffic not restricted by {side})")
        for peer in rule.get(peers) or ():
            w(0, f"{_INDENT}{end}:")
            _peer(w, peer)
        if index != len(rules) - 1:
            w(0, f"{_INDENT}----------")


def _peer(w: Writer, peer: Object) -> None:
    block = peer.get("ipBlock")
    found = False
    for title, key in (("NamespaceSelector", "namespaceSelector"), ("PodSelector", "podSelector")):
        if peer.get(key) is not None:
            found = True
            w(1, f"{_INDENT}{title}: {selectors.format_label_selector(peer[key])}")
    if not found and block is not None:
        w(1, f"{_INDENT}IPBlock:")
        w(2, f"{_INDENT}CIDR: {block.get('cidr', '')}")
        w(2, f"{_INDENT}Except: {', '.join(block.get('except') or ())}")
