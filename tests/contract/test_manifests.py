"""Each manifest through our kubectl and API server comes out as it did on a real control plane."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "manifests.py"
# What is not the same, and why.
KNOWN = {
    "admissionregistration.k8s.io.v1.MutatingWebhookConfiguration.yaml": "CEL is not compiled",
    "authorization.k8s.io.v1.SelfSubjectRulesReview.yaml": (
        "the recorded server was built from a vendor's source with a role of its own (/.well-known), and chance orders "
        "what bindings grant"
    ),
    "resource.k8s.io.v1.DeviceClass.yaml": "CEL is not compiled",
}


@pytest.fixture(scope="module")
def measure() -> Any:
    spec = importlib.util.spec_from_file_location("manifests", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_manifests_come_out_as_recorded(measure: Any) -> None:
    recorded, texts = measure.recordings(measure.MANIFESTS)
    assert len(recorded) == 1095
    same, different = 0, {}
    for want, got in zip(recorded, measure.answers(texts), strict=True):
        if measure.is_same(want, got):
            same += 1
        elif measure.without_lots(measure.content(want)) != measure.without_lots(measure.content(got)):
            different[Path(want["path"]).name] = measure.difference(want, got)
    assert sorted(different) == sorted(KNOWN), {name: text for name, text in different.items() if name not in KNOWN}
    assert same >= 0.95 * len(recorded)


def test_each_file_has_its_origin_and_licence(measure: Any) -> None:
    index = (measure.MANIFESTS / "INDEX.tsv").read_text(encoding="utf-8").splitlines()
    rows = [dict(zip(index[0].split("\t"), line.split("\t"), strict=True)) for line in index[1:]]
    _, texts = measure.recordings(measure.MANIFESTS)
    assert {row["path"] for row in rows} == set(texts)
    assert {row["licence"] for row in rows} <= {"Apache-2.0", "CC-BY-4.0", "MIT"}
    assert all(row["origin"] for row in rows)
