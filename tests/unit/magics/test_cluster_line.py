"""%cluster: every subcommand, and what it says to nonsense."""

import pytest


def names(text: str) -> list[str]:
    return [line.split()[0] for line in text.splitlines()[1:]]


def test_new_clusters_of_every_size(cell) -> None:
    assert names(cell("%cluster nodes")) == ["control-plane", "node-1", "node-2", "node-3"]
    assert cell("%cluster new --bare --nodes 2 --cpu 2 --memory 4Gi --pods 20 --seed 5 --manual") == ""
    assert names(cell("%kubectl get nodes")) == ["node-0", "node-1"]
    assert cell("%kubectl get nodes -o jsonpath='{.items[*].status.capacity.cpu} {.items[*].status.capacity.memory}'")
    assert cell("%cluster seed") == "5\n"
    assert cell("%kubectl get pods -A") == "stderr: No resources found\n"
    cell("%cluster new --nodes=1 --manual")
    assert names(cell("%kubectl get nodes")) == ["control-plane", "node-1"]


def test_reset_and_seed_start_again(cell) -> None:
    cell("%kubectl create deployment web --image=nginx")
    first = cell("%kubectl get pods -o name")
    cell("%cluster reset")
    assert cell("%kubectl get deployments") == "stderr: No resources found in default namespace.\n"
    cell("%kubectl create deployment web --image=nginx")
    assert cell("%kubectl get pods -o name") == first
    cell("%cluster seed 8")
    assert cell("%cluster seed") == "8\n"
    cell("%cluster pause")
    cell("%kubectl create deployment web --image=nginx")
    cell("%cluster step 1s")
    assert cell("%kubectl get pods -o name") not in ("", first)


def test_time_is_the_persons(cell) -> None:
    assert cell("%cluster status").splitlines()[-1] == "time 0:01:00, moves by commands only, seed 0"
    cell("%cluster step 90s")
    assert cell("%cluster status").splitlines()[-1] == "time 0:02:30, moves by commands only, seed 0"
    for text in ("500ms", "1h", "5m", "2", ""):
        assert cell(f"%cluster step {text}") == ""
    assert cell("%cluster status").splitlines()[-1] == "time 1:07:33, moves by commands only, seed 0"
    assert cell("%cluster speed") == "1\n"


def test_a_live_cluster_pauses_plays_and_changes_speed(cell) -> None:
    cell("%cluster new")
    assert cell("%cluster status").splitlines()[-1].endswith("speed 1, seed 0")
    cell("%cluster speed 20x")
    assert cell("%cluster speed") == "20\n"
    cell("%cluster pause")
    paused = cell("%cluster status")
    assert paused.splitlines()[-1].endswith(", paused, seed 0")
    assert cell("%cluster status") == paused
    cell("%cluster play")
    assert cell("%cluster status").splitlines()[-1].endswith("speed 20, seed 0")


def test_a_node_fails_and_heals(cell) -> None:
    cell("%cluster fail node-1")
    cell("%cluster step 1m")
    assert "node-1         NotReady" in cell("%cluster status")
    assert "node-1          NotReady" in cell("%kubectl get nodes")
    cell("%cluster heal node-1")
    cell("%cluster step 20s")
    assert "NotReady" not in cell("%kubectl get nodes")


def test_a_history_is_saved_and_loaded(cell) -> None:
    cell("%kubectl create deployment web --image=nginx --replicas=2")
    cell("%cluster step 10s")
    before = cell("%kubectl get pods -o yaml")
    assert cell("%cluster save mine.txt") == ""
    cell("%cluster new --manual --bare")
    assert cell("%cluster load mine.txt") == ""
    assert cell("%kubectl get pods -o yaml") == before


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("dance", "unknown subcommand 'dance'; %cluster help lists them"),
        ("new --nodes many", "--nodes must be a whole number, not 'many'"),
        ("new --nodes", "--nodes needs a value"),
        ("new --nodes -1", "nodes must be 0 to 5000, not -1"),
        ("new --pods 0", "pods must be 1 to 500, not 0"),
        ("new --cpu 0", "cpu must be above 0, not 0"),
        ("new --size 3", "unknown option '--size'; %cluster help lists them"),
        ("new bare", "unknown option 'bare'; %cluster help lists them"),
        ("reset now", "expects nothing more than itself, not 'now'"),
        ("step 5y", "'5y' is no time; write 500ms, 30s, 5m or 1h"),
        ("speed 0", "speed must be above 0 and at most 1000, not 0"),
        ("speed fast", "'fast' is no number"),
        ("fail", "expects the name of one node"),
        ("fail nope", 'nodes "nope" not found; there are control-plane, node-1, node-2, node-3'),
        ("heal nope", 'nodes "nope" not found; there are control-plane, node-1, node-2, node-3'),
        ("load nope.txt", "this notebook has no file 'nope.txt'"),
        ("seed x", "--seed must be a whole number, not 'x'"),
        ("status 'a", "cannot read the line: no closing quotation"),
    ],
)
def test_nonsense_is_answered_in_one_line_and_changes_nothing(cell, line: str, complaint: str) -> None:
    before = cell("%cluster status")
    word = line.split()[0]
    assert cell(f"%cluster {line}") == f"stderr: %cluster {word}: {complaint}\n"
    assert cell("%cluster status") == before


def test_help_lists_every_subcommand(cell) -> None:
    text = cell("%cluster")
    assert text == cell("%cluster help")
    for word in ("view", "status", "nodes", "new", "reset", "seed", "pause", "play", "step", "speed", "fail", "heal"):
        assert word in text
