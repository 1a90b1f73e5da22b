"""What is shown where nothing runs: nbconvert, untrusted notebooks and terminals."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree

import nbformat
from nbconvert import HTMLExporter

from k8s_magic.cluster import Cluster
from k8s_magic.widgets.grid import Grid
from k8s_magic.widgets.hub import Hub


def test_nbconvert_shows_the_picture_and_a_terminal_the_text() -> None:
    cluster = Cluster(nodes=2)
    cluster.kubectl("create deployment web --image=nginx --replicas=3")
    cluster.run(20)
    hub = Hub(cluster)
    data, metadata = Grid(hub)._repr_mimebundle_()
    hub.close()
    output = nbformat.v4.new_output("execute_result", data=data, metadata=metadata, execution_count=1)
    cell = nbformat.v4.new_code_cell("%cluster view", outputs=[output], execution_count=1)
    page, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    found = re.search(r'<img alt="Nodes and Pods of the cluster" src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert found is not None
    picture = ElementTree.fromstring(base64.b64decode(found.group(1)))
    titles = [title.text or "" for title in picture.iter("{http://www.w3.org/2000/svg}title")]
    assert titles[0] == "3 nodes, 12 Pods, 12 ready"
    assert sum(title.startswith("default/web-") for title in titles) == 3
    assert "<script" not in ElementTree.tostring(picture, "unicode")
    assert "R Ready" in data["text/plain"]
