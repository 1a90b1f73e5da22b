"""metadata.managedFields of an object, and of the versions of it that a watch tells."""

from __future__ import annotations

from typing import Any

from k8s_magic.machinery.names import CONFIG_MAPS, DEPLOYMENTS, PODS
from k8s_magic.machinery.protocols import ListOptions, WriteOptions
from k8s_magic.sim.time import SECOND

MANAGED = ListOptions(managed_fields=True)


def change(rig: Any, manager: str, **data: str) -> None:
    options = WriteOptions(field_manager=manager)
    rig.user.patch(CONFIG_MAPS, "default", "c", {"data": data}, "merge", options=options)


def owners(obj: dict[str, Any]) -> dict[str, list[str]]:
    """Manager -> the keys of data that it owns, where it owns any."""
    found = {}
    for entry in obj["metadata"].get("managedFields") or ():
        keys = sorted(key.removeprefix("f:") for key in entry["fieldsV1"].get("f:data", {}) if key != ".")
        if keys:
            found[entry["manager"]] = keys
    return found


def test_each_version_has_the_managers_it_had(rig: Any) -> None:
    watch = rig.server.watch("", CONFIG_MAPS, "default", options=MANAGED)
    options = WriteOptions(field_manager="maker")
    rig.user.create(CONFIG_MAPS, "default", {"metadata": {"name": "c"}, "data": {"a": "1"}}, options=options)
    change(rig, "one", b="1")
    change(rig, "one", c="1")
    change(rig, "two", a="2")
    rig.user.delete(CONFIG_MAPS, "default", "c")
    told = [watch.take() for _ in range(5)]
    assert [event and (event.type, owners(event.object)) for event in told] == [
        ("ADDED", {"maker": ["a"]}),
        ("MODIFIED", {"maker": ["a"], "one": ["b"]}),
        ("MODIFIED", {"maker": ["a"], "one": ["b", "c"]}),
        ("MODIFIED", {"one": ["b", "c"], "two": ["a"]}),
        ("DELETED", {"one": ["b", "c"], "two": ["a"]}),
    ]


def test_watches_are_told_the_same_object(rig: Any) -> None:
    one, two = (rig.server.watch("", CONFIG_MAPS, "default", options=MANAGED) for _ in range(2))
    plain = rig.server.watch("", CONFIG_MAPS, "default")
    rig.user.create(CONFIG_MAPS, "default", {"metadata": {"name": "c"}, "data": {"a": "1"}})
    assert one.take().object is two.take().object
    assert "managedFields" not in plain.take().object["metadata"]


def test_a_watch_from_a_revision_tells_the_past_as_it_was(rig: Any) -> None:
    start = str(rig.server.store.revision)
    rig.user.create(CONFIG_MAPS, "default", {"metadata": {"name": "c"}, "data": {"a": "1"}})
    for number in range(30):
        rig.kernel.run_until(rig.kernel.now + SECOND)
        change(rig, f"writer-{number % 3}", a=str(number))
    listed = rig.user.list(CONFIG_MAPS, "default", options=MANAGED)["items"][0]
    watch = rig.server.watch(
        "", CONFIG_MAPS, "default", options=ListOptions(resource_version=start, managed_fields=True)
    )
    told = []
    while (event := watch.take()) is not None:
        told.append(event.object)
    assert len(told) == 31
    assert told[-1]["metadata"] == listed["metadata"]
    assert [owners(obj) for obj in told[-4:]] == [{f"writer-{number % 3}": ["a"]} for number in range(26, 30)]


def test_tables_hold_them(rig: Any) -> None:
    rig.deployment()
    for include in ("Metadata", "Object"):
        options = ListOptions(table=True, include_object=include, managed_fields=True)
        for table in (
            rig.user.list(DEPLOYMENTS, "default", options=options),
            rig.user.get(DEPLOYMENTS, "default", "web", options=options),
            rig.server.watch("", DEPLOYMENTS, "default", options=options).take().object,
        ):
            managers = [entry["manager"] for entry in table["rows"][0]["object"]["metadata"]["managedFields"]]
            assert managers == ["kubectl"]


def test_a_list_of_the_past_has_those_of_the_past(rig: Any) -> None:
    for name in ("a", "b"):
        rig.pod(name)
    first = rig.user.list(PODS, "default", options=ListOptions(limit=1))
    rig.bind("b", "node-1")
    rig.user.patch(
        PODS, "default", "b", {"metadata": {"labels": {"x": "y"}}}, "merge", options=WriteOptions(field_manager="other")
    )
    rest = ListOptions(continue_=first["metadata"]["continue"], managed_fields=True)
    (pod,) = rig.user.list(PODS, "default", options=rest)["items"]
    assert [entry["manager"] for entry in pod["metadata"]["managedFields"]] == ["kubectl"]
