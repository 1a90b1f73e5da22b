"""Where the texts of Kubernetes' documentation come from, and that nothing is read before they are wanted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from k8s_magic.kinds import documentation
from k8s_magic.kinds.documentation import Texts

POD = "io.k8s.api.core.v1.Pod"
VERSION = {"major": "1", "minor": "36"}


def publish(place: Path, *versions: str) -> None:
    """A package as the published one is, whose import would fail; each version's text is its name."""
    package = place / "kubernetes_validate"
    package.mkdir()
    (package / "__init__.py").write_text("raise AssertionError('only its file is read')\n")
    for version in versions:
        folder = package / "kubernetes-json-schema" / version
        folder.mkdir(parents=True)
        told = {"$defs": {POD: {"description": version, "properties": {"spec": {"description": "a spec"}, "x": {}}}}}
        (folder / "_definitions.json").write_text(json.dumps(told))


@pytest.mark.parametrize(
    ("versions", "chosen"),
    [
        (["v1.35.0-local", "v1.36.0-local", "v1.37.0-local"], "v1.36.0-local"),
        (["v1.36.0-local", "v1.36.10-local", "v1.36.9-local"], "v1.36.10-local"),
        (["v1.36.0-local-strict", "v1.34.0-local"], "v1.34.0-local"),
        (["v1.30.0-local", "v1.9.0-local", "v1.33.0-local"], "v1.33.0-local"),
        (["v1.35.1-local", "v1.37.0-local"], "v1.37.0-local"),
        (["v2.36.0-local", "v1.2.0-local", "readme"], "v1.2.0-local"),
        ([], ""),
    ],
)
def test_the_nearest_version_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, versions: list[str], chosen: str
) -> None:
    publish(tmp_path, *versions)
    monkeypatch.syspath_prepend(tmp_path)
    texts = documentation.of(VERSION)
    assert texts.of_type(POD) == chosen
    assert bool(texts) == bool(chosen)
    assert documentation.of({"major": "1", "minor": "36+"}).of_type(POD) == chosen
    assert "kubernetes_validate" not in sys.modules


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"$defs": [1]}', b"\xff", b"{}", b'{"$defs": {"a": 1}}'])
def test_what_cannot_be_read_has_no_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    publish(tmp_path, "v1.36.0-local")
    next(tmp_path.rglob("_definitions.json")).write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path)
    assert not documentation.of(VERSION)


def test_without_the_package_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documentation, "PACKAGE", "no_such_package")
    assert not documentation.of(VERSION)
    assert documentation.of(VERSION).of_field(POD, "spec", ["A"]) == ""


def test_a_text_is_followed_by_what_a_field_may_be() -> None:
    texts = Texts({POD: ("A pod.", {"spec": "Its spec.", "silent": ""})})
    assert texts.of_type(POD) == "A pod."
    assert texts.of_field(POD, "spec") == "Its spec."
    assert texts.of_field(POD, "spec", ["", 'A"']) == ('Its spec.\n\nPossible enum values:\n - `""`\n - `"A\\""`')
    assert texts.of_field(POD, "spec", ["A"], apart=True) == 'Its spec.\n\n\nPossible enum values:\n - `"A"`'
    assert texts.of_field(POD, "silent", ["A"]) == texts.of_field("nosuch", "spec", ["A"]) == ""


def test_nothing_is_read_until_a_text_is_wanted() -> None:
    code = """if True:
        import sys
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell.instance()
        shell.run_line_magic("load_ext", "k8s_magic")
        from k8s_magic.kinds import documentation
        shell.run_line_magic("kubectl", "get nodes")
        assert documentation._read.cache_info().misses == 0
        shell.run_line_magic("kubectl", "explain pod")
        shell.run_line_magic("kubectl", "explain pod.spec")
        assert documentation._read.cache_info()[:2] == (1, 1), documentation._read.cache_info()
        assert not {"kubernetes_validate", "jsonschema"} & set(sys.modules)
    """
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
