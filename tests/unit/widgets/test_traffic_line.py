"""%traffic: what a person types, and what is said."""

from __future__ import annotations

import pytest

from k8s_magic.cluster import Cluster
from k8s_magic.magics import traffic_line
from k8s_magic.magics.completion import Completion
from k8s_magic.magics.lesson_line import Classroom
from k8s_magic.magics.session import Session


@pytest.fixture
def session() -> Session:
    session = Session({})
    session.use(Cluster(nodes=2, seed=1))
    session.cluster.kubectl("create deployment web --image=nginx --replicas=2")
    session.cluster.kubectl("expose deployment web --port=80")
    session.cluster.run(20)
    return session


@pytest.fixture
def type_(session: Session, capsys: pytest.CaptureFixture[str]):
    def run(line: str) -> str:
        traffic_line.run(session, line)
        return capsys.readouterr().out

    return run


def test_a_load_from_its_start_to_its_stop(session: Session, type_) -> None:
    assert type_("") == "No load runs. Start one with %traffic svc/NAME --rate 50/s\n"
    said = type_("svc/web --rate 50/s --keep-alive --timeout 1s")
    assert said == "default/web from a pod on node-1, 50/s, 10 connections kept alive: 0 sent, 0 answered, none lost\n"
    session.cluster.run(10)
    listed = type_("")
    assert listed.splitlines()[0].split() == (
        ["NAMESPACE", "SERVICE", "FROM", "RATE", "STATE", "SENT", "ANSWERED", "LOST", "P50", "P95", "P99"]
    )
    assert listed.splitlines()[1].split()[:8] == ["default", "web", "pod", "50/s", "running", "500", "500", "0"]
    assert "500 sent" in type_("service web")
    assert type_("services/web --stop").endswith("500 sent, 500 answered, none lost, ended\n")


def test_a_ref_a_namespace_and_a_rate_that_is_kept(session: Session, type_) -> None:
    session.cluster.kubectl("config set-context --current --namespace=shop")
    with pytest.raises(traffic_line.LineError, match='services "web" not found'):
        type_("svc/web --rate=5/s")
    assert ", 5/s:" in type_("svc/web -n default --rate=5/s")
    assert ", 5/s wave:" in type_("web --pattern wave --namespace=default")
    assert len(session.cluster.loads()) == 1


def test_it_is_said_in_the_language_of_the_views(session: Session, type_) -> None:
    session.speak("ja")
    said = type_("svc/web --rate 50/s")
    assert said == "default/web（送信元: node-1 上のPod、50/s）: 送信 0件、応答あり 0件、失敗なし\n"
    session.cluster.run(10)
    assert "█ 応答あり  ▒ 失敗  │ 均等な割り当て" in type_("svc/web")
    assert type_("svc/web --stop").endswith("送信 500件、応答あり 500件、失敗なし、終了\n")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("svc/web --rate", "--rate needs a value"),
        ("svc/web --speed 5", "unknown option '--speed'; %traffic --help lists them"),
        ("svc/web svc/db --rate 5", "expects one Service, not svc/web and svc/db"),
        ("--rate 5/s", "expects a Service, such as svc/web"),
        ("svc/web", "no load was sent to svc/web; start one with %traffic svc/web --rate 10/s"),
        ("svc/web --stop", "no load runs on svc/web"),
        ("--stop", "no load runs"),
        ("svc/web --keep-alive=many --rate 5", "--keep-alive takes a number of connections, not 'many'"),
        ("deploy/web --rate 5/s", "traffic goes to a Service, such as svc/web, not to deploy/web"),
        ("svc/web 'x", "cannot read the line: no closing quotation"),
    ],
)
def test_errors_are_one_plain_sentence(type_, line: str, sentence: str) -> None:
    with pytest.raises(traffic_line.LineError) as caught:
        type_(line)
    assert str(caught.value) == sentence


def test_help_and_completion(session: Session, type_) -> None:
    assert type_("--help").startswith("usage: %traffic")
    completion = Completion(session, Classroom(session))

    def offered(line: str) -> list[str]:
        return [found.text for found in completion.complete(line, 0, line, len(line))["completions"]]

    assert "svc/web" in offered("%traffic svc/w")
    assert offered("%traffic svc/web --pattern s") == ["steady", "spike"]
    assert "--rate" in offered("%traffic svc/web --r")
