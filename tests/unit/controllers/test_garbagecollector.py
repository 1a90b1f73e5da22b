"""Owners and dependents: background, foreground, orphan, absent owners, several owners."""

from __future__ import annotations

from rig import Rig, deployment

from k8s_magic import controllers
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object
from k8s_magic.sim.time import SECOND


def rig() -> Rig:
    made = Rig(controllers.discover())
    made.run(1)
    made.agent(gone_after=SECOND)
    return made


def count(made: Rig) -> tuple[int, int, int]:
    resources = (names.DEPLOYMENTS, names.REPLICA_SETS, names.PODS)
    return tuple(len(made.all(resource)) for resource in resources)  # type: ignore[return-value]


def config(name: str, *owners: Object, block: bool = False) -> Object:
    references = [
        {
            "apiVersion": owner["apiVersion"],
            "kind": owner["kind"],
            "name": owner["metadata"]["name"],
            "uid": owner["metadata"]["uid"],
            **({"blockOwnerDeletion": True} if block else {}),
        }
        for owner in owners
    ]
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "ownerReferences": references}}


def make(made: Rig, body: Object) -> Object:
    return made.create(names.CONFIG_MAPS, "default", body)


def config_names(made: Rig) -> list[str]:
    found = [one["metadata"]["name"] for one in made.all(names.CONFIG_MAPS)]
    return [name for name in found if name != "kube-root-ca.crt"]


def test_background_takes_all_that_is_below() -> None:
    made = rig()
    made.create(names.DEPLOYMENTS, "default", deployment())
    made.run(1)
    made.delete(names.DEPLOYMENTS, "web")
    made.run(0.1)
    assert count(made) == (0, 0, 3)
    assert all("deletionTimestamp" in pod["metadata"] for pod in made.all(names.PODS))
    made.run(2)
    assert count(made) == (0, 0, 0)


def test_foreground_waits_for_the_last() -> None:
    made = rig()
    made.create(names.DEPLOYMENTS, "default", deployment())
    made.run(1)
    made.delete(names.DEPLOYMENTS, "web", propagation="Foreground")
    made.run(0.5)
    assert count(made) == (1, 1, 3)
    assert made.get(names.DEPLOYMENTS, "web")["metadata"]["finalizers"] == ["foregroundDeletion"]
    made.run(2)
    assert count(made) == (0, 0, 0)


def test_orphans_stay_without_their_owner() -> None:
    made = rig()
    made.create(names.DEPLOYMENTS, "default", deployment())
    made.run(1)
    made.delete(names.DEPLOYMENTS, "web", propagation="Orphan")
    made.run(1)
    assert count(made) == (0, 1, 3)
    assert "ownerReferences" not in made.all(names.REPLICA_SETS)[0]["metadata"]


def test_an_absent_owner_is_noticed_when_the_dependent_comes() -> None:
    made = rig()
    ghost = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "ghost", "uid": "no-such-uid"}}
    make(made, config("left", ghost))
    made.run(1)
    assert config_names(made) == []


def test_the_last_of_several_owners_decides() -> None:
    made = rig()
    one, two = make(made, config("one")), make(made, config("two"))
    make(made, config("shared", one, two))
    made.delete(names.CONFIG_MAPS, "one")
    made.run(1)
    (reference,) = made.get(names.CONFIG_MAPS, "shared")["metadata"]["ownerReferences"]
    assert reference["uid"] == two["metadata"]["uid"]
    made.delete(names.CONFIG_MAPS, "two")
    made.run(1)
    assert config_names(made) == []


def test_foreground_does_not_wait_for_those_that_do_not_block() -> None:
    made = rig()
    owner = make(made, config("owner"))
    held = config("held", owner)
    held["metadata"]["finalizers"] = ["example.com/wait"]
    make(made, held)
    made.delete(names.CONFIG_MAPS, "owner", propagation="Foreground")
    made.run(1)
    assert config_names(made) == ["held"]
    assert "deletionTimestamp" in made.get(names.CONFIG_MAPS, "held")["metadata"]


def test_an_owner_of_a_kind_that_is_not_served_is_left_alone() -> None:
    made = rig()
    stranger = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "x", "uid": "y"}}
    make(made, config("kept", stranger))
    made.run(5)
    assert config_names(made) == ["kept"]
