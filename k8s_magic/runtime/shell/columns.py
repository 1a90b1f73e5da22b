"""Names side by side, as `ls` shows them on a terminal. Source: coreutils src/ls.c; busybox coreutils/ls.c"""

from __future__ import annotations

from collections.abc import Sequence

WIDTH = 80  # where a terminal tells no width
TAB = 8


def gnu(names: Sequence[str], width: int) -> str:
    """As many columns as fit, each as wide as it must be, down and then across; gaps are filled with tabs."""
    for count in range(min(len(names), max(width // 3, 1)), 0, -1):
        rows = -(-len(names) // count)
        columns = [names[start : start + rows] for start in range(0, len(names), rows)]
        widths = [max(map(len, column)) + 2 for column in columns]
        if len(columns) == count and (sum(widths) - 2 < width or count == 1):
            break
    return _rows(columns, widths, has_tabs=True)


def busybox(names: Sequence[str], width: int) -> str:
    """Columns of one width."""
    widest = max(map(len, names)) + 2
    rows = -(-len(names) // max(width // widest, 1))
    columns = [names[start : start + rows] for start in range(0, len(names), rows)]
    return _rows(columns, [widest] * len(columns), has_tabs=False)


def _rows(columns: Sequence[Sequence[str]], widths: Sequence[int], *, has_tabs: bool) -> str:
    lines = []
    for row in range(len(columns[0])):
        line, place, end = "", 0, 0
        for column, width in zip(columns, widths, strict=True):
            if row == len(column):
                break
            line += _gap(place, end) if has_tabs else " " * (end - place)
            line += column[row]
            place, end = end + len(column[row]), end + width
        lines.append(line + "\n")
    return "".join(lines)


def _gap(start: int, end: int) -> str:
    gap = ""
    while start < end:
        if end // TAB > (start + 1) // TAB:
            gap, start = gap + "\t", start + TAB - start % TAB
        else:
            gap, start = gap + " ", start + 1
    return gap
