"""How containers start, log, listen, stop and end, to the microsecond."""

import pytest
from runtime_rig import Machine, texts, volume

from k8s_magic.runtime.contract import StartError
from k8s_magic.sim.time import MILLISECOND, SECOND


def test_an_idle_server_costs_no_timer_and_holds_no_log() -> None:
    machine = Machine()
    container = machine.start("nginx:1.27")
    assert machine.kernel.next_time() is None
    assert container.exit_code is None
    assert not container.has_files
    assert len(container.id) == 64
    machine.run(1)
    lines = container.log_lines()
    assert lines[0] == (
        2 * MILLISECOND,
        "stdout",
        "/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration",
    )
    assert lines[-1] == (150_000, "stderr", "2026/01/01 00:00:00 [notice] 1#1: start worker process 30")


def test_a_port_opens_when_the_server_has_booted() -> None:
    machine = Machine()
    container = machine.start("nginx")
    sandbox = container.sandbox
    assert sandbox.ip == "10.244.1.2"
    refused = machine.node.probe_http(sandbox, "", 80, "/", "HTTP", {}, SECOND)
    assert not refused.success
    assert refused.output == 'Get "http://10.244.1.2:80/": dial tcp 10.244.1.2:80: connect: connection refused'
    assert machine.node.probe_tcp(sandbox, "", 80, SECOND).output == (
        "dial tcp 10.244.1.2:80: connect: connection refused"
    )
    machine.run(0.15)
    assert machine.node.probe_http(sandbox, "", 80, "/", "HTTP", {}, SECOND).success
    assert machine.node.probe_tcp(sandbox, "", 80, SECOND).success
    missing = machine.node.probe_http(sandbox, "", 80, "/nope", "HTTP", {}, SECOND)
    assert missing.output == "HTTP probe failed with statuscode: 404"
    assert texts(container)[-1] == (
        '10.244.1.1 - - [01/Jan/2026:00:00:00 +0000] "GET /nope HTTP/1.1" 404 153 "-" "kube-probe/1.36" "-"'
    )


def test_the_second_listener_of_a_port_fails_as_its_program_would() -> None:
    machine = Machine()
    sandbox = machine.sandbox()
    machine.start("nginx", sandbox=sandbox, name="first")
    second = machine.start("nginx", sandbox=sandbox, name="second")
    machine.run(5)
    assert texts(second)[1] == "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)"
    assert texts(second)[-1] == "nginx: [emerg] still could not bind()"
    assert machine.ended == [("second", 1, "Error", 2_500_000)]


def test_nginx_ends_well_when_asked_to() -> None:
    machine = Machine()
    container = machine.start("nginx")
    machine.run(1)
    machine.node.stop(container, 30 * SECOND)
    assert container.sandbox.listeners == {}
    assert container.exit_code is None
    machine.run(1)
    assert machine.ended == [("c", 0, "Completed", 1_020_000)]
    assert container.finished_at == 1_020_000


def test_a_first_process_without_a_handler_is_killed_after_the_grace() -> None:
    machine = Machine()
    machine.node.stop(machine.start("busybox", "sleep", "3600"), 30 * SECOND)
    machine.run(60)
    assert machine.ended == [("c", 137, "Error", 30 * SECOND)]


def test_a_trap_runs_when_the_foreground_command_has_ended() -> None:
    machine = Machine()
    container = machine.start(
        "busybox", "sh", "-c", "trap 'echo bye; exit 3' TERM; echo up; while true; do sleep 1; done"
    )
    machine.run(3.5)
    machine.node.stop(container, 30 * SECOND)
    machine.run(10)
    assert container.log_lines() == [(0, "stdout", "up"), (4 * SECOND, "stdout", "bye")]
    assert machine.ended == [("c", 3, "Error", 4 * SECOND)]


def test_wait_is_interrupted_by_a_trapped_signal() -> None:
    machine = Machine()
    container = machine.start("busybox", "sh", "-c", "trap 'exit 0' TERM; sleep 100 & wait $!")
    machine.run(1)
    machine.node.stop(container, 30 * SECOND)
    machine.run(1)
    assert machine.ended == [("c", 0, "Completed", 1 * SECOND)]


def test_exit_code_and_termination_message() -> None:
    machine = Machine()
    container = machine.start("busybox", "sh", "-c", "echo out of paper > /dev/termination-log; exit 4")
    machine.run(1)
    assert (container.exit_code, container.reason, container.message) == (4, "Error", "out of paper\n")
    assert machine.ended == [("c", 4, "Error", 20_000)]


def test_a_missing_executable() -> None:
    machine = Machine()
    with pytest.raises(StartError) as failure:
        machine.start("busybox", "nonesuch")
    assert str(failure.value) == (
        "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: "
        "unable to start container process: error during container init: "
        'exec: "nonesuch": executable file not found in $PATH: unknown'
    )
    with pytest.raises(StartError, match='exec: "/bin/none": stat /bin/none: no such file or directory: unknown'):
        machine.start("busybox", "/bin/none")
    with pytest.raises(StartError) as failure:
        machine.exec(machine.start("registry.k8s.io/pause:3.10"), "sh")
    assert 'exec: "sh": executable file not found in $PATH: unknown' in str(failure.value)
    assert str(failure.value).startswith("failed to exec in container: failed to start exec ")


