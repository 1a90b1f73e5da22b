"""The common tools, each with its exact output."""

import pytest
from runtime_rig import Machine, volume

FILE = "printf 'pear 3\\napple 10\\nfig 2\\n' > /tmp/f; "
TOOLS = [
    (FILE + "sort /tmp/f; sort -k2 -n -r /tmp/f | head -1", "apple 10\nfig 2\npear 3\napple 10\n"),
    (
        FILE + "grep -n p /tmp/f; grep -c fig /tmp/f; grep -v p /tmp/f; grep -iE '^(FIG|pear)' /tmp/f | wc -l",
        "1:pear 3\n2:apple 10\n1\nfig 2\n2\n",
    ),
    (
        "seq 20 | grep -A2 -B 1 5; echo; seq 20 | grep -nC1 -m2 -e 3 -e 4; seq 3 | grep --after-context=5 2",
        "4\n5\n6\n7\n--\n14\n15\n16\n17\n\n2-2\n3:3\n4:4\n5-5\n2\n3\n",
    ),
    (
        FILE + "cp /tmp/f /tmp/g; cd /tmp; grep -A1 pear f g; grep -L kiwi f; seq 3 | grep -A x 1 2>&1; echo $?",
        "f:pear 3\nf-apple 10\n--\ng:pear 3\ng-apple 10\nf\ngrep: x: invalid context length argument\n2\n",
    ),
    (
        FILE + "sed 's/p/P/g' /tmp/f; sed -n '2p' /tmp/f; sed '/fig/d' /tmp/f | tail -1",
        "Pear 3\naPPle 10\nfig 2\napple 10\napple 10\n",
    ),
    (FILE + "sed -i 's/\\(fig\\) \\([0-9]*\\)/\\2 \\1/' /tmp/f; tail -n 1 /tmp/f", "2 fig\n"),
    (
        FILE + "awk '{print $2, $1}' /tmp/f; awk '/fig/ {print $NF}' /tmp/f; awk 'NR==1' /tmp/f",
        "3 pear\n10 apple\n2 fig\n2\npear 3\n",
    ),
    (FILE + "cut -d' ' -f1 /tmp/f | tr a-z A-Z; cut -c1-2 /tmp/f", "PEAR\nAPPLE\nFIG\npe\nap\nfi\n"),
    (
        FILE + "wc -l < /tmp/f; wc -l /tmp/f; head -c 4 /tmp/f; echo; tail -n +2 /tmp/f",
        "3\n3 /tmp/f\npear\napple 10\nfig 2\n",
    ),
    (
        "printf 'a\\na\\nb\\n' | uniq -c; printf 'x y' | base64; echo eCB5 | base64 -d; echo",
        "      2 a\n      1 b\neCB5\nx y\n",
    ),
    (
        "echo -n a | md5sum; echo -e 'a\\tb'; echo -e '\\x41\\c'; printf '%05.1f|%-4s|%x\\n' 3.14159 ab 255",
        "0cc175b9c0f1b6a831c399e269772661  -\na\tb\nA003.1|ab  |ff\n",
    ),
    ("seq 2 2 6 | xargs echo; echo a b | xargs -n1 echo x; seq -s, 3", "2 4 6\nx a\nx b\n1,2,3\n"),
    (
        "mkdir -p /a/b; touch /a/b/c; cp -r /a /z; mv /z/b/c /z/d; find /z; rm -r /a; "
        "ls -d /a 2>/dev/null || echo gone",
        "/z\n/z/b\n/z/d\ngone\n",
    ),
    (
        "basename /a/b.txt .txt; dirname /a/b.txt; realpath /etc/../tmp; expr 3 + 4; test -s /etc/hosts; echo $?",
        "b\n/a\n/tmp\n7\n0\n",
    ),
    (
        "date; date -u +%Y-%m-%dT%H:%M:%SZ; date -d @86400 +%F; date -I",
        "Thu Jan  1 00:00:00 UTC 2026\n2026-01-01T00:00:00Z\n1970-01-02\n2026-01-01\n",
    ),
    (
        "hostname; id -u; whoami; pwd; uname -s; nproc; which ls sh nonesuch",
        "box\n0\nroot\n/\nLinux\n4\n/bin/ls\n/bin/sh\n",
    ),
    (
        "env | sort; printenv HOSTNAME",
        "HOME=/root\nHOSTNAME=box\nPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nbox\n",
    ),
    (
        "cat /etc/hostname; tail -1 /etc/hosts; cat /etc/resolv.conf",
        "box\n10.244.1.2\tbox\nsearch default.svc.cluster.local svc.cluster.local cluster.local\n"
        "nameserver 10.96.0.10\noptions ndots:5\n",
    ),
]


