"""What a learner sees when things happen to a cluster, end to end: every part at work, read through kubectl."""

from __future__ import annotations

import re

import pytest

from k8s_magic.cluster import Cluster

JSONPATH = "-o jsonpath="


class See:
    """A cluster and short ways to look at it."""

    def __init__(self, **options: object) -> None:
        self.cluster = Cluster(**options)  # type: ignore[arg-type]

    def __call__(self, command: str, code: int = 0) -> str:
        result = self.cluster.kubectl(command)
        assert result.exit_code == code, result.text
        return result.text

    def apply(self, text: str) -> None:
        result = self.cluster.apply(text)
        assert result.exit_code == 0, result.text

    def pod(self, name: str, spec: str, labels: str = "{}") -> None:
        self.apply(f"{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, labels: {labels}}}, spec: {spec}}}")

    def status(self, name: str) -> str:
        """READY and STATUS as get pods has them."""
        return " ".join(self(f"get pod {name} --no-headers").split()[1:3])

    def events(self, name: str) -> list[str]:
        """Reasons and messages of an object's events, oldest first."""
        rows = "{range .items[*]}{.reason}: {.message}{'\\n'}{end}"
        return self(
            f'get events --field-selector involvedObject.name={name} --sort-by=.lastTimestamp -o jsonpath="{rows}"'
        ).splitlines()

    def run(self, seconds: float) -> None:
        self.cluster.run(seconds)


@pytest.fixture
def see() -> See:
    return See()


def test_a_pod_takes_one_to_three_seconds_and_the_second_one_is_faster(see: See) -> None:
    spans = []
    for name in ("one", "two"):
        see.pod(name, "{nodeName: node-1, containers: [{name: a, image: nginx, imagePullPolicy: IfNotPresent}]}")
        begun = see.cluster.now
        assert see.cluster.run_until(lambda name=name: see.status(name) == "1/1 Running")
        spans.append(see.cluster.now - begun)
    assert 1 <= spans[0] <= 4
    assert spans[1] < spans[0]
    assert any("already present on machine" in event for event in see.events("two"))


def test_a_dead_node_is_noticed_tainted_emptied_and_replaced(see: See) -> None:
    see("create deployment web --image=nginx --replicas=3")
    see.run(10)
    victim = see("get pods -o jsonpath='{.items[?(@.spec.nodeName==\"node-1\")].metadata.name}'")
    begun = see.cluster.now
    see.cluster.fail("node-1")
    assert see.cluster.run_until(lambda: "NotReady" in see("get node node-1"), timeout=120)
    assert 40 <= see.cluster.now - begun <= 60  # the lease's grace of 50 s
    taints = see(f"get node node-1 {JSONPATH}'{{.spec.taints[*].key}}'")
    assert "node.kubernetes.io/unreachable" in taints
    assert see(f"get pod {victim} --no-headers").split()[1:3] == ["1/1", "Running"]
    assert see(f"get pod {victim} {JSONPATH}'{{.status.conditions[?(@.type==\"Ready\")].status}}'") == "False"
    noticed = see.cluster.now
    assert see.cluster.run_until(lambda: "Terminating" in see(f"get pod {victim}"), timeout=400)
    assert 299 <= see.cluster.now - noticed <= 306  # the toleration of 300 s
    see.run(10)
    assert see("get deployment web --no-headers").split()[1] == "3/3"
    assert "node-1" not in see("get pods -o wide --field-selector metadata.name!=" + victim)
    assert "Error from server" in see(f"exec {victim} -- hostname", code=1)
    see.cluster.heal("node-1")
    see.run(30)
    assert see("get nodes --no-headers").count(" Ready ") == 4
    assert victim not in see("get pods")
    assert see(f"get node node-1 {JSONPATH}'{{.spec.taints}}'") == ""


