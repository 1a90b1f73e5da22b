"""Discovery and OpenAPI: what is told is what is served."""

from __future__ import annotations

from by_hand import Api

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
OPENAPI_V2 = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"


def test_both_forms_of_discovery_tell_the_same(api: Api) -> None:
    told = {}
    for root in ("/api", "/apis"):
        status, headers, found = api.ask("GET", root, Accept=AGGREGATED)
        assert (status, found["kind"]) == (200, "APIGroupDiscoveryList")
        assert headers["Content-Type"] == "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
        for group in found["items"]:
            for version in group["versions"]:
                place = (group["metadata"].get("name", ""), version["version"])
                told[place] = [resource["resource"] for resource in version["resources"]]
    plain = {}
    groups = api.ask("GET", "/apis")[2]["groups"]
    for name, version in [("", "v1"), *((g["name"], v["version"]) for g in groups for v in g["versions"])]:
        path = f"/apis/{name}/{version}" if name else f"/api/{version}"
        listed = api.ask("GET", path)[2]["resources"]
        plain[name, version] = [entry["name"] for entry in listed if "/" not in entry["name"]]
    assert plain == told
    assert api.ask("GET", "/apis/apps")[2]["preferredVersion"] == {"groupVersion": "apps/v1", "version": "v1"}
    served = {(entry["group"], entry["version"], entry["name"]) for entry in api.cluster.transport.resources()}
    assert served == {(*place, name) for place, names in told.items() for name in names}


def test_openapi_has_what_kubectl_looks_for(api: Api) -> None:
    index = api.ask("GET", "/openapi/v3")[2]["paths"]
    document = api.ask("GET", index["apis/apps/v1"]["serverRelativeURL"])[2]
    patch = document["paths"]["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]["patch"]
    mark = {"group": "apps", "version": "v1", "kind": "Deployment"}
    assert patch["x-kubernetes-group-version-kind"] == mark
    assert "fieldValidation" in [parameter["name"] for parameter in patch["parameters"]]
    schemas = document["components"]["schemas"]
    assert schemas["io.k8s.api.apps.v1.Deployment"]["x-kubernetes-group-version-kind"] == [mark]
    containers = schemas["io.k8s.api.core.v1.PodSpec"]["properties"]["containers"]
    assert containers.pop("description").startswith("List of containers")
    assert containers == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/io.k8s.api.core.v1.Container"},
        "x-kubernetes-list-map-keys": ["name"],
        "x-kubernetes-list-type": "map",
        "x-kubernetes-patch-merge-key": "name",
        "x-kubernetes-patch-strategy": "merge",
    }
    text = str(schemas)
    assert all(f"'#/components/schemas/{name}'" in text for name in ("io.k8s.api.core.v1.PodSpec",))
    assert api.ask("GET", "/openapi/v2")[2]["swagger"] == "2.0"
    response = api.open("GET", "/openapi/v2", Accept=OPENAPI_V2)
    assert (response.status, response.read()[:5]) == (200, b"\x0a\x032.0")


def test_the_older_document_names_the_kinds_and_lets_kubectl_explain_them(api: Api) -> None:
    definitions = api.ask("GET", "/openapi/v2")[2]["definitions"]
    marks = [{"group": "", "kind": "Pod", "version": "v1"}]
    assert definitions["io.k8s.api.core.v1.Pod"]["x-kubernetes-group-version-kind"] == marks
    spec = definitions["io.k8s.api.core.v1.Pod"]["properties"]["spec"]
    assert spec.pop("description").startswith("Specification of")
    assert spec == {"$ref": "#/definitions/io.k8s.api.core.v1.PodSpec"}
    body = api.open("GET", "/openapi/v2", Accept=OPENAPI_V2).read()
    mark = b'[{"group":"","kind":"Pod","version":"v1"}]'
    name = b"x-kubernetes-group-version-kind"
    assert b"\n\x1f" + name + b"\x12\x2c\x12\x2a" + mark in body


def test_every_reference_in_openapi_leads_somewhere(api: Api) -> None:
    def references(value: object) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*map(references, value.values()))
        return set().union(*map(references, value)) if isinstance(value, list) else set()

    for entry in api.ask("GET", "/openapi/v3")[2]["paths"].values():
        document = api.ask("GET", entry["serverRelativeURL"])[2]
        known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
        assert references(document) <= known


def test_health_and_version(api: Api) -> None:
    for path in ("/healthz", "/livez", "/readyz", "/readyz/ping"):
        assert api.ask("GET", path)[::2] == (200, "ok")
    assert api.ask("GET", "/livez?verbose")[2] == "[+]ping ok\n[+]log ok\n[+]etcd ok\nlivez check passed\n"
    assert api.ask("GET", "/version")[2]["gitVersion"] == "v1.36.2"
    assert "/apis/apps/v1" in api.ask("GET", "/")[2]["paths"]
