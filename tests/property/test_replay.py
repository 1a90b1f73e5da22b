"""The same seed and log give the same objects, names, events and resource versions, byte for byte."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from k8s_magic import kinds as catalogue
from k8s_magic.cluster import Cluster
from k8s_magic.machinery import names

COMMANDS = [
    "create deployment web --image=nginx --replicas=3",
    "create deployment api --image=gcr.io/google-samples/kubernetes-bootcamp:v1",
    "scale deployment web --replicas=1",
    "scale deployment web --replicas=5",
    "set image deployment/web nginx=nginx:1.25",
    "set image deployment/web nginx=nginx:no-such-tag",
    "rollout undo deployment/web",
    "rollout restart deployment/api",
    "expose deployment web --port=80 --type=NodePort",
    "delete service web",
    "delete deployment web",
    "delete pod -l app=web --wait=false",
    "run once --image=busybox --restart=Never -- sh -c 'echo hello; sleep 2'",
    "cordon node-1",
    "uncordon node-1",
    "label nodes node-0 disk=ssd --overwrite",
    "create namespace shop",
    "delete namespace shop --wait=false",
    "exec deploy/api -- sh -c 'echo $RANDOM; sleep 1; hostname'",
    "apply -f nothing.yaml",
]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("kubectl"), st.sampled_from(COMMANDS)),
        st.tuples(st.just("run"), st.floats(0.01, 40)),
        st.tuples(st.sampled_from(["fail", "heal"]), st.sampled_from(["node-0", "node-2"])),
    ),
    max_size=12,
)
KINDS = (names.PODS, names.NODES, names.DEPLOYMENTS, names.REPLICA_SETS, names.SERVICES, names.ENDPOINT_SLICES)


def history(cluster: Cluster) -> str:
    """Every object of the cluster, with all that a server draws by lot or by the clock."""
    kinds = (*KINDS, names.EVENTS, names.NAMESPACES, names.LEASES, names.SERVICE_ACCOUNTS)
    objects = [obj for kind in kinds for obj in cluster.context.informer(kind).list()]
    return json.dumps([cluster.context.kernel.now, objects], sort_keys=True)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 99), steps=STEPS)
def test_a_replay_is_the_same_to_the_byte(seed: int, steps: list[tuple[str, object]]) -> None:
    cluster = Cluster(seed=seed, bare=True)
    for action, argument in steps:
        getattr(cluster, action)(argument)
    saved = cluster.save()
    again = Cluster.load(saved)
    assert history(again) == history(cluster)
    assert again.save() == saved


def test_pace_is_no_part_of_the_history() -> None:
    """A live cluster, looked at by slices, and its replay in one run are the same."""
    cluster = Cluster(seed=3, live=True, speed=200.0)
    cluster.kubectl("create deployment web --image=nginx --replicas=4")
    cluster.kubectl("rollout status deployment/web")
    cluster.kubectl("exec deploy/web -- sh -c 'sleep 3; hostname'")
    cluster.kubectl("scale deployment web --replicas=2")
    saved = cluster.save()
    cluster.pace.pause()
    again = Cluster.load(saved)
    assert again.context.kernel.now <= cluster.context.kernel.now
    again.run_until(cluster.context.kernel.now / 1e6)
    assert history(again) == history(cluster)


def test_a_whole_cluster_with_faults_and_requests_from_outside() -> None:
    """The default cluster, every kind of object, a node's death, curl, exec, drain."""
    cluster = Cluster(seed=4)
    for command in (
        "create deployment web --image=nginx --replicas=3",
        "expose deployment web --port=80 --type=NodePort",
        "rollout status deployment/web",
        "set image deployment/web nginx=nginx:1.25",
        "exec deploy/web -- sh -c 'echo $RANDOM > /tmp/x; curl -s http://web; sleep 2'",
        "run crash --image=busybox -- sh -c 'sleep 3; exit 1'",
        "drain node-1 --ignore-daemonsets",
        "create job once --image=busybox -- echo hi",
        "delete pod -l app=web --wait=false",
    ):
        cluster.kubectl(command)
        cluster.run(1.7)
    cluster.curl("http://node-2:30080/")
    cluster.fail("node-2")
    cluster.run(400)
    cluster.heal("node-2")
    cluster.run(30)
    saved = cluster.save()
    again = Cluster.load(saved)
    assert again.save() == saved
    for kind in catalogue.all_kinds():
        informers = [one.context.informer(kind.gvr).list() for one in (again, cluster)]
        assert [json.dumps(obj, sort_keys=True) for obj in informers[0]] == [
            json.dumps(obj, sort_keys=True) for obj in informers[1]
        ]
