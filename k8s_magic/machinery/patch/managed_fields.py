"""Who owns which field: metadata.managedFields, kept up to date by every write.

`update` needs only the object before and after a write, so a server may keep a log of writes and work the
entries out when somebody asks for them.

Source: apimachinery/pkg/util/managedfields/internal/*.go, structured-merge-diff merge/update.go
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from k8s_magic.machinery.patch import fields_v1, typed
from k8s_magic.machinery.patch.fields_v1 import Set
from k8s_magic.machinery.schema import Schema

Entry = dict[str, Any]
Object = dict[str, Any]
UPDATE, APPLY = "Update", "Apply"
MAX_UPDATE_MANAGERS = 10  # fieldmanager.go DefaultMaxUpdateManagers
ANCIENT = "ancient-changes"  # capmanagers.go oldUpdatesManagerName

# stripmeta.go: fields nobody owns.
STRIPPED: Set = {
    "f:apiVersion": {},
    "f:kind": {},
    "f:metadata": {
        ".": {},
        "f:name": {},
        "f:namespace": {},
        "f:creationTimestamp": {},
        "f:selfLink": {},
        "f:uid": {},
        "f:clusterName": {},
        "f:generation": {},
        "f:managedFields": {},
        "f:resourceVersion": {},
    },
}

# Structs and lists that a new Go object already has, empty, so that creating fills but does not add them.
# Source: the types' fields without omitempty (or of struct type) in api/*/types.go
_ZERO: dict[str, Any] = {
    "Deployment": {"spec": {"strategy": {}, "template": {"metadata": {}, "spec": {"containers": None}}}},
    "ReplicaSet": {"spec": {"template": {"metadata": {}, "spec": {"containers": None}}}, "status": {"replicas": 0}},
    "StatefulSet": {
        "spec": {
            "template": {"metadata": {}, "spec": {"containers": None}},
            "updateStrategy": {},
            "selector": None,
        },
        "status": {"replicas": 0},
    },
    "DaemonSet": {
        "spec": {"template": {"metadata": {}, "spec": {"containers": None}}, "updateStrategy": {}, "selector": None},
        "status": {
            "currentNumberScheduled": 0,
            "numberMisscheduled": 0,
            "desiredNumberScheduled": 0,
            "numberReady": 0,
        },
    },
    "Job": {"spec": {"template": {"metadata": {}, "spec": {"containers": None}}}},
    "CronJob": {
        "spec": {"jobTemplate": {"metadata": {}, "spec": {"template": {"metadata": {}, "spec": {"containers": None}}}}}
    },
    "Pod": {"spec": {"containers": None}},
    "Service": {"status": {"loadBalancer": {}}},
    "Ingress": {"status": {"loadBalancer": {}}},
    "ReplicationController": {"status": {"replicas": 0}},
    "HorizontalPodAutoscaler": {"spec": {"scaleTargetRef": {}}},
    "Node": {"status": {"daemonEndpoints": {"kubeletEndpoint": {}}, "nodeInfo": {}}},
    "PersistentVolumeClaim": {"spec": {"resources": {}}},
    "Event": {
        "involvedObject": {},
        "source": {},
        "eventTime": None,
        "firstTimestamp": None,
        "lastTimestamp": None,
        "reportingComponent": "",
        "reportingInstance": "",
    },
}


class Managed(NamedTuple):
    """One owner: who wrote, how, and which fields."""

    manager: str
    operation: str
    api_version: str
    subresource: str
    time: str
    fields: Set

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """Appliers are one owner whatever version they apply."""
        version = "" if self.operation == APPLY else self.api_version
        return (self.manager, self.operation, version, self.subresource)

    def with_fields(self, fields: Set) -> Managed:
        return self._replace(fields=fields)


Owners = dict[tuple[str, str, str, str], Managed]


def decode(entries: Iterable[Entry] | None) -> Owners:
    owners: Owners = {}
    for entry in entries or ():
        owner = Managed(
            entry.get("manager", ""),
            entry.get("operation", UPDATE),
            entry.get("apiVersion", ""),
            entry.get("subresource", ""),
            entry.get("time") or "",
            entry.get("fieldsV1") or {},
        )
        owners[owner.identity] = owner
    return owners


def encode(owners: Owners) -> list[Entry]:
    """In the server's order: Apply before Update, then by time, manager, version, subresource."""
    entries = []
    for owner in sorted(
        owners.values(),
        key=lambda owner: (owner.operation, owner.time, owner.manager, owner.api_version, owner.subresource),
    ):
        entry: Entry = {}
        if owner.manager:
            entry["manager"] = owner.manager
        entry |= {"operation": owner.operation, "apiVersion": owner.api_version}
        if owner.time:
            entry["time"] = owner.time
        entry |= {"fieldsType": "FieldsV1", "fieldsV1": owner.fields}
        if owner.subresource:
            entry["subresource"] = owner.subresource
        entries.append(entry)
    return entries


