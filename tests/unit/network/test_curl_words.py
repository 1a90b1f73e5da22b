"""curl from outside and from inside: what it prints, how it exits, how long it takes."""

import pytest
from network_rig import Lan

from k8s_magic.runtime.container import SimulatedContainer
from k8s_magic.runtime.contract import HttpRequest, HttpResponse


def lan_with_web() -> Lan:
    lan = Lan()
    lan.service("web", type="NodePort", nodePort=30080, clusterIP="10.96.7.7")
    lan.endpoints("web", lan.pod("web"))
    lan.run(1)
    return lan


HELLO = "Hello, world!\nVersion: 1.0.0\nHostname: web\n"
USAGE = "curl: try 'curl --help' or 'curl --manual' for more information\n"


@pytest.mark.parametrize(
    ("line", "output", "errors", "code", "elapsed"),
    [
        ("http://172.18.0.2:30080/", HELLO, "", 0, 1000),
        ("node-1:30080", HELLO, "", 0, 1400),
        (
            "-s -o /dev/null -w '%{http_code} %{remote_ip}:%{remote_port}\\n' node-2:30080",
            "200 172.18.0.3:30080\n",
            "",
            0,
            1400,
        ),
        (
            "http://node-1:31000",
            "",
            "curl: (7) Failed to connect to node-1 port 31000 after 1 ms: Couldn't connect to server\n",
            7,
            1400,
        ),
        ("-s http://node-1:31000", "", "", 7, 1400),
        ("http://nope", "", "curl: (6) Could not resolve host: nope\n", 6, 400),
        ("-m 2 http://10.96.7.7", "", "curl: (28) Connection timed out after 2001 milliseconds\n", 28, 2_001_000),
        (
            "--connect-timeout 1.5 http://10.244.1.2:8080",
            "",
            "curl: (28) Connection timed out after 1501 milliseconds\n",
            28,
            1_501_000,
        ),
        (
            "http://10.96.7.7",
            "",
            "curl: (28) Failed to connect to 10.96.7.7 port 80 after 127000 ms: Couldn't connect to server\n",
            28,
            127_000_000,
        ),
        (
            "localhost:8080",
            "",
            "curl: (7) Failed to connect to localhost port 8080 after 0 ms: Couldn't connect to server\n",
            7,
            0,
        ),
        ("", "", USAGE, 2, 0),
        ("--nope x", "", "curl: option --nope: is unknown\n" + USAGE, 2, 0),
        ("-m", "", "curl: option -m: requires parameter\n" + USAGE, 2, 0),
        ("ftp://x", "", 'curl: (1) Protocol "ftp" not supported or disabled in libcurl\n', 1, 0),
        ("'http://a b'", "", "curl: (3) URL using bad/illegal format or missing URL\n", 3, 0),
        ("-o page.html node-1:30080", "", None, 1, 1400),
    ],
)
def test_from_outside(line: str, output: str, errors: str | None, code: int, elapsed: int) -> None:
    lan = lan_with_web()
    start = lan.kernel.now
    out, err, status = lan.curl(line)
    assert (out, status, lan.kernel.now - start) == (output, code, elapsed)
    if errors is not None:
        assert err == errors
    else:
        assert err.endswith("curl: curl -o writes no files on this machine, only to /dev/null, not to page.html\n")


