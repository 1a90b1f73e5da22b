"""curl beside the cluster, on ports that port-forward and proxy have made, says what curl says in the Pod."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from k8s_magic import Cluster
from k8s_magic.magics.laptop import Laptop


class Desk:
    """A person's shell, whose files it keeps."""

    def __init__(self) -> None:
        self.cluster = Cluster(nodes=1)
        self.files: dict[str, str] = {"body.txt": "one\ntwo\n", "form.json": "{}"}
        self._laptop = Laptop(self.files)

    def __call__(self, script: str) -> tuple[str, str, int]:
        said = {"stdout": "", "stderr": ""}

        def hear(stream: str, text: str) -> None:
            said[stream] += text

        code = self._laptop.run(script, self.cluster, hear)
        return said["stdout"], said["stderr"], code


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    desk = Desk()
    desk(
        "kubectl run web --image=nginx --port=80; kubectl run echo --image=registry.k8s.io/echoserver:1.4\n"
        "kubectl run tool --image=registry.k8s.io/e2e-test-images/agnhost:2.53 --command -- /agnhost netexec\n"
        "kubectl run store --image=redis; kubectl wait --for=condition=Ready pod --all --timeout=300s; sleep 2\n"
        "kubectl port-forward web 8080:80 8081:81; kubectl port-forward echo 9000:8080\n"
        "kubectl port-forward tool 9001:8080; kubectl port-forward store 6379; kubectl proxy\n"
    )
    yield desk
    desk.cluster.close()


@pytest.mark.parametrize("words", ["", "-I", "-d x=1", "-X DELETE", "-H 'Range: bytes=0-3'", "-0", "-H 'Host: a'"])
@pytest.mark.parametrize("path", ["/", "/gone", "/%zz"])
def test_as_in_the_pod(desk: Desk, words: str, path: str) -> None:
    outside = desk(f"curl -si {words} http://localhost:8080{path}")
    inside = desk(f"kubectl exec web -- curl -si {words} http://localhost{path}")
    assert outside[0].partition("Date: ")[0] == inside[0].partition("Date: ")[0]
    assert outside[0].partition("GMT\r\n")[2] == inside[0].partition("GMT\r\n")[2]
    assert outside[0].startswith("HTTP/1.1 ")


def test_what_curl_sends(desk: Desk) -> None:
    said = desk("curl -s localhost:9000/a?b=c -X PUT -H 'X-A: b' -A me -d @body.txt")[0]
    assert "command=PUT\nreal path=/a?b=c\nquery=b=c\nrequest_version=1.1\n" in said
    assert said.endswith(
        "HEADERS RECEIVED:\naccept=*/*\ncontent-length=6\ncontent-type=application/x-www-form-urlencoded\n"
        "host=localhost:9000\nuser-agent=me\nx-a=b\nBODY:\nonetwo"
    )
    assert desk("curl -s localhost:9000 --data-binary @body.txt")[0].endswith("BODY:\none\ntwo\n")
    assert desk("echo typed | curl -s localhost:9000 -d @-")[0].endswith("BODY:\ntyped")
    assert desk("curl -s localhost:9000 --json '{}'")[0].endswith("BODY:\n{}")
    assert desk("curl -s localhost:9001/echo --data-urlencode 'msg=a b&c=d'")[0] == "a b&c=d"
    assert desk("curl -s -o /dev/null -w '%{http_code}' -F file=@form.json localhost:9001/upload")[0] == "201"
    assert desk("curl -s -d @none localhost:9000")[1].startswith('Warning: Couldn\'t read data from file "none"')
    assert desk("curl -s -F file=@none localhost:9001/upload")[2] == 26


def test_what_curl_keeps(desk: Desk) -> None:
    assert desk(
        "curl -s -i localhost:8080/gone -o page; head -1 page; curl -s localhost:8080 > whole; wc -c < whole"
    ) == (
        "HTTP/1.1 404 Not Found\r\n615\n",
        "",
        0,
    )
    assert "<center><h1>404 Not Found</h1></center>" in desk.files["page"]


def test_where_nobody_answers(desk: Desk) -> None:
    out, err, code = desk("curl -sS localhost:8081")
    assert (out, code) == ("", 52)
    assert err.startswith("an error occurred forwarding 8081 -> 81: error forwarding port 81 to pod ")
    assert err.endswith(": connect: connection refused \ncurl: (52) Empty reply from server\n")
    assert desk("curl -sS localhost:6379") == ("", "curl: (52) Empty reply from server\n", 52)
    assert desk("curl -sS localhost:7")[2] == 7


def test_kubectl_proxy_passes_on_more_than_reading(desk: Desk) -> None:
    place = "localhost:8001/api/v1/namespaces/default/pods"
    said = desk(f"curl -si -d hi {place}/echo:8080/proxy/x")[0]
    assert said.startswith("HTTP/1.1 200 OK\r\n")
    assert "command=POST\nreal path=/x\n" in said
    assert said.endswith("BODY:\nhi")
    assert desk(f"curl -si {place}/web/proxy | grep -i location")[0].endswith("/pods/web/proxy/\r\n")
    assert desk(f"curl -si {place}/gone")[0].startswith(
        "HTTP/1.1 404 Not Found\r\nCache-Control: no-cache, private\r\n"
    )
    assert "to the API here, not DELETE" in desk(f"curl -s -X DELETE {place}/web")[1]


def test_a_replay_sends_the_same_files(desk: Desk) -> None:
    desk("curl -s localhost:9000/marked -d @body.txt -o /dev/null")
    again = Cluster.load(desk.cluster.save())
    mine, its = (one.kubectl("logs echo --tail=1").stdout for one in (desk.cluster, again))
    assert mine == its
    assert '"POST /marked HTTP/1.1" 200' in its
    again.close()