def ignored_fields(subresource: str) -> Set:
    """What a write through an endpoint cannot change, and so does not own (the strategies' GetResetFields)."""
    if subresource == "status":
        return {"f:spec": {}, "f:metadata": {"f:labels": {}}}
    return {} if subresource else {"f:status": {}}


def zero_of(new: Object) -> Object:
    """What stands for the object that was there before it was created."""
    kind = new.get("kind", "")
    zero = {"apiVersion": new.get("apiVersion", ""), "kind": kind, "metadata": {}, "spec": {}, "status": {}}
    return {**zero, **_ZERO.get(kind, {})}


def bare(obj: Object) -> Object:
    """The object without its managedFields, which never take part in a merge."""
    metadata = obj.get("metadata")
    if not metadata or "managedFields" not in metadata:
        return obj
    return {**obj, "metadata": {key: value for key, value in metadata.items() if key != "managedFields"}}


def update(
    old: Object | None,
    new: Object,
    schema: Schema | None,
    managed: Iterable[Entry] | None,
    *,
    manager: str,
    time: str,
    subresource: str = "",
) -> list[Entry]:
    """The entries after a create (old is None), update or patch (all but apply) by `manager`.

    Fields that changed become the manager's; others lose them. `time` is the write's metav1.Time. Where admission
    changes the object of a create (a Pod's service account, tolerations), nobody owns that: pass `new` as it was
    defaulted, before admission.
    """
    owners = decode(managed)
    before = zero_of(new) if old is None else bare(old)
    difference = typed.compare(before, bare(new), schema).without_trees(ignored_fields(subresource))
    changed = fields_v1.union(difference.modified, difference.added)
    owners = without(owners, changed, difference.removed)
    taken = fields_v1.difference(changed, STRIPPED)
    if taken:
        mine = Managed(manager, UPDATE, new.get("apiVersion", ""), subresource, time, taken)
        previous = owners.get(mine.identity)
        if previous is not None:
            mine = mine.with_fields(fields_v1.union(taken, previous.fields))
        owners[mine.identity] = mine
    return encode(_capped(owners))


def without(owners: Owners, *lost: Set) -> Owners:
    """Owners less some fields; who owns nothing any more is gone."""
    if not any(lost):
        return owners
    rest: Owners = {}
    for identity, owner in owners.items():
        fields = owner.fields
        for each in lost:
            fields = fields_v1.difference(fields, each)
        if fields:
            rest[identity] = owner.with_fields(fields)
    return rest


def _capped(owners: Owners) -> Owners:
    """No more than ten updaters: the oldest of a version become one, `ancient-changes`."""
    updaters = [owner for owner in owners.values() if owner.operation == UPDATE]
    if len(updaters) <= MAX_UPDATE_MANAGERS:
        return owners
    rest = dict(owners)
    excess = len(updaters) - MAX_UPDATE_MANAGERS
    first: dict[str, Managed] = {}
    for owner in sorted(updaters, key=lambda owner: (owner.time, owner.identity)):
        if not excess:
            break
        version = owner.api_version
        if version not in first:
            first[version] = owner
            continue
        bucket = Managed(ANCIENT, UPDATE, version, "", owner.time, owner.fields)
        held = rest.get(bucket.identity)
        if held is None:
            held = rest.pop(first[version].identity)
        rest.pop(owner.identity, None)
        rest[bucket.identity] = bucket.with_fields(fields_v1.union(owner.fields, held.fields))
        excess -= 1
    return rest
