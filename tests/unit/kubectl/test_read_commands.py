"""The commands that read: logs, exec, describe, events, explain, version, api-resources, forwards."""

from __future__ import annotations

import pytest
from fake import FakeTransport, kubectl, named, pod

from k8s_magic.kubectl import Streams, main
from k8s_magic.kubectl.streams import Forward
from k8s_magic.machinery.protocols import ExecResult, WatchEvent


@pytest.fixture
def cluster() -> FakeTransport:
    deployment = named("Deployment", "web", api_version="apps/v1", spec={"selector": {"matchLabels": {"app": "web"}}})
    service = named("Service", "web", spec={"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": "http"}]})
    older = pod("web-1", labels={"app": "web"})
    newer = pod("web-2", labels={"app": "web"})
    newer["metadata"]["creationTimestamp"] = "2026-01-01T00:00:30Z"
    older["spec"]["containers"][0]["ports"] = [{"name": "http", "containerPort": 8080}]
    double = pod("two", containers=("main", "side"))
    double["spec"]["initContainers"] = [{"name": "setup", "image": "busybox"}]
    cluster = FakeTransport([older, newer, double, deployment, service, named("Service", "plain")])
    cluster.log_texts = {
        ("web-1", "web"): ["one\n", "two\n", "three\n"],
        ("web-2", "web"): ["four\n"],
        ("two", "main"): ["m\n"],
        ("two", "side"): ["s\n"],
        ("two", "setup"): ["i\n"],
    }
    return cluster


DEFAULTED = 'Defaulted container "main" out of: main, side, setup (init)\n'


@pytest.mark.parametrize(
    ("line", "out", "err"),
    [
        ("logs web-1 --tail=2", "two\nthree\n", ""),
        ("logs two", "m\n", DEFAULTED),
        ("logs two side", "s\n", ""),
        ("logs two -c side --prefix", "[pod/two/side] s\n", ""),
        ("logs two --all-containers", "i\nm\ns\n", ""),
        ("logs deploy/web", "one\ntwo\nthree\n", "Found 2 pods, using pod/web-1\n"),
        ("logs svc/web --all-pods --tail=1", "[pod/web-1/web] three\n[pod/web-2/web] four\n", ""),
        ("logs -l app=web --tail=1", "three\nfour\n", ""),
        ("logs -l app=none", "", "No resources found in default namespace.\n"),
    ],
)
def test_logs(cluster: FakeTransport, line: str, out: str, err: str) -> None:
    assert kubectl(line, cluster) == (0, out, err)


@pytest.mark.parametrize(
    ("line", "err"),
    [
        ("logs no", 'error: error from server (NotFound): pods "no" not found in namespace "default"\n'),
        ("logs two -c x", "error: container x is not valid for pod two out of: main, side, setup (init)\n"),
        ("logs two side -c main", "error: only one of -c or an inline [CONTAINER] arg is allowed\n"),
        (
            "logs svc/plain",
            "error: cannot get the logs from *v1.Service: invalid service 'plain': "
            "Service is defined without a selector\n",
        ),
        (
            "logs two --since=1s --since-time=2026-01-01T00:00:00Z",
            "error: at most one of `sinceTime` or `sinceSeconds` may be specified\n",
        ),
        ("exec no -- ls", 'Error from server (NotFound): pods "no" not found\n'),
        ("exec two -c x -- ls", "error: container x is not valid for pod two out of: main, side, setup (init)\n"),
        ("port-forward svc/web 8080:81", "error: Service web does not have a service port 81\n"),
        ("port-forward two http", "error: Pod 'two' does not have a named port 'http'\n"),
        ("describe pod no", 'Error from server (NotFound): pods "no" not found\n'),
        ("explain nosuch", 'the server doesn\'t have a resource type "nosuch"\n'),
        ("events --for nosuch/x", 'the server doesn\'t have a resource type "nosuch"\n'),
        ("top pods", "error: Metrics API not available\n"),
        (
            "kustomize .",
            "error: kubectl kustomize is not part of this simulation: build the manifests elsewhere and use -f\n",
        ),
    ],
)
def test_failures(cluster: FakeTransport, line: str, err: str) -> None:
    assert kubectl(line, cluster) == (1, "", err)


def test_several_logs_are_followed_until_their_containers_end(cluster: FakeTransport) -> None:
    for one in cluster.objects[:2]:
        one["status"]["phase"] = "Succeeded"
    assert kubectl("logs -f -l app=web --prefix", cluster)[1] == (
        "[pod/web-1/web] one\n[pod/web-1/web] two\n[pod/web-1/web] three\n[pod/web-2/web] four\n"
    )
    assert kubectl("logs -f -l app=web --max-log-requests=1", cluster)[2] == (
        "error: you are attempting to follow 2 log streams, but maximum allowed concurrency is 1, "
        "use --max-log-requests to increase the limit\n"
    )


