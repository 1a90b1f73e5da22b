"""The roles and bindings that an API server has from its start. Source: pkg/registry/rbac/rest/storage_rbac.go

They are made by `generators/bootstrap_policy.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from k8s_magic.apiserver import managed
from k8s_magic.apiserver.core import Core
from k8s_magic.machinery.names import CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES, ROLE_BINDINGS, ROLES
from k8s_magic.sim import streams as chance

POLICY = Path(__file__).parent / "bootstrap_policy.json"
ACTOR = "kube-apiserver"
RESOURCES = {
    "ClusterRole": CLUSTER_ROLES,
    "ClusterRoleBinding": CLUSTER_ROLE_BINDINGS,
    "Role": ROLES,
    "RoleBinding": ROLE_BINDINGS,
}


def install(core: Core) -> None:
    """Store them as they are: they are valid, and nothing is defaulted."""
    # A stream of their own, so that they shift nobody else's uids.
    uids = core.streams.stream("apiserver/bootstrap")
    now = core.now_text()
    policy: list[dict[str, Any]] = json.loads(POLICY.read_text(encoding="utf-8"))
    for obj in policy:
        obj["metadata"] |= {"uid": chance.uid(uids), "creationTimestamp": now}
        entry = core.store.create(core.table(RESOURCES[obj["kind"]]), obj)
        managed.note(entry, ACTOR, "", now, None)
