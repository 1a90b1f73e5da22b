"""Commands that change objects, on the package's own API server (without controllers)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from k8s_magic.apiserver import ApiServer
from k8s_magic.client.inprocess import InProcessTransport
from k8s_magic.kubectl.main import main
from k8s_magic.kubectl.streams import MemoryFiles, Streams
from k8s_magic.machinery import names
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import ListOptions
from k8s_magic.sim.kernel import Kernel
from k8s_magic.sim.streams import Streams as Chance
from k8s_magic.sim.time import TimeFormatter

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: nginx, image: "nginx:1.27"}]}
"""


class StepPump:
    """Lets time pass by running the kernel."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def wait(self, ready: Callable[[], bool], timeout: int | None = None) -> bool:
        end = None if timeout is None else self.kernel.now + timeout
        while not ready():
            due = self.kernel.next_time()
            if due is None or (end is not None and due > end):
                if end is not None:
                    self.kernel.run_until(end)
                return False
            self.kernel.step()
        return True


class Shell:
    def __init__(self) -> None:
        self.kernel = Kernel()
        self.server = ApiServer(self.kernel, Chance(0), TimeFormatter())
        self.client = InProcessTransport(self.server, "kubectl", StepPump(self.kernel))
        self.component = InProcessTransport(self.server, "kube-controller-manager", component=True)
        self.files: dict[str, str] = {"web.yaml": WEB}
        for name in ("default", "other"):
            self.client.create(names.NAMESPACES, "", {"metadata": {"name": name}})
            self.client.create(names.SERVICE_ACCOUNTS, name, {"metadata": {"name": "default"}})

    def __call__(self, *words: str, stdin: str = "") -> tuple[str, str, int]:
        out: list[str] = []
        err: list[str] = []
        streams = Streams(out=out.append, err=err.append, stdin=stdin, files=MemoryFiles(self.files))
        code = main(words, self.client, streams)
        return "".join(out), "".join(err), code

    def says(self, line: str, out: str = "", err: str = "", code: int | None = None) -> None:
        expected = code if code is not None else int(err.lower().startswith("error"))
        assert self(*line.split()) == (out, err, expected)

    def deployment(self) -> Object:
        return self.client.get(names.DEPLOYMENTS, "default", "web")

    def node(self, name: str) -> None:
        self.client.create(names.NODES, "", {"metadata": {"name": name}})

    def pod(self, name: str, node: str = "", labels: Mapping[str, str] | None = None, **spec: object) -> None:
        body: Object = {
            "metadata": {"name": name, "labels": dict(labels or {})},
            "spec": {"containers": [{"name": "c", "image": "nginx"}], **spec},
        }
        if node:
            body["spec"]["nodeName"] = node
        self.client.create(names.PODS, "default", body)


@pytest.fixture
def k() -> Shell:
    return Shell()


def test_apply_creates_leaves_and_configures(k: Shell) -> None:
    k.says("apply -f web.yaml", "deployment.apps/web created\n")
    k.says("apply -f web.yaml", "deployment.apps/web unchanged\n")
    k.files["web.yaml"] = WEB.replace("replicas: 2", "replicas: 3")
    k.says("apply -f web.yaml --dry-run=client", "deployment.apps/web configured (dry run)\n")
    k.says("apply -f web.yaml --dry-run=server", "deployment.apps/web configured (server dry run)\n")
    assert k.deployment()["spec"]["replicas"] == 2
    k.says("apply -f web.yaml -o name", "deployment.apps/web\n")
    assert k.deployment()["spec"]["replicas"] == 3


def test_apply_keeps_what_others_set_and_removes_what_the_file_lost(k: Shell) -> None:
    k.files["web.yaml"] = WEB.replace("{name: web}", "{name: web, labels: {mine: a, too: b}}")
    k("apply", "-f", "web.yaml")
    k("label", "deploy/web", "theirs=c")
    k.files["web.yaml"] = WEB.replace("{name: web}", "{name: web, labels: {mine: a}}").replace("  replicas: 2\n", "")
    k.says("apply -f web.yaml", "deployment.apps/web configured\n")
    found = k.deployment()
    assert found["metadata"]["labels"] == {"mine": "a", "theirs": "c"}
    assert found["spec"]["replicas"] == 1  # no longer said: the default


def test_apply_warns_of_an_object_it_did_not_make(k: Shell) -> None:
    k.says("create -f web.yaml", "deployment.apps/web created\n")
    out, err, code = k("apply", "-f", "web.yaml")
    assert (out, code) == ("deployment.apps/web configured\n", 0)
    assert err == (
        "Warning: resource deployments/web is missing the kubectl.kubernetes.io/last-applied-configuration annotation "
        "which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by "
        "either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n"
    )


def test_server_side_apply_tells_of_conflicts(k: Shell) -> None:
    k.says("create -f web.yaml", "deployment.apps/web created\n")
    k.files["web.yaml"] = WEB.replace("replicas: 2", "replicas: 3")
    out, err, code = k("apply", "--server-side", "-f", "web.yaml")
    assert (out, code) == ("", 1)
    assert err.startswith(
        'error: Apply failed with 1 conflict: conflict with "kubectl-create" using apps/v1: .spec.replicas\n'
        "Please review the fields above--they currently have other managers. Here\n"
    )
    k.says("apply --server-side --force-conflicts -f web.yaml", "deployment.apps/web serverside-applied\n")
    assert k.deployment()["spec"]["replicas"] == 3


def test_server_side_apply_takes_over_from_client_side(k: Shell) -> None:
    k.files["web.yaml"] = WEB.replace("{name: web}", "{name: web, labels: {mine: a, too: b}}")
    k("apply", "-f", "web.yaml")
    k.says("apply --server-side -f web.yaml", "deployment.apps/web serverside-applied\n")
    found = k.client.get(names.DEPLOYMENTS, "default", "web", options=ListOptions(managed_fields=True))
    managers = [(entry["manager"], entry["operation"]) for entry in found["metadata"]["managedFields"]]
    assert managers == [("kubectl", "Apply"), ("kubectl-last-applied", "Apply")]
    k.files["web.yaml"] = WEB.replace("{name: web}", "{name: web, labels: {mine: a}}")
    k.says("apply --server-side -f web.yaml", "deployment.apps/web serverside-applied\n")
    assert k.deployment()["metadata"]["labels"] == {"mine": "a"}


def test_last_applied_is_shown_and_set(k: Shell) -> None:
    k("create", "-f", "web.yaml")
    out, err, code = k("apply", "view-last-applied", "deploy/web")
    assert (out, code) == ("", 1)
    assert "no last-applied-configuration annotation found on resource" in err
    out, err, code = k("apply", "set-last-applied", "-f", "web.yaml")
    assert code == 1
    assert "--create-annotation" in err
    k.says("apply set-last-applied -f web.yaml --create-annotation", "deployment.apps/web configured\n")
    out, err, code = k("apply", "view-last-applied", "deploy/web")
    assert out.startswith("apiVersion: apps/v1\nkind: Deployment\n")


def test_create_says_what_is_there_already(k: Shell) -> None:
    k.says("create ns shop", "namespace/shop created\n")
    k.says("create ns shop", err='Error from server (AlreadyExists): namespaces "shop" already exists\n')
    k("create", "-f", "web.yaml")
    error = 'Error from server (AlreadyExists): error when creating "web.yaml": deployments.apps "web" already exists\n'
    k.says("create -f web.yaml", err=error)


def test_delete_names_what_it_deleted(k: Shell) -> None:
    k.pod("a")
    k.pod("b")
    k.says("delete pod a --dry-run=client", 'pod "a" deleted from default namespace (dry run)\n')
    k.says("delete pod a -o name", "pod/a\n")
    k.says("delete pod a", err='Error from server (NotFound): pods "a" not found\n')
    k.says("delete pod a --ignore-not-found")
    k.says("delete pod -l app=none", "No resources found\n")
    out, err, code = k("delete", "pod", "b", "--force")
    assert (out, code) == ('pod "b" force deleted from default namespace\n', 0)
    assert err.startswith("Warning: Immediate deletion does not wait for confirmation")
    k.says("delete ns other --wait=false", 'namespace "other" deleted\n')


def test_delete_waits_as_long_as_asked(k: Shell) -> None:
    k.node("n")
    k.pod("slow", node="n")  # nobody confirms that it has ended
    out, err, code = k("delete", "pod", "slow", "--timeout=5s")
    assert (out, code) == ('pod "slow" deleted from default namespace\n', 1)
    assert err == "error: timed out waiting for the condition on pods/slow\n"
    assert k.kernel.now >= 5_000_000


def test_replace(k: Shell) -> None:
    k.says("replace -f web.yaml", err='Error from server (NotFound): error when replacing "web.yaml": '
           'deployments.apps "web" not found\n')  # fmt: skip
    k("create", "-f", "web.yaml")
    before = k.deployment()["metadata"]["uid"]
    k.says("replace -f web.yaml", "deployment.apps/web replaced\n")
    k.says(
        "replace --force -f web.yaml",
        'deployment.apps "web" deleted from default namespace\ndeployment.apps/web replaced\n',
    )
    assert k.deployment()["metadata"]["uid"] != before


def test_patch_by_each_type(k: Shell) -> None:
    k("create", "-f", "web.yaml")
    for words, change in (
        (["-p", '{"spec":{"replicas":5}}'], "patched"),
        (["-p", '{"spec":{"replicas":5}}'], "patched (no change)"),
        (["-p", "spec: {replicas: 6}", "--type=merge"], "patched"),
        (["-p", '[{"op":"replace","path":"/spec/replicas","value":7}]', "--type=json"], "patched"),
        (["-p", '{"spec":{"replicas":8}}', "--subresource=scale", "--type=merge"], "patched"),
    ):
        out, _, code = k("patch", "deploy/web", *words)
        kind = "scale.autoscaling/web" if "--subresource=scale" in words else "deployment.apps/web"
        assert (out, code) == (f"{kind} {change}\n", 0)
    assert k.deployment()["spec"]["replicas"] == 8
    out, err, code = k("patch", "deploy/web", "--type=json", "-p", '[{"op":"remove","path":"/spec/nothing"}]')
    assert (out, code) == ("", 1)
    assert err.startswith("The request is invalid")


def test_labels_and_annotations(k: Shell) -> None:
    k.pod("a", labels={"app": "x"})
    k.says("label pod a tier=web", "pod/a labeled\n")
    k.says("label pod a tier=web", "pod/a not labeled\n")
    k.says("label pod a tier=db", err="error: 'tier' already has a value (web), and --overwrite is false\n")
    k.says("label pod a tier=db --overwrite", "pod/a labeled\n")
    k.says("label pod a tier-", "pod/a unlabeled\n")
    k.says("label pod a tier-", 'label "tier" not found.\npod/a not labeled\n')
    k.says("label pod a --list", "app=x\n")
    k.says("annotate pods --all note=1", "pod/a annotated\n")
    k.says("annotate pod a note=2", err="error: --overwrite is false but found the following declared annotation(s): "
           "'note' already has a value (1)\n")  # fmt: skip
    k.says("annotate pod a note-", "pod/a annotated\n")


def test_scale(k: Shell) -> None:
    k("create", "-f", "web.yaml")
    k.says("scale deploy web --replicas=4", "deployment.apps/web scaled\n")
    k.says("scale deploy web --replicas=5 --current-replicas=3", err="error: Expected replicas to be 3, was 4\n")
    k.says("scale deploy nope --replicas=4", err='Error from server (NotFound): deployments.apps "nope" not found\n')
    k.says("autoscale deploy web --max=3", "horizontalpodautoscaler.autoscaling/web autoscaled\n")
    assert k.deployment()["spec"]["replicas"] == 4


def test_set_changes_the_template(k: Shell) -> None:
    k("create", "-f", "web.yaml")
    k.says("set image deploy/web nginx=nginx:1.28", "deployment.apps/web image updated\n")
    k.says("set image deploy/web nginx=nginx:1.28", "")
    k.says("set image deploy/web other=a", err='error: unable to find container named "other"\n')
    k.says("set resources deploy web --limits=cpu=1", "deployment.apps/web resource requirements updated\n")
    k.says("set env deploy/web A=1 B=2", "deployment.apps/web env updated\n")
    k.says("set env deploy/web A-", "deployment.apps/web env updated\n")
    k.says("set env deploy/web --list", "# Deployment web, container nginx\nB=2\n")
    k.says("set serviceaccount deploy web robot", "deployment.apps/web serviceaccount updated\n")
    spec = k.deployment()["spec"]["template"]["spec"]
    assert spec["containers"][0]["image"] == "nginx:1.28"
    assert spec["containers"][0]["env"] == [{"name": "B", "value": "2"}]
    assert spec["serviceAccountName"] == "robot"


def test_expose_and_run(k: Shell) -> None:
    k("create", "-f", "web.yaml")
    k.says("expose deploy web --port=80 --target-port=8080", "service/web exposed\n")
    k.says("expose deploy web --port=80", err='Error from server (AlreadyExists): services "web" already exists\n')
    k.says("expose deploy web", err="error: couldn't find port via --port flag or introspection\n")
    k.says("run box --image=busybox --labels=a=b", "pod/box created\n")
    pod = k.client.get(names.PODS, "default", "box")
    assert pod["metadata"]["labels"] == {"a": "b"}


def test_rollouts(k: Shell) -> None:
    k("create", "-f", "web.yaml")
    k.says("rollout pause deploy/web", "deployment.apps/web paused\n")
    k.says("rollout pause deploy/web", err="error: deployments.apps \"web\" is already paused\n")  # fmt: skip
    k.says("rollout restart deploy/web", err="error: deployments.apps \"web\" can't restart paused deployment "
           "(run rollout resume first)\n")  # fmt: skip
    k.says("rollout resume deploy/web", "deployment.apps/web resumed\n")
    k.says("rollout restart deploy/web", "deployment.apps/web restarted\n")
    k.says("rollout undo deploy/web", err="error: no rollout history found for deployment \"web\"\n")  # fmt: skip
    out, err, code = k("rollout", "status", "deploy/web", "--timeout=2s")
    assert out == "Waiting for deployment spec update to be observed...\n"
    assert (err, code) == ("error: timed out waiting for the condition\n", 1)


def test_nodes_are_cordoned_drained_and_tainted(k: Shell) -> None:
    k.node("n1")
    k.says("cordon n1", "node/n1 cordoned\n")
    k.says("cordon n1", "node/n1 already cordoned\n")
    k.says("uncordon n1", "node/n1 uncordoned\n")
    k.says("taint nodes n1 a=b:NoSchedule", "node/n1 tainted\n")
    out, err, code = k("taint", "nodes", "n1", "a=c:NoSchedule")
    assert (out, code) == ("", 1)
    assert err == "error: node n1 already has a taint(s) with same effect(s) and --overwrite is false\n"
    k.says("taint nodes n1 a-", "node/n1 untainted\n")
    k.pod("alone", node="n1")
    out, err, code = k("drain", "n1")
    assert (out, code) == ("node/n1 cordoned\n", 1)
    assert err == (
        'error: unable to drain node "n1" due to error: cannot delete Pods that declare no controller '
        "(use --force to override): default/alone, continuing command...\n"
        "There are pending nodes to be drained:\n n1\n"
        "cannot delete Pods that declare no controller (use --force to override): default/alone\n"
    )


def test_wait(k: Shell) -> None:
    k("create", "-f", "web.yaml")
    k.says("wait deploy/web --for=jsonpath={.spec.replicas}=2", "deployment.apps/web condition met\n")
    k.says(
        "wait deploy/web --for=condition=available --timeout=0", err="error: condition not met for deployments/web\n"
    )
    k.says(
        "wait deploy/web --for=condition=available --timeout=3s",
        err="error: timed out waiting for the condition on deployments/web\n",
    )
    k.says("wait pod/nope --for=create --timeout=1s", err="error: timed out waiting for the condition\n")
    k.says("wait pod/nope --for=delete")
    k.says("wait pod -l a=b --for=condition=Ready", err="error: no matching resources found\n")
    k.kernel.call_after(1_000_000, _available, k)
    k.says("wait deploy/web --for=condition=Available", "deployment.apps/web condition met\n")


def _available(k: Shell) -> None:
    body = k.deployment()
    status = {"observedGeneration": 1, "conditions": [{"type": "Available", "status": "True"}]}
    k.component.update(names.DEPLOYMENTS, "default", "web", {**body, "status": status}, subresource="status")


def test_diff(k: Shell) -> None:
    k("apply", "-f", "web.yaml")
    k.says("diff -f web.yaml")
    k.files["web.yaml"] = WEB.replace("replicas: 2", "replicas: 3")
    out, err, code = k("diff", "-f", "web.yaml")
    assert (err, code) == ("", 1)
    lines = out.splitlines()
    assert lines[0].startswith("diff -u -N /tmp/LIVE-")
    assert lines[1].endswith("/apps.v1.Deployment.default.web\t2026-01-01 00:00:00.000000000 +0000")
    changed = [line for line in lines[3:] if line[0] in "+-"]
    assert changed == ["-  generation: 1", "+  generation: 2", "-  replicas: 2", "+  replicas: 3"]
    k.says("diff -f nope.yaml", err='error: the path "nope.yaml" does not exist\n', code=2)


def test_diff_hides_the_values_of_secrets(k: Shell) -> None:
    k.files["s.yaml"] = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: "1", b: "2"}\n'
    k("create", "-f", "s.yaml")
    k.files["s.yaml"] = k.files["s.yaml"].replace('"1"', '"one"')
    out, _, code = k("diff", "-f", "s.yaml")
    assert code == 1
    assert "-  a: '*** (before)'\n+  a: '*** (after)'\n   b: '***'\n" in out
