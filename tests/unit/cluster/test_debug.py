"""kubectl debug on the simulated cluster, where no real kubectl is at hand; tests/contract compares the two."""

from __future__ import annotations

import json
import re

import pytest

from k8s_magic.cluster import Cluster


def cluster() -> Cluster:
    made = Cluster(nodes=2, seed=3)
    assert made.kubectl("run web --image=nginx").exit_code == 0
    made.run(10)
    return made


def said(cluster: Cluster, line: str, code: int = 0) -> str:
    result = cluster.kubectl(line)
    assert result.exit_code == code, result.text
    return result.text


def test_the_same_seed_draws_the_same_names_and_a_replay_others() -> None:
    first, second = cluster(), cluster()
    line = "debug node/node-1 --image=busybox -- sleep 1000"
    told = said(first, line)
    assert re.fullmatch(
        r"Creating debugging pod node-debugger-node-1-[a-z0-9]{5} with container debugger on node node-1\.\n", told
    )
    assert said(second, line) == told
    again = Cluster.load(first.save())
    assert said(again, line) == said(first, line) != told
    assert said(again, "get pods -o json") == said(first, "get pods -o json")


def test_a_debugger_sees_the_processes_the_network_and_the_files_it_is_meant_to() -> None:
    one = cluster()
    told = said(one, "debug web --image=busybox --target=web -c look -- sleep 1000").splitlines()
    assert len(told) == 1
    assert told[0].startswith('Targeting container "web". If you don\'t see processes')
    one.run(5)
    assert "nginx -g daemon off;" in said(one, "exec web -c look -- ps")
    assert "Welcome to nginx!" in said(one, "exec web -c look -- wget -qO- localhost")
    said(one, "debug node/control-plane --image=busybox -c node -- sleep 1000")
    one.run(5)
    pod = said(one, "get pods -l app.kubernetes.io/managed-by=kubectl-debug -o name").strip()
    assert said(one, f"exec {pod} -- cat /host/etc/hostname") == "control-plane\n"
    assert "etcd.yaml" in said(one, f"exec {pod} -- ls /host/etc/kubernetes/manifests")


def test_a_copy_shares_processes_and_leaves_the_pod_alone() -> None:
    one = cluster()
    said(one, "debug web --copy-to=web-copy --image=busybox -c look -- sleep 1000")
    one.run(6)
    lines = said(one, "exec web-copy -c look -- ps").splitlines()
    assert [line.split(None, 3)[3] for line in lines[1:]] == ["/pause", "nginx -g daemon off;", "sleep 1000", "ps"]
    assert said(one, "get pods --no-headers -o custom-columns=:.metadata.name") == "web\nweb-copy\n"


def test_attaching_waits_with_warnings_and_shows_the_log_of_what_has_ended() -> None:
    one = cluster()
    out = one.kubectl("debug web -c done --image=busybox --attach -q -- sh -c 'echo one; echo two; exit 3'")
    assert (out.exit_code, out.stdout, out.stderr) == (0, "one\ntwo\n", "")
    late = one.kubectl("debug web -c late --image=busybox --attach -q -- sh -c 'sleep 5; echo three'")
    assert (late.exit_code, late.stdout) == (0, "three\n")


@pytest.mark.parametrize("words", ["", "--copy-to=other"])
def test_a_container_is_known_wherever_containers_are_named(words: str) -> None:
    one = cluster()
    said(one, f"debug web --image=busybox -c look {words} -- sh -c 'echo hello; sleep 1000'")
    one.run(6)
    pod = "other" if words else "web"
    assert said(one, f"logs {pod} -c look") == "hello\n"
    assert said(one, f"exec {pod} -c look -- echo there") == "there\n"
    kind = "" if words else " (ephem)"
    first = one.kubectl(f"logs {pod}")
    assert first.stderr == f'Defaulted container "web" out of: web, look{kind}\n'
    wrong = f"error: container nothere is not valid for pod {pod} out of: web, look{kind}\n"
    assert said(one, f"exec {pod} -c nothere -- ls", 1) == wrong
    statuses = json.loads(said(one, f"get pod {pod} -o json"))["status"]
    names = [status["name"] for status in statuses["containerStatuses"]]
    assert names == (["look", "web"] if words else ["web"])
    ready = "2/2" if words else "1/1"
    assert said(one, f"get pod {pod} --no-headers").split()[1] == ready
