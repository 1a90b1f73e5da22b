"""The served OpenAPI documents against those of a real API server, of whose texts and schemas we keep the marks."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from by_hand import Api

from k8s_magic import Cluster
from k8s_magic.kinds import documentation

GOLDEN = Path(__file__).parents[1] / "golden" / "openapi.json.gz"
# The published package has no text for these two.
UNTOLD = {"io.k8s.apimachinery.pkg.api.resource.Quantity", "io.k8s.apimachinery.pkg.util.intstr.IntOrString"}
# Whose schemas say less than the real ones: which of several fields are one union, what a map's values may be, that
# nothing is the default of a name.
UNIONS = {
    "io.k8s.api.core.v1.AppArmorProfile",
    "io.k8s.api.core.v1.PodSchedulingGroup",
    "io.k8s.api.core.v1.SeccompProfile",
    "io.k8s.api.flowcontrol.v1.LimitResponse",
    "io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec",
    "io.k8s.api.flowcontrol.v1.Subject",
}
MAP_VALUES = {"io.k8s.api.core.v1.PersistentVolumeClaimStatus"}
NAMES = {
    "io.k8s.api.core.v1.ConfigMapEnvSource",
    "io.k8s.api.core.v1.ConfigMapKeySelector",
    "io.k8s.api.core.v1.ConfigMapProjection",
    "io.k8s.api.core.v1.ConfigMapVolumeSource",
    "io.k8s.api.core.v1.LocalObjectReference",
    "io.k8s.api.core.v1.SecretEnvSource",
    "io.k8s.api.core.v1.SecretKeySelector",
    "io.k8s.api.core.v1.SecretProjection",
}


def mark(value: Any) -> str:
    """As generators/openapi_marks.py makes them."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@pytest.fixture(scope="module")
def real() -> dict[str, Any]:
    types: dict[str, Any] = json.loads(gzip.decompress(GOLDEN.read_bytes()))["types"]
    return types


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    cluster = Cluster(nodes=1, bare=True)
    yield Api(cluster)
    cluster.close()


@pytest.fixture(scope="module")
def older(api: Api) -> dict[str, Any]:
    definitions: dict[str, Any] = api.ask("GET", "/openapi/v2")[2]["definitions"]
    return definitions


@pytest.fixture(scope="module")
def newer(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in api.ask("GET", "/openapi/v3")[2]["paths"].values():
        found |= api.ask("GET", entry["serverRelativeURL"])[2]["components"]["schemas"]
    return found


def test_the_texts_are_the_real_servers_but_for_what_values_mean(real: dict, older: dict, newer: dict) -> None:
    for definitions in (older, newer):
        types: Counter[str] = Counter()
        fields: Counter[str] = Counter()
        for name, schema in definitions.items():
            text = schema.get("description", "")
            types["equal" if mark(text) == real[name]["text"] else f"other: {text}"] += 1
            for field, each in schema.get("properties", {}).items():
                own = mark(each.get("description", ""))
                whole, *bare = real[name]["fields"][field]
                kind = "equal" if own == whole else "without meanings" if bare == [own] else f"other: {name}.{field}"
                fields[kind] += 1
        assert {name for name in definitions if "description" not in definitions[name]} == UNTOLD
        assert types == {"equal": 496, "other: ": 2}
        assert fields == {"equal": 2035, "without meanings": 74}


def test_the_schemas_are_the_real_servers(real: dict, older: dict, newer: dict) -> None:
    for version, definitions, known in (
        ("v2", older, UNIONS | MAP_VALUES),
        ("v3", newer, UNIONS | MAP_VALUES | NAMES),
    ):
        differing = {name for name, schema in definitions.items() if mark(schema) != real[name][version]}
        assert differing == known | UNTOLD


def test_a_text_stands_beside_all_of_a_reference(newer: dict, older: dict) -> None:
    spec = newer["io.k8s.api.core.v1.Pod"]["properties"]["spec"]
    assert set(spec) == {"description", "default", "allOf"}
    assert spec["allOf"] == [{"$ref": "#/components/schemas/io.k8s.api.core.v1.PodSpec"}]
    spec = older["io.k8s.api.core.v1.Pod"]["properties"]["spec"]
    assert set(spec) == {"description", "$ref"}


def test_a_definitions_own_texts_are_served_with_those_of_every_object(api: Api, newer: dict) -> None:
    fields = {"spec": {"type": "object", "description": "What is wanted.", "properties": {"any": {"type": "string"}}}}
    schema = {"type": "object", "description": "A gadget.", "properties": fields}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"plural": "gadgets", "kind": "Gadget"}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "gadgets.apps.example.com"},
        "spec": {"group": "apps.example.com", "scope": "Namespaced", "names": names, "versions": [version]},
    }
    assert api.cluster.apply(json.dumps(definition)).exit_code == 0
    for path, part in (("/openapi/v3/apis/apps.example.com/v1", "components"), ("/openapi/v2", "definitions")):
        document = api.ask("GET", path)[2][part]
        found = document.get("schemas", document)["com.example.apps.v1.Gadget"]
        assert found["description"] == "A gadget."
        assert found["properties"]["spec"] == fields["spec"]
        pod = newer["io.k8s.api.core.v1.Pod"]["properties"]
        for name in ("apiVersion", "kind", "metadata"):
            assert found["properties"][name]["description"] == pod[name]["description"]
    assert api.cluster.kubectl("delete crd gadgets.apps.example.com").exit_code == 0


def test_without_the_package_the_documents_have_no_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documentation, "PACKAGE", "no_such_package")
    cluster = Cluster(nodes=1, bare=True)
    try:
        api = Api(cluster)
        names = api.ask("GET", "/openapi/v3")[2]["paths"]
        schemas = api.ask("GET", names["apis/apps/v1"]["serverRelativeURL"])[2]["components"]["schemas"]
        assert not [schema for schema in schemas.values() if "description" in json.dumps(schema)]
    finally:
        cluster.close()
    monkeypatch.undo()
    cluster = Cluster(nodes=1, bare=True)
    try:
        # What a client has kept is another document.
        assert Api(cluster).ask("GET", "/openapi/v3")[2]["paths"]["apis/apps/v1"] != names["apis/apps/v1"]
    finally:
        cluster.close()
