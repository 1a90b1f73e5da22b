"""`kubectl explain` where no server is needed; tests/contract/test_explain.py holds every page against the real one."""

from __future__ import annotations

import pytest
from fake import FakeTransport, kubectl

from k8s_magic.kinds import documentation
from k8s_magic.kubectl.explaining.plaintext import wrapped

STRATEGY = "GROUP:      apps\nKIND:       Deployment\nVERSION:    v1\n\nFIELD: strategy <DeploymentStrategy>\n\n\n"


@pytest.fixture
def cluster() -> FakeTransport:
    return FakeTransport()


@pytest.fixture
def without_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documentation, "PACKAGE", "no_such_package")


def test_a_field_its_text_and_what_it_holds(cluster: FakeTransport) -> None:
    code, out, err = kubectl("explain deploy.spec.strategy", cluster)
    assert (code, err) == (0, "")
    head, _, fields = out.partition("FIELDS:\n")
    assert head.startswith(STRATEGY + "DESCRIPTION:\n    ")
    assert "<empty>" not in head
    assert "<no description>" not in fields
    assert "  type\t<string>\n  enum: Recreate, RollingUpdate\n    " in fields
    assert '    Possible enum values:\n     - `"Recreate"`\n     - `"RollingUpdate"`\n\n' in fields
    restart = kubectl("explain pods.spec.restartPolicy", cluster)[1]
    assert "FIELD: restartPolicy <string>\nENUM:\n    Always\n    Never\n    OnFailure\n\nDESCRIPTION:\n    " in restart


def test_the_fields_of_fields(cluster: FakeTransport) -> None:
    deep = kubectl("explain deployments.apps.spec --recursive", cluster)[1]
    fields = (
        "  template\t<PodTemplateSpec> -required-",
        "    metadata\t<ObjectMeta>",
        "      annotations\t<map[string]string>",
    )
    assert "\n".join(fields) in deep


def test_without_the_texts_it_says_how_to_have_them(cluster: FakeTransport, without_texts: None) -> None:
    note = "(What fields are for is told with the extra: pip install k8s-magic[docs])"
    assert kubectl("explain deploy.spec.strategy", cluster) == (
        0,
        f"{STRATEGY}DESCRIPTION:\n    {note}\n    \n"
        "FIELDS:\n  rollingUpdate\t<RollingUpdateDeployment>\n  type\t<string>\n  enum: Recreate, RollingUpdate\n\n",
        "",
    )
    older = kubectl("explain deploy.spec.strategy -o plaintext-openapiv2", cluster)[1]
    assert f"DESCRIPTION:\n     {note}\n\nFIELDS:\n   rollingUpdate\t<Object>\n\n" in older


def test_what_is_not_there_is_said_after_the_kind(cluster: FakeTransport) -> None:
    said = kubectl("explain pod.spec.nosuch", cluster)
    assert said == (1, "KIND:       Pod\nVERSION:    v1\n\n", 'error: field "nosuch" does not exist\n')


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 8, ["one two", "three"]),
        ("one  two", 8, ["one  two"]),
        ("one  two", 6, ["one", "two"]),
        ("longerthanaline x", 5, ["longerthanaline", "x"]),
        ("x longerthanaline", 5, ["x", "longerthanaline"]),
        ("a\n\nb ", 5, ["a", "", "b "]),
        ("abcde   ", 5, ["abcde"]),
        ("a\u00a0b c", 3, ["a\u00a0b", "c"]),
        ("", 5, [""]),
    ],
)
def test_words_are_wrapped_as_kubectl_wraps_them(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width).split("\n") == lines
