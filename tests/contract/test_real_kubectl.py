"""The real kubectls where no scenario leads: streams into containers, forwarded ports, custom resources."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from k8s_magic import Cluster
from k8s_magic.httpapi import kubeconfig

pytestmark = pytest.mark.realkubectl
Kubectl = Callable[..., "subprocess.CompletedProcess[str]"]

DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "crontabs.stable.example.com"},
    "spec": {
        "group": "stable.example.com",
        "scope": "Namespaced",
        "names": {"plural": "crontabs", "singular": "crontab", "kind": "CronTab", "shortNames": ["ct"]},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "subresources": {"status": {}},
                "additionalPrinterColumns": [{"name": "Seen", "type": "string", "jsonPath": ".status.seen"}],
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {"type": "object", "properties": {"schedule": {"type": "string", "minLength": 3}}},
                            "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                        },
                    }
                },
            }
        ],
    },
}


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    cluster = Cluster(nodes=2, live=True, speed=20)
    yield cluster
    cluster.close()


@pytest.fixture
def real(real_kubectl: Path, cluster: Cluster, tmp_path: Path) -> Kubectl:
    path = tmp_path / "kubeconfig"
    kubeconfig.write(path, cluster.serve().config)

    def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "KUBECONFIG": str(path), "HOME": str(tmp_path)}
        return subprocess.run([real_kubectl, *words], env=env, input=stdin, capture_output=True, text=True, timeout=60)

    return run


def test_custom_resources_are_defined_listed_explained_and_gone(real: Kubectl) -> None:
    tab = {"apiVersion": "stable.example.com/v1", "kind": "CronTab", "metadata": {"name": "one"}}
    assert "ensure CRDs are installed first" in real("apply", "-f", "-", stdin=json.dumps(tab)).stderr
    assert real("apply", "-f", "-", stdin=json.dumps(DEFINITION)).returncode == 0
    assert real("wait", "--for=condition=Established", "crd/crontabs.stable.example.com").returncode == 0
    assert (
        real("api-resources", "--api-group=stable.example.com", "-o", "name").stdout == "crontabs.stable.example.com\n"
    )
    refused = real("apply", "-f", "-", stdin=json.dumps({**tab, "spec": {"schedule": "*"}}))
    assert "spec.schedule in body should be at least 3 chars long" in refused.stderr
    for schedule, done in (("* * *", "created"), ("5 * *", "configured")):
        text = json.dumps({**tab, "spec": {"schedule": schedule}})
        assert real("apply", "-f", "-", stdin=text).stdout == f"crontab.stable.example.com/one {done}\n"
    real("patch", "ct", "one", "--subresource=status", "--type=merge", "-p", '{"status":{"seen":"now"}}')
    assert real("get", "ct").stdout.split() == ["NAME", "SEEN", "one", "now"]
    assert "  schedule\t<string>\n" in real("explain", "crontab.spec").stdout
    assert real("delete", "crd", "crontabs.stable.example.com").returncode == 0
    assert real("get", "ct").stderr.endswith(
        "the server could not find the requested resource (get crontabs.stable.example.com)\n"
    )


def test_kubectl_streams_and_forwards(real: Kubectl, real_kubectl: Path, tmp_path: Path) -> None:
    assert real("run", "web", "--image=nginx:1.27", "--port=80").stdout == "pod/web created\n"
    assert real("wait", "--for=condition=Ready", "pod/web", "--timeout=600s").returncode == 0
    said = real("exec", "web", "--", "sh", "-c", "echo out; echo err >&2; exit 4")
    assert (said.stdout, said.returncode) == ("out\n", 4)
    assert said.stderr == "err\ncommand terminated with exit code 4\n"
    assert real("exec", "-i", "web", "--", "tr", "a-z", "A-Z", stdin="hello\n").stdout == "HELLO\n"
    missing = real("exec", "web", "--", "nosuch")
    assert "executable file not found in $PATH" in missing.stderr
    assert real("exec", "gone", "--", "ls").stderr == 'Error from server (NotFound): pods "gone" not found\n'
    words = ["run", "tmp", "--rm", "-i", "--quiet", "--restart=Never", "--image=busybox", "--", "sh", "-c"]
    assert "hello" in real(*words, "sleep 20; echo hello").stdout
    env = {**os.environ, "KUBECONFIG": str(tmp_path / "kubeconfig")}
    words = [real_kubectl, "port-forward", "web", ":80"]
    with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, text=True) as forward:
        assert forward.stdout is not None
        port = int(forward.stdout.readline().split(":")[1].split()[0])
        try:
            for _ in range(2):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as page:
                    assert b"Welcome to nginx!" in page.read()
        finally:
            forward.terminate()
    assert real("logs", "web", "--tail=1").stdout.count('"GET / HTTP/1.1" 200') == 1
    assert real("auth", "can-i", "delete", "nodes").stdout == "yes\n"
    assert real("create", "token", "default").stdout.count(".") == 2
    assert "FIELDS:\n" in real("explain", "pod.spec.containers.ports").stdout
    assert real("drain", "node-1", "--ignore-daemonsets", "--force").returncode == 0


ASKED = (
    "auth can-i list pods --as=system:serviceaccount:default:default",
    "auth can-i list pods --as=system:serviceaccount:default:ci",
    "auth can-i delete pods --as=system:serviceaccount:default:ci",
    "auth can-i get pods/x --subresource=log --as=system:serviceaccount:default:ci",
    "auth can-i get nodes --as=bob",
    "auth can-i frob foos --as=bob",
    "auth can-i get /healthz --as=bob",
    "auth can-i --list --as=bob",
    "auth can-i --list --as=system:serviceaccount:default:ci",
    "auth can-i --list",
    "auth whoami --as=bob --as-group=devs --as-uid=7 --as-user-extra=k=v",
    "get pods --as=bob",
    "get nodes node-1 --as=bob",
    "get namespace default --as=bob",
    "get pods -o name --as=system:serviceaccount:default:ci",
    "get pods --watch --as=bob",
    "delete pod x --as=system:serviceaccount:default:ci",
    "create configmap x --from-literal=a=b --as=bob",
    "run x --image=nginx --as=bob",
    "logs x --as=bob",
    "scale deployment x --replicas=2 --as=bob",
    "get pods --as=root --as-group=system:masters",
    "create token ci --duration=1m",
    "create token nobody",
    "get pods -A --chunk-size=2 -o name",
)


def test_what_others_may_do_reads_as_in_the_notebook(cluster: Cluster, real: Kubectl) -> None:
    cluster.pace.pause()
    cluster.kubectl("create sa ci")
    cluster.kubectl("create rolebinding ci --clusterrole=view --serviceaccount=default:ci")
    for line in ASKED:
        ours, theirs = cluster.kubectl(line), real(*line.split())
        assert (ours.exit_code, ours.stdout, ours.stderr) == (theirs.returncode, theirs.stdout, theirs.stderr), line