def test_init_containers_run_first_and_an_empty_dir_is_seen_by_all(see: See) -> None:
    see.pod(
        "two",
        "{initContainers: [{name: init, image: busybox, command: [sh, -c, 'sleep 5; echo from init > /d/index.html'],"
        " volumeMounts: [{name: d, mountPath: /d}]}],"
        " containers: [{name: web, image: nginx, volumeMounts: [{name: d, mountPath: /usr/share/nginx/html}]},"
        " {name: side, image: busybox, command: [sh, -c, 'sleep 3; echo more >> /d/index.html; sleep 1000'],"
        " volumeMounts: [{name: d, mountPath: /d}]}], volumes: [{name: d, emptyDir: {}}]}",
    )
    see.run(4)
    assert see.status("two") == "0/2 Init:0/1"
    assert see.cluster.run_until(lambda: see.status("two") == "2/2 Running")
    assert see("exec two -c web -- curl -s localhost") == "from init\n"
    see.run(5)
    assert see("exec two -c side -- wget -qO- localhost") == "from init\nmore\n"
    assert see("logs two -c init") == ""


def test_config_maps_and_secrets_come_as_variables_and_files(see: See) -> None:
    see("create configmap conf --from-literal=COLOR=blue --from-literal=size=3")
    see("create secret generic pass --from-literal=word=s3cret")
    see.pod(
        "app",
        "{containers: [{name: a, image: busybox, command: [sleep, '1000'], envFrom: [{configMapRef: {name: conf}}],"
        " env: [{name: WORD, valueFrom: {secretKeyRef: {name: pass, key: word}}},"
        " {name: ME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}],"
        " volumeMounts: [{name: c, mountPath: /conf}, {name: s, mountPath: /pass}]}],"
        " volumes: [{name: c, configMap: {name: conf}}, {name: s, secret: {secretName: pass}}]}",
    )
    see("wait --for=condition=Ready pod/app")
    assert see("exec app -- sh -c 'echo $COLOR $size $WORD $ME; cat /conf/COLOR /pass/word; ls /conf'") == (
        "blue 3 s3cret app\nblues3cretCOLOR\nsize\n"
    )
    see('patch configmap conf -p \'{"data":{"COLOR":"red"}}\'')
    see.run(120)
    assert see("exec app -- sh -c 'echo $COLOR; cat /conf/COLOR'") == "blue\nred"
    see.pod("lost", "{containers: [{name: a, image: busybox, envFrom: [{configMapRef: {name: nope}}]}]}")
    see.run(10)
    assert see.status("lost") == "0/1 CreateContainerConfigError"
    assert 'configmap "nope" not found' in "\n".join(see.events("lost"))


def test_containers_of_one_pod_share_its_ports(see: See) -> None:
    see.pod("clash", "{containers: [{name: a, image: nginx}, {name: b, image: nginx}]}")
    see.run(30)
    assert see.status("clash") in ("1/2 CrashLoopBackOff", "1/2 Error")
    assert "bind() to 0.0.0.0:80 failed (98: Address already in use)" in see("logs clash -c b")


def test_crashes_back_off_ever_longer(see: See) -> None:
    see("run crash --image=busybox -- sh -c 'echo oops; exit 3'")
    see.run(45)
    assert see.status("crash") == "0/1 CrashLoopBackOff"
    assert see("logs crash --previous") == "oops\n"
    assert see(f"get pod crash {JSONPATH}'{{.status.containerStatuses[0].lastState.terminated.exitCode}}'") == "3"
    restarts = f"get pod crash {JSONPATH}'{{.status.containerStatuses[0].restartCount}}'"
    counts = []
    for _ in range(6):
        counts.append(int(see(restarts)))
        see.run(60)
    assert counts == [3, 4, 5, 5, 5, 6]  # after 10, 20, 40, 80, 160 s
    assert any(event.startswith("BackOff: ") for event in see.events("crash"))


