"""Watches: what they tell, in which order, and how they end."""

from __future__ import annotations

import json
import threading
import time
from http.client import HTTPResponse
from typing import Any

import pytest
from by_hand import Api
from test_objects import MAPS, TABLE, config_map

from k8s_magic.apiserver.store.table import HISTORY
from k8s_magic.httpapi import watching
from k8s_magic.machinery.names import CONFIG_MAPS


def watch(api: Api, query: str, **headers: str) -> HTTPResponse:
    response = api.open("GET", f"{MAPS}?watch=true&{query}", **headers)
    assert response.status == 200
    return response


def events(response: HTTPResponse, count: int) -> list[tuple[str, str]]:
    found = [json.loads(response.readline()) for _ in range(count)]
    return [(event["type"], event["object"]["metadata"].get("name", "")) for event in found]


def test_from_a_revision_every_change_is_told_once_and_in_order(api: Api) -> None:
    revision = api.ask("GET", MAPS)[2]["metadata"]["resourceVersion"]
    response = watch(api, f"resourceVersion={revision}")
    for number in range(20):
        api.ask("POST", MAPS, config_map(f"w{number}"))
    api.ask("DELETE", f"{MAPS}/w3")
    assert events(response, 21) == [*(("ADDED", f"w{number}") for number in range(20)), ("DELETED", "w3")]


def test_it_ends_when_its_time_is_up_and_says_where_it_stands(api: Api) -> None:
    begin = time.monotonic()
    response = watch(api, "timeoutSeconds=1&allowWatchBookmarks=true")
    assert events(response, 2) == [("ADDED", "kube-root-ca.crt"), ("BOOKMARK", "")]
    assert response.readline() == b""
    assert 0.9 < time.monotonic() - begin < 5


def test_a_list_by_watching_ends_with_its_bookmark(api: Api) -> None:
    query = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion="
    response = watch(api, query)
    assert events(response, 1) == [("ADDED", "kube-root-ca.crt")]
    mark = json.loads(response.readline())
    assert (mark["type"], mark["object"]["metadata"]["annotations"]) == (
        "BOOKMARK",
        {"k8s.io/initial-events-end": "true"},
    )
    api.ask("POST", MAPS, config_map("later"))
    assert events(response, 1) == [("ADDED", "later")]
    assert api.ask("GET", f"{MAPS}?watch=1&sendInitialEvents=true")[2]["reason"] == "Invalid"


def test_from_a_revision_that_is_forgotten_it_says_gone_and_a_new_list_goes_on(api: Api) -> None:
    begin = api.ask("POST", MAPS, config_map("busy"))[2]["metadata"]["resourceVersion"]
    kept, last = "", ""
    for number in range(HISTORY + 1):
        patch = {"data": {"n": str(number)}}
        obj = api.cluster.transport.patch(CONFIG_MAPS, "default", "busy", patch, "merge")
        kept, last = kept or obj["metadata"]["resourceVersion"], obj["metadata"]["resourceVersion"]
    response = watch(api, f"resourceVersion={begin}")
    assert json.loads(response.readline()) == {
        "type": "ERROR",
        "object": {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": f"too old resource version: {begin} ({kept})",
            "reason": "Expired",
            "code": 410,
        },
    }
    assert response.readline() == b""
    # The oldest revision that is remembered: everything since is told, to the last.
    events_since = watch(api, f"resourceVersion={kept}")
    told = [json.loads(events_since.readline())["object"]["metadata"]["resourceVersion"] for _ in range(HISTORY)]
    assert (told[-1], len(set(told))) == (last, HISTORY)
    listed = api.ask("GET", MAPS)[2]["metadata"]["resourceVersion"]
    fresh = watch(api, f"resourceVersion={listed}")
    api.ask("POST", MAPS, config_map("after"))
    assert events(fresh, 1) == [("ADDED", "after")]