def test_exec_passes_output_and_exit_code(cluster: FakeTransport) -> None:
    cluster.exec_result = ExecResult([("stdout", "a\n"), ("stderr", "b\n")], 2)
    assert kubectl("exec two -c side -- sh -c x", cluster) == (2, "a\n", "b\ncommand terminated with exit code 2\n")
    assert cluster.calls[-1] == ("exec", "default", "two", "side", "sh", "-c", "x")
    assert kubectl("exec -it deploy/web -- ls", cluster)[1] == "a\nb\n"
    assert cluster.calls[-1] == ("exec", "default", "web-1", "web", "ls")
    cluster.exec_result = ExecResult()
    assert kubectl("exec two -q -- true", cluster) == (0, "", "")
    cluster.objects[2]["status"]["phase"] = "Failed"
    assert kubectl("exec two -- true", cluster)[2] == (
        "error: cannot exec into a container in a completed pod; current phase is Failed\n"
    )


def event(name: str, first: str, last: str, count: int, kind: str = "Normal") -> dict[str, object]:
    return named(
        "Event",
        name,
        type=kind,
        reason="Pulled",
        message=f"about {name}\n",
        firstTimestamp=first,
        lastTimestamp=last,
        count=count,
        involvedObject={"kind": "Pod", "name": "web-1"},
    )


def test_events_are_sorted_and_filtered() -> None:
    late = event("late", "2026-01-01T00:00:10Z", "2026-01-01T00:00:50Z", 3)
    early = event("early", "2026-01-01T00:00:20Z", "2026-01-01T00:00:20Z", 1, "Warning")
    cluster = FakeTransport([late, early])
    assert kubectl("events", cluster)[1] == (
        "LAST SEEN           TYPE      REASON   OBJECT      MESSAGE\n"
        "40s                 Warning   Pulled   Pod/web-1   about early\n"
        "10s (x3 over 50s)   Normal    Pulled   Pod/web-1   about late\n"
    )
    assert kubectl("events --types=warning --no-headers -A", cluster)[1] == (
        "default   40s   Warning   Pulled   Pod/web-1   about early\n"
    )
    assert kubectl("events", FakeTransport())[2] == "No events found in default namespace.\n"
    cluster.changes = [WatchEvent("ADDED", early), WatchEvent("DELETED", late)]
    assert kubectl("events -w", cluster)[1].count("\n") == 2


def test_describe_many_and_by_prefix(cluster: FakeTransport) -> None:
    texts = [kubectl(f"describe pod {name} --show-events=false", cluster)[1] for name in ("two", "web-1", "web-2")]
    assert all(texts)
    assert kubectl("describe pods", cluster) == (0, "\n\n".join(texts), "")
    assert kubectl("describe pod web", cluster) == (0, f"{texts[1]}\n{texts[2]}\n", "")
    assert kubectl("describe pods -n no", cluster)[2] == "No resources found in no namespace.\n"


def test_port_forward_registers_and_returns(cluster: FakeTransport) -> None:
    out: list[str] = []
    streams = Streams(out=out.append)
    assert main(["port-forward", "svc/web", "8080:80"], cluster, streams) == 0  # type: ignore[arg-type]
    assert main(["port-forward", "web-1", ":http"], cluster, streams) == 0  # type: ignore[arg-type]
    assert main(["proxy", "--port=8001"], cluster, streams) == 0  # type: ignore[arg-type]
    assert "".join(out) == (
        "Forwarding from 127.0.0.1:8080 -> 8080\nForwarding from [::1]:8080 -> 8080\n"
        "Forwarding from 127.0.0.1:32768 -> 8080\nForwarding from [::1]:32768 -> 8080\n"
        "Starting to serve on 127.0.0.1:8001\n"
    )
    assert streams.forwards == {
        8080: Forward(8080, "pod", "default", "web-1", 8080),
        32768: Forward(32768, "pod", "default", "web-1", 8080),
        8001: Forward(8001, "api"),
    }


def test_version_and_discovery(cluster: FakeTransport) -> None:
    assert kubectl("version", cluster)[1].endswith("Server Version: v1.36.2\n")
    assert kubectl("api-versions", cluster) == (0, "apps/v1\nv1\n", "")
    assert kubectl("api-resources --api-group=apps --no-headers", cluster)[1] == (
        "deployments   deploy   apps/v1   true   Deployment\nreplicasets   rs       apps/v1   true   ReplicaSet\n"
    )
    assert kubectl("api-resources --namespaced=false -o name", cluster)[1] == "namespaces\nnodes\n"
    assert kubectl("cluster-info", cluster)[1].startswith("Kubernetes control plane is running at https://")
