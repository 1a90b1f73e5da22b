"""Objects over HTTP: the verbs, their options, and the forms that answers take."""

from __future__ import annotations

import json

import pytest
from by_hand import Api

from k8s_magic import Cluster

MAPS = "/api/v1/namespaces/default/configmaps"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"


def config_map(name: str, **data: str) -> dict:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def test_create_get_replace_patch_delete(api: Api) -> None:
    status, _, made = api.ask("POST", MAPS, config_map("a", k="1"))
    assert (status, made["data"], list(made)[:3]) == (201, {"k": "1"}, ["kind", "apiVersion", "metadata"])
    assert api.ask("POST", MAPS, config_map("a"))[2]["reason"] == "AlreadyExists"
    status, _, put = api.ask("PUT", f"{MAPS}/a", {**made, "data": {"k": "2"}})
    assert (status, put["data"]) == (200, {"k": "2"})
    assert api.ask("PUT", f"{MAPS}/a", made)[0] == 409
    for kind, patch, data in (
        ("application/merge-patch+json", {"data": {"m": "1"}}, {"k": "2", "m": "1"}),
        ("application/strategic-merge-patch+json", {"data": {"m": None}}, {"k": "2"}),
        ("application/json-patch+json", [{"op": "replace", "path": "/data/k", "value": "3"}], {"k": "3"}),
    ):
        status, _, patched = api.ask("PATCH", f"{MAPS}/a", patch, Content_Type=kind)
        assert (status, patched["data"]) == (200, data)
    status, _, gone = api.ask("DELETE", f"{MAPS}/a")
    assert (status, gone["status"], gone["details"]["name"]) == (200, "Success", "a")
    status, _, missing = api.ask("GET", f"{MAPS}/a")
    assert (status, missing["message"]) == (404, 'configmaps "a" not found')


def test_apply_owns_fields_and_meets_conflicts(api: Api) -> None:
    def apply(manager: str, value: str, force: str = "") -> tuple[int, dict]:
        text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: s}}\ndata: {{k: '{value}'}}\n"
        path = f"{MAPS}/s?fieldManager={manager}{force}"
        status, _, body = api.ask("PATCH", path, text.encode(), Content_Type="application/apply-patch+yaml")
        return status, body

    assert apply("one", "1")[0] == 201
    assert apply("one", "2")[0] == 200
    status, body = apply("two", "3")
    assert (status, body["reason"], body["details"]["causes"][0]["field"]) == (409, "Conflict", ".data.k")
    status, body = apply("two", "3", "&force=true")
    assert status == 200
    managers = api.ask("GET", f"{MAPS}/s")[2]["metadata"]["managedFields"]
    assert [(each["manager"], each["operation"]) for each in managers] == [("two", "Apply")]
    status, _, body = api.ask("PATCH", f"{MAPS}/s", b"{}", Content_Type="application/apply-patch+yaml")
    assert (status, body["details"]["causes"][0]["field"]) == (422, "fieldManager")


def test_dry_run_writes_nothing(api: Api) -> None:
    assert api.ask("POST", f"{MAPS}?dryRun=All", config_map("dry"))[0] == 201
    assert api.ask("GET", f"{MAPS}/dry")[0] == 404


@pytest.mark.parametrize(("how", "code"), [("Strict", 400), ("Warn", 201), ("Ignore", 201), ("", 201)])
def test_unknown_fields_are_refused_warned_of_or_let_go(api: Api, how: str, code: int) -> None:
    body = {**config_map("field"), "wrong": 1}
    status, headers, _ = api.ask("POST", f"{MAPS}?fieldValidation={how}", body)
    assert status == code
    warned = ['299 - "unknown field \\"wrong\\""'] if how in ("Warn", "") else None
    assert headers.get_all("Warning") == warned


def test_bodies_may_be_yaml_and_nothing_unknown(api: Api) -> None:
    text = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: yaml}\n"
    assert api.ask("POST", MAPS, text, Content_Type="application/yaml")[0] == 201
    assert api.ask("POST", MAPS, text, Content_Type="text/plain")[2]["reason"] == "UnsupportedMediaType"
    assert api.ask("POST", MAPS, b"{", Content_Type="application/json")[2]["reason"] == "BadRequest"
    status, _, body = api.ask("PATCH", f"{MAPS}/yaml", b"not json", Content_Type="application/merge-patch+json")
    assert (status, body["reason"]) == (400, "BadRequest")
    assert api.ask("GET", f"{MAPS}/yaml", Accept="application/yaml")[2].startswith("apiVersion: v1\nkind: ConfigMap\n")


