"""What the images of the catalogue print and answer."""

import pytest
from runtime_rig import Machine, texts, volume

from k8s_magic.runtime.container import SimulatedContainer
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.sim.time import SECOND


def ask(container: SimulatedContainer, port: int, path: str = "/", **headers: str) -> HttpResponse:
    sent = {"Host": f"web:{port}", "User-Agent": "curl/7.88.1", "Accept": "*/*", **headers}
    request = HttpRequest("GET", path, f"web:{port}", sent, "", "10.244.2.9")
    return container.sandbox.listeners[("TCP", port)](request)


def test_kubernetes_bootcamp() -> None:
    machine = Machine()
    old = machine.start("gcr.io/google-samples/kubernetes-bootcamp:v1", sandbox=machine.sandbox("bootcamp-1"))
    new = machine.start("docker.io/jocatalin/kubernetes-bootcamp:v2", sandbox=machine.sandbox("bootcamp-2"))
    machine.run(2)
    assert ask(old, 8080, "/any").body == "Hello Kubernetes bootcamp! | Running on: bootcamp-1 | v=1\n"
    assert ask(new, 8080).body == "Hello Kubernetes bootcamp! | Running on: bootcamp-2 | v=2\n"
    assert texts(old) == [
        "Kubernetes Bootcamp App Started At: 2026-01-01T00:00:00.400Z | Running On:  bootcamp-1 ",
        "",
        "Running On: bootcamp-1 | Total Requests: 1 | App Uptime: 1.6 seconds | Log Time: 2026-01-01T00:00:02.000Z",
    ]
    machine.node.stop(old, 30 * SECOND)
    machine.run(60)
    assert (old.exit_code, old.finished_at) == (137, 32 * SECOND)


def test_nginx_answers_and_logs() -> None:
    machine = Machine()
    container = machine.start("nginx:1.27.3")
    machine.run(1)
    response = ask(container, 80)
    assert response.body.startswith("<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n")
    assert len(response.body) == 615
    assert list(response.headers)[:4] == ["Server", "Date", "Content-Type", "Content-Length"]
    assert response.headers["Server"] == "nginx/1.27.3"
    assert response.headers["Date"] == "Thu, 01 Jan 2026 00:00:01 GMT"
    assert ask(container, 80, "/x").body.startswith("<html>\r\n<head><title>404 Not Found</title></head>\r\n")
    assert texts(container)[-2:] == [
        '10.244.2.9 - - [01/Jan/2026:00:00:01 +0000] "GET / HTTP/1.1" 200 615 "-" "curl/7.88.1" "-"',
        '10.244.2.9 - - [01/Jan/2026:00:00:01 +0000] "GET /x HTTP/1.1" 404 153 "-" "curl/7.88.1" "-"',
    ]


def test_nginx_reads_its_configuration() -> None:
    machine = Machine()
    config = """
    server {
      listen 8080;  # not 80
      server_name shop;
      root /srv;
      location = /ping { return 200 "pong\\n"; }
      location /old { return 301 /new; }
      location / { try_files $uri =404; }
    }"""
    container = machine.start(
        "nginx",
        mounts=(volume("/etc/nginx/conf.d", {"shop.conf": config}), volume("/srv", {"a.txt": "A"})),
    )
    machine.run(1)
    assert list(container.sandbox.listeners) == [("TCP", 8080)]
    assert ask(container, 8080, "/ping").body == "pong\n"
    assert (ask(container, 8080, "/old").status, ask(container, 8080, "/old").headers["Location"]) == (
        301,
        "http://web:8080/new",
    )
    assert (ask(container, 8080, "/a.txt").body, ask(container, 8080, "/b").status) == ("A", 404)


def test_echoserver() -> None:
    machine = Machine()
    old = machine.start("registry.k8s.io/echoserver:1.4")
    new = machine.start("k8s.gcr.io/echoserver:1.10", sandbox=machine.sandbox("hello-node"))
    machine.run(1)
    assert ask(old, 8080, "/a?b=c").body == (
        "CLIENT VALUES:\nclient_address=10.244.2.9\ncommand=GET\nreal path=/a?b=c\nquery=b=c\nrequest_version=1.1\n"
        "request_uri=http://web:8080/a\n\nSERVER VALUES:\nserver_version=nginx: 1.10.0 - lua: 10001\n\n"
        "HEADERS RECEIVED:\naccept=*/*\nhost=web:8080\nuser-agent=curl/7.88.1\nBODY:\n-no body in request-"
    )
    assert ask(new, 8080).body == (
        "\n\nHostname: hello-node\n\nPod Information:\n\t-no pod information available-\n\nServer values:\n"
        "\tserver_version=nginx: 1.13.3 - lua: 10008\n\n"
        "Request Information:\n\tclient_address=10.244.2.9\n\tmethod=GET\n"
        "\treal path=/\n\tquery=\n\trequest_version=1.1\n\trequest_scheme=http\n\trequest_uri=http://web:8080/\n\n"
        "Request Headers:\n\taccept=*/*\n\thost=web:8080\n\tuser-agent=curl/7.88.1\n\nRequest Body:\n"
        "\t-no body in request-\n\n"
    )