def test_an_image_that_does_not_exist(see: See) -> None:
    see("run bad --image=nginx:nosuchtag")
    assert see.cluster.run_until(lambda: see.status("bad") == "0/1 ErrImagePull", timeout=10)
    assert see.cluster.run_until(lambda: see.status("bad") == "0/1 ImagePullBackOff", timeout=30)
    assert 'Back-off pulling image "nginx:nosuchtag"' in "\n".join(see.events("bad"))
    see("set image pod/bad bad=nginx:1.25")
    assert see.cluster.run_until(lambda: see.status("bad") == "1/1 Running", timeout=200)


def test_probes(see: See) -> None:
    see.pod(
        "live",
        "{terminationGracePeriodSeconds: 1, containers: [{name: a, image: busybox,"
        " command: [sh, -c, 'touch /tmp/ok; sleep 20; rm /tmp/ok; sleep 1000'],"
        " livenessProbe: {exec: {command: [cat, /tmp/ok]}, periodSeconds: 5}}]}",
    )
    see.pod(
        "ready",
        "{containers: [{name: a, image: nginx, readinessProbe: {httpGet: {path: /ok, port: 80}, periodSeconds: 2}}]}",
        "{app: ready}",
    )
    see.pod(
        "slow",
        "{containers: [{name: a, image: nginx, command: [sh, -c, 'sleep 12; nginx -g \"daemon off;\"'],"
        " startupProbe: {tcpSocket: {port: 80}, periodSeconds: 3, failureThreshold: 10},"
        " livenessProbe: {tcpSocket: {port: 80}, periodSeconds: 1, failureThreshold: 1}}]}",
    )
    see("expose pod ready --port=80")
    see.run(10)
    assert [see.status(name) for name in ("live", "ready", "slow")] == ["1/1 Running", "0/1 Running", "0/1 Running"]
    slice_ = "get endpointslices -l kubernetes.io/service-name=ready -o jsonpath='{..conditions.ready}'"
    assert see(slice_) == "false"
    see("exec ready -- touch /usr/share/nginx/html/ok")
    see.run(10)
    assert (see.status("ready"), see.status("slow")) == ("1/1 Running", "1/1 Running")
    assert see(slice_) == "true"
    assert see(f"get pod slow {JSONPATH}'{{.status.containerStatuses[0].restartCount}}'") == "0"
    see.run(30)
    assert int(see(f"get pod live {JSONPATH}'{{.status.containerStatuses[0].restartCount}}'")) >= 1
    said = "\n".join(see.events("live"))
    assert "Liveness probe failed: cat: can't open '/tmp/ok': No such file or directory" in said
    assert "Container a failed liveness probe, will be restarted" in said
    assert "Readiness probe failed: HTTP probe failed with statuscode: 404" in "\n".join(see.events("ready"))


def test_termination_is_graceful(see: See) -> None:
    trap = 'trap "echo bye; sleep 4; exit 0" TERM; while true; do sleep 1; done'
    see.pod("kind", f"{{containers: [{{name: a, image: busybox, command: [sh, -c, '{trap}']}}]}}")
    see.pod(
        "deaf", "{terminationGracePeriodSeconds: 7, containers: [{name: a, image: busybox, command: [sleep, '1000']}]}"
    )
    see("wait --for=condition=Ready pod/kind pod/deaf")
    see("delete pod kind deaf --wait=false")
    see.run(2)
    assert see.status("kind") == "1/1 Terminating"
    assert see("logs kind") == "bye\n"
    see.run(5)
    assert see("get pods --no-headers").split()[0::5] == ["deaf"]
    see.run(3)
    assert see("get pods") == "No resources found in default namespace.\n"


