"""Discovery in its two forms: one document for all groups, and the older one per group and version.

Source: apiserver/pkg/endpoints/discovery, apidiscovery.k8s.io/v2
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Any

GROUP = "apidiscovery.k8s.io"
Record = dict[str, Any]


class Served:
    """What is served: records as `kinds.tables.discovery()` has them, in the server's order."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = list(records)
        self._grouped: dict[str, dict[str, list[Record]]] = {}
        for record in self.records:
            self._grouped.setdefault(record["group"], {}).setdefault(record["version"], []).append(record)

    def group_names(self) -> list[str]:
        return [name for name in self._grouped if name]

    def versions_of(self, group: str) -> list[str]:
        """The group's versions, the preferred one first; none where the group is not served."""
        return list(self._grouped.get(group, ()))

    def of(self, group: str, version: str) -> list[Record]:
        return self._grouped[group][version]


def aggregated(served: Served, core: bool, form: str) -> Record:
    version = "v2beta1" if "v=v2beta1" in form else "v2"
    names = [""] if core else served.group_names()
    return {
        "kind": "APIGroupDiscoveryList",
        "apiVersion": f"{GROUP}/{version}",
        "metadata": {},
        "items": [
            {
                "metadata": {"name": name} if name else {},
                "versions": [
                    {
                        "version": each,
                        "resources": [_aggregated(record) for record in served.of(name, each)],
                        "freshness": "Current",
                    }
                    for each in served.versions_of(name)
                ],
            }
            for name in names
        ],
    }


def _aggregated(record: Record) -> Record:
    is_custom = "schema" in record
    place = {name: record[name] if is_custom else "" for name in ("group", "version")}
    entry: Record = {
        "resource": record["resource"],
        "responseKind": {**place, "kind": record["kind"]},
        "scope": "Namespaced" if record["namespaced"] else "Cluster",
        "singularResource": record["singular"],
        "verbs": record["verbs"],
        **_names(record),
    }
    subresources = [
        {
            "subresource": name,
            "responseKind": dict(zip(("group", "version", "kind"), each["kind"], strict=True)),
            "verbs": each["verbs"],
        }
        for name, each in record.get("subresources", {}).items()
    ]
    return {**entry, "subresources": subresources} if subresources else entry


def _names(record: Record) -> Record:
    found = {"shortNames": record.get("short"), "categories": record.get("categories")}
    return {name: value for name, value in found.items() if value}


def versions(served: Served) -> Record:
    return {
        "kind": "APIVersions",
        "versions": served.versions_of(""),
        "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1"}],
    }


def groups(served: Served) -> Record:
    found = [
        {key: value for key, value in group(served, name).items() if key not in ("kind", "apiVersion")}
        for name in served.group_names()
    ]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": found}


def group(served: Served, name: str) -> Record:
    found = [{"groupVersion": f"{name}/{version}", "version": version} for version in served.versions_of(name)]
    return {"kind": "APIGroup", "apiVersion": "v1", "name": name, "versions": found, "preferredVersion": found[0]}


def resources(served: Served, name: str, version: str) -> Record:
    found = [entry for record in served.of(name, version) for entry in _listed(record)]
    head: Record = {"kind": "APIResourceList"}
    if name:
        head["apiVersion"] = "v1"
    return {**head, "groupVersion": f"{name}/{version}" if name else version, "resources": found}


def _listed(record: Record) -> Iterable[Record]:
    entry: Record = {
        "name": record["resource"],
        "singularName": record["singular"],
        "namespaced": record["namespaced"],
        "kind": record["kind"],
        "verbs": record["verbs"],
        **_names(record),
    }
    if "watch" in record["verbs"]:
        entry["storageVersionHash"] = _storage_hash(record)
    yield entry
    for name, each in record.get("subresources", {}).items():
        group, version, kind = each["kind"]
        other = {"group": group, "version": version} if group or version else {}
        yield {
            "name": f"{record['resource']}/{name}",
            "singularName": "",
            "namespaced": record["namespaced"],
            **other,
            "kind": kind,
            "verbs": each["verbs"],
        }


def _storage_hash(record: Record) -> str:
    """Source: apiserver/pkg/endpoints/discovery/storageversionhash.go"""
    text = f"{record['group']}/{record['version']}/{record['kind']}"
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:8]).decode()