def test_headers_and_the_trace() -> None:
    lan = lan_with_web()
    head = (
        "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:01 GMT\r\nContent-Length: 43\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    assert lan.curl("-I http://172.18.0.2:30080") == (head, "", 0)
    assert lan.curl("-i http://172.18.0.2:30080") == (head + HELLO, "", 0)
    assert lan.curl("-v -H 'X-Me: 1' -d a=b http://172.18.0.2:30080/x")[1] == (
        "*   Trying 172.18.0.2:30080...\n* Connected to 172.18.0.2 (172.18.0.2) port 30080 (#0)\n> POST /x HTTP/1.1\n"
        "> Host: 172.18.0.2:30080\n> User-Agent: curl/7.88.1\n> Accept: */*\n> X-Me: 1\n> Content-Length: 3\n"
        "> Content-Type: application/x-www-form-urlencoded\n> \n"
        + "".join(f"< {line}\r\n" for line in head.split("\r\n")[:-1])
        + "* Connection #0 to host 172.18.0.2 left intact\n"
    )


def test_forwarded_ports_answer_on_localhost() -> None:
    lan = Lan()
    ports = {8080: lambda request: HttpResponse(200, f"{request.method} {request.path} of {request.host}\n")}
    assert lan.curl("-X PUT http://localhost:8080/a", local_ports=ports) == ("PUT /a of localhost:8080\n", "", 0)


def test_redirects_retries_and_failures() -> None:
    lan = Lan()
    answers = iter([503, 503, 302, 200, 404])

    def handler(request: HttpRequest) -> HttpResponse:
        status = next(answers)
        return HttpResponse(status, f"{status} {request.path}\n", {"Location": "/next"} if status == 302 else {})

    ports = {80: handler}
    assert lan.curl("-s -L --retry 3 -w '%{num_redirects}\\n' http://localhost/a", local_ports=ports) == (
        "503 /a\n0\n503 /a\n0\n200 /next\n1\n",
        "",
        0,
    )
    assert lan.kernel.now == 1_000_000 + 2_000_000 + 4 * 500
    assert lan.curl("-f localhost", local_ports=ports) == ("", "curl: (22) The requested URL returned error: 404\n", 22)


def test_inside_a_container_a_pipe_shows_the_meter() -> None:
    lan = lan_with_web()
    web = lan.pod("client", 2, "nginx")
    assert lan.sh(web, "curl web") == (HELLO, "", 0)
    output, errors, code = lan.sh(web, "curl web | wc -l")
    assert (output, code) == ("3\n", 0)
    assert errors.startswith("  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n")
    assert lan.sh(web, "curl -s -m 1 10.96.7.7:99 || echo failed with $?")[0] == "failed with 28\n"


def test_wget_and_nc() -> None:
    lan = lan_with_web()
    box = lan.box()
    assert lan.sh(box, "wget -qO- web") == (HELLO, "", 0)
    assert lan.sh(box, "wget web -O /tmp/x; cat /tmp/x") == (
        HELLO,
        "Connecting to web (10.96.7.7:80)\nsaving to '/tmp/x'\n"
        "/tmp/x               100% |********************************|    43  0:00:00 ETA\n'/tmp/x' saved\n",
        0,
    )
    assert lan.sh(box, "wget -qO- nope")[1:] == ("wget: bad address 'nope'\n", 1)
    assert lan.sh(box, "wget -q -T 2 -O- web:81")[1:] == ("wget: download timed out\n", 1)
    assert lan.sh(box, "wget 10.244.1.2:81")[1:] == (
        "Connecting to 10.244.1.2:81 (10.244.1.2:81)\n"
        "wget: can't connect to remote host (10.244.1.2): Connection refused\n",
        1,
    )
    assert lan.sh(box, "nc -zv web 80; nc -zv -w 1 web 81") == (
        "",
        "web (10.96.7.7:80) open\nnc: web (10.96.7.7:81): Connection timed out\n",
        1,
    )
    assert lan.sh(box, "ping -c 1 10.244.1.2") == (
        "PING 10.244.1.2 (10.244.1.2): 56 data bytes\n64 bytes from 10.244.1.2: seq=0 ttl=64 time=0.200 ms\n\n"
        "--- 10.244.1.2 ping statistics ---\n1 packets transmitted, 1 packets received, 0% packet loss\n"
        "round-trip min/avg/max = 0.200/0.200/0.200 ms\n",
        "",
        0,
    )


def test_bytes_that_are_no_text_stay_off_the_screen() -> None:
    lan = Lan()
    lan.service("echo", clusterIP="10.96.7.7", type="NodePort", nodePort=30080)
    lan.endpoints("echo", lan.pod("echo", 1, "registry.k8s.io/echoserver:1.4"))
    lan.run(2)
    words = "-s http://172.18.0.2:30080 --data-binary @body"
    out, err, code = lan.curl(words, files={"body": "a\0\udcff"})
    assert (out, code) == ("", 23)
    assert lan.curl(f"-S {words}", files={"body": "a\0\udcff"})[1].startswith(
        "Warning: Binary output can mess up your terminal."
    )
    assert err == ""
    kept: dict[str, str] = {}
    lan.curl(f"{words} -o kept", files={"body": "a\0\udcff"}, save=kept.__setitem__)
    assert kept["kept"].endswith("BODY:\na\0\udcff")
    assert lan.curl(words, files={"body": "\udcff"})[0].endswith("BODY:\n\ufffd")


def test_nc_speaks_by_bytes() -> None:
    lan = Lan()
    box, store, base = lan.box(), lan.pod("store", 2, "redis:7"), lan.pod("memory", 2, "memcached")
    web = lan.pod("web", 1, "gcr.io/google-samples/hello-app:1.0")
    lan.run(2)

    def nc(where: SimulatedContainer, port: int, text: str) -> tuple[str, str, int]:
        return lan.sh(box, f"printf '{text}' | nc {where.sandbox.ip} {port}")

    assert nc(store, 6379, "PING\\r\\nSET a 1\\r\\nINCR a\\r\\n") == ("+PONG\r\n+OK\r\n:2\r\n", "", 0)
    assert nc(web, 8080, "GET / HTTP/1.0\\r\\n\\r\\n")[0].startswith("HTTP/1.0 200 OK\r\nDate: ")
    assert nc(web, 8080, "hello\\r\\n\\r\\n")[0].startswith("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain")
    assert "k8s-magic does not model the bytes that memcached speaks on this port" in nc(base, 11211, "stats\\r\\n")[1]
