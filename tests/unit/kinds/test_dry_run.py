"""Every judged document of the recordings goes through our kinds and comes out as the real server's did."""

from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "dry-run.jsonl.gz"
# What is not the same, and why.
KNOWN = {
    "admissionregistration.k8s.io.v1.MutatingWebhookConfiguration.yaml": "CEL is not compiled",
    "authentication.k8s.io.v1.TokenReview.yaml": "answered by the server's authenticator",
    "resource.k8s.io.v1.DeviceClass.yaml": "CEL is not compiled",
}


@pytest.fixture(scope="module")
def measure() -> Any:
    spec = importlib.util.spec_from_file_location("dry_run", ROOT / "benchmarks" / "dry_run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_documents_come_out_as_recorded(measure: Any) -> None:
    lines = gzip.decompress(GOLDEN.read_bytes()).decode().splitlines()[1:]
    assert len(lines) == 1248
    different = []
    for line in lines:
        path, document, want = json.loads(line)
        got = measure.outcome(document)
        if json.loads(json.dumps(got)) != want and Path(path).name not in KNOWN:
            different.append(f"{path}\n{measure.difference(want, got)}")
    assert different == []
