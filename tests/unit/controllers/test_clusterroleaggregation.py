"""ClusterRoles that are made up of others."""

from __future__ import annotations

from typing import Any

from k8s_magic import Cluster
from k8s_magic.machinery.names import CLUSTER_ROLES


def rules(cluster: Cluster, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cluster.transport.get(CLUSTER_ROLES, "", name).get("rules") or []
    return found


def test_rules_follow_what_is_selected() -> None:
    cluster = Cluster(nodes=1, bare=True)
    before = rules(cluster, "view")
    cluster.kubectl("create clusterrole reader --aggregation-rule=team=a")
    cluster.kubectl("create clusterrole pods --verb=get --resource=pods")
    cluster.kubectl("label clusterrole pods team=a rbac.authorization.k8s.io/aggregate-to-view=true")
    cluster.run(1)
    pods = {"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]}
    assert rules(cluster, "reader") == [pods]
    # Through view into edit, and through edit into admin; what comes first by name stands first.
    assert rules(cluster, "view") == [pods, *before]
    assert all(pods in rules(cluster, name) for name in ("edit", "admin"))
    managers = cluster.kubectl("get clusterrole reader -o yaml --show-managed-fields").text
    assert "manager: clusterrole-aggregation-controller\n    operation: Apply" in managers
    cluster.kubectl("label clusterrole pods team-")
    cluster.kubectl("delete clusterrole pods")
    cluster.run(1)
    assert rules(cluster, "reader") == []
    assert rules(cluster, "view") == before
    cluster.close()


def test_those_of_the_start_are_made_up_already() -> None:
    cluster = Cluster(nodes=1, bare=True)
    versions = {role["metadata"]["resourceVersion"] for role in cluster.transport.list(CLUSTER_ROLES)["items"]}
    cluster.run(10)
    after = {role["metadata"]["resourceVersion"] for role in cluster.transport.list(CLUSTER_ROLES)["items"]}
    assert after == versions
    cluster.close()
