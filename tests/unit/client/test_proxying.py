"""What the API server does to the requests and answers that it passes on."""

from __future__ import annotations

import pytest

from k8s_magic.client import proxying
from k8s_magic.machinery.names import NODES, SERVICES
from k8s_magic.machinery.protocols import HttpAnswer

START = "/api/v1/namespaces/shop/services/web:80/proxy"


def test_the_path_before() -> None:
    assert proxying.prefix(SERVICES, "shop", "web:80") == START
    assert proxying.prefix(NODES, "", "node-1") == "/api/v1/nodes/node-1/proxy"


def test_headers_between_two_servers_stay_between_them() -> None:
    given = {
        "Host": "me:1",
        "Connection": "keep-alive, X-Only",
        "Keep-Alive": "5",
        "X-Only": "1",
        "X-Mine": "2",
        "Authorization": "Bearer secret",
        "Accept-Encoding": "identity",
        "X-Forwarded-For": "10.0.0.1",
        "Upgrade": "websocket",
        "Content-Length": "3",
    }
    assert proxying.outgoing(given, START, "/a?b") == {
        "Host": "me:1",
        "X-Mine": "2",
        "Accept-Encoding": "identity",
        "Content-Length": "3",
        "X-Forwarded-For": "10.0.0.1, 127.0.0.1",
        "X-Forwarded-Uri": f"{START}/a",
    }
    answer = HttpAnswer(200, "x", {"Connection": "close", "Transfer-Encoding": "chunked", "X-Yours": "3"}, "Fine")
    assert proxying.incoming(answer, START, "me:1") == HttpAnswer(200, "x", {"X-Yours": "3"}, "Fine")


@pytest.mark.parametrize(
    ("location", "led"),
    [
        ("/new", f"{START}/new"),
        ("/new/?a=b#c", f"{START}/new/?a=b#c"),
        ("http://me:1/new", f"http://me:1{START}/new"),
        ("http://other/new", "http://other/new"),
        ("next", "next"),
        (f"{START}/here", f"{START}/here"),
    ],
)
def test_redirects_lead_back(location: str, led: str) -> None:
    found = proxying.incoming(HttpAnswer(302, "", {"Location": location}), START, "me:1")
    assert found.headers == {"Location": led}


def test_the_links_of_a_page_lead_back_and_all_else_stays() -> None:
    page = (
        "<!DOCTYPE html>\n<!-- <a href='/no'> --><HTML>\r\n<a  href='/a?x=1&amp;y' Title=t>ä &nbsp; \"q\"</a><br/>"
        "<img src=/i.png><a href=http://else/where>\n<script>if (a<b) '<a href=\"/c\">'</script><p>1 < 2</p></HTML>"
    )
    found = proxying.incoming(HttpAnswer(200, page, {"Content-Type": "text/html; x", "Content-Length": "1"}), START, "")
    assert found.body == (
        f'<!DOCTYPE html>\n<!-- <a href=\'/no\'> --><html>\r\n<a href="{START}/a?x=1&amp;y" title="t">ä &nbsp; "q"</a>'
        f'<br/><img src="{START}/i.png"><a href="http://else/where">\n<script>if (a<b) \'<a href="/c">\'</script>'
        "<p>1 < 2</p></HTML>"
    )
    assert found.headers["Content-Length"] == str(len(found.body.encode()))
    for headers in ({"Content-Type": "text/plain"}, {"Content-Type": "text/html", "Content-Encoding": "br"}):
        assert proxying.incoming(HttpAnswer(200, page, headers), START, "").body == page
