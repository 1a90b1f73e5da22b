"""Ages and aligned columns, as the real kubectl prints them."""

from __future__ import annotations

import pytest

from k8s_magic.text import ages, tabwriter


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-2, "<invalid>"),
        (-1, "0s"),
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (303, "5m3s"),
        (600, "10m"),
        (3 * 3600 - 1, "179m"),
        (3 * 3600, "3h"),
        (3 * 3600 + 25 * 60, "3h25m"),
        (8 * 3600 + 59 * 60, "8h"),
        (47 * 3600, "47h"),
        (53 * 3600, "2d5h"),
        (8 * 86400, "8d"),
        (729 * 86400, "729d"),
        (750 * 86400, "2y20d"),
        (9 * 365 * 86400, "9y"),
    ],
)
def test_human_duration(seconds: int, text: str) -> None:
    assert ages.human_duration(seconds) == text


def test_short_and_go_durations() -> None:
    assert [ages.short_human_duration(at) for at in (59, 60, 3600, 86400, 400 * 86400)] == [
        "59s",
        "1m",
        "1h",
        "1d",
        "1y",
    ]
    spans = (0, 250_000_000, 1_500_000_000, 90_000_000_000, 86_400_000_000_000, -1_000)
    assert [ages.go_duration(span) for span in spans] == ["0s", "250ms", "1.5s", "1m30s", "24h0m0s", "-1µs"]


def test_a_table_pads_all_cells_but_the_last() -> None:
    rows = [("NAME", "READY", "AGE"), ("a", "1/1", "5s"), ("a-long-name", "0/1", "2d5h")]
    assert tabwriter.table(rows) == (
        "NAME          READY   AGE\n"
        "a             1/1     5s\n"
        "a-long-name   0/1     2d5h\n"
    )  # fmt: skip


def test_widths_count_characters_and_have_a_least() -> None:
    assert tabwriter.table([("日本", "x"), ("é", "y")]) == "日本    x\né     y\n"


def test_a_column_is_a_block_of_lines_that_have_it() -> None:
    assert tabwriter.described("a:\tb\nlonger:\tc\nno cell\nx:\ty\n") == "a:       b\nlonger:  c\nno cell\nx:  y\n"
    assert tabwriter.described("a\tb\tc\nlong\tx\nq\tw\te\n") == "a     b  c\nlong  x\nq     w  e\n"


def test_a_watch_keeps_its_widths_until_they_are_forgotten() -> None:
    out: list[str] = []
    writer = tabwriter.get_writer(out.append)
    writer.write("NAME\tSTATUS\nsome-long-name\tPending\n")
    writer.flush()
    writer.write("x\tRunning\n")
    writer.flush()
    writer.write("a-name-that-is-longer-yet\tRunning\n")
    writer.flush()
    writer.forget_widths()
    writer.write("x\tRunning\n")
    writer.flush()
    assert "".join(out) == (
        "NAME             STATUS\n"
        "some-long-name   Pending\n"
        "x                Running\n"
        "a-name-that-is-longer-yet   Running\n"
        "x     Running\n"
    )


def test_text_may_come_in_pieces_and_end_without_a_line() -> None:
    out: list[str] = []
    writer = tabwriter.describe_writer(out.append)
    for piece in ("a:", "\tb\n", "cc:\t", "d"):
        writer.write(piece)
    writer.flush()
    assert "".join(out) == "a:   b\ncc:  d"
