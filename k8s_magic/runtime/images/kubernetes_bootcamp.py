"""kubernetes-bootcamp v1 and v2: the Kubernetes Basics tutorial's little web server.

Source: the tutorial's server.js (Node.js): it answers any path, logs its start and each request. It has no
handler for SIGTERM, and the first process of a container ignores what it does not handle: it is killed when the grace
period ends, as on a real cluster.
"""

from __future__ import annotations

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.http.node import NODE
from k8s_magic.runtime.http.server import HttpServer
from k8s_magic.runtime.image import Image, exactly
from k8s_magic.runtime.listener import AddressInUse
from k8s_magic.runtime.process import Steps
from k8s_magic.runtime.shell import times
from k8s_magic.sim.time import MILLISECOND, SECOND

PORT = 8080
# Node.js takes some time to start. A guess.
BOOT = 400 * MILLISECOND
# What the program does, written for this simulation: the tutorial has learners read it.
SCRIPT = """\
// A web server that says which Pod answers.
const http = require('http');

const pod = process.env.HOSTNAME;
const started = new Date();
let requests = 0;

http.createServer((request, response) => {
  requests += 1;
  response.setHeader('Content-Type', 'text/plain');
  response.end('Hello Kubernetes bootcamp! | Running on: ' + pod + ' | v=VERSION\\n');
  const now = new Date();
  console.log('Running On:', pod, '| Total Requests:', requests,
    '| App Uptime:', (now - started) / 1000, 'seconds | Log Time:', now);
}).listen(8080, () => {
  console.log('Kubernetes Bootcamp App Started At:', started, '| Running On: ', pod, '\\n');
});
"""


def _date(call: Call) -> str:
    """Date.prototype.toISOString."""
    moment = times.at(call.container, call.now)
    return times.strftime(moment, "%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def server(call: Call) -> Steps:
    container = call.container
    version = container.tag.removeprefix("v")
    pod = container.sandbox.hostname or container.sandbox.name
    started = container.started_at + BOOT
    requests = 0

    def answer(request: HttpRequest) -> HttpResponse:
        nonlocal requests
        requests += 1
        uptime = (call.now - started) / SECOND
        container.log(
            f"Running On: {pod} | Total Requests: {requests} | App Uptime: {uptime:g} seconds | Log Time: {_date(call)}"
        )
        body = f"Hello Kubernetes bootcamp! | Running on: {pod} | v={version}\n"
        return HttpResponse(200, body, {"Content-Type": "text/plain"})

    try:
        container.listen(PORT, HttpServer(container, answer, NODE), BOOT)
    except AddressInUse:
        yield BOOT
        call.err(
            "events.js:160\n      throw er; // Unhandled 'error' event\n      ^\n\n"
            f"Error: listen EADDRINUSE :::{PORT}\n    at Object.exports._errnoException (util.js:1022:11)\n"
        )
        return 1
    moment = times.at(container, started)
    date = times.strftime(moment, "%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    line = f"Kubernetes Bootcamp App Started At: {date} | Running On:  {pod} "
    container.boot_log(lambda: [(started, "stdout", line), (started, "stdout", "")])
    while True:
        yield None


IMAGE = Image(
    repositories=("gcr.io/google-samples/kubernetes-bootcamp", "docker.io/jocatalin/kubernetes-bootcamp"),
    size=83_515_000,
    tags=exactly("v1", "v2", "latest", "1", "2"),
    command=("node", "server.js"),
    programs={"node": server},
    tools=("curl", "ps", "wget"),
    env={"NODE_VERSION": "6.3.1", "NPM_CONFIG_LOGLEVEL": "info"},
    files=lambda container: {"/server.js": SCRIPT.replace("VERSION", container.tag.removeprefix("v"))},
)
