"""A measurement as a person reads it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Console

    from bot.evaluate import Change, Judged, Measured, Share

_GROUPS = {
    "in_scope": "questions that the document answers",
    "off_topic": "messages that it does not answer",
    "emergency": "emergencies",
    "crisis": "crises",
    "personal_advice": "requests for personal advice",
    "prognosis": "questions about chances",
    "smalltalk": "small talk",
    "turns": "conversations, turn by turn",
    "false_alarms": "shown where it was not asked for",
}
_SAME = 0.0005


def show(console: Console, measured: Measured, change: Change | None, misses: int) -> None:
    """Print the figures by file and group, the confusions, and the first `misses` misses."""
    files: dict[str, dict[str, dict[str, Share]]] = {}
    for name, share in measured.figures.items():
        file, group, figure = name.split(".", 2)
        files.setdefault(file, {}).setdefault(group, {})[figure] = share
    for file, groups in files.items():
        _file(console, file, groups, change.earlier if change else None)
    _confusions(console, measured.confusions)
    if change:
        _keys(console, "now right", change.now_right)
        _keys(console, "no longer right", change.no_longer_right)
    _misses(console, measured.misses, misses)


def _file(
    console: Console, file: str, groups: Mapping[str, Mapping[str, Share]], earlier: Mapping[str, float] | None
) -> None:
    table = _table("all files together" if file == "all" else file, "", "share", "95 %", "of")
    if earlier is not None:
        table.add_column("earlier", justify="right")
    for group, title in _GROUPS.items():
        figures = groups.get(group, {})
        if figures:
            table.add_row(Text(title, style="bold"))
        for figure, share in figures.items():
            if figure.count("."):
                continue
            row = [f"  {figure.replace('_', ' ')}", f"{share.value:.1%}", f"{share.low:.0%}-{share.high:.0%}"]
            row.append(f"{share.count}/{share.total}")
            if earlier is not None:
                row.append(_earlier(earlier.get(f"{file}.{group}.{figure}"), share))
            table.add_row(*row)
    console.print(table)
    for by in ("kind", "section"):
        start = f"right.{by}."
        parts = [
            f"{name.removeprefix(start)}\u00a0{share.value:.0%}"
            for name, share in groups.get("in_scope", {}).items()
            if name.startswith(start)
        ]
        if parts:
            listed = " · ".join(parts).replace("_", " ")
            text = Text.assemble((f"right by {by}: ", "bold"), listed)
            console.print(Padding(text, (0, 0, 0, 1)))
    console.print()


def _earlier(earlier: float | None, share: Share) -> str:
    if earlier is None:
        return "new"
    change = share.value - earlier
    return f"{earlier:.1%} (same)" if abs(change) < _SAME else f"{earlier:.1%} ({100 * change:+.1f})"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold underline", box=None)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number and column != "message" else "left", overflow="fold")
    return table


def _confusions(console: Console, pairs: tuple[tuple[str, str, int], ...]) -> None:
    if not pairs:
        return
    table = _table("given instead", "asked", "given", "times")
    for asked, given, times in pairs[:20]:
        table.add_row(asked, given, str(times))
    console.print(table)
    console.print()


def _keys(console: Console, title: str, keys: Iterable[str]) -> None:
    console.print(Text.assemble((f"{title}: ", "bold"), " ".join(keys) or "none"))
    console.print()


def _misses(console: Console, missed: tuple[Judged, ...], limit: int) -> None:
    if not missed or not limit:
        return
    console.print(Text(f"not right: {len(missed)}", style="bold underline"))
    for item in missed[:limit]:
        given = ", ".join(item.given) or item.outcome
        if item.options:
            given += f", offered {', '.join(item.options)}"
        asked = ", ".join(item.case.labels)
        line = Text.assemble((item.case.key, "bold"), f" asked {asked}; given {given} ({item.score:.2f})")
        console.print(line)
        console.print(Padding(Text(item.case.text, style="dim"), (0, 0, 0, 2)))
    if len(missed) > limit:
        console.print(Text(f"and {len(missed) - limit} more; --misses {len(missed)} shows all", style="dim"))