def test_answers_take_the_form_that_is_asked_for(api: Api) -> None:
    api.ask("POST", MAPS, config_map("f", k="1"))
    table = api.ask("GET", MAPS, Accept=TABLE)[2]
    assert (table["kind"], [row["cells"][:2] for row in table["rows"]]) == (
        "Table",
        [["f", 1], ["kube-root-ca.crt", 1]],
    )
    assert set(table["rows"][0]["object"]) == {"kind", "apiVersion", "metadata"}
    whole = api.ask("GET", f"{MAPS}/f?includeObject=Object", Accept=TABLE)[2]
    assert whole["rows"][0]["object"]["data"] == {"k": "1"}
    partial = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
    listed = api.ask("GET", MAPS, Accept=partial)[2]
    assert (listed["kind"], [set(item) for item in listed["items"]]) == (
        "PartialObjectMetadataList",
        [{"kind", "apiVersion", "metadata"}] * 2,
    )
    plain = api.ask("GET", MAPS)[2]
    assert (plain["kind"], "kind" in plain["items"][0]) == ("ConfigMapList", False)
    both = api.ask("GET", MAPS, Accept="application/vnd.kubernetes.protobuf,application/json")
    assert both[2]["kind"] == "ConfigMapList"
    assert api.ask("GET", MAPS, Accept="application/vnd.kubernetes.protobuf")[0] == 406


def test_lists_come_in_chunks_and_by_selectors(api: Api) -> None:
    for number in range(5):
        body = config_map(f"c{number}")
        body["metadata"]["labels"] = {"n": str(number % 2)}
        api.ask("POST", MAPS, body)
    names, token, chunks = [], "", 0
    while True:
        found = api.ask("GET", f"{MAPS}?limit=2&continue={token}")[2]
        names += [item["metadata"]["name"] for item in found["items"]]
        chunks += 1
        token = found["metadata"].get("continue", "")
        if not token:
            break
    assert (names, chunks) == (["c0", "c1", "c2", "c3", "c4", "kube-root-ca.crt"], 3)
    odd = api.ask("GET", f"{MAPS}?labelSelector=n%3D1")[2]["items"]
    assert [item["metadata"]["name"] for item in odd] == ["c1", "c3"]
    assert api.ask("GET", f"{MAPS}?limit=x")[2]["reason"] == "BadRequest"
    removed = api.ask("DELETE", f"{MAPS}?labelSelector=n%3D1")[2]
    assert [item["metadata"]["name"] for item in removed["items"]] == ["c1", "c3"]
    left = api.ask("GET", f"{MAPS}?fieldSelector=metadata.name%3Dc0")[2]["items"]
    assert [item["metadata"]["name"] for item in left] == ["c0"]


def test_delete_looks_at_its_options(api: Api) -> None:
    made = api.ask("POST", MAPS, config_map("d"))[2]
    wrong = {"kind": "DeleteOptions", "apiVersion": "v1", "preconditions": {"uid": "other"}}
    assert api.ask("DELETE", f"{MAPS}/d", wrong)[0] == 409
    assert api.ask("DELETE", f"{MAPS}/d", {"dryRun": ["All"]})[0] == 200
    assert api.ask("DELETE", f"{MAPS}/d", {"preconditions": {"uid": made["metadata"]["uid"]}})[0] == 200
    assert api.ask("GET", f"{MAPS}/d")[0] == 404


def test_subresources(api: Api) -> None:
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"selector": {"matchLabels": {"a": "b"}}, "template": template},
    }
    path = "/apis/apps/v1/namespaces/default/deployments"
    assert api.ask("POST", path, deployment)[0] == 201
    scale = api.ask("GET", f"{path}/web/scale")[2]
    assert (scale["kind"], scale["apiVersion"], scale["spec"]) == ("Scale", "autoscaling/v1", {"replicas": 1})
    assert api.ask("PUT", f"{path}/web/scale", {**scale, "spec": {"replicas": 3}})[2]["spec"] == {"replicas": 3}
    kind = "application/merge-patch+json"
    assert api.ask("PATCH", f"{path}/web/scale", {"spec": {"replicas": 2}}, Content_Type=kind)[0] == 200
    assert api.ask("GET", f"{path}/web/status")[2]["spec"]["replicas"] == 2
    assert api.ask("GET", f"{path}/web/nosuch")[0] == 404


