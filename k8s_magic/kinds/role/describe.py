"""How `kubectl describe role` and `clusterrole` tell of rules: one line for each resource.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from typing import NamedTuple

from k8s_magic.kinds.describe import DescribeContext, Writer, metadata_lines, strings
from k8s_magic.machinery.meta import Object


class _Rule(NamedTuple):
    group: str
    resource: str
    name: str
    url: str


def describe(obj: Object, context: DescribeContext) -> str:
    w = Writer()
    w(0, f"Name:\t{obj['metadata']['name']}")
    metadata_lines(w, obj)
    w(0, "PolicyRule:")
    w(1, "Resources\tNon-Resource URLs\tResource Names\tVerbs")
    w(1, "---------\t-----------------\t--------------\t-----")
    for row in rows(obj.get("rules") or []):
        w(1, "\t".join(row))
    return w.text()


def rows(rules: list[Object]) -> list[list[str]]:
    """A row for each resource, name and URL: resources, URLs, names, verbs."""
    return [
        [
            _qualified(rule),
            strings([rule.url] if rule.url else ()),
            strings([rule.name] if rule.name else ()),
            strings(verbs),
        ]
        for rule, verbs in _compacted(rules)
    ]


def _compacted(rules: list[Object]) -> list[tuple[_Rule, list[str]]]:
    """Rules taken apart to one resource and name each, and their verbs put together again.

    A URL's verbs stay apart. Source: kubectl/pkg/util/rbac/rbac.go
    """
    simple: dict[_Rule, list[str]] = {}
    found: list[tuple[_Rule, list[str]]] = []
    for rule in rules:
        for group in rule.get("apiGroups") or ():
            for resource in rule.get("resources") or ():
                for name in rule.get("resourceNames") or ("",):
                    verbs = simple.setdefault(_Rule(group, resource, name, ""), [])
                    verbs += [verb for verb in rule.get("verbs") or () if verb not in verbs]
        for url in rule.get("nonResourceURLs") or ():
            found += [(_Rule("", "", "", url), [verb]) for verb in rule.get("verbs") or ()]
    found += [(rule, verbs) for rule, verbs in simple.items() if verbs]
    return sorted(found, key=_order)


def _order(entry: tuple[_Rule, list[str]]) -> str:
    """The text of a PolicyRule, by which kubectl sorts."""
    rule, verbs = entry
    groups, resources = ("[]", "[]") if rule.url else (f"[{rule.group}]", f"[{rule.resource}]")
    named = strings([rule.name] if rule.name else ())
    return (
        f"&PolicyRule{{Verbs:{strings(verbs)},APIGroups:{groups},Resources:{resources},"
        f"ResourceNames:{named},NonResourceURLs:[{rule.url}],}}"
    )


def _qualified(rule: _Rule) -> str:
    resource, slash, subresource = rule.resource.partition("/")
    group = f".{rule.group}" if rule.group and resource else ""
    return f"{resource}{group}{slash}{subresource}"
