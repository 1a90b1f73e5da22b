"""`kubectl get`: tables, other forms, what is not found, files, watches."""

# ruff: noqa: E501 (outputs stand on one line)

from __future__ import annotations

import pytest
from fake import FakeTransport, kubectl, named, pod

from k8s_magic.machinery.protocols import WatchEvent


@pytest.fixture
def cluster() -> FakeTransport:
    return FakeTransport(
        [
            named("Namespace", "default", ""),
            pod("a", labels={"app": "web", "env": "prod"}),
            pod("b", labels={"app": "db"}),
            pod("k", "kube-system"),
            named("Service", "s"),
            named("Deployment", "d", api_version="apps/v1"),
        ]
    )


TABLES = [
    ("get pods", "NAME   STATUS    RESTARTS\na      Running   0\nb      Running   0\n"),
    (
        "get po -o wide",
        "NAME   STATUS    RESTARTS   NODE\na      Running   0          node-0\nb      Running   0          node-0\n",
    ),
    ("get pods --no-headers", "a     Running   0\nb     Running   0\n"),
    (
        "get pods -L app,x/env",
        "NAME   STATUS    RESTARTS   APP   ENV\na      Running   0          web   \nb      Running   0          db    \n",
    ),
    ("get pod a --show-labels", "NAME   STATUS    RESTARTS   LABELS\na      Running   0          app=web,env=prod\n"),
    (
        "get pods -A",
        "NAMESPACE     NAME   STATUS    RESTARTS\ndefault       a      Running   0\ndefault       b      Running   0\nkube-system   k      Running   0\n",
    ),
    (
        "get pods,deploy -l app!=web",
        "NAME    STATUS    RESTARTS\npod/b   Running   0\n\nNAME                STATUS   RESTARTS\ndeployment.apps/d   -        0\n",
    ),
    ("get pods --show-kind b", "NAME    STATUS    RESTARTS\npod/b   Running   0\n"),
    ("get Pods/b po/a", "NAME   STATUS    RESTARTS\nb      Running   0\na      Running   0\n"),
    ("get deployments.apps,deploy.v1.apps", "NAME   STATUS   RESTARTS\nd      -        0\n"),
    ("get pods --sort-by=.metadata.labels.app", "NAME   STATUS    RESTARTS\nb      Running   0\na      Running   0\n"),
    ("get pods --chunk-size=1", "NAME   STATUS    RESTARTS\na      Running   0\nb      Running   0\n"),
    ("get pods --server-print=false", "NAME   AGE\na      60s\nb      60s\n"),
]


@pytest.mark.parametrize(("line", "text"), TABLES)
def test_tables(cluster: FakeTransport, line: str, text: str) -> None:
    assert kubectl(line, cluster) == (0, text, "")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["get", "pods", "-o", "name"], "pod/a\npod/b\n"),
        (["get", "deploy", "-oname"], "deployment.apps/d\n"),
        (["get", "pods", "-o", "jsonpath={.items[*].metadata.name}"], "a b"),
        (["get", "pod", "a", "-ojsonpath", "--template={.metadata.labels}"], '{"app":"web","env":"prod"}'),
        (["get", "pods", "-o", "custom-columns=N:.metadata.name,X:.spec.no"], "N     X\na     <none>\nb     <none>\n"),
        (["get", "pods", "--template", '{{range .items}}{{.metadata.name}}{{"\\n"}}{{end}}'], "a\nb\n"),
        (["get", "pod", "a", "-o", "custom-columns=L:.metadata.labels", "--no-headers"], "map[app:web env:prod]\n"),
        (["get", "pods", "-o", "jsonpath={.kind} {.metadata}"], 'List {"resourceVersion":""}'),
        (["get", "pod", "a", "-o", "jsonpath={.kind}"], "Pod"),
        (["get", "pod", "zz", "--ignore-not-found"], ""),
        (["get", "pod", "zz", "--ignore-not-found", "-o", "yaml"], ""),
    ],
)
def test_other_forms(cluster: FakeTransport, words: list[str], text: str) -> None:
    assert kubectl(words, cluster) == (0, text, "")


FAILURES = [
    ("get pod zz", "", 'Error from server (NotFound): pods "zz" not found\n'),
    ("get pod zz a -o name", "pod/a\n", 'Error from server (NotFound): pods "zz" not found\n'),
    ("get pod zz -n nosuch", "", 'Error from server (NotFound): namespaces "nosuch" not found\n'),
    ("get nosuch", "", 'error: the server doesn\'t have a resource type "nosuch"\n'),
    ("get nosuch.v1.apps", "", 'error: the server doesn\'t have a resource type "nosuch"\n'),
    ("get pod a -A", "", "error: a resource cannot be retrieved by name across all namespaces\n"),
    ("get pod a -l app=web", "", "error: name cannot be provided when a selector is specified\n"),
    (
        "get pod/a -l app=web",
        "",
        "error: selectors and the all flag cannot be used when passing resource/name arguments\n",
    ),
    ("get pods --subresource=status", "", "error: subresource cannot be used when bulk resources are specified\n"),
    ("get pods,svc -w", "", "error: you may only specify a single resource type\n"),
    ("get pods -o jsonpath", "", "error: template format specified but no template given\n"),
    ("get pods -o custom-columns", "", "error: custom-columns format specified but no custom columns given\n"),
    (
        "get pods -o custom-columns=A",
        "",
        "error: unexpected custom-columns spec: A, expected <header>:<json-path-expr>\n",
    ),
    (
        "get pods --sort-by=.nosuch",
        "",
        'error: couldn\'t find any field with path "{.nosuch}" in the list of objects\n',
    ),
    ("get -f nosuch.yaml", "", 'error: the path "nosuch.yaml" does not exist\n'),
    (
        "get -f a.yaml -n other",
        "",
        'error: the namespace from the provided object "default" does not match the namespace "other". You must pass \'--namespace=default\' to perform this operation.\n',
    ),
    (
        "get -f broken.yaml",
        "",
        "error parsing broken.yaml: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context\n",
    ),
]