def test_out_of_memory() -> None:
    machine = Machine()
    arguments = {"args": ("--vm", "1", "--vm-bytes", "250M", "--vm-hang", "1")}
    over = machine.start("polinux/stress", "stress", memory_limit=100 << 20, **arguments)
    within = machine.start("polinux/stress", "stress", memory_limit=300 << 20, name="within", **arguments)
    machine.run(10)
    assert (over.exit_code, over.reason, over.finished_at) == (137, "OOMKilled", 80_566)
    assert within.exit_code is None
    assert texts(within) == ["stress: info: [1] dispatching hogs: 0 cpu, 0 io, 1 vm, 0 hdd"]


def test_files_go_with_the_container_and_stay_in_volumes() -> None:
    machine = Machine()
    shared: dict[str, str] = {}
    mounts = (volume("/data", shared),)
    first = machine.box(mounts=mounts)
    assert machine.sh(first, "echo a > /tmp/x; echo b > /data/y; mkdir -p /data/sub; ls /data") == ("sub\ny\n", "", 0)
    assert shared == {"y": "b\n", "sub/": ""}
    second = machine.box(mounts=mounts)
    assert machine.sh(second, "cat /data/y; cat /tmp/x") == (
        "b\n",
        "cat: can't open '/tmp/x': No such file or directory\n",
        1,
    )
    read_only = machine.box(mounts=(volume("/etc/config", {"color": "red"}, read_only=True),))
    assert machine.sh(read_only, "cat /etc/config/color; echo; echo blue > /etc/config/color") == (
        "red\n",
        "sh: can't create /etc/config/color: Read-only file system\n",
        1,
    )


def test_a_sub_path_is_one_file_of_a_volume() -> None:
    machine = Machine()
    container = machine.start(
        "nginx", mounts=(volume("/usr/share/nginx/html/a.html", {"a.html": "A\n", "b": "B"}, sub_path="a.html"),)
    )
    machine.run(1)
    assert machine.sh(container, "cd /usr/share/nginx/html; ls; curl -s localhost/a.html")[1:] == (
        "curl: there is no network in this simulation\n",
        1,
    )
    assert machine.sh(container, "cat /usr/share/nginx/html/a.html")[0] == "A\n"


def test_a_sidecar_writes_what_nginx_serves() -> None:
    machine = Machine()
    sandbox, pages = machine.sandbox(), {}
    machine.start("nginx", sandbox=sandbox, mounts=(volume("/usr/share/nginx/html", pages),))
    script = "while true; do date > /html/index.html; sleep 10; done"
    machine.start("busybox", "sh", "-c", script, sandbox=sandbox, mounts=(volume("/html", pages),))
    machine.run(12)
    probe = machine.node.probe_http(sandbox, "", 80, "/", "HTTP", {}, SECOND)
    assert probe.output == "Thu Jan  1 00:00:10 UTC 2026\n"
    machine.node.remove_sandbox(sandbox)
    machine.run(1)
    assert [code for _, code, _, _ in machine.ended] == [137, 137]
    assert machine.world.sandbox_at("10.244.1.2") is None


def test_exec_probes_run_in_a_time_of_their_own() -> None:
    machine = Machine()
    container = machine.start("busybox", "sh", "-c", "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600")
    probe = machine.node.probe_exec
    assert probe(container, ["cat", "/tmp/healthy"], SECOND).success
    late = probe(container, ["sh", "-c", "sleep 5"], SECOND)
    assert late.output == 'command timed out: "sh -c sleep 5" timed out after 1s'
    assert probe(container, ["sh", "-c", "sleep 5"], 6 * SECOND).success
    assert machine.kernel.now == 0
    machine.run(31)
    failed = probe(container, ["cat", "/tmp/healthy"], SECOND)
    assert not failed.success
    assert failed.output == "cat: can't open '/tmp/healthy': No such file or directory\n"
    assert container.others == {}


def test_an_image_nobody_knows_runs_plainly() -> None:
    machine = Machine()
    container = machine.start("shop/cart:v3", "./server", ports=(("TCP", 9000),))
    machine.run(1)
    assert container.exit_code is None
    answer = machine.node.probe_http(container.sandbox, "", 9000, "/", "HTTP", {}, SECOND)
    assert answer.output == f"{container.sandbox.name}: k8s-magic does not model the image shop/cart:v3\n"
    assert machine.sh(container, "echo $HOSTNAME")[0] == container.sandbox.name + "\n"


def test_logs_are_bounded_and_can_be_followed() -> None:
    machine = Machine()
    container = machine.start("busybox", "sh", "-c", "i=0; while true; do echo $i; i=$((i+1)); sleep 1; done")
    machine.run(2.5)
    lines, position = container.log_since(0)
    assert [line for _, _, line in lines] == ["0", "1", "2"]
    machine.run(1)
    assert container.log_since(position) == ([(3 * SECOND, "stdout", "3")], 4)
    machine.run(3000)
    lines, position = container.log_since(4)
    assert len(lines) == 2000
    assert lines[-1] == (3003 * SECOND, "stdout", "3003")
    assert position == 3004


def test_a_busy_loop_does_not_stop_time() -> None:
    machine = Machine()
    container = machine.start("busybox", "sh", "-c", "while true; do :; done")
    machine.run(60)
    assert container.exit_code is None
    assert machine.kernel.steps < 10_000
