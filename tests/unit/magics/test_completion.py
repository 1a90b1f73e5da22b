"""Tab completes verbs, kinds, names, flags and namespaces on our lines, and only there."""

import pytest
from IPython.core.completer import provisionalcompleter


@pytest.fixture
def complete(shell, cell):
    cell("%kubectl create deployment web --image=nginx --replicas=1")
    cell("%kubectl create namespace shop")

    def run(text: str) -> list[str]:
        line = text.splitlines()[-1]
        row = len(text.splitlines()) - 1
        answer = shell._k8s_magic[1].complete(text, row, line, len(line))
        return [each.text for each in answer["completions"]]

    return run


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("%kubectl ", {"get", "describe", "rollout", "apply"}),
        ("%kubectl desc", {"describe"}),
        ("%kubectl rollout ", {"status", "history", "undo", "pause", "resume", "restart"}),
        ("%kubectl get depl", {"deployments"}),
        ("%kubectl get deployments ", {"web"}),
        ("%kubectl get deploy/w", {"deploy/web"}),
        ("%kubectl scale deployment w", {"web"}),
        ("%kubectl get pods --all", {"--all-namespaces"}),
        ("%kubectl get pods -n sh", {"shop"}),
        ("%kubectl get pods --namespace=sh", {"--namespace=shop"}),
        ("%kubectl cordon node-", {"node-1", "node-2", "node-3"}),
        ("%kubectl get pods -o js", {"json", "jsonpath", "jsonpath-as-json", "jsonpath-file"}),
        ("x = %kubectl get names", {"namespaces"}),
        ("%%kubectl\n# first\nget nam", {"namespaces"}),
        ("%%kubectl\nkubectl descr", {"describe"}),
        ("%kubectl get pods | gr", set()),
        ("%cluster st", {"status", "step"}),
        ("%cluster fail node-", {"node-1", "node-2", "node-3"}),
        ("%cluster new --no", {"--nodes"}),
        ("%lesson ", {"1", "2", "3", "4", "5", "6", "7"}),
        ("%lesson 5 ", {"en", "ja", "--manual"}),
        ("%lesson 5 ja -", {"--manual"}),
    ],
)
def test_a_line_of_ours(complete, text: str, some: set[str]) -> None:
    found = complete(text)
    assert some <= set(found)
    word = text.split()[-1] if not text.endswith(" ") else ""
    assert all(each.startswith(word) for each in found)


@pytest.mark.parametrize(
    "text", ["print(kub", "x = get", "kubectl_ get ", "import os\nos.", "%timeit get ", "check f", "!lesson "]
)
def test_other_lines_are_left_alone(complete, text: str) -> None:
    assert complete(text) == []


def test_a_pods_name_and_its_containers(complete, cell) -> None:
    pod = cell("%kubectl get pods -o jsonpath='{.items[0].metadata.name}'")
    assert complete("%kubectl logs web-") == [pod]
    assert complete(f"%kubectl exec {pod} -c ") == ["nginx"]


def test_the_questions_of_the_lesson_that_one_is_in(complete, cell) -> None:
    assert complete("%check ") == [], "no lesson has begun"
    cell("%lesson 5 ja --manual")
    assert complete("%check ") == ["five-pods", "two-on-each-node", "as-many-as-fit"]
    assert complete("%check as") == ["as-many-as-fit"]
    assert complete("%check as-many-as-fit ") == []
    cell("%lesson 2 --manual")
    assert "five-pods" not in complete("%check ")
    assert complete("%lesson 5 ja ") == ["--manual"]


def test_through_ipythons_own_completer(shell, complete) -> None:
    shell.Completer.use_jedi = False
    text = "%kubectl get namesp"
    with provisionalcompleter():
        assert "namespaces" in {each.text for each in shell.Completer.completions(text, len(text))}
        shell.run_line_magic("unload_ext", "k8s_magic")
        assert "namespaces" not in {each.text for each in shell.Completer.completions(text, len(text))}
