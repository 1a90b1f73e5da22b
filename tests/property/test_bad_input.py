"""Whatever a person types or pastes: a clear error, nothing half-applied, no traceback, and the cluster goes on."""

from __future__ import annotations

import contextlib
import io
import json
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from k8s_magic import kinds as catalogue
from k8s_magic.cluster import Cluster
from k8s_magic.machinery import names

KINDS = catalogue.all_kinds()


class Notebook:
    """A shell with a bare cluster on which one Deployment has come to rest."""

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        self.shell = InteractiveShell(config=config)
        self.shell.run_line_magic("load_ext", "k8s_magic")
        self.shell.run_line_magic("cluster", "new --bare --manual")
        self.cluster: Cluster = self.shell.run_line_magic("cluster", "current")
        self.cluster.kubectl("create deployment web --image=nginx --replicas=2")
        self.cluster.run(30)

    def cell(self, text: str) -> tuple[str, str, int]:
        """Run a cell; what it printed, and the exit code of its command."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            answer = self.shell.run_cell(text)
        assert answer.error_before_exec is None, answer.error_before_exec
        assert answer.error_in_exec is None, answer.error_in_exec
        assert "Traceback" not in out.getvalue() + err.getvalue()
        return out.getvalue(), err.getvalue(), getattr(answer.result, "exit_code", 0)

    def store(self) -> str:
        """Every object, but for the nodes' heartbeats."""
        kinds = [kind for kind in KINDS if kind.gvr not in (names.LEASES, names.NODES)]
        return json.dumps([list(self.cluster.context.informer(kind.gvr).list()) for kind in kinds], sort_keys=True)

    def manifest(self, text: str) -> tuple[str, str, int]:
        """What `kubectl apply -f -` says to a text."""
        result = self.cluster.apply(text)
        assert "Traceback" not in result.text
        return result.stdout, result.stderr, result.exit_code

    def goes_on(self) -> bool:
        return self.cluster.kubectl("get deployment web -o jsonpath={.status.readyReplicas}").text == "2"


@pytest.fixture(scope="module")
def notebook() -> Iterator[Notebook]:
    notebook = Notebook()
    yield notebook
    notebook.shell.run_line_magic("unload_ext", "k8s_magic")


GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n---\n"
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: bad}
spec:
  selector: {matchLabels: {app: bad}}
  template:
    metadata: {labels: {app: bad}}
    spec:
      containers:
      - {name: a, image: nginx}
