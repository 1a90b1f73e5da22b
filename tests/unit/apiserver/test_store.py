"""Indexes follow every write; the history is bounded; watchers see what their selectors select."""

from __future__ import annotations

import pytest

from k8s_magic.apiserver.store import Entry, Store, Watcher
from k8s_magic.apiserver.store.table import HISTORY
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.names import CONFIG_MAPS, PODS


def pod(name, labels=None, owner="", node=""):
    metadata = {"name": name, "namespace": "ns", "labels": labels or {}}
    if owner:
        metadata["ownerReferences"] = [{"uid": owner}]
    return {"metadata": metadata, "spec": {"nodeName": node} if node else {}}


def names(objects):
    return [obj["metadata"]["name"] for obj in objects]


def test_indexes_follow_changes_and_removal():
    store = Store()
    table = store.table(PODS)
    a = store.create(table, pod("a", {"app": "x", "tier": "t"}, "u1"))
    store.create(table, pod("b", {"app": "x"}))
    assert names(table.by_label("ns", "app", "x")) == ["a", "b"]
    assert names(table.select("ns", {"app": "x", "tier": "t"})) == ["a"]
    assert names(table.by_owner("u1")) == ["a"]
    assert names(table.by_node("n1")) == []
    store.replace(table, a, pod("a", {"app": "y"}, "u2", "n1"))
    assert names(table.by_label("ns", "app", "x")) == ["b"]
    assert names(table.by_label("ns", "app", "y")) == names(table.by_owner("u2")) == names(table.by_node("n1")) == ["a"]
    assert names(table.by_owner("u1")) == []
    store.remove(table, a)
    assert names(table.list()) == names(table.list("ns")) == ["b"]
    assert names(table.by_node("n1")) == names(table.by_owner("u2")) == names(table.by_label("ns", "app", "y")) == []


def test_one_revision_counter_for_all_resources():
    store = Store()
    store.create(store.table(PODS), pod("a"))
    entry = store.create(store.table(CONFIG_MAPS), {"metadata": {"name": "m", "namespace": "ns"}})
    assert entry.object["metadata"]["resourceVersion"] == "3"
    last = store.remove(store.table(CONFIG_MAPS), entry)
    assert (last["metadata"]["resourceVersion"], store.revision, store.writes) == ("4", 4, 3)


def test_a_handler_hears_what_is_there_and_every_write_until_it_is_removed():
    store = Store()
    table = store.table(PODS)
    entry = store.create(table, pod("a"))
    heard = []

    def handler(type, new, old):
        heard.append((type, new["metadata"]["resourceVersion"], old and old["metadata"]["resourceVersion"]))

    table.add_handler(handler)
    store.replace(table, entry, pod("a"))
    store.remove(table, entry)
    table.remove_handler(handler)
    store.create(table, pod("b"))
    assert heard == [("ADDED", "2", None), ("MODIFIED", "3", "2"), ("DELETED", "4", "3")]


def watcher(table, matches=None, namespace=""):
    return Watcher(namespace, matches, None, lambda each: table.watchers.pop(each, None))


def taken(watching):
    events = []
    while (event := watching.take()) is not None:
        events.append((event.type, event.object["metadata"]["name"], event.object["metadata"]["resourceVersion"]))
    return events


def test_a_watch_with_a_selector_is_that_of_a_table_of_matches():
    store = Store()
    table = store.table(PODS)
    watching = watcher(table, lambda obj: obj["metadata"]["labels"].get("app") == "x")
    store.watch(table, watching, store.revision)
    entry = store.create(table, pod("a", {"app": "y"}))
    store.replace(table, entry, pod("a", {"app": "x"}))
    store.replace(table, entry, pod("a", {"app": "x", "n": "1"}))
    store.replace(table, entry, pod("a", {"app": "y"}))
    store.remove(table, entry)
    assert taken(watching) == [("ADDED", "a", "3"), ("MODIFIED", "a", "4"), ("DELETED", "a", "5")]


def test_what_leaves_a_selection_is_told_in_its_last_matching_state():
    store = Store()
    table = store.table(PODS)
    entry = store.create(table, pod("a", {"app": "x"}))
    watching = watcher(table, lambda obj: obj["metadata"]["labels"].get("app") == "x")
    store.watch(table, watching, store.revision)
    store.replace(table, entry, pod("a", {"app": "y"}))
    event = watching.take()
    assert (event.type, event.object["metadata"]["labels"]) == ("DELETED", {"app": "x"})
    assert event.object["metadata"]["resourceVersion"] == "3"


def test_a_watch_from_a_revision_replays_and_one_from_too_long_ago_has_expired():
    store = Store()
    table = store.table(PODS)
    entry = store.create(table, pod("a"))
    for _ in range(3):
        store.replace(table, entry, pod("a"))
    watching = watcher(table)
    store.watch(table, watching, 3)
    assert taken(watching) == [("MODIFIED", "a", "4"), ("MODIFIED", "a", "5")]
    for _ in range(HISTORY):
        store.replace(table, entry, pod("a"))
    with pytest.raises(ApiError) as caught:
        store.watch(table, watcher(table), 4)
    assert (caught.value.code, caught.value.reason) == (410, "Expired")
    assert caught.value.message == "too old resource version: 4 (5)"


def test_a_closed_watcher_hears_nothing_more():
    store = Store()
    table = store.table(PODS)
    watching = watcher(table)
    store.watch(table, watching, store.revision)
    watching.close()
    store.create(table, pod("a"))
    assert (taken(watching), table.watchers, watching.closed) == ([], {}, True)


def test_an_entry_is_slotted():
    assert not hasattr(Entry(("ns", "a"), {}), "__dict__")
