"""%%manifest: applies the cell's YAML, names it, and shows a bad line."""

import pytest

PAIR = """apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {k: v}
---
apiVersion: v1
kind: Secret
metadata: {name: b}
stringData: {k: v}
"""
ONE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n"


def test_several_documents_are_applied_in_order_and_named_for_later(cell, shell) -> None:
    assert cell(f"%%manifest pair.yaml\n{PAIR}") == "configmap/a created\nsecret/b created\n"
    assert [obj["kind"] for obj in shell.user_ns["_"].objects] == ["ConfigMap", "Secret"]
    assert cell("%kubectl get -f pair.yaml -o name") == "configmap/a\nsecret/b\n"
    assert cell(f"%%manifest pair.yaml\n{PAIR}") == "configmap/a unchanged\nsecret/b configured\n"
    assert cell("%kubectl delete -f pair.yaml") == (
        'configmap "a" deleted from default namespace\nsecret "b" deleted from default namespace\n'
    )


def test_without_a_name_it_is_manifest_yaml(cell) -> None:
    cell(f"%%manifest\n{ONE}")
    assert cell("%kubectl get -f manifest.yaml -o name") == "configmap/a\n"


def test_options_for_namespace_dry_run_diff_and_save(cell) -> None:
    assert cell(f"%%manifest -n nope\n{ONE}") == (
        'stderr: Error from server (NotFound): error when creating "manifest.yaml": namespaces "nope" not found\n'
    )
    assert cell(f"%%manifest -n kube-public\n{ONE}") == "configmap/a created\n"
    assert cell(f"%%manifest --dry-run=server\n{ONE}") == "configmap/a created (server dry run)\n"
    assert cell(f"%%manifest --dry-run=client\n{ONE}") == "configmap/a created (dry run)\n"
    assert cell(f"%%manifest a.yaml --save\n{ONE}") == ""
    assert cell("%kubectl get configmap a") == 'stderr: Error from server (NotFound): configmaps "a" not found\n'
    assert cell("%kubectl apply -f a.yaml") == "configmap/a created\n"
    shown = cell(f"%%manifest --diff\n{ONE.replace('k: v', 'k: w')}")
    changed = [line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert changed == ["-  k: v", "+  k: w"]
    assert cell("%kubectl get configmap a -o jsonpath={.data.k}") == "v"
    assert cell(f"%%manifest --server-side -n kube-system\n{ONE}") == "configmap/a serverside-applied\n"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("--nope", "unknown option: --nope"),
        ("a.yaml b.yaml", "one name is enough: a.yaml or b.yaml"),
        ("-n", "-n needs a namespace"),
        ("'a", "cannot read the line: no closing quotation"),
    ],
)
def test_a_line_that_makes_no_sense_applies_nothing(cell, line: str, complaint: str) -> None:
    assert cell(f"%%manifest {line}\n{ONE}").splitlines()[0] == f"stderr: {complaint}"
    assert cell("%kubectl get configmaps -o name") == "configmap/kube-root-ca.crt\n"


@pytest.mark.parametrize(
    ("text", "line", "shown", "column"),
    [
        ("a: 1\n b: 2\n", 2, " b: 2", 0),
        ("a:\n\tb: 1\n", 2, "⇥b: 1", 1),
        ("a: [1, 2\nb: 3\n", 2, "b: 3", 0),
        ("a: 'x\n", 1, "a: 'x", 6),
        ("a: *nope\n", 1, "a: *nope", 4),
    ],
)
def test_a_bad_line_is_shown_with_line_column_and_caret(cell, text: str, line: int, shown: str, column: int) -> None:
    said = cell(f"%%manifest bad.yaml\n{text}").splitlines()
    assert said[0].startswith("stderr: error: error parsing bad.yaml: ")
    assert said[2] == f"{line} | {shown}"
    caret, _, place = said[3].partition("^")
    assert place.startswith(f" line {line}, column ")
    assert len(caret) - len(f"{line} | ") + 1 == int(place.rpartition(" ")[2])
    if column:
        assert place == f" line {line}, column {column}"


def test_what_the_server_refuses_reads_as_from_kubectl(cell) -> None:
    deployment = """apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: b}}
    spec: {containers: [{name: a, image: nginx}]}
"""
    assert cell(f"%%manifest d.yaml\n{deployment}") == (
        'stderr: The Deployment "a" is invalid: spec.template.metadata.labels: Invalid value: {"app":"b"}: `selector` '
        "does not match template `labels`\n"
    )
    assert cell(f"%%manifest d.yaml\n{deployment}  paused: 3\n  colour: red\n".replace("app: b", "app: a")) == (
        'stderr: Error from server (BadRequest): error when creating "d.yaml": Deployment in version "v1" cannot be '
        "handled as a Deployment: json: cannot unmarshal number into Go struct field DeploymentSpec.spec.paused of "
        "type bool\n"
    )
    assert cell(f"%%manifest d.yaml\n{deployment}  colour: red\n".replace("app: b", "app: a")) == (
        'stderr: Error from server (BadRequest): error when creating "d.yaml": Deployment in version "v1" cannot be '
        'handled as a Deployment: strict decoding error: unknown field "spec.colour"\n'
    )