def test_services_find_ready_pods_by_name_address_and_node_port(see: See) -> None:
    see("create deployment web --image=gcr.io/google-samples/kubernetes-bootcamp:v1 --replicas=3")
    see("expose deployment web --port=80 --target-port=8080 --type=NodePort")
    see("run box --image=busybox -- sleep 1000")
    see("rollout status deployment/web")
    see("wait --for=condition=Ready pod/box")
    address = see(f"get service web {JSONPATH}'{{.spec.clusterIP}}'")
    port = see(f"get service web {JSONPATH}'{{.spec.ports[0].nodePort}}'")
    for host in ("web", "web.default", "web.default.svc.cluster.local", address):
        assert see(f"exec box -- wget -qO- http://{host}").startswith("Hello Kubernetes bootcamp! | Running on: web-")
    answers = {see.cluster.curl(f"-s http://node-2:{port}/").text for _ in range(40)}
    assert len(answers) == 3
    assert "WEB_SERVICE_HOST=" + address in see("exec box -- env")
    assert f"Address: {address}" in see("exec box -- nslookup web")
    see("scale deployment web --replicas=0")
    see.run(40)
    assert see.cluster.curl(f"-s http://node-2:{port}/").exit_code == 7


def test_services_of_other_types(see: See) -> None:
    see("create deployment web --image=nginx")
    see("expose deployment web --port=80 --type=LoadBalancer")
    see("create service externalname inside --external-name=web.default.svc.cluster.local")
    see("create service externalname outside --external-name=example.com")
    see("run box --image=busybox -- sleep 1000")
    see("wait --for=condition=Ready pod --all")
    see.run(3)
    ip = see(f"get pods -l app=web {JSONPATH}'{{.items[0].status.podIP}}'")
    see.apply(f"""
{{apiVersion: v1, kind: Service, metadata: {{name: hand}}, spec: {{ports: [{{port: 8000, targetPort: 80}}]}}}}
---
{{apiVersion: v1, kind: Endpoints, metadata: {{name: hand}},
 subsets: [{{addresses: [{{ip: {ip}}}], ports: [{{port: 80}}]}}]}}
""")
    see.run(2)
    outside = see(f"get service web {JSONPATH}'{{.status.loadBalancer.ingress[0].ip}}'")
    assert re.fullmatch(r"[0-9.]+", outside)
    assert "Welcome to nginx!" in see.cluster.curl(f"http://{outside}/").text
    for url in ("http://inside", "http://hand:8000"):
        assert "Welcome to nginx!" in see(f"exec box -- wget -qO- {url}")
    said = see("exec box -- nslookup outside")
    assert "outside.default.svc.cluster.local\tcanonical name = example.com\n" in said


def test_the_scheduler_says_why(see: See) -> None:
    see.pod("big", "{containers: [{name: a, image: nginx, resources: {requests: {cpu: '100'}}}]}")
    see.pod("picky", "{nodeSelector: {disk: ssd}, containers: [{name: a, image: nginx}]}")
    see.run(1)
    assert see.status("big") == "0/1 Pending"
    for name, why in (("big", "Insufficient cpu"), ("picky", "node(s) didn't match Pod's node affinity/selector")):
        assert see.events(name) == [
            f"FailedScheduling: 0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 {why}. no new claims to "
            "deallocate, preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling."
        ]
    see("label node node-2 disk=ssd")
    see.run(5)
    assert see.status("picky") == "1/1 Running"
    assert see(f"get pod picky {JSONPATH}'{{.spec.nodeName}}'") == "node-2"


def test_an_important_pod_makes_room_for_itself() -> None:
    see = See(nodes=1, bare=True, cpu="2")
    see("create priorityclass gold --value=1000")
    request = "resources: {requests: {cpu: '1500m'}}"
    see.pod("plain", f"{{containers: [{{name: a, image: nginx, {request}}}]}}")
    see.run(5)
    see.pod("vip", f"{{priorityClassName: gold, containers: [{{name: a, image: nginx, {request}}}]}}")
    see.run(40)
    assert see.status("vip") == "1/1 Running"
    assert "plain" not in see("get pods --no-headers")
    assert any(event.startswith("Preempted: Preempted by pod") for event in see.events("plain"))