@pytest.mark.parametrize(("line", "out", "err"), FAILURES)
def test_failures(cluster: FakeTransport, line: str, out: str, err: str) -> None:
    files = {
        "a.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: default}\n",
        "broken.yaml": "a: b\n c: d\n",
    }
    assert kubectl(line, cluster, files=files) == (1, out, err)


def test_nothing_found_is_said_on_stderr(cluster: FakeTransport) -> None:
    assert kubectl("get pods -n nosuch", cluster) == (0, "", "No resources found in nosuch namespace.\n")
    assert kubectl("get nodes", cluster) == (0, "", "No resources found\n")
    assert kubectl("get pods -A -l no=such", cluster) == (0, "", "No resources found\n")


def test_selectors_show_in_the_servers_refusal(cluster: FakeTransport) -> None:
    code, _, err = kubectl(["get", "pods", "-l", "app in (web"], cluster)
    assert code == 1
    assert err == (
        'Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector '
        "\"app in (web\", field selector \"\": unable to parse requirement: found '', expected: ',' or ')'\n"
    )


def test_managed_fields_are_hidden_unless_asked_for() -> None:
    cluster = FakeTransport([named("ConfigMap", "c", metadata={"managedFields": [{"manager": "x"}]})])
    assert "managedFields" not in kubectl("get cm c -o yaml", cluster)[1]
    assert "managedFields" in kubectl("get cm -o json --show-managed-fields", cluster)[1]
    assert "managedFields" in cluster.objects[0]["metadata"]


def test_files_directories_and_stdin(cluster: FakeTransport) -> None:
    one = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
    other = "# first\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\n"
    files = {"d/a.yaml": one, "d/b.yml": other, "d/c.txt": "no", "d/e/f.yaml": one.replace("a}", "b}")}
    assert kubectl("get -f d -o name", cluster, files=files) == (0, "pod/a\nservice/s\n", "")
    assert kubectl("get -R -f d -o name", cluster, files=files) == (0, "pod/a\nservice/s\npod/b\n", "")
    assert kubectl("get -f - -o name", cluster, stdin=one) == (0, "pod/a\n", "")
    assert kubectl("get -f d/*.yaml -o name", cluster, files=files) == (0, "pod/a\n", "")


def test_documents_before_a_bad_one_are_used(cluster: FakeTransport) -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\nx: [\n"
    code, out, err = kubectl("get -f x.yaml --no-headers", cluster, files={"x.yaml": text})
    assert (code, out) == (1, "a     Running   0\n")
    assert err.startswith("error parsing x.yaml: error converting YAML to JSON: yaml: line ")


def test_watch_prints_rows_under_the_same_columns(cluster: FakeTransport) -> None:
    gone = pod("a-very-long-name")
    cluster.changes = [WatchEvent("ADDED", gone), WatchEvent("BOOKMARK", gone), WatchEvent("DELETED", pod("a"))]
    assert kubectl("get pods -w", cluster) == (
        0,
        "NAME   STATUS    RESTARTS\na      Running   0\nb      Running   0\n"
        "a-very-long-name   Running   0\na                  Running   0\n",
        "",
    )
    assert ("watch", "pods", "default", "100") in cluster.calls
    out = kubectl("get pods --watch-only --output-watch-events", cluster)[1]
    assert out == (
        "EVENT      NAME               STATUS    RESTARTS\nADDED      a-very-long-name   Running   0\n"
        "DELETED    a                  Running   0\n"
    )


def test_watch_in_other_forms(cluster: FakeTransport) -> None:
    cluster.changes = [WatchEvent("MODIFIED", pod("a"))]
    assert kubectl("get pod a -w -o name", cluster)[1] == "pod/a\npod/a\n"
    out = kubectl("get pod a --watch-only --output-watch-events -o json", cluster)[1]
    assert out.startswith('{"type":"MODIFIED","object":{"apiVersion":"v1","kind":"Pod",')
    assert kubectl("get pods -w -o yaml", cluster)[1].count("---\n") == 2


def test_warnings_are_printed_once_and_may_be_errors(cluster: FakeTransport) -> None:
    cluster.warning = "v1 Endpoints is deprecated"
    assert kubectl("get pods,svc -o name", cluster)[2] == "Warning: v1 Endpoints is deprecated\n"
    code, _, err = kubectl("get pods -o name --warnings-as-errors", cluster)
    assert (code, err) == (1, "Warning: v1 Endpoints is deprecated\nerror: 1 warning received\n")


def test_raw(cluster: FakeTransport) -> None:
    assert kubectl("get --raw /healthz", cluster) == (0, "ok", "")
    out = kubectl("get --raw /api/v1/namespaces/default/services/s", cluster)[1]
    assert out.startswith('{"kind":"Service","apiVersion":"v1","metadata":{"name":"s",')
    assert kubectl("get --raw /api/v1/nosuch", cluster)[0] == 1
