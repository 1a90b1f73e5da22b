"""`kubectl debug` by the real kubectl and by ours, each on a cluster of the same seed: words and Pods are the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import side_by_side
from side_by_side import Both, Ours, Real

pytestmark = pytest.mark.realkubectl

PODS = """
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
  annotations: {note: kept}
spec:
  initContainers:
  - {name: first, image: busybox, command: ["true"]}
  containers:
  - name: web
    image: nginx:1.27
    ports: [{containerPort: 80}]
    args: ["nginx", "-g", "daemon off;"]
    livenessProbe: {httpGet: {port: 80}}
    readinessProbe: {httpGet: {port: 80}}
    startupProbe: {httpGet: {port: 80}}
    securityContext: {runAsNonRoot: false, capabilities: {add: [SYS_TIME]}}
  - {name: side, image: busybox, command: [sleep, infinity]}
---
apiVersion: v1
kind: Pod
metadata: {name: user}
spec:
  securityContext: {runAsUser: 1000}
  containers:
  - {name: main, image: busybox, command: [sleep, infinity]}
---
apiVersion: v1
kind: Pod
metadata: {name: calm}
spec:
  containers:
  - {name: main, image: busybox, command: [sleep, infinity]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 0
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: nginx}]}
"""
FILES = {
    "custom.yaml": "env:\n- {name: FROM, value: file}\nsecurityContext: {runAsUser: 0}\n",
    "custom.json": '{"resources": {"limits": {"cpu": "1"}}, "volumeMounts": [{"name": "x", "mountPath": "/x"}]}',
    "name.json": '{"name": "other"}',
    "list.yaml": "- a\n",
    "pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  securityContext: {}\n"
    "  containers: [{name: web, image: nginx}]\n",
}
PROFILES = ("general", "baseline", "restricted", "netadmin", "sysadmin", "legacy")
SLEEP = "--image=busybox -- sleep infinity"
CHANGES = (
    f"debug web --target=web {SLEEP}",
    f"debug pod/web -c tool --env=A=b --image-pull-policy=IfNotPresent --arguments-only {SLEEP}",
    *(f"debug web -c in-{name} --profile={name} {SLEEP}" for name in PROFILES),
    *(f"debug web -c more --copy-to=of-{name} --profile={name} {SLEEP}" for name in PROFILES),
    *(f"debug node/node-1 --profile={name} {SLEEP}" for name in PROFILES),
    f"debug user -c in-user --profile=sysadmin {SLEEP}",
    f"debug user -c in-file --custom=custom.yaml --profile=netadmin {SLEEP}",
    f"debug user --copy-to=user-2 --custom=custom.yaml {SLEEP}",
    f"debug node/node-2 -c mine --custom=custom.yaml {SLEEP}",
    "debug web --copy-to=images --set-image=*=busybox,side=alpine",
    "debug web --copy-to=command --container=side --env=B=c -- sleep 5",
    "debug web --copy-to=args --container=web --arguments-only --same-node -- nginx -g 'daemon off;'",
    "debug web --copy-to=keeps --keep-labels --keep-annotations --keep-liveness --keep-readiness --keep-startup "
    f"--keep-init-containers=false --share-processes=false {SLEEP}",
    f"debug user --copy-to=user-3 --replace -q {SLEEP}",
    f"debug -f pod.yaml -c filed {SLEEP}",
    "debug web -c said --image=busybox --attach=false -i -t -- sleep infinity",
)
REFUSALS = (
    "debug web",
    "debug",
    "debug --image=busybox",
    "debug web nothere --image=busybox -c twice",
    "debug nothere --image=busybox",
    "debug node/nothere --image=busybox",
    "debug deploy/shop --image=busybox",
    "debug web --image=busybox -c web",
    "debug web --image=busybox -c Wrong_Name",
    "debug web --image=busybox --target=nothere",
    "debug web --image=busybox --target=web --copy-to=other",
    "debug web --image=BAD:::",
    "debug web --image=busybox --image-pull-policy=Sometimes",
    "debug web --image=busybox --profile=nothere",
    "debug web --image=busybox --profile=legacy -t",
    "debug web --image=busybox --target=web -t",
    "debug web --image=busybox --env=nothing",
    "debug web --image=busybox --env=A=b,C=d,E",
    "debug web --image=busybox --replace",
    "debug web --image=busybox --same-node",
    "debug web --set-image=a=b",
    "debug web --copy-to=other",
    "debug web --copy-to=other -- sleep 5",
    "debug web --copy-to=other -c nothere -- sleep 5",
    "debug web --copy-to=other --set-image=web=BAD:::",
    "debug web --copy-to=web --image=busybox",
    "debug web --attach --image=",
    "debug web --image=busybox -c x --custom=nothere.json",
    "debug web --image=busybox -c x --custom=name.json",
    "debug web --image=busybox -c x --custom=list.yaml",
    "debug web --image=busybox -c x --custom=custom.json",
    "debug -n nowhere web --image=busybox",
    "debug etcd-control-plane -n kube-system -c x --image=busybox",
)
# Said while it is drawn or timed: a name's end, an instant, an address of a container.
LOTS = (
    (re.compile(r"(debugger-(?:node-\d-)?)[a-z0-9]{5}"), r"\1xxxxx"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "INSTANT"),
    (re.compile(r"containerd://[0-9a-f]{64}"), "CONTAINER"),
    (re.compile(r"kube-api-access-[a-z0-9]{5}"), "kube-api-access-xxxxx"),
    (re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000"), "INSTANT"),
    (re.compile(r"in [\d.]+m?s \([\d.]+m?s including waiting\)"), "in TIME"),
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    files = {name: text.encode() for name, text in FILES.items()}
    with side_by_side.both(tmp_path_factory.mktemp("debug"), PODS, files) as pair:
        for kubectl in pair:
            assert kubectl("wait --for=condition=Ready pod/web pod/user pod/calm --timeout=60s").code == 0
        yield pair


def masked(text: str) -> str:
    for pattern, mask in LOTS:
        text = pattern.sub(mask, text)
    return text


def pods(kubectl: Real | Ours) -> list[Any]:
    """Every Pod's own words: metadata and spec with their managers."""
    found = json.loads(masked(kubectl("get pods -o json --show-managed-fields")[1]))["items"]
    for pod in found:
        for name in ("uid", "resourceVersion", "creationTimestamp"):
            pod["metadata"].pop(name, None)
        pod["metadata"]["managedFields"] = [
            one for one in pod["metadata"]["managedFields"] if one["manager"] != "kubelet"
        ]
        pod["spec"].pop("nodeName", None)  # where a copy goes is the scheduler's lot
        pod.pop("status")
    return sorted(found, key=lambda pod: (pod["metadata"]["name"], json.dumps(pod)))