def test_a_node_is_drained_and_comes_back(see: See) -> None:
    see("create deployment web --image=nginx --replicas=6")
    see('run alone --image=nginx --overrides=\'{"spec":{"nodeName":"node-2"}}\'')
    see("rollout status deployment/web")
    see.run(3)
    refused = see("drain node-2", code=1)
    assert "kube-system/kube-proxy-" in refused
    assert "default/alone" in refused
    done = see("drain node-2 --ignore-daemonsets --force")
    assert done.endswith("node/node-2 drained\n")
    see.run(10)
    assert see("get pods -o wide --no-headers").count("node-2") == 0
    assert "Ready,SchedulingDisabled" in see("get node node-2")
    see("uncordon node-2")
    see("scale deployment web --replicas=12")
    see.run(10)
    assert see("get pods -o wide --no-headers").count("node-2") > 0


def test_a_rollout_is_paused_watched_undone(see: See) -> None:
    see("create deployment web --image=nginx:1.25 --replicas=2")
    see("rollout status deployment/web")
    see("rollout pause deployment/web")
    see("set image deployment/web nginx=nginx:1.26")
    see("set resources deployment/web --limits=cpu=100m")
    see.run(20)
    assert see("get rs --no-headers").count("\n") == 1
    see("rollout resume deployment/web")
    assert see("rollout status deployment/web").endswith('deployment "web" successfully rolled out\n')
    assert [line.split() for line in see("rollout history deployment/web").splitlines()[2:4]] == [
        ["1", "<none>"],
        ["2", "<none>"],
    ]
    see("set image deployment/web nginx=nginx:nope")
    assert "timed out waiting for the condition" in see("rollout status deployment/web --timeout=20s", code=1)
    assert see("get deployment web --no-headers").split()[1] == "2/2"
    see("rollout undo deployment/web")
    see("rollout status deployment/web")
    assert see(f"get deployment web {JSONPATH}'{{..image}}'") == "nginx:1.26"
    revisions = [line.split()[0] for line in see("rollout history deployment/web").splitlines()[2:] if line]
    assert revisions == ["1", "3", "4"]
    see("rollout undo deployment/web --to-revision=1")
    see("rollout status deployment/web")
    assert see(f"get deployment web {JSONPATH}'{{..image}}'") == "nginx:1.25"


def test_owners_and_their_children(see: See) -> None:
    see("create deployment web --image=nginx --replicas=2")
    see.run(5)
    see("delete deployment web --cascade=orphan")
    see.run(5)
    assert see("get rs,pods -o name").count("\n") == 3
    assert see(f"get rs {JSONPATH}'{{.items[0].metadata.ownerReferences}}'") == ""
    see("create deployment web --image=nginx --replicas=2")  # takes them in again
    see.run(5)
    assert see("get rs,pods -o name").count("\n") == 3
    see("delete deployment web --cascade=foreground")
    assert see("get rs,pods") == "No resources found in default namespace.\n"


def test_a_namespace_takes_all_it_holds_along(see: See) -> None:
    see("create namespace shop")
    see("create deployment web -n shop --image=nginx")
    see("expose deployment web -n shop --port=80")
    see.run(5)
    see("delete namespace shop --wait=false")
    assert "Terminating" in see("get namespace shop")
    refused = see("create configmap x -n shop", code=1)
    assert "because it is being terminated" in refused
    assert see.cluster.run_until(lambda: "shop" not in see("get namespaces"), timeout=120)


def test_a_crowd_of_like_events_is_combined(see: See) -> None:
    see("create deployment web --image=nginx --replicas=1")
    for number in range(12):
        see(f"scale deployment web --replicas={2 + number}")
        see.run(1)
    assert any(event.startswith("ScalingReplicaSet: (combined from similar events): ") for event in see.events("web"))
