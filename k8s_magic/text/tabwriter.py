"""Columns of text, aligned as Go's text/tabwriter aligns them.

A cell is terminated by a tab; the text after a line's last tab is no cell and is never padded. A column is a block
of consecutive lines that have a cell there, as wide as its widest cell. `REMEMBER_WIDTHS` is kubectl's own variant:
a flush forgets no width, so that the rows of a watch stay under their header.
Source: Go's text/tabwriter; github.com/liggitt/tabwriter; cli-runtime/pkg/printers/tabwriter.go
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

REMEMBER_WIDTHS = 1

# How `kubectl get` and how `kubectl describe` set up their writers.
GET_MIN_WIDTH, GET_TAB_WIDTH, GET_PADDING = 6, 4, 3
DESCRIBE_MIN_WIDTH, DESCRIBE_TAB_WIDTH, DESCRIBE_PADDING = 0, 8, 2


class TabWriter:
    """Collects text and writes it aligned. Nothing is written for good before a line without cells or `flush`."""

    __slots__ = (
        "_line",
        "_lines",
        "_min_width",
        "_pad_char",
        "_padding",
        "_remembered",
        "_remembers",
        "_tab_width",
        "_write",
    )

    def __init__(
        self,
        write: Callable[[str], object],
        min_width: int = GET_MIN_WIDTH,
        tab_width: int = GET_TAB_WIDTH,
        padding: int = GET_PADDING,
        pad_char: str = " ",
        flags: int = 0,
    ) -> None:
        self._write = write
        self._min_width = min_width
        self._tab_width = tab_width
        self._padding = padding
        self._pad_char = pad_char
        self._remembers = bool(flags & REMEMBER_WIDTHS)
        self._remembered: list[int] = []
        self._line = ""  # the line that has no end yet
        self._lines: list[list[str]] = []  # each split at its tabs

    def write(self, text: str) -> None:
        if "\f" in text or "\v" in text:
            text = text.replace("\v", "\t")
            *forced, text = text.split("\f")
            for piece in forced:
                self.write(piece + "\n")
                self._flush_lines()
        pieces = text.split("\n")
        if len(pieces) == 1:
            self._line += text
            return
        pieces[0] = self._line + pieces[0]
        self._line = pieces.pop()
        for piece in pieces:
            cells = piece.split("\t")
            self._lines.append(cells)
            if len(cells) == 1:
                self._flush_lines()

    def flush(self) -> None:
        """Write all that was collected, also a line without an end."""
        if self._line:
            self._lines.append(self._line.split("\t"))
            self._line = ""
            self._flush_lines(ended=False)
        else:
            self._flush_lines()

    def forget_widths(self) -> None:
        """Start afresh with the widths, for another table (SetRememberedWidths(nil))."""
        self._remembered = []

    @property
    def remembered_widths(self) -> list[int]:
        return list(self._remembered)

    def _flush_lines(self, *, ended: bool = True) -> None:
        lines, self._lines = self._lines, []
        if not lines:
            return
        out: list[str] = []
        self._format(lines, 0, len(lines), [], out)
        text = "\n".join(out)
        self._write(text + "\n" if ended else text)

    def _format(self, lines: list[list[str]], start: int, end: int, widths: list[int], out: list[str]) -> None:
        """Write lines[start:end], whose first len(widths) cells stand in columns of those widths."""
        column = len(widths)
        at = start
        while at < end:
            if column >= len(lines[at]) - 1:
                at += 1
                continue
            self._write_lines(lines, start, at, widths, out)
            start = at
            widest = 0
            while at < end:
                line = lines[at]
                if column >= len(line) - 1:
                    break
                width = len(line[column])
                if width > widest:
                    widest = width
                at += 1
            self._format(lines, start, at, [*widths, self._width(column, widest)], out)
            start = at
        self._write_lines(lines, start, end, widths, out)

    def _width(self, column: int, widest: int) -> int:
        width = max(widest + self._padding, self._min_width)
        if self._pad_char == "\t":
            width = -(-width // self._tab_width) * self._tab_width
        if self._remembers:
            remembered = self._remembered
            if column < len(remembered):
                width = remembered[column] = max(width, remembered[column])
            else:
                remembered.append(width)
        return width

    def _write_lines(self, lines: list[list[str]], start: int, end: int, widths: list[int], out: list[str]) -> None:
        if start == end:
            return
        if self._pad_char == "\t":
            for line in lines[start:end]:
                padded = [cell + self._tabs(cell, width) for cell, width in zip(line, widths, strict=False)]
                out.append("".join(padded) + line[-1])
            return
        columns = len(widths)
        if self._pad_char != " ":
            pad = self._pad_char
            for line in lines[start:end]:
                padded = [cell.ljust(width, pad) for cell, width in zip(line, widths, strict=False)]
                out.append("".join(padded) + line[columns])
            return
        form = "".join([f"%-{width}s" for width in widths]) + "%s"
        for line in lines[start:end]:
            # A line of this block has exactly these cells and its unpadded rest.
            out.append(form % tuple(line))

    def _tabs(self, cell: str, width: int) -> str:
        return "\t" * -(-(width - len(cell)) // self._tab_width)


def get_writer(write: Callable[[str], object]) -> TabWriter:
    """The writer of `kubectl get` and of every other table that kubectl prints with its own printer."""
    return TabWriter(write, GET_MIN_WIDTH, GET_TAB_WIDTH, GET_PADDING, " ", REMEMBER_WIDTHS)


def describe_writer(write: Callable[[str], object]) -> TabWriter:
    """The writer of `kubectl describe`."""
    return TabWriter(write, DESCRIBE_MIN_WIDTH, DESCRIBE_TAB_WIDTH, DESCRIBE_PADDING)


def described(text: str) -> str:
    """Text with tabs, aligned as `kubectl describe` does."""
    out: list[str] = []
    writer = describe_writer(out.append)
    writer.write(text)
    writer.flush()
    return "".join(out)


def table(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells in the look of `kubectl get`; each row's last cell is not padded. The header is a row."""
    out: list[str] = []
    writer = get_writer(out.append)
    writer.write("".join(["\t".join(row) + "\n" for row in rows]))
    writer.flush()
    return "".join(out)