def running(kubectl: Real | Ours, pod: str, container: str, state: str = "running") -> None:
    """Wait for a state of an ephemeral container."""
    path = f'{{.status.ephemeralContainerStatuses[?(@.name=="{container}")].state.{state}}}'
    assert kubectl(f"wait --for=jsonpath='{path}' pod/{pod} --timeout=60s")[0] == 0


@pytest.mark.parametrize("line", REFUSALS)
def test_what_is_refused_is_refused_in_the_same_words(both: Both, line: str) -> None:
    real, ours = both
    theirs = [masked(str(part)) for part in real(line)]
    assert [masked(str(part)) for part in ours(line)] == theirs
    assert theirs[0] == "1"


@pytest.mark.parametrize("line", CHANGES)
def test_what_is_made_is_the_same(both: Both, line: str) -> None:
    real, ours = both
    theirs = [masked(str(part)) for part in real(line)]
    assert [masked(str(part)) for part in ours(line)] == theirs
    assert theirs[0] == "0", theirs
    assert pods(ours) == pods(real)


@pytest.mark.parametrize("line", ["sh -c 'sleep 5; echo heard; sleep 5'", "echo heard"])
def test_attaching_shows_what_it_says(both: Both, line: str) -> None:
    for kubectl in both:
        code, out, _ = kubectl(f"debug calm --image=busybox --attach -q -- {line}")
        assert (code, out) == (0, "heard\n")


