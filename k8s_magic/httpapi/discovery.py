"""Discovery in its two forms: one document for all groups, and the older one per group and version.

Source: apiserver/pkg/endpoints/discovery, apidiscovery.k8s.io/v2
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any

from k8s_magic.kinds import tables

GROUP = "apidiscovery.k8s.io"
Record = dict[str, Any]


@cache
def _grouped() -> dict[str, dict[str, list[Record]]]:
    """group -> version -> its resources, all in the server's order."""
    found: dict[str, dict[str, list[Record]]] = {}
    for record in tables.discovery():
        found.setdefault(record["group"], {}).setdefault(record["version"], []).append(record)
    return found


def group_names() -> list[str]:
    return [name for name in _grouped() if name]


def versions_of(group: str) -> list[str]:
    """The group's versions, the preferred one first; none where the group is not served."""
    return list(_grouped().get(group, ()))


def aggregated(core: bool, form: str) -> Record:
    version = "v2beta1" if "v=v2beta1" in form else "v2"
    names = [""] if core else group_names()
    return {
        "kind": "APIGroupDiscoveryList",
        "apiVersion": f"{GROUP}/{version}",
        "metadata": {},
        "items": [
            {
                "metadata": {"name": name} if name else {},
                "versions": [
                    {"version": each, "resources": [_aggregated(record) for record in records], "freshness": "Current"}
                    for each, records in _grouped()[name].items()
                ],
            }
            for name in names
        ],
    }


def _aggregated(record: Record) -> Record:
    entry: Record = {
        "resource": record["resource"],
        "responseKind": {"group": "", "version": "", "kind": record["kind"]},
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


def versions() -> Record:
    return {
        "kind": "APIVersions",
        "versions": versions_of(""),
        "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1"}],
    }


def groups() -> Record:
    found = [
        {key: value for key, value in group(name).items() if key not in ("kind", "apiVersion")}
        for name in group_names()
    ]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": found}


def group(name: str) -> Record:
    served = [{"groupVersion": f"{name}/{version}", "version": version} for version in versions_of(name)]
    return {"kind": "APIGroup", "apiVersion": "v1", "name": name, "versions": served, "preferredVersion": served[0]}


def resources(name: str, version: str) -> Record:
    found = [entry for record in _grouped()[name][version] for entry in _listed(record)]
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
