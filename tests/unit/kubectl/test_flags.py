"""Flags are read as pflag reads them."""

from __future__ import annotations

import pytest

from k8s_magic.kubectl.flags import Flag, FlagError, HelpWanted, duration, parse

FLAGS = (
    Flag("output", short="o"),
    Flag("watch", "bool", short="w"),
    Flag("all-namespaces", "bool", short="A"),
    Flag("tail", "int", default=-1),
    Flag("filename", "slice", short="f"),
    Flag("env", "array", short="e"),
    Flag("dry-run", default="none", no_value="unchanged"),
    Flag("timeout", "duration", default=30.0),
    Flag("cpu-percent", "int32", deprecated="Use --cpu instead."),
)


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("-oyaml", "output", "yaml"),
        ("-o=yaml", "output", "yaml"),
        ("-o yaml", "output", "yaml"),
        ("--output=yaml", "output", "yaml"),
        ("--output yaml", "output", "yaml"),
        ("-o=", "output", "="),
        ("-wA", "all-namespaces", True),
        ("-w=false", "watch", False),
        ("--watch=F", "watch", False),
        ("-woyaml", "output", "yaml"),
        ("--all_namespaces", "all-namespaces", True),
        ("--tail=0x10", "tail", 16),
        ("--tail -5", "tail", -5),
        ("-f a,b -f c", "filename", ("a", "b", "c")),
        ("-e a,b -e c", "env", ("a,b", "c")),
        ("--dry-run", "dry-run", "unchanged"),
        ("--dry-run=client", "dry-run", "client"),
        ("--timeout=1m30s", "timeout", 90.0),
        ("pods", "timeout", 30.0),
    ],
)
def test_forms(line: str, name: str, value: object) -> None:
    values = parse(FLAGS, line.split())
    assert values[name] == value
    assert values.changed(name) is (line != "pods")


def test_arguments_and_dash() -> None:
    values = parse(FLAGS, ["web", "-w", "-", "-o", "yaml", "--", "ls", "-la"])
    assert values.arguments == ["web", "-", "ls", "-la"]
    assert values.dash == 2
    assert parse(FLAGS, ["web"]).dash == -1


def test_dry_run_without_value_leaves_the_next_word() -> None:
    assert parse(FLAGS, ["--dry-run", "client"]).arguments == ["client"]


def test_deprecated_flag_is_told_once() -> None:
    values = parse(FLAGS, ["--cpu-percent=1", "--cpu-percent=2"])
    assert values.notices == ["Flag --cpu-percent has been deprecated, Use --cpu instead."]
    assert values["cpu-percent"] == 2


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("--nosuch=1", "unknown flag: --nosuch"),
        ("-wz", "unknown shorthand flag: 'z' in -z"),
        ("-wo", "flag needs an argument: 'o' in -o"),
        ("--tail", "flag needs an argument: --tail"),
        (
            "--cpu-percent=2147483648",
            'invalid argument "2147483648" for "--cpu-percent" flag: '
            'strconv.ParseInt: parsing "2147483648": value out of range',
        ),
    ],
)
def test_errors(line: str, text: str) -> None:
    with pytest.raises(FlagError) as caught:
        parse(FLAGS, line.split())
    assert str(caught.value) == text


@pytest.mark.parametrize("line", ["-h", "--help", "-wh", "web --help=true"])
def test_help(line: str) -> None:
    with pytest.raises(HelpWanted):
        parse(FLAGS, line.split())


def test_durations() -> None:
    assert [duration(text) for text in ("0", "1.5h", "100ms", "-2s", "1h2m3s")] == [0, 5400, 0.1, -2, 3723]
