"""Ctrl-C at any instant: clean, exit code 130, a state that is whole, and a cluster that goes on."""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

import pytest
from notebook_shells import new_shell

from k8s_magic.cluster import Cluster, Result
from k8s_magic.machinery import names

T = TypeVar("T")
INTERRUPTED = 130
LONGEST_STORM = 60.0  # seconds
KINDS = (names.PODS, names.REPLICA_SETS, names.DEPLOYMENTS)


def interrupted(seconds: float, act: Callable[[], T]) -> T | None:
    """What a call answers that SIGINT hits; None when it came before the call took it or after it had ended."""
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    try:
        timer.start()
        answer = act()
        timer.join()
        time.sleep(0.002)  # the handler runs here at the latest
    except KeyboardInterrupt:
        return None
    return answer


@pytest.fixture(autouse=True)
def no_callbacks() -> Iterator[None]:
    """Python drops an interrupt that lands in a callback of its collector: Hypothesis leaves one there."""
    kept = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks[:] = kept


def assert_whole(cluster: Cluster) -> None:
    """The lock is free, nothing is left behind, every object has its owner and all settle."""
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert gc.isenabled()
    free: list[bool] = []
    other = threading.Thread(target=lambda: free.append(cluster.now >= 0))
    other.start()
    other.join(5)
    assert free == [True]
    cluster.run(60)
    objects = {kind: list(cluster.context.informer(kind).list()) for kind in KINDS}
    uids = {obj["metadata"]["uid"] for found in objects.values() for obj in found}
    for kind in KINDS[:2]:
        for obj in objects[kind]:
            assert {owner["uid"] for owner in obj["metadata"].get("ownerReferences", [])} <= uids
    for deployment in objects[names.DEPLOYMENTS]:
        assert deployment["status"].get("readyReplicas", 0) == deployment["spec"]["replicas"]


@pytest.fixture
def cluster() -> Cluster:
    """A live cluster that rests, its time running fast."""
    cluster = Cluster(bare=True, live=True, speed=5)
    cluster.kubectl("create deployment web --image=nginx --replicas=3")
    cluster.run(10)
    return cluster


@pytest.mark.parametrize("after", [0.001, 0.02, 0.06, 0.13])
@pytest.mark.parametrize(
    "command",
    [
        "get pods -w",
        "get pods -w -o json",
        "events -w",
        "rollout status deployment/stuck",
        "wait --for=condition=Ready pod/stuck --timeout=1h",
        "logs -f deployment/web",
        "exec deploy/web -- sleep 1000",
        "exec deploy/web -- sh -c 'while true; do echo x; sleep 0.1; done'",
        "delete pod/held",
    ],
)
def test_a_command_that_waits(cluster: Cluster, command: str, after: float) -> None:
    cluster.kubectl("create deployment stuck --image=nginx:1.25")
    cluster.kubectl("rollout pause deployment/stuck")
    cluster.kubectl("set image deployment/stuck nginx=nginx:1.26")
    cluster.kubectl("run held --image=nginx")
    cluster.kubectl('patch pod held --type=merge -p \'{"metadata":{"finalizers":["example.com/hold"]}}\'')
    cluster.kubectl('run stuck --image=nginx --overrides=\'{"spec":{"nodeName":"","nodeSelector":{"a":"b"}}}\'')
    result = interrupted(after, lambda: cluster.kubectl(command))
    if after > 0.01:
        assert result is not None
        assert result.exit_code == INTERRUPTED
    elif result is not None:
        assert result.exit_code in (0, INTERRUPTED)
    assert_whole(cluster)


def test_any_instant_of_a_storm_of_changes() -> None:
    """A manual cluster, where commands run as fast as they can: interrupts land everywhere between the steps."""
    lot = random.Random(7)
    cluster = Cluster(bare=True)
    cluster.kubectl("create deployment web --image=nginx --replicas=3")
    codes: set[int] = set()

    def storm(turn: int) -> None:
        end = time.monotonic() + LONGEST_STORM
        while INTERRUPTED not in codes:
            assert time.monotonic() < end, "the interrupt got lost"
            codes.add(cluster.kubectl(f"create deployment d{turn} --image=nginx --replicas=2").exit_code)
            codes.add(cluster.kubectl(f"scale deployment web --replicas={lot.randint(0, 6)}").exit_code)
            codes.add(cluster.kubectl(f"delete deployment d{turn} --cascade=foreground").exit_code)
            codes.add(cluster.kubectl("rollout status deployment/web").exit_code)

    for turn in range(40):
        interrupted(lot.uniform(0.0005, 0.05), partial(storm, turn))
        codes.discard(INTERRUPTED)
    assert codes <= {0, 1}
    assert_whole(cluster)


def test_a_history_with_interrupts_is_replayed_to_the_byte(cluster: Cluster) -> None:
    endless = "exec deploy/web -- sh -c 'while true; do date >> /tmp/x; sleep 1; done'"
    for seconds in (0.05, 0.11):
        result = interrupted(seconds, lambda: cluster.kubectl(endless))
        assert result is not None
        assert result.exit_code == INTERRUPTED
    cluster.pace.pause()
    again = Cluster.load(cluster.save())
    again.run_until(cluster.now)

    def history(one: Cluster) -> str:
        return json.dumps([list(one.context.informer(kind).list()) for kind in KINDS], sort_keys=True)

    assert history(again) == history(cluster)
    assert again.kubectl("exec deploy/web -- cat /tmp/x").text == cluster.kubectl("exec deploy/web -- cat /tmp/x").text


@pytest.mark.parametrize(
    "cell",
    [
        "%kubectl get pods -w",
        "%kubectl get pods -w | cat",
        "%%kubectl\nget pods\nsleep 1000\necho never",
        "%%kubectl\nwhile true; do kubectl get pods > /dev/null; done",
        "%%kubectl\nkubectl exec deploy/web -- sleep 1000\necho never",
        "%curl -s http://node-1:30080/ --retry 1000 --retry-all-errors",
        "%cluster step 2000h",
    ],
)
def test_through_the_magics(cell: str, capsys: pytest.CaptureFixture[str]) -> None:
    shell = new_shell()
    shell.run_line_magic("load_ext", "k8s_magic")
    shell.run_line_magic("cluster", "new --bare")
    shell.run_line_magic("kubectl", "create deployment web --image=nginx --replicas=2")
    shell.run_line_magic("cluster", "step 10s")
    capsys.readouterr()
    answer = interrupted(0.3, lambda: shell.run_cell(cell))
    printed = capsys.readouterr()
    assert answer is not None
    assert answer.success
    assert printed.err.endswith("^C\n")
    assert "Traceback" not in printed.out + printed.err
    assert "never" not in printed.out
    if isinstance(answer.result, Result):
        assert answer.result.exit_code == INTERRUPTED
    assert shell.run_line_magic("kubectl", "get deployment web -o name").text == "deployment.apps/web\n"
    assert_whole(shell.run_line_magic("cluster", "current"))
    shell.run_line_magic("unload_ext", "k8s_magic")