def test_rows_and_metadata_can_be_watched(api: Api) -> None:
    rows = watch(api, "", Accept=TABLE)
    first = json.loads(rows.readline())["object"]
    assert (first["kind"], len(first["rows"]), first["columnDefinitions"][0]["name"]) == ("Table", 1, "Name")
    partial = watch(api, "", Accept="application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1")
    assert json.loads(partial.readline())["object"]["kind"] == "PartialObjectMetadata"


def test_one_object_can_be_watched_by_the_old_path_too(api: Api) -> None:
    response = api.open("GET", "/api/v1/watch/namespaces/default/configmaps/only")
    api.ask("POST", MAPS, config_map("other"))
    api.ask("POST", MAPS, config_map("only"))
    assert events(response, 1) == [("ADDED", "only")]


def test_many_watchers_some_of_whom_vanish_lose_nothing(api: Api) -> None:
    revision = api.ask("GET", MAPS)[2]["metadata"]["resourceVersion"]
    staying = [watch(api, f"resourceVersion={revision}") for _ in range(20)]
    for _ in range(20):
        watch(api, f"resourceVersion={revision}").close()
    names = [f"m{number}" for number in range(50)]
    for name in names:
        api.ask("POST", MAPS, config_map(name))
    heard = [[name for _, name in events(response, len(names))] for response in staying]
    assert heard == [names] * 20
    for response in staying:
        response.close()
    table = api.cluster.context.informer(CONFIG_MAPS)
    end = time.monotonic() + 10
    while len(table.watchers) and time.monotonic() < end:
        api.ask("POST", f"{MAPS}?dryRun=All", config_map("x"))
        time.sleep(0.05)
    assert len(table.watchers) == 0


def test_a_client_that_takes_nothing_is_let_go(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "PATIENCE", 0.2)
    slow = watch(api, "")
    table = api.cluster.context.informer(CONFIG_MAPS)
    body = config_map("large", k="x" * 900_000)
    api.ask("POST", MAPS, body)
    end = time.monotonic() + 20
    while len(table.watchers) and time.monotonic() < end:
        body["data"]["k"] = "y" + body["data"]["k"][:-1]
        assert api.ask("PUT", f"{MAPS}/large", body)[0] == 200
    assert len(table.watchers) == 0
    slow.close()


def test_it_answers_while_a_command_in_the_notebook_waits(api: Api) -> None:
    waiting = threading.Thread(target=lambda: api.cluster.kubectl("wait --for=create cm/awaited --timeout=1200s"))
    waiting.start()
    assert api.ask("GET", "/readyz")[2] == "ok"
    assert api.ask("POST", MAPS, config_map("awaited"))[0] == 201
    waiting.join(20)
    assert not waiting.is_alive()


def test_events_tell_who_wrote(api: Api) -> None:
    """As client-go's informers see it, in whatever shape they ask for."""
    revision = api.ask("GET", MAPS)[2]["metadata"]["resourceVersion"]
    bare = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
    shapes = [watch(api, f"resourceVersion={revision}", Accept=accept) for accept in ("application/json", bare)]
    table = watch(api, f"resourceVersion={revision}&includeObject=Object", Accept=TABLE)
    api.ask("POST", f"{MAPS}?fieldManager=me", {**config_map("w"), "data": {"a": "b"}})
    kind = "application/merge-patch+json"
    api.ask("PATCH", f"{MAPS}/w?fieldManager=you", {"data": {"x": "y"}}, Content_Type=kind)
    found = [[json.loads(response.readline())["object"] for _ in range(2)] for response in shapes]
    found.append([json.loads(table.readline())["object"]["rows"][0]["object"] for _ in range(2)])
    for first, second in found:
        assert managers(first) == ["me"]
        assert managers(second) == ["me", "you"]
    listed = api.ask("GET", f"{MAPS}?labelSelector=&fieldSelector=metadata.name%3Dw", Accept=TABLE)[2]["rows"]
    assert managers(listed[0]["object"]) == ["me", "you"]


def managers(obj: dict[str, Any]) -> list[str]:
    return sorted(entry["manager"] for entry in obj["metadata"]["managedFields"])
