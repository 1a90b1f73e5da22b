"""What is typed wrongly is answered as the real kubectl answers it, to the byte (tests/golden/kubectl/usage.txt)."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake import FakeTransport, kubectl

GOLDEN = Path(__file__).parents[2] / "golden" / "kubectl" / "usage.txt"
EMPTY = {"apiVersion": "v1", "kind": "Config", "clusters": [], "contexts": [], "users": [], "current-context": ""}


def transcripts() -> list[tuple[str, int, str, str]]:
    found: list[tuple[str, int, str, str]] = []
    for block in GOLDEN.read_text().split("\n$ kubectl ")[1:]:
        line, code, *rest = block.rstrip("\n").split("\n")
        texts = {"out": "", "err": ""}
        for each in rest:
            texts[each[:3]] += each[5:] + "\n"
        found.append((line, int(code.removeprefix("exit ")), texts["out"], texts["err"]))
    return found


@pytest.mark.parametrize(("line", "code", "out", "err"), transcripts(), ids=lambda value: str(value)[:40])
def test_real_answers(line: str, code: int, out: str, err: str) -> None:
    assert kubectl(line, FakeTransport(), config=dict(EMPTY)) == (code, out, err)