@pytest.mark.parametrize(("script", "output"), TOOLS)
def test_output(script: str, output: str) -> None:
    machine = Machine()
    box = machine.box(sandbox=machine.sandbox("box"))
    assert machine.sh(box, script)[0] == output


def test_ls() -> None:
    machine = Machine()
    mounts = (volume("/conf", {"b.conf": "12345", "sub/a": "x", ".hidden": ""}),)
    box, debian = machine.box(mounts=mounts), machine.debian(mounts=mounts)
    assert machine.sh(box, "ls /conf; ls -a /conf; ls -l /conf")[0] == (
        "b.conf\nsub\n.\n..\n.hidden\nb.conf\nsub\ntotal 8\n"
        "-rw-r--r--    1 root     root             5 Jan  1 00:00 b.conf\n"
        "drwxr-xr-x    2 root     root          4096 Jan  1 00:00 sub\n"
    )
    assert machine.sh(debian, "ls -l /conf/b.conf; ls /conf/sub /nope") == (
        "-rw-r--r-- 1 root root 5 Jan  1 00:00 /conf/b.conf\n/conf/sub:\na\n",
        "ls: cannot access '/nope': No such file or directory\n",
        2,
    )
    assert machine.sh(box, "ls /notexist") == ("", "ls: /notexist: No such file or directory\n", 1)


def test_errors_are_the_tools_own() -> None:
    machine = Machine()
    box, debian = machine.box(), machine.debian()
    assert machine.exec(debian, "cat", "/nope") == ("", "cat: /nope: No such file or directory\n", 1)
    assert machine.exec(debian, "cat", "/etc") == ("", "cat: /etc: Is a directory\n", 1)
    assert machine.exec(box, "cat", "/nope") == ("", "cat: can't open '/nope': No such file or directory\n", 1)
    assert machine.exec(debian, "rm", "/etc") == ("", "rm: cannot remove '/etc': Is a directory\n", 1)
    assert machine.exec(debian, "mkdir", "/a/b") == (
        "",
        "mkdir: cannot create directory '/a/b': No such file or directory\n",
        1,
    )
    assert machine.exec(debian, "ls", "-%") == (
        "",
        "ls: invalid option -- '%'\nTry 'ls --help' for more information.\n",
        1,
    )
    assert machine.exec(box, "sleep", "x") == ("", "sleep: invalid time interval 'x'\n", 1)


def test_what_is_not_modelled_says_so() -> None:
    machine = Machine()
    debian = machine.debian()
    assert machine.sh(debian, "apt-get update; echo $?") == (
        "100\n",
        "apt-get: k8s-magic does not model apt-get\n",
        0,
    )
    assert machine.sh(debian, "awk 'BEGIN { x = 1 }'; echo on") == (
        "on\n",
        "awk: k8s-magic's awk knows only '/regex/ {print $1, $2}' and 'NR==1 {print}'\n",
        0,
    )


def test_which_tools_an_image_has() -> None:
    machine = Machine()
    nginx = machine.start("nginx")
    assert machine.sh(nginx, "which curl ps ping wget")[0] == "/usr/bin/curl\n"
    assert machine.sh(nginx, "nginx -v; cat /etc/nginx/conf.d/default.conf | grep listen") == (
        "    listen       80;\n    listen  [::]:80;\n",
        "nginx version: nginx/1.29.4\n",
        0,
    )
