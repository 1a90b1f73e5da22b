"""The kubeconfig, its effect on the namespace, help and completion."""

from __future__ import annotations

import pytest
from fake import FakeTransport, kubectl, named, pod

from k8s_magic.kubectl import Streams, complete, new_config, tree
from k8s_magic.kubectl.command import Command

CLUSTER = FakeTransport(
    [
        named("Namespace", "default", ""),
        named("Namespace", "kube-system", ""),
        pod("a"),
        pod("b", containers=("x", "y")),
        pod("k", "kube-system"),
    ]
)


def test_contexts_come_change_and_go() -> None:
    config = new_config()

    def run(line: str) -> tuple[int, str, str]:
        return kubectl(line, CLUSTER, config=config)

    assert run("config set-context --current --namespace=kube-system") == (0, 'Context "k8s-magic" modified.\n', "")
    assert run("get pods -o name") == (0, "pod/k\n", "")
    assert run("get pods -n default -o name") == (0, "pod/a\npod/b\n", "")
    assert run("config set-context dev --cluster=k8s-magic --user=me") == (0, 'Context "dev" created.\n', "")
    assert run("--context dev get pods -o name")[1] == "pod/a\npod/b\n"
    assert run("config get-contexts")[1] == (
        "CURRENT   NAME        CLUSTER     AUTHINFO    NAMESPACE\n"
        "          dev         k8s-magic   me          \n"
        "*         k8s-magic   k8s-magic   k8s-magic   kube-system\n"
    )
    assert run("config use-context dev")[1] == 'Switched to context "dev".\n'
    assert run("config rename-context dev test")[1] == 'Context "dev" renamed to "test".\n'
    assert run("config current-context")[1] == "test\n"
    assert run("config set contexts.test.namespace x")[1] == 'Property "contexts.test.namespace" set.\n'
    assert run("config view -o jsonpath={.contexts[?(@.name=='test')].context.namespace}")[1] == "x"
    assert run("config unset contexts.test.namespace")[0] == 0
    code, out, err = run("config delete-context test")
    assert (code, out) == (0, "deleted context test from ~/.kube/config\n")
    assert err.startswith("warning: this removed your active context")
    assert run("get pods")[2] == "Error in configuration: context was not found for specified context: test\n"
    assert run("config use-context k8s-magic")[0] == 0
    assert run("config set-credentials me --token=secret")[0] == 0
    assert "token: REDACTED" in run("config view")[1]
    assert "token: secret" in run("config view --raw")[1]
    assert "users:\n- name: k8s-magic" in run("config view --minify")[1]
    assert run("config delete-context nosuch")[2] == ("error: cannot delete context nosuch, not in ~/.kube/config\n")


@pytest.mark.parametrize(
    ("words", "candidates"),
    [
        (["ge"], ["get"]),
        (["config", "use"], ["use-context"]),
        (["get", "deplo"], ["deployments"]),
        (["get", "pods", ""], ["a", "b"]),
        (["get", "pods", "a", ""], ["b"]),
        (["get", "pods", "-n", "kube-system", ""], ["k"]),
        (["get", "pod/"], ["pod/a", "pod/b"]),
        (["get", "pods,no"], ["pods,nodes"]),
        (["get", "pods", "-o", "w"], ["wide"]),
        (["get", "pods", "-owi"], ["-owide"]),
        (["get", "--watch-"], ["--watch-only"]),
        (["get", "pods", "-n", "k"], ["kube-system"]),
        (["get", "--namespace=k"], ["--namespace=kube-system"]),
        (["logs", ""], ["a", "b"]),
        (["logs", "b", "-c", ""], ["x", "y"]),
        (["exec", "b", "--", "l"], []),
        (["describe", "nosuch", ""], []),
        (["config", "use-context", ""], ["k8s-magic"]),
    ],
)
def test_completion(words: list[str], candidates: list[str]) -> None:
    assert complete(words, CLUSTER, Streams()) == candidates  # type: ignore[arg-type]


def test_every_command_file_exports_its_record_and_has_help() -> None:
    def walk(module: str, path: list[str]) -> None:
        for name, below in tree.children(module).items():
            command = tree.load(below)
            assert isinstance(command, Command)
            assert command.name == name
            assert (command.run is None) == (command.complete is None)
            letters = [flag.short for flag in command.flags if flag.short]
            assert len(set(letters)) == len(letters)
            code, out, err = kubectl([*path, name, "--help"])
            assert (code, err) == (0, "")
            assert f"Usage:\n  kubectl {' '.join([*path, command.usage])}" in out
            if tree.is_group(below):
                walk(below, [*path, name])

    walk(tree.ROOT, [])


def test_help_forms() -> None:
    root = kubectl("")
    assert root == kubectl("help") == kubectl("--help")
    assert "  get             " in root[1]
    assert kubectl("help config view") == kubectl("config view -h")
    assert kubectl("help nosuch")[1].startswith("Unknown help topic [`nosuch`]\n")
    assert "    -n, --namespace='':\n" in kubectl("options")[1]


def test_an_interrupt_ends_a_command_quietly() -> None:
    class Interrupted(FakeTransport):
        def now(self) -> object:  # type: ignore[override]
            raise KeyboardInterrupt

    cluster = Interrupted([named("Event", "e", firstTimestamp="2026-01-01T00:00:00Z")])
    assert kubectl("events", cluster) == (130, "", "")