def test_paths_that_are_not_there(api: Api) -> None:
    for path in ("/nosuch", "/api/v1/things", "/apis/nosuch/v1/things", f"{MAPS}/a/b/c", f"{MAPS}/a/nosuch"):
        assert api.ask("GET", path)[::2] == (404, "404 page not found\n")
    assert api.ask("PUT", MAPS, config_map("a"))[2]["reason"] == "MethodNotAllowed"
    assert api.ask("GET", "/api/v1/namespaces/default/pods/a/b/c/d")[0] == 404


def history(cluster: Cluster) -> list[str]:
    """All that changed the cluster; the first line is of the cluster itself."""
    return cluster.save().splitlines()[1:]


def test_reviews_are_answered_and_never_stored(api: Api) -> None:
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    spec = {"resourceAttributes": {"verb": "delete", "resource": "nodes"}}
    before = history(api.cluster)
    status, _, answer = api.ask("POST", path, {"spec": spec})
    assert (status, answer["status"]) == (201, {"allowed": True})
    assert api.ask("POST", path, {"spec": {}})[0] == 422
    who = api.ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {})[2]
    assert who["status"]["userInfo"]["groups"] == ["system:masters", "system:authenticated"]
    assert history(api.cluster) == before
    account = "/api/v1/namespaces/default/serviceaccounts/default/token"
    assert api.ask("POST", account, {"spec": {"expirationSeconds": 60}})[2]["reason"] == "Invalid"
    token = api.ask("POST", account, {"spec": {"expirationSeconds": 600}})[2]
    review = {"spec": {"token": token["status"]["token"]}}
    known = api.ask("POST", "/apis/authentication.k8s.io/v1/tokenreviews", review)[2]
    assert known["status"]["user"]["username"] == "system:serviceaccount:default:default"
    # It opens no door here: the simulation's tokens are signed by nobody.
    assert api.ask("GET", MAPS, None, Authorization=f"Bearer {token['status']['token']}")[0] == 401


def test_somebody_else_is_asked_for(api: Api) -> None:
    bob = {"Impersonate_User": "bob"}
    status, _, answer = api.ask("GET", "/api/v1/namespaces/default/pods", None, **bob)
    words = 'User "bob" cannot list resource "pods" in API group "" in the namespace "default"'
    assert (status, answer["message"]) == (403, f"pods is forbidden: {words}")
    before = history(api.cluster)
    assert api.ask("POST", MAPS, config_map("x"), **bob)[0] == 403
    assert history(api.cluster) == before
    assert api.ask("GET", "/api/v1/namespaces/default/pods/x/log", None, **bob)[0] == 403
    assert "cannot watch" in api.ask("GET", f"{MAPS}?watch=1", None, **bob)[2]["message"]
    assert "cannot deletecollection" in api.ask("DELETE", MAPS, None, **bob)[2]["message"]
    assert api.ask("GET", "/apis", None, **bob)[0] == 200
    answer = api.ask("GET", "/metrics", None, **bob)[2]
    assert answer["message"] == 'forbidden: User "bob" cannot get path "/metrics"'
    who = api.ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {}, **bob)[2]
    assert who["status"]["userInfo"] == {"username": "bob", "groups": ["system:authenticated"]}
    assert api.ask("GET", MAPS, None, Impersonate_Group="devs")[2]["reason"] == "BadRequest"
    assert api.ask("GET", MAPS, None, Impersonate_User="x", Impersonate_Group="system:masters")[0] == 200


def test_what_came_by_http_is_replayed(api: Api) -> None:
    for name in ("r1", "r2"):
        api.ask("POST", f"{MAPS}?fieldManager=me", config_map(name))
    api.ask("DELETE", f"{MAPS}/r1")
    again = Cluster.load(api.cluster.save())
    names = [item["metadata"]["name"] for item in json.loads(again.kubectl("get cm -o json").stdout)["items"]]
    assert names == ["kube-root-ca.crt", "r2"]
    again.close()
