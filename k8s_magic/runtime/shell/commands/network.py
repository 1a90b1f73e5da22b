"""curl, wget, nslookup, dig, getent, ping, nc: what asks the simulated network."""

from __future__ import annotations

import re

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import HttpRequest, HttpResponse, Net, NetworkError, decoded, encoded
from k8s_magic.runtime.curl import transfer
from k8s_magic.runtime.filesystem import FileError
from k8s_magic.runtime.process import Program, Steps
from k8s_magic.runtime.shell.commands.text import tool
from k8s_magic.runtime.shell.options import Options
from k8s_magic.runtime.terminal import Terminal
from k8s_magic.runtime.url import parse_url
from k8s_magic.runtime.web import REASONS
from k8s_magic.sim.time import MILLISECOND, SECOND, SimTime


def net_of(call: Call) -> Net:
    net = call.container.world.net
    if net is None:
        raise Unsupported("there is no network in this simulation")
    return net


def curl(call: Call) -> Steps:
    net = net_of(call)
    sandbox = call.container.sandbox

    def send(url: str, request: HttpRequest, timeout: SimTime | None) -> HttpResponse:
        return net.http(sandbox, url, request, timeout)

    def save(name: str, text: str) -> None:
        if name != "/dev/null":
            call.write(name, text)

    def read(name: str) -> str:
        return typed if name == "-" else call.read(name)

    try:
        is_screen = isinstance(call.stdout, Terminal)
        typed = (yield from call.stdin.all()) if any(word.endswith("@-") for word in call.argv) else ""
        return (
            yield from transfer.curl(call.argv[1:], send, call.stdout, call.stderr, save, read, is_screen=is_screen)
        )
    except FileError as error:
        call.err(f"curl: (23) Failure writing output to destination: {error}\n")
        return 23


# Source: busybox networking/wget.c: an idle connection is given up after 900 s.
_WGET_PATIENCE = 900 * SECOND


def wget(call: Call, options: Options) -> Steps:
    if not options.operands:
        call.err(
            "wget: missing URL\n" if "q" not in options else "BusyBox v1.37.0 multi-call binary.\n\nUsage: wget URL\n"
        )
        return 1
    quiet = "q" in options
    patience = _WGET_PATIENCE
    if "T" in options and options.get("T").isdigit():
        patience = int(options.get("T")) * SECOND
    url = options.operands[0]
    path = "/"
    for _ in range(6):
        target = parse_url(url)
        if target is None or target.scheme not in ("http", "https"):
            call.err(f"wget: not an http or ftp url: {url}\n")
            return 1
        path = target.path
        host = target.host if target.port == 80 else f"{target.host}:{target.port}"
        headers = {"Host": host, "User-Agent": "Wget", "Connection": "close"}
        body = options.get("P") if "P" in options else ""
        if "H" in options:
            name, _, value = options.get("H").partition(":")
            headers[name] = value.strip()
        request = HttpRequest("POST" if "P" in options else "GET", target.path, host, headers, body)
        try:
            response = net_of(call).http(call.container.sandbox, target.url, request, patience)
        except NetworkError as error:
            yield min(error.elapsed, patience)
            return _wget_failure(call, error, host, quiet)
        yield response.latency
        if not quiet:
            call.err(f"Connecting to {host} ({response.address})\n")
        location = transfer.web_header(response, "Location")
        if 300 <= response.status < 400 and location:
            url = location
            continue
        break
    if "S" in options:
        call.err(f"  {response.version} {response.status} {response.reason or REASONS.get(response.status, '')}\n")
        call.err("".join(f"  {name}: {value}\n" for name, value in response.headers.items()) + "  \n")
    if not 200 <= response.status < 300:
        reason = response.reason or REASONS.get(response.status, "")
        call.err(f"wget: server returned error: {response.version} {response.status} {reason}\n")
        return 1
    return _wget_save(call, options, response, path, quiet)


def _wget_save(call: Call, options: Options, response: HttpResponse, path: str, quiet: bool) -> int:
    name = options.get("O") or path.partition("?")[0].rpartition("/")[2] or "index.html"
    if "s" in options:
        if not quiet:
            call.err("remote file exists\n")
        return 0
    to_stdout = name in ("-", "/dev/stdout")
    size = len(response.content)
    if not quiet:
        shown = "-" if to_stdout else name[:20]
        call.err("writing to stdout\n" if to_stdout else f"saving to '{name}'\n")
    if to_stdout:
        call.out(response.body)
    else:
        call.write(name, response.body)
    if not quiet:
        call.err(f"{shown:<20} 100% |********************************| {size:5d}  0:00:00 ETA\n")
        call.err("written to stdout\n" if to_stdout else f"'{name}' saved\n")
    return 0