"""
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
REFUSED = {
    "tab": ("a:\n\tb: 1\n", "found character that cannot start any token"),
    "indentation": ("kind: Pod\n apiVersion: v1\n", "mapping values are not allowed in this context"),
    "open bracket": ("a: {apiVersion: v1, kind: ConfigMap", "did not find expected ',' or '}'"),
    "no kind": ("apiVersion: v1\nmetadata: {name: x}\n", "error validating data: kind not set"),
    "no version": ("kind: Pod\nmetadata: {name: x}\n", "error"),
    "a word": ("hello\n", "error"),
    "a list": ("- a\n- b\n", "error"),
    "number as kind": ("apiVersion: v1\nkind: 7\nmetadata: {name: x}\n", "error"),
    "unknown kind": (
        "apiVersion: v1\nkind: Unicorn\nmetadata: {name: x}\n",
        'no matches for kind "Unicorn" in',
    ),
    "unknown version": (
        DEPLOYMENT.replace("apps/v1", "apps/v9"),
        'no matches for kind "Deployment" in',
    ),
    "unknown field": (DEPLOYMENT + "  colour: red\n", 'strict decoding error: unknown field "spec.colour"'),
    "wrong type": (DEPLOYMENT + "  replicas: three\n", "cannot unmarshal string into Go struct field"),
    "metadata a list": ("apiVersion: v1\nkind: ConfigMap\nmetadata: [name, x]\n", "error"),
    "no name": ("apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n", "resource name may not be empty"),
    "script as name": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '<script>alert(1)</script>'}\n",
        "a lowercase RFC 1123 subdomain must consist of",
    ),
    "script as label": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, labels: {a: '<script>'}}\n",
        "a valid label must be an empty string or consist of",
    ),
    "no image": (
        DEPLOYMENT.replace("image: nginx", "ports: []"),
        "containers[0].image: Required value",
    ),
    "negative": (DEPLOYMENT + "  replicas: -1\n", "must be greater than or equal to 0"),
    "huge number": (DEPLOYMENT + "  replicas: 99999999999999999999\n", "cannot unmarshal number"),
    "path as name": ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ../../etc}\n", "RFC 1123 subdomain must"),
    "alias bomb": (f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: x}}\n{BOMB}", "excessive aliasing"),
    "deep": ("a: " + "[" * 20_000, "error"),
    "python tag": ("!!python/object/apply:os.system [ls]\n", "error"),
    "control characters": ("a: \x00\x01\n", "control characters are not allowed"),
    "lone surrogate": ("a: \ud800\n", "error"),
    "1 MB of one word": ("a: " + "x" * 1_000_000 + "\n", "error"),
    "1 MB of data": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {k: '" + "x" * 1_100_000 + "'}\n",
        "Too long: may not be more than 1048576 bytes",
    ),
    "1 MB of lines": ("- a: [1, {b: c}]\n" * 60_000, "error"),
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_a_bad_manifest_is_refused_whole(notebook: Notebook, text: tuple[str, str]) -> None:
    before, start = notebook.store(), time.perf_counter()
    out, err, code = notebook.manifest(text[0])
    assert (out, code) == ("", 1)
    assert text[1] in err
    assert err.endswith("\n")
    assert len(err) < 3_000
    assert notebook.store() == before
    assert notebook.goes_on()
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize("name", ["tab", "unknown field", "alias bomb", "1 MB of data", "script as name"])
def test_the_same_through_the_magic(notebook: Notebook, name: str) -> None:
    before = notebook.store()
    out, err, code = notebook.cell(f"%%manifest bad.yaml\n{REFUSED[name][0]}")
    assert (out, code) == ("", 1)
    assert REFUSED[name][1] in err
    assert notebook.store() == before


def test_documents_before_a_bad_one_are_applied_as_kubectl_does_and_those_of_unreadable_text_too(
    notebook: Notebook,
) -> None:
    out, err, code = notebook.manifest(GOOD + DEPLOYMENT + "  replicas: -1\n")
    assert out == "configmap/good created\n"
    assert err.startswith('The Deployment "bad" is invalid: spec.replicas: Invalid value: -1: must be greater than')
    assert code == 1
    notebook.cluster.kubectl("delete configmap good")
    before = notebook.store()
    out, err, code = notebook.cell(f"%%manifest two.yaml\n{GOOD}a:\n\tb: 1\n")
    assert (out, code) == ("", 1)
    assert notebook.store() == before


LINES = [
    "get pods --nope",
    "get --output",
    "get pods -o nope",
    "get pods -o jsonpath={.items[",
    "get pods -o go-template={{.x",
    "get pods -o custom-columns=A",
    "get pods -l 'a in ('",
    "get pods --field-selector x=y=z",
    "get pods --field-selector spec.nope=1",
    "get unicorns",
    "get pods/web/web",
    "get pods a/b",
    "describe pod nope",
    "create deployment 'A B' --image=nginx",
    "create deployment x",
    "create namespace '<script>alert(1)</script>'",
    "create configmap x --from-literal=novalue",
    "create configmap x --from-file=/no/such/file",
    "run x --image='not an image!'",
    "run UPPER --image=nginx",
    "scale deployment web --replicas=-1",
    "scale deployment web --replicas=lots",
    "scale deployment nope --replicas=1",
    "set image deployment/web nope=nginx",
    "expose deployment web --port=99999",
    "expose deployment web",
    "label deployment web 'a=<b>'",
    "label deployment web nothing",
    "annotate deployment web '<b>=c'",
    "taint nodes node-0 key=value:Nope",
    "patch deployment web -p '{\"spec\":'",
    'patch deployment web -p \'{"spec":{"replicas":"x"}}\'',
    'patch deployment web --type=json -p \'[{"op":"remove","path":"/nope"}]\'',
    "patch deployment web --type=nope -p '{}'",
    "rollout undo deployment/web --to-revision=77",
    "rollout status pod/x",
    "rollout nope deployment/web",
    "autoscale deployment web --min=5 --max=1",
    "delete deployment",
    "delete deployment nope",
    "exec nope -- ls",
    "exec",
    "logs deployment/nope",
    "cordon nope",
    "drain nope",
    "wait --for=condition=Ready pod/nope",
    "wait --for=nonsense pod/x",
    "explain nope",
    "config use-context nope",
    "apply -f nope.yaml",
    "apply",
    "top pods",
    "edit deployment web",
    "get pods " + "x" * 100_000,
    "\u202e get pods",
    "get pods 'open",
    "get pods $(",
    "get pods | | wc",
    "get pods &&",
    "get pods < nope.txt",
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[:40])
def test_a_bad_line_is_answered_in_words(notebook: Notebook, line: str) -> None:
    before = notebook.store()
    out, err, code = notebook.cell(f"%kubectl {line}")
    assert code != 0
    assert err
    assert err.endswith("\n")
    assert notebook.store() == before, out
    assert notebook.goes_on()


KUBECTL_WORDS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "get",
                "describe",
                "apply",
                "create",
                "delete",
                "scale",
                "set",
                "rollout",
                "label",
                "annotate",
                "patch",
                "expose",
                "run",
                "wait",
                "explain",
                "config",
                "pods",
                "deploy",
                "deploy/web",
                "web",
                "-n",
                "--all",
                "-A",
                "-l",
                "-o",
                "-f",
                "-",
                "--",
                "=",
                "--replicas=",
                "--replicas=3",
                "-oyaml",
                "--dry-run=client",
                "image",
                "resources",
                "status",
                "undo",
                "nginx=nginx",
                "--type=json",
                "-p",
                "{}",
                "[]",
                "jsonpath={.items[*]}",
                "app=web",
                "--overwrite",
                "-w=",
                "--sort-by=.x",
                "--selector=",
                "--grace-period=x",
                "--cascade=no",
                "--for=delete",
                "node/node-0",
                "--from-literal=a=b",
                "cm",
                "x",
            ]
        ),
        st.text(max_size=12),
    ),
    max_size=7,
)


@settings(max_examples=300, deadline=None)
@given(words=KUBECTL_WORDS)
def test_any_words_are_answered_without_a_traceback(notebook: Notebook, words: list[str]) -> None:
    if words[:1] in (["wait"], ["rollout"]) or {"-w", "--watch"} & set(words):
        words = [*words, "--request-timeout=1s"] if words[0] != "wait" else [*words, "--timeout=1s"]
    result = notebook.cluster.kubectl(words, stdin="")
    assert "Traceback" not in result.text
    assert result.exit_code == 0 or result.stderr


@settings(max_examples=200, deadline=None)
@given(text=st.one_of(st.text(max_size=200), st.binary(max_size=200).map(lambda data: data.decode("latin-1"))))
def test_any_text_is_no_manifest_and_changes_nothing(notebook: Notebook, text: str) -> None:
    before = notebook.store()
    out, err, code = notebook.manifest(text)
    assert out == ""
    assert code == 0 or err
    assert notebook.store() == before


YAML = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 2**70), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["metadata", "name", "labels", "spec", "replicas", "selector", "matchLabels", "template", "containers",
                 "image", "ports", "data", "status", "namespace", "annotations", "ownerReferences", "finalizers"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from([("/".join(filter(None, kind.gvk[:2])), kind.gvk.kind) for kind in KINDS]),
    body=st.dictionaries(st.sampled_from(["metadata", "spec", "data", "status", "rules", "subsets"]), YAML, max_size=3),
)
def test_any_body_of_any_kind_is_taken_or_refused_whole(kind: tuple[str, str], body: dict[str, object]) -> None:
    cluster = EMPTY
    text = json.dumps({"apiVersion": kind[0], "kind": kind[1], **body})
    result = cluster.apply(text)
    assert "Traceback" not in result.text
    assert result.exit_code == 0 or result.stderr


EMPTY = Cluster(nodes=1, bare=True)
