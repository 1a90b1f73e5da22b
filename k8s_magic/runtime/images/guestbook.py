"""The guestbook's front end: a page on port 80."""

from __future__ import annotations

from k8s_magic.runtime import web
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import HttpRequest, HttpResponse
from k8s_magic.runtime.http.apache import apache, page
from k8s_magic.runtime.image import Image, matching
from k8s_magic.runtime.process import Disposition, Steps
from k8s_magic.runtime.server import serve
from k8s_magic.sim.time import MILLISECOND

SIGNALS: dict[str, Disposition] = {"SIGWINCH": (0, 20 * MILLISECOND), "SIGTERM": (0, 5 * MILLISECOND)}
PAGE = """<html ng-app="redis">
  <head>
    <title>Guestbook</title>
    <link rel="stylesheet" href="//netdna.bootstrapcdn.com/bootstrap/3.1.1/css/bootstrap.min.css">
    <script src="https://ajax.googleapis.com/ajax/libs/angularjs/1.2.12/angular.min.js"></script>
    <script src="controllers.js"></script>
  </head>
  <body ng-controller="RedisCtrl">
    <h2>Guestbook</h2>
  </body>
</html>
"""


def server(call: Call) -> Steps:
    container = call.container

    def answer(request: HttpRequest) -> HttpResponse:
        response = HttpResponse(200, PAGE, {"Content-Type": "text/html"})
        if web.bare_path(request) not in ("/", "/index.html"):
            response = HttpResponse(404, page(404, request.method))
        container.log(web.combined_log(container, request, response, web.first_line(request)))
        return response

    manner = apache("Apache/2.4.10 (Debian) PHP/5.6.20")
    return (yield from serve(call, {80: answer}, boot=300 * MILLISECOND, signals=SIGNALS, manner=manner))


IMAGE = Image(
    repositories=("gcr.io/google-samples/gb-frontend",),
    size=146_000_000,
    tags=matching(r"latest|v[3-6]"),
    command=("apache2-foreground",),
    programs={"apache2-foreground": server},
    stop_signal="SIGWINCH",
)