def _wget_failure(call: Call, error: NetworkError, host: str, quiet: bool) -> int:
    address = error.address.rpartition(":")[0]
    if error.kind == "unknown_host":
        call.err(f"wget: bad address '{host}'\n")
        return 1
    if not quiet:
        call.err(f"Connecting to {host} ({error.address})\n")
    if error.kind == "timeout":
        call.err("wget: download timed out\n")
    elif error.kind in ("reset", "empty"):
        call.err("wget: error getting response: Connection reset by peer\n")
    else:
        reason = "Connection refused" if error.kind == "refused" else "No route to host"
        call.err(f"wget: can't connect to remote host ({address}): {reason}\n")
    return 1


def _is_old_busybox(call: Call) -> bool:
    """Before 1.29 nslookup asked the C library and named every address."""
    image = call.container.version.image
    found = re.match(r"1\.(\d+)", call.container.tag)
    return image.base == "busybox" and found is not None and int(found[1]) < 29


def _query(
    call: Call, name: str, record: str, search: bool = True
) -> tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The name that was found, its records, the aliases on the way. Raises NetworkError."""
    if re.fullmatch(r"[0-9.]+", name) and record == "A":
        octets = ".".join(reversed(name.split(".")))
        answer = net_of(call).lookup(call.container.sandbox, f"{octets}.in-addr.arpa", "PTR", False)
    else:
        answer = net_of(call).lookup(call.container.sandbox, name, record, search)
    return answer.name, answer.values, answer.aliases


def nslookup(call: Call) -> int:
    words = call.argv[1:]
    record = "A"
    operands = []
    for word in words:
        found = re.match(r"-(?:query|type|q)=(\w+)", word)
        if found:
            record = found[1].upper()
        elif not word.startswith("-"):
            operands.append(word)
    if not operands:
        call.err("nslookup: no host given\n")
        return 1
    name, server = operands[0], call.container.sandbox.nameserver
    if _is_old_busybox(call):
        return _old_nslookup(call, name, server)
    bind = call.container.version.image.base in ("debian", "any")
    call.out(f"Server:\t\t{server}\nAddress:\t{server}{'#' if bind else ':'}53\n\n")
    try:
        full, values, aliases = _query(call, name, record)
    except NetworkError:
        call.out(f"** server can't find {name}: NXDOMAIN\n\n")
        return 1
    if full.endswith(".in-addr.arpa"):
        call.out("".join(f"{full}\tname = {value}{'.' if bind else ''}\n" for value in values) + "\n")
        return 0
    for alias, target in aliases:
        call.out(f"{alias}\tcanonical name = {target}{'.' if bind else ''}\n")
    if record == "SRV":
        call.out("".join(f"{full}\tservice = {value}\n" for value in values) + "\n")
    elif bind or record != "A":
        call.out("".join(f"Name:\t{full}\nAddress: {value}\n" for value in values) + "\n")
    else:
        call.out("".join(f"Name:\t{full}\nAddress: {value}\n" for value in values) + "\n\n")
    return 0


def _old_nslookup(call: Call, name: str, server: str) -> int:
    call.out(f"Server:    {server}\nAddress 1: {_named(call, server)}\n\n")
    try:
        full, values, _ = _query(call, name, "A")
    except NetworkError:
        call.err(f"nslookup: can't resolve '{name}'\n")
        return 1
    if full.endswith(".in-addr.arpa"):
        values = (name,)
    call.out(
        f"Name:      {name}\n" + "".join(f"Address {at}: {_named(call, value)}\n" for at, value in enumerate(values, 1))
    )
    return 0


def _named(call: Call, address: str) -> str:
    try:
        return f"{address} {_query(call, address, 'A')[1][0]}"
    except NetworkError:
        return address


def dig(call: Call) -> int:
    record, short, search = "A", False, False
    names = []
    for word in call.argv[1:]:
        if word in ("+short", "+search"):
            short, search = short or word == "+short", search or word == "+search"
        elif word.upper() in ("A", "SRV", "CNAME", "PTR", "ANY", "AAAA", "TXT", "NS", "MX"):
            record = word.upper()
        elif word == "-x":
            record = "PTR"
        elif not word.startswith(("+", "@", "-")):
            names.append(word)
    name = names[0] if names else "."
    try:
        full, values, aliases = _query(call, name, "A" if record == "PTR" else record, search)
    except NetworkError:
        full, values, aliases = name, (), ()
        known = False
    else:
        known = True
    if short:
        call.out("".join(f"{target}.\n" for _, target in aliases) + "".join(f"{value}\n" for value in values))
        return 0
    asked = aliases[0][0] if aliases else full
    call.out(
        f"\n; <<>> DiG 9.18.33-1~deb12u2-Debian <<>> {' '.join(call.argv[1:])}\n;; global options: +cmd\n"
        f";; Got answer:\n"
        f";; ->>HEADER<<- opcode: QUERY, status: {'NOERROR' if known else 'NXDOMAIN'}, id: 1\n"
        f";; flags: qr aa rd; QUERY: 1, ANSWER: {len(values) + len(aliases)}, AUTHORITY: 0, ADDITIONAL: 1\n\n"
        f";; QUESTION SECTION:\n;{asked}.\t\tIN\t{record}\n\n"
    )
    if values or aliases:
        rows = [f"{alias}.\t30\tIN\tCNAME\t{target}.\n" for alias, target in aliases]
        rows += [f"{full}.\t30\tIN\t{record}\t{value}\n" for value in values]
        call.out(";; ANSWER SECTION:\n" + "".join(rows) + "\n")
    call.out(f";; Query time: 0 msec\n;; SERVER: {call.container.sandbox.nameserver}#53\n\n")
    return 0


def getent(call: Call) -> int:
    words = call.argv[1:]
    if len(words) < 2 or words[0] not in ("hosts", "ahosts", "ahostsv4", "passwd", "group"):
        call.err(f"Unknown database: {words[0] if words else ''}\n")
        return 1
    if words[0] in ("passwd", "group"):
        lines = [line for line in call.read(f"/etc/{words[0]}").splitlines() if line.split(":")[0] in words[1:]]
        call.out("".join(line + "\n" for line in lines))
        return 0 if lines else 2
    try:
        full, values, _ = _query(call, words[1], "A")
    except NetworkError:
        return 2
    for value in values:
        if words[0] == "hosts":
            call.out(f"{value:<15} {full}\n")
        else:
            call.out(f"{value:<15} STREAM {full}\n{value:<15} DGRAM  \n{value:<15} RAW    \n")
    return 0


def ping(call: Call, options: Options) -> Steps:
    if not options.operands:
        call.err("ping: usage error: Destination address required\n")
        return 1
    name = options.operands[0]
    net = net_of(call)
    sandbox = call.container.sandbox
    try:
        found = [name] if re.fullmatch(r"[0-9.]+", name) else net.resolve(sandbox, name)
        if not found:
            raise NetworkError("unknown_host", f"no such host: {name}")
        address = found[0]
    except NetworkError:
        call.err(f"ping: bad address '{name}'\n")
        return 1
    count = int(options.get("c")) if options.get("c").isdigit() else 0
    wait = int(options.get("W")) * SECOND if options.get("W").isdigit() else 10 * SECOND
    call.out(f"PING {name} ({address}): 56 data bytes\n")
    sent = 0
    times_: list[SimTime] = []
    while not count or sent < count:
        try:
            trip = net.ping(sandbox, address)
        except NetworkError:
            sent += 1
            yield wait if sent == count else SECOND
            continue
        call.out(f"64 bytes from {address}: seq={sent} ttl=64 time={trip / MILLISECOND:.3f} ms\n")
        times_.append(trip)
        sent += 1
        yield trip if sent == count else SECOND
    lost = 100 - len(times_) * 100 // max(sent, 1)
    call.out(
        f"\n--- {name} ping statistics ---\n"
        f"{sent} packets transmitted, {len(times_)} packets received, {lost}% packet loss\n"
    )
    if times_:
        low, mean, high = min(times_), sum(times_) / len(times_), max(times_)
        call.out(f"round-trip min/avg/max = {low / 1000:.3f}/{mean / 1000:.3f}/{high / 1000:.3f} ms\n")
    return 0 if times_ else 1


def nc(call: Call, options: Options) -> Steps:
    if "l" in options:
        raise Unsupported("k8s-magic's nc connects; it does not listen")
    if len(options.operands) < 2 or not options.operands[1].isdigit():
        call.err("nc: missing host or port\n")
        return 1
    host, port = options.operands[0], int(options.operands[1])
    net = net_of(call)
    patience = int(options.get("w")) * SECOND if options.get("w").isdigit() else None
    bind = call.container.version.image.base in ("debian", "any")
    try:
        trip = net.connect(call.container.sandbox, host, port, "UDP" if "u" in options else "TCP")
    except NetworkError as error:
        yield error.elapsed if patience is None else min(error.elapsed, patience)
        if error.kind == "unknown_host":
            call.err(f"nc: bad address '{host}'\n")
        elif "v" in options or not bind:
            reason = {"refused": "Connection refused", "timeout": "Connection timed out"}.get(
                error.kind, "Host is unreachable"
            )
            if bind:
                call.err(f"nc: connect to {host} port {port} (tcp) failed: {reason}\n")
            else:
                call.err(f"nc: {host} ({error.address}): {reason}\n")
        return 1
    yield trip
    if "v" in options:
        if bind:
            call.err(f"Connection to {host} {port} port [tcp/*] succeeded!\n")
        else:
            call.err(f"{host} ({net.resolve(call.container.sandbox, host)[0]}:{port}) open\n")
    if "z" in options:
        return 0
    text = yield from call.stdin.all()
    if text and "u" not in options:
        try:
            conversation = net.dial(call.container.sandbox, host, port)
        except NetworkError:
            return 1
        call.out(decoded(conversation.receive(encoded(text))))
        if conversation.problem:
            raise Unsupported(conversation.problem)
    return 0


def ip(call: Call) -> int:
    """`ip addr` and `ifconfig`: eth0 and lo."""
    address = call.container.sandbox.ip
    if call.name == "ip" and not any(word.startswith("a") for word in call.argv[1:]):
        if any(word.startswith("r") for word in call.argv[1:]):
            gateway = address.rpartition(".")[0] + ".1"
            call.out(f"default via {gateway} dev eth0 \n")
            return 0
        raise Unsupported("k8s-magic's ip knows 'ip addr' and 'ip route'")
    if call.name == "ifconfig":
        call.out(
            f"eth0      Link encap:Ethernet  HWaddr {mac(address).upper()}\n"
            f"          inet addr:{address}  Bcast:0.0.0.0  Mask:255.255.255.0\n"
            "          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n\n"
            "lo        Link encap:Local Loopback\n          inet addr:127.0.0.1  Mask:255.0.0.0\n"
            "          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\n"
        )
        return 0
    call.out(
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN qlen 1000\n"
        "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n"
        "       valid_lft forever preferred_lft forever\n"
        "2: eth0@if7: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue state UP \n"
        f"    link/ether {mac(address)} brd ff:ff:ff:ff:ff:ff\n"
        f"    inet {address}/24 brd {address.rpartition('.')[0]}.255 scope global eth0\n"
        "       valid_lft forever preferred_lft forever\n"
    )
    return 0


def mac(address: str) -> str:
    return "0a:58:" + ":".join(f"{int(part):02x}" for part in address.split("."))


def netstat(call: Call) -> int:
    call.out("Active Internet connections (only servers)\n")
    call.out("Proto Recv-Q Send-Q Local Address           Foreign Address         State       \n")
    for protocol, port in sorted(call.container.sandbox.listeners):
        local = f"0.0.0.0:{port}"
        state = "LISTEN" if protocol == "TCP" else ""
        call.out(f"{protocol.lower():<5}      0      0 {local:<23} {'0.0.0.0:*':<23} {state:<11} \n")
    return 0


def traceroute(call: Call) -> int:
    raise Unsupported("k8s-magic does not model traceroute")


COMMANDS: dict[str, Program] = {
    "curl": curl,
    "wget": tool("qcSs46", "OTPHUt", wget, {
        "quiet": "q", "output-document": "O=", "timeout": "T=", "spider": "s", "server-response": "S",
        "post-data": "P=",
        "header": "H=", "no-check-certificate": "c", "tries": "t=", "user-agent": "U=", "no-verbose": "q",
    }),
    "nslookup": nslookup, "dig": dig, "getent": getent,
    "ping": tool("qn46v", "cWwis", ping), "nc": tool("zvnuklN46", "wip", nc), "ip": ip, "ifconfig": ip,
    "netstat": netstat, "traceroute": traceroute,
}  # fmt: skip
