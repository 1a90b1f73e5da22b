"""The pod-template-hash equals the real controller's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from k8s_magic.controllers._template_hash import TemplateHashes, compute_hash, dump, go_quantity

GOLDEN = Path(__file__).parents[2] / "golden" / "pod-template-hash.jsonl"
EXAMPLES = [json.loads(line) for line in GOLDEN.read_text().splitlines()[1:]]


def test_all_recorded_examples_match() -> None:
    wrong = [example["origin"] for example in EXAMPLES if compute_hash(example["template"]) != example["hash"]]
    assert len(EXAMPLES) == 196
    assert wrong == []


def template(**spec: Any) -> dict[str, Any]:
    return {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}], **spec}}


def test_a_collision_changes_the_hash_and_none_is_not_zero() -> None:
    hashes = [compute_hash(template(), count) for count in (None, 0, 1)]
    assert len(set(hashes)) == 3


def test_what_a_round_trip_through_etcd_drops_does_not_count() -> None:
    full = template(volumes=[], nodeSelector={})
    full["metadata"] |= {"creationTimestamp": None, "annotations": {}}
    assert compute_hash(full) == compute_hash(template())
    assert compute_hash(template(securityContext={})) != compute_hash(template())


def test_hashes_are_kept_by_identity() -> None:
    hashes, one = TemplateHashes(), template()
    assert hashes.hash_of(one) == compute_hash(one)
    one["spec"]["nodeName"] = "changed behind its back"
    assert hashes.hash_of(one) == compute_hash(template())


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("0", (0, 0, None, "0", "DecimalSI")),
        ("100m", (100, -3, None, "100m", "DecimalSI")),
        ("10", (10, 0, None, "10", "DecimalSI")),
        ("2k", (2, 3, None, "2k", "DecimalSI")),
        ("64Mi", (67108864, 0, None, "", "BinarySI")),
        ("100Mi", (104857600, 0, None, "100Mi", "BinarySI")),
        ("1Gi", (1073741824, 0, None, "1Gi", "BinarySI")),
        ("1e3", (1, 3, None, "1e3", "DecimalExponent")),
        ("1Pi", (0, 0, (1125899906842624 * 10**9, 9), "", "BinarySI")),
    ],
)
def test_quantities_keep_what_go_keeps(text: str, inside: tuple[Any, ...]) -> None:
    assert tuple(go_quantity.read(text)) == inside


def test_a_quantity_is_hashed_as_the_server_stores_it() -> None:
    def with_cpu(amount: str) -> dict[str, Any]:
        return template(overhead={"cpu": amount})

    assert compute_hash(with_cpu("0.5")) == compute_hash(with_cpu("500m"))
    assert "value:(int64)500 scale:(resource.Scale)-3" in dump.pod_template(with_cpu("0.5"))


def test_the_dump_follows_go() -> None:
    text = dump.pod_template(
        template(
            terminationGracePeriodSeconds=30,
            containers=[
                {
                    "name": "c",
                    "image": "i",
                    "livenessProbe": {"httpGet": {"port": "web", "path": "/"}},
                    "securityContext": {"privileged": False},
                }
            ],
        )
    )
    assert text.startswith("(v1.PodTemplateSpec){ObjectMeta:(v1.ObjectMeta){Name:(string) GenerateName:(string) ")
    assert "UID:(types.UID) ResourceVersion:(string) Generation:(int64)0 " in text
    assert (
        "CreationTimestamp:(v1.Time){Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}" in text
    )
    assert "Labels:(map[string]string)map[a:b] Annotations:(map[string]string)<nil>" in text
    assert "TerminationGracePeriodSeconds:(*int64)30 ActiveDeadlineSeconds:(*int64)<nil>" in text
    assert "Port:(intstr.IntOrString){Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)web}" in text
    assert "Privileged:(*bool)false" in text
    assert "Containers:([]v1.Container)[{Name:(string)c Image:(string)i Command:([]string)<nil>" in text