def test_what_is_piped_in_is_read(both: Both) -> None:
    real, ours = both
    line = "debug calm -c typed -i --image=busybox"
    theirs = real(line, "echo heard; hostname\nexit 4\n")
    assert ours(line, "echo heard; hostname\nexit 4\n") == theirs
    assert theirs[:2] == (0, "heard\ncalm\n")
    for kubectl in both:
        running(kubectl, "calm", "typed", "terminated")


def test_a_container_ends_as_it_ends_and_stays_so(both: Both) -> None:
    for kubectl in both:
        assert kubectl("debug calm -c cannot --image=busybox -- nothere")[0] == 0
        assert kubectl("debug calm -c ends --image=busybox -- sh -c 'exit 3'")[0] == 0
        running(kubectl, "calm", "ends", "terminated")
    path = "get pod calm -o jsonpath='{.status.ephemeralContainerStatuses}'"
    shown = [
        {one["name"]: one for one in json.loads(masked(kubectl(path)[1])) if one["name"] in ("cannot", "ends")}
        for kubectl in both
    ]
    assert shown[0] == shown[1]
    assert shown[0]["cannot"]["state"]["waiting"]["reason"] == "RunContainerError"
    assert shown[0]["ends"]["state"]["terminated"]["exitCode"] == 3


def test_the_restricted_profile_needs_an_image_that_does_not_run_as_root(both: Both) -> None:
    waiting = '{.status.ephemeralContainerStatuses[?(@.name=="strict")].state.waiting.message}'
    for kubectl in both:
        assert kubectl("debug calm -c strict --image=busybox --profile=restricted -- sleep 10").code == 0
        assert kubectl(f"wait --for=jsonpath='{waiting}' pod/calm --timeout=60s").code == 0
        told = kubectl(f"get pod calm -o jsonpath='{waiting}'").out
        assert re.fullmatch(
            r'container has runAsNonRoot and image will run as root \(pod: "calm_default\(.*\)", container: strict\)',
            told,
        )


def test_it_is_described_and_told_of_the_same(both: Both) -> None:
    line = "debug fresh -c told --image=busybox --env=A=b --target=fresh -- sleep infinity"
    told = []
    for kubectl in both:
        # A Pod of its own: of one that had much happen to it, events are left out.
        assert kubectl("run fresh --image=busybox -- sleep infinity")[0] == 0
        assert kubectl("wait --for=condition=Ready pod/fresh --timeout=60s")[0] == 0
        assert kubectl(line)[0] == 0
        running(kubectl, "fresh", "told")
        described = masked(kubectl("describe pod fresh")[1])
        section = re.search(r"^  told:\n(?:   .*\n)+", described, re.MULTILINE)
        told.append((section and section[0], re.findall(r"spec\.ephemeralContainers\{told\}: (.*)", described)))
    assert told[0] == told[1]
    assert [text.split()[0] for text in told[0][1]] == ["Pulling", "Successfully", "Container", "Container"]


def test_its_processes_are_those_of_the_target(both: Both) -> None:
    real, ours = both
    for kubectl in both:
        assert kubectl("debug web -c among --image=busybox --target=side -- sleep 12345")[0] == 0
        running(kubectl, "web", "among")
    theirs = real("exec web -c among -- ps")
    assert ours("exec web -c among -- ps") == theirs
    assert [line.split(None, 3)[3] for line in theirs[1].splitlines()[1:]] == ["sleep infinity", "sleep 12345", "ps"]
