"""kubectl as somebody else: what they may not do is refused and is no part of the history."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from k8s_magic import Cluster

Kubectl = Callable[[str], tuple[int, str]]
ACCOUNT = "system:serviceaccount:default:ci"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster(nodes=1, seed=1)
    cluster.kubectl("create sa ci")
    cluster.kubectl("create rolebinding ci --clusterrole=view --serviceaccount=default:ci")
    cluster.kubectl("create configmap c --from-literal=a=b")
    yield cluster
    cluster.close()


@pytest.fixture
def kubectl(cluster: Cluster) -> Kubectl:
    def run(line: str) -> tuple[int, str]:
        done = cluster.kubectl(line)
        return done.exit_code, done.stdout + done.stderr

    return run


def history(cluster: Cluster) -> list[str]:
    """All that changed the cluster; the first line is of the cluster itself."""
    return cluster.save().splitlines()[1:]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("list pods", (0, "yes\n")),
        ("delete nodes", (0, "yes\nWarning: resource 'nodes' is not namespace scoped\n\n")),
        ("list pods --as=system:serviceaccount:default:default", (1, "no\n")),
        (f"list pods --as={ACCOUNT}", (0, "yes\n")),
        (f"list pods --as={ACCOUNT} -n kube-system", (1, "no\n")),
        (f"list pods --as={ACCOUNT} -A", (1, "no\n")),
        (f"list pods --as={ACCOUNT} -q", (0, "")),
        (f"get pods --subresource=log --as={ACCOUNT}", (0, "yes\n")),
        (f"get pods --subresource=exec --as={ACCOUNT}", (1, "no\n")),
        (f"delete po/x --as={ACCOUNT}", (1, "no\n")),
        ("watch endpointslices -A --as=system:serviceaccount:kube-system:coredns", (0, "yes\n")),
        ("watch endpointslices -A --as=system:serviceaccount:kube-system:kube-proxy", (0, "yes\n")),
        ("get secrets -A --as=system:serviceaccount:kube-system:coredns", (1, "no\n")),
        ("get /healthz --as=bob", (0, "yes\n")),
        ("get /metrics --as=bob", (1, "no\n")),
        ("watch /x", (0, "yes\nWarning: verb 'watch' is not a known verb\n\n")),
        ("get foos.x.y", (0, "yes\nWarning: the server doesn't have a resource type 'foos' in group 'x.y'\n\n")),
        ("'*' '*'", (0, "yes\n")),
        ("impersonate users", (0, "yes\n")),
        ("get", (1, "error: you must specify two arguments: verb resource or verb resource/resourceName.\n"
                    "See 'kubectl auth can-i -h' for help and examples.\n")),
        ("--list x", (1, "error: list option must be specified with no arguments\n")),
        ("get pods --no-headers", (1, "error: --no-headers cannot be set without --list specified\n")),
    ],
)  # fmt: skip
def test_can_i(kubectl: Kubectl, line: str, answer: tuple[int, str]) -> None:
    assert kubectl(f"auth can-i {line}") == answer


def test_rules_are_listed(kubectl: Kubectl) -> None:
    code, text = kubectl("auth can-i --list --as=bob")
    assert (code, text.splitlines()[1].split()) == (
        0,
        ["selfsubjectreviews.authentication.k8s.io", "[]", "[]", "[create]"],
    )
    assert "configmaps " in kubectl(f"auth can-i --list --no-headers --as={ACCOUNT}")[1]


def test_what_is_refused_is_no_history(cluster: Cluster, kubectl: Kubectl) -> None:
    before = history(cluster)
    words = 'User "bob" cannot delete resource "configmaps" in API group "" in the namespace "default"'
    refusal = f'Error from server (Forbidden): configmaps "c" is forbidden: {words}\n'
    assert kubectl("delete configmap c --as=bob") == (1, refusal)
    assert history(cluster) == before
    assert kubectl(f"get configmap c -o name --as={ACCOUNT}") == (0, "configmap/c\n")
    assert kubectl("get ns default --as=root --as-group=system:masters -o name") == (0, "namespace/default\n")
    assert kubectl("exec x --as=bob -- ls")[0] == 1
    assert "cannot create resource" in kubectl("run x --image=nginx --as=bob")[1]
    assert "cannot list resource" in kubectl("get pods -w --as=bob")[1]


def test_who_somebody_is(kubectl: Kubectl) -> None:
    assert kubectl("auth whoami --as=bob --as-group=devs --as-uid=7 --as-user-extra=k=v") == (
        0,
        "ATTRIBUTE   VALUE\nUsername    bob\nUID         7\nGroups      [devs system:authenticated]\nExtra: k    [v]\n",
    )
    assert kubectl("auth whoami")[1].splitlines()[2] == "Groups      [system:masters system:authenticated]"
    words = "error: requesting uid, groups or user-extra for k8s-magic without impersonating a user\n"
    assert kubectl("get pods --as-group=devs") == (1, words)


def test_create_token(kubectl: Kubectl) -> None:
    code, token = kubectl("create token ci")
    assert (code, token.count(".")) == (0, 2)
    assert kubectl("create token ci --duration=5m")[1].endswith("may not specify a duration less than 10 minutes\n")
    assert kubectl("create token nobody") == (
        1, 'error: failed to create token: serviceaccounts "nobody" not found\n'
    )  # fmt: skip
