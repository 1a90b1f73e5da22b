"""kubectl cp between containers and the notebook's own files; tests/contract compares it with the real one."""

from __future__ import annotations

import pytest

from k8s_magic.cluster import Cluster


@pytest.fixture
def web() -> Cluster:
    cluster = Cluster(nodes=2)
    assert cluster.kubectl("run web --image=nginx").exit_code == 0
    assert cluster.kubectl("wait pod/web --for=condition=Ready").exit_code == 0
    return cluster


def test_files_go_there_and_back_byte_for_byte(web: Cluster) -> None:
    content = bytes(range(256)).decode("utf-8", "surrogateescape")
    web.files.update({"dir/one": content, "dir/two/three": "ä\n"})
    assert web.kubectl("cp dir web:/tmp/there").text == ""
    assert web.kubectl("exec web -- wc -c /tmp/there/one /tmp/there/two/three").text.split()[:4] == [
        "256", "/tmp/there/one", "3", "/tmp/there/two/three",
    ]  # fmt: skip
    told = web.kubectl("cp web:/tmp/there back")
    assert (told.exit_code, told.stdout) == (0, "tar: Removing leading `/' from member names\n")
    assert web.files["back/one"] == content
    assert web.files["back/two/three"] == "ä\n"


def test_a_copied_page_is_served_and_a_saved_cluster_has_it(web: Cluster) -> None:
    web.files["index.html"] = "<h1>copied</h1>\n"
    assert web.kubectl("cp index.html web:/usr/share/nginx/html/index.html").exit_code == 0
    asked = "exec web -- curl -s localhost"
    assert web.kubectl(asked).text == "<h1>copied</h1>\n"
    assert Cluster.load(web.save()).kubectl(asked).text == "<h1>copied</h1>\n"


def test_nothing_is_written_to_this_machine(web: Cluster, tmp_path) -> None:
    told = web.kubectl(f"cp web:/etc/hostname {tmp_path}/name")
    assert told.exit_code == 1
    sentence = f"error: A notebook's own files are all in one folder: name one in it instead of {tmp_path}/name.\n"
    assert told.stderr == sentence
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "real.txt").write_text("real\n")  # what -f reads may be sent
    assert web.kubectl(f"cp {tmp_path}/real.txt web:/tmp").exit_code == 0
    assert web.kubectl("exec web -- cat /tmp/real.txt").text == "real\n"


def test_what_is_no_text_is_stored_and_shown_as_such(web: Cluster) -> None:
    web.files["bytes"] = "\udcff\udcc0a"
    web.kubectl("run job --image=busybox --restart=Never -- sh -c 'sleep 20; cat /f; cat /f > /dev/termination-log'")
    assert web.kubectl("wait pod/job --for=condition=Ready").exit_code == 0
    assert web.kubectl("cp bytes job:/f").exit_code == 0
    web.run(30)
    state = web.kubectl("get pod job -o jsonpath={.status.containerStatuses[0].state.terminated.message}").stdout
    assert state == "\ufffd\ufffda"
    assert web.kubectl("logs job").exit_code == 0
