"""Which lines of a cell are kubectl's without saying so."""

from __future__ import annotations

import pytest

from k8s_magic.kubectl import tree
from k8s_magic.magics.laptop import with_kubectl


@pytest.mark.parametrize(
    ("line", "is_kubectl"),
    [
        ("get pods", True),
        ("  get pods | wc -l", True),
        ("diff -f web.yaml", True),
        ("set image deployment/web nginx=nginx:1.27", True),
        ("set -e", False),
        ("wait --for=condition=ready pod/a", True),
        ("wait", False),
        ("wait %1", False),
        ("exec web -- ls", True),
        ("exec 3>&1", False),
        ("cp web:/etc/hostname here", True),
        ("cp here there", False),
        ("top nodes", True),
        ("top", False),
        ("certificate approve x", True),
        ("getent hosts web", False),
        ("echo get", False),
        ("kubectl get pods", False),
    ],
)
def test_lines_may_leave_kubectl_out(line: str, is_kubectl: bool) -> None:
    indent = line[: len(line) - len(line.lstrip())]
    assert with_kubectl(line) == (f"{indent}kubectl {line.lstrip()}" if is_kubectl else line)


def test_every_command_may() -> None:
    shared = {"cp", "exec", "set", "top", "wait"}  # with what the shell has too
    for name in tree.children(tree.ROOT).keys() - shared:
        assert with_kubectl(f"{name} x") == f"kubectl {name} x"


def test_what_belongs_to_another_line_is_left_alone() -> None:
    cell = "apply -f - <<EOF\nget: 1\nEOF\nrun web \\\n  get\nget pods\n"
    assert with_kubectl(cell) == "kubectl apply -f - <<EOF\nget: 1\nEOF\nkubectl run web \\\n  get\nkubectl get pods\n"