def test_agnhost() -> None:
    machine = Machine()
    image = "registry.k8s.io/e2e-test-images/agnhost:2.53"
    netexec = machine.start(image, "/agnhost", "netexec", "--http-port=8080", sandbox=machine.sandbox("hello"))
    hostname = machine.start(image, args=("serve-hostname",), sandbox=machine.sandbox("names"))
    machine.run(1)
    assert ask(netexec, 8080, "/hostname").body == "hello"
    assert ask(netexec, 8080, "/echo?msg=hi").body == "hi"
    assert ask(netexec, 8080).body == "NOW: 2026-01-01 00:00:01.000000000 +0000 UTC m=+1.000000000"
    assert ask(hostname, 9376).body == "names"
    assert texts(netexec)[:3] == [
        "I0101 00:00:00.030000       1 log.go:195] Started HTTP server on port 8080",
        "I0101 00:00:00.030000       1 log.go:195] Started UDP server on port  8081",
        "I0101 00:00:01.000000       1 log.go:195] GET /hostname",
    ]
    ask(netexec, 8080, "/exit?code=3")
    machine.run(1)
    assert netexec.exit_code == 3


@pytest.mark.parametrize("image", ["k8s.gcr.io/liveness", "registry.k8s.io/e2e-test-images/agnhost:2.40"])
def test_liveness_fails_after_ten_seconds(image: str) -> None:
    machine = Machine()
    container = machine.start(image, args=("liveness",) if "agnhost" in image else ("/server",))
    probe = lambda: machine.node.probe_http(container.sandbox, "", 8080, "/healthz", "HTTP", {}, SECOND)  # noqa: E731
    machine.run(10)
    assert (probe().success, probe().output) == (True, "ok")
    machine.run(1)
    assert (probe().success, probe().output) == (False, "HTTP probe failed with statuscode: 500")


def test_redis() -> None:
    machine = Machine()
    container = machine.start(
        "redis:7", mounts=(volume("/conf", {"redis.conf": "maxmemory 2mb\n"}),), args=("/conf/redis.conf",)
    )
    machine.run(1)
    assert texts(container)[-1] == "1:M 01 Jan 2026 00:00:00.060 * Ready to accept connections tcp"
    commands = (
        "ping\nset a 1\nincr a\nget a\nrpush l x y z\nlrange l 0 -1\nconfig get maxmemory\nget l\nnope a\ndel a l\n"
    )
    assert machine.exec(container, "redis-cli", stdin=commands) == (
        "PONG\nOK\n2\n2\n3\nx\ny\nz\nmaxmemory\n2097152\n"
        "WRONGTYPE Operation against a key holding the wrong kind of value\n\n"
        "ERR unknown command 'nope', with args beginning with: 'a' \n\n2\n",
        "",
        0,
    )
    assert machine.exec(container, "redis-cli", "-p", "7000", "ping") == (
        "",
        "Could not connect to Redis at 127.0.0.1:7000: Connection refused\n",
        1,
    )


def test_databases_want_a_password() -> None:
    machine = Machine()
    mysql, postgres = machine.start("mysql:8.0"), machine.start("postgres:16", name="pg")
    fine = machine.start("mysql:8.0", env={"MYSQL_ROOT_PASSWORD": "x"}, name="fine")
    machine.run(5)
    assert [(name, code) for name, code, _, _ in machine.ended] == [("c", 1), ("pg", 1)]
    assert texts(mysql)[1].endswith(
        "[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified"
    )
    assert texts(postgres)[0] == "Error: Database is uninitialized and superuser password is not specified."
    assert machine.exec(fine, "mysqladmin", "ping") == ("mysqld is alive\n", "", 0)
    assert machine.node.probe_tcp(fine.sandbox, "", 3306, SECOND).success


def test_the_job_example_prints_pi() -> None:
    machine = Machine()
    container = machine.start("perl:5.34.0", "perl", "-Mbignum=bpi", "-wle", "print bpi(2000)")
    machine.run(10)
    (line,) = texts(container)
    assert line.startswith("3.14159265358979323846264338327950288419716939937510582097494459")
    assert len(line) == 2001
    assert machine.ended == [("c", 0, "Completed", 4_030_000)]


def test_images_whose_command_is_a_shell_end_at_once_unless_their_input_is_open() -> None:
    machine = Machine()
    machine.start("busybox", name="ends")
    stays = machine.start("ubuntu", name="stays", stdin=True, tty=True)
    machine.run(1)
    assert machine.ended == [("ends", 0, "Completed", 20_000)]
    assert stays.exit_code is None


def test_other_web_servers() -> None:
    machine = Machine()
    httpd = machine.start("httpd:2.4")
    hello = machine.start("gcr.io/google-samples/hello-app:2.0", sandbox=machine.sandbox("hello"))
    hpa = machine.start("registry.k8s.io/hpa-example")
    machine.run(1)
    assert ask(httpd, 80).body == "<html><body><h1>It works!</h1></body></html>\n"
    assert texts(httpd)[-1] == '10.244.2.9 - - [01/Jan/2026:00:00:01 +0000] "GET / HTTP/1.1" 200 45'
    assert ask(hello, 8080).body == "Hello, world!\nVersion: 2.0.0\nHostname: hello\n"
    assert (ask(hpa, 80).body, ask(hpa, 80).latency) == ("OK!", 60_000)
