"""What a CustomResourceDefinition may say, in the server's words; and the plain algorithms of custom kinds."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from k8s_magic import kinds
from k8s_magic.kinds.custom import newest_first, pruning
from k8s_magic.kinds.custom.values import Check
from k8s_magic.machinery.names import GroupVersionKind

DEFINITION = GroupVersionKind("apiextensions.k8s.io", "v1", "CustomResourceDefinition")
Object = dict[str, Any]
ROOT = "spec.validation.openAPIV3Schema"
BODY: Object = {
    "metadata": {"name": "foos.example.com"},
    "spec": {
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"plural": "foos", "kind": "Foo"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object"}}}},
            }
        ],
    },
}


def complaints(change: Callable[[Object], Any]) -> list[str]:
    kind = kinds.by_gvk(DEFINITION)
    assert kind is not None
    body = copy.deepcopy(BODY)
    change(body)
    obj, _ = kinds.decode(body, DEFINITION)
    kind.default(obj)
    kind.prepare_create(obj)
    return [str(each) for each in kind.validate(obj)]


def version(body: Object) -> Object:
    found: Object = body["spec"]["versions"][0]
    return found


def schema(**parts: Any) -> Callable[[Object], Any]:
    return lambda body: version(body)["schema"]["openAPIV3Schema"].update(parts)


def field(**parts: Any) -> Callable[[Object], Any]:
    return schema(properties={"x": parts})


LABEL = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
    "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
    "'[a-z]([-a-z0-9]*[a-z0-9])?')"
)
X = f"{ROOT}.properties[x]"


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (lambda body: None, []),
        (
            lambda body: body["metadata"].update(name="x.example.com"),
            ['metadata.name: Invalid value: "x.example.com": must be spec.names.plural+"."+spec.group'],
        ),
        (
            lambda body: body["spec"].update(scope="Galaxy"),
            ['spec.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced"'],
        ),
        (
            lambda body: body["spec"]["names"].update(shortNames=["F"]),
            [f'spec.names.shortNames[0]: Invalid value: "F": {LABEL}'],
        ),
        (
            lambda body: version(body).pop("schema"),
            ["spec.versions[0].schema.openAPIV3Schema: Required value"],
        ),
        (
            lambda body: version(body).update(deprecationWarning="old"),
            ['spec.versions[0].deprecationWarning: Invalid value: "old": can only be set for deprecated versions'],
        ),
        (
            lambda body: version(body).update(
                additionalPrinterColumns=[{"name": "A", "type": "text", "jsonPath": ".a"}]
            ),
            [
                'spec.additionalPrinterColumns[0].type: Invalid value: "text": '
                "must be one of boolean,date,integer,number,string"
            ],
        ),
        (
            lambda body: version(body).update(
                subresources={"scale": {"specReplicasPath": ".status.a", "statusReplicasPath": ".status.a"}}
            ),
            ['spec.subresources.scale.specReplicasPath: Invalid value: ".status.a": should be a json path under .spec'],
        ),
        (
            schema(type="array"),
            [
                f'{ROOT}.type: Invalid value: "array": must be object at the root',
                f"{ROOT}.items: Required value: must be specified",
            ][::-1],
        ),
        (field(description="?"), [f"{X}.type: Required value: must not be empty for specified object fields"]),
        (
            field(type="text"),
            [
                f'{X}.type: Unsupported value: "text": supported values: '
                '"array", "boolean", "integer", "number", "object", "string"'
            ],
        ),
        (
            field(type="integer", default="a"),
            [f'{X}.default: Invalid value: "string":  in body must be of type integer: "string"'],
        ),
        (
            field(type="string", anyOf=[{"type": "string"}]),
            [f"{X}.anyOf[0].type: Forbidden: must be empty to be structural"],
        ),
        (
            field(type="object", anyOf=[{"required": ["a"], "properties": {"a": {"pattern": "b"}}}]),
            [f"{X}.properties[a]: Required value: because it is defined in {X}.anyOf[0].properties[a]"],
        ),
        (
            field(type="array", items={"type": "object"}, **{"x-kubernetes-list-type": "map"}),
            [f"{X}.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map"],
        ),
        (
            schema(properties={"metadata": {"type": "object", "properties": {"labels": {"type": "object"}}}}),
            [
                f"{ROOT}.properties[metadata]: Forbidden: must not specify anything other than name and generateName, "
                "but metadata is implicitly specified"
            ],
        ),
        (
            lambda body: body["spec"].update(preserveUnknownFields=True),
            [
                "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set "
                "x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
            ],
        ),
    ],
)
def test_definitions_are_judged_as_the_server_does(change: Callable[[Object], Any], wanted: list[str]) -> None:
    assert complaints(change) == wanted


def test_versions_are_shown_as_the_server_holds_them() -> None:
    found = complaints(lambda body: version(body).update(storage=False))
    assert found == [
        'spec.versions: Invalid value: [{"Name":"v1","Served":true,"Storage":false,"Deprecated":false,'
        '"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,'
        '"SelectableFields":null}]: must have exactly one version marked as storage version',
        "status.storedVersions: Invalid value: null: must have at least one stored version",
    ]


def test_groups_of_kubernetes_need_approval() -> None:
    def change(body: Object) -> None:
        body["spec"]["group"] = "example.k8s.io"
        body["metadata"]["name"] = "foos.example.k8s.io"

    assert complaints(change) == [
        "metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval "
        'annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111'
    ]


def test_junctors() -> None:
    rule = {"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}
    for value, wanted in (
        ({"a": 1}, []),
        (
            {},
            [
                '<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found none valid',
                "spec.a: Required value",
            ],
        ),
        (
            {"a": 1, "b": 1},
            [
                '<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). '
                "Found 2 valid alternatives"
            ],
        ),
    ):
        check = Check()
        check.value({"spec": value}, {"type": "object", "properties": {"spec": rule}})
        assert [str(each) for each in check.found] == wanted


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("date-time", "2026-01-01T00:00:00Z", "2026-01-01"),
        ("date", "2026-01-01", "2026-13-01"),
        ("ipv4", "10.0.0.1", "10.0.0.256"),
        ("uuid", "6905d18a-1d1f-41ca-84ab-554a6880dcbd", "6905"),
        ("byte", "YWJj", "%"),
        ("unheard-of", "anything", None),
    ],
)
def test_formats(name: str, good: str, bad: str | None) -> None:
    for value, count in ((good, 0), (bad, 1)):
        if value is not None:
            check = Check()
            check.value({"x": value}, {"properties": {"x": {"type": "string", "format": name}}})
            assert len(check.found) == count


@pytest.mark.parametrize(
    ("schema", "value", "wanted"),
    [
        (
            {"type": "integer", "format": "int32"},
            2**31,
            ['<nil>: Invalid value: "": Checked value must be of type integer with format int32 in x'],
        ),
        ({"type": "integer", "format": "int32"}, 2**31 - 1, []),
        (
            {"type": "integer", "format": "int32"},
            "a",
            ['x: Invalid value: "string": x in body must be of type integer: "string"'],
        ),
        (
            {"type": "string", "format": "date-time"},
            3,
            ['x: Invalid value: "int64": x in body must be of type date-time: "int64"'],
        ),
        (
            {"type": "string", "format": "date-time"},
            "soon",
            ['x: Invalid value: "soon": x in body must be of type date-time: "soon"'],
        ),
        (
            {"type": "string", "format": "unheard-of"},
            3,
            ['x: Invalid value: "integer": x in body must be of type string: "integer"'],
        ),
        (
            {"type": "integer", "maximum": 10.5},
            11,
            ["x: Invalid value: 11: x in body should be less than or equal to 10"],
        ),
        ({"type": "integer", "multipleOf": 5}, 7, ["x: Invalid value: 7: x in body should be a multiple of 5"]),
        (
            {"type": "number", "minimum": 0.5},
            0.25,
            ["x: Invalid value: 0.25: x in body should be greater than or equal to 0.5"],
        ),
    ],
)
def test_numbers_and_formats_in_the_validators_words(schema: Object, value: Any, wanted: list[str]) -> None:
    check = Check()
    check.value({"x": value}, {"type": "object", "properties": {"x": schema}})
    assert [str(each) for each in check.found] == wanted


def test_pruning_knows_what_preserves() -> None:
    tree = {
        "properties": {
            "kept": {"x-kubernetes-preserve-unknown-fields": True, "properties": {"typed": {"type": "object"}}},
            "map": {"additionalProperties": {"properties": {"a": {}}}},
        }
    }
    obj = {
        "kind": "Foo",
        "kept": {"any": {"x": 1}, "typed": {"y": 1}},
        "map": {"one": {"a": 1, "b": 1}},
        "list": [{"c": 1}],
    }
    assert pruning.prune(obj, tree) == ["kept.typed.y", "list", "map.one.b"]
    assert obj == {"kind": "Foo", "kept": {"any": {"x": 1}, "typed": {}}, "map": {"one": {"a": 1}}}


def test_versions_in_order() -> None:
    names = ["foo", "v1alpha1", "v2", "v1beta2", "v10", "v1beta10", "bar", "v1"]
    assert newest_first(names) == ["v10", "v2", "v1", "v1beta10", "v1beta2", "v1alpha1", "bar", "foo"]
