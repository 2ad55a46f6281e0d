"""Gets the text of one knowledge file, whatever stands in its place: too big, not UTF-8, a link out of the folder."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain import Problem

if TYPE_CHECKING:
    from bot.domain import Level

MAX_BYTES = 1_000_000
"""The largest file that is read; the biggest of ours is a tenth of it."""

# What YAML forbids in a file, and the marks that can make a line read otherwise than it is stored.
FORBIDDEN = re.compile(
    "[^\\x09\\x0a\\x0d\\x20-\\x7e\\x85\\xa0-\\u2029\\u202f-\\u2065\\u206a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
)


def shown(path: Path, root: Path) -> str:
    """The path as a person would type it: from the folder that holds the knowledge folder."""
    try:
        return (Path(root.name) / path.relative_to(root)).as_posix()
    except ValueError:
        return path.name


def problem(path: Path, root: Path, line: int, rule: str, message: str, level: Level = "error") -> Problem:
    """A problem of one file of a knowledge folder."""
    return Problem(shown(path, root), line, rule, message, level)


def is_dir(path: Path) -> bool:
    """Whether there is a directory that may be looked at; pathlib raises where permission is missing."""
    try:
        return path.is_dir()
    except OSError:
        return False


def leads_out(path: Path, root: Path) -> bool:
    """Whether the path is a link to something outside the folder, or to nothing."""
    try:
        return path.is_symlink() and not inside(path, root)
    except OSError:
        return False


def inside(path: Path, root: Path) -> bool:
    """Whether the path, every link followed, stays in the folder; a link that cannot be followed does not."""
    try:
        return path.resolve(strict=True).is_relative_to(root.resolve(strict=True))
    except (OSError, RuntimeError, ValueError):
        return False


def text(path: Path, root: Path, problems: list[Problem]) -> str | None:
    """The text of a file, its byte order mark removed; None, and a problem added, where it cannot be read."""
    data = _bytes(path, root, problems)
    if data is None:
        return None
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(problem(path, root, line, "not-utf8", "This line is not UTF-8: save the file as UTF-8."))
        return None
    bad = FORBIDDEN.search(content)
    if bad:
        line = content.count("\n", 0, bad.start()) + 1
        message = f"This line has the invisible character U+{ord(bad.group()):04X}: delete it."
        problems.append(problem(path, root, line, "invisible-character", message))
        return None
    return content


def _bytes(path: Path, root: Path, problems: list[Problem]) -> bytes | None:
    fault: tuple[str, str] | None = None
    data = b""
    try:
        # A pipe or a device would make the reading wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            fault = ("not-a-file", "This is no ordinary file: put a YAML file in its place.")
        elif not inside(path, root):
            fault = ("outside", "This link leads out of the knowledge folder: put the file itself here.")
        else:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                fault = ("too-big", f"The file is larger than {MAX_BYTES // 1_000_000} MB: split it.")
    except FileNotFoundError:
        fault = ("missing-file", "The file is missing: add it.")
    except (OSError, RuntimeError, ValueError) as error:
        why = getattr(error, "strerror", None) or "the path is not valid"
        fault = ("unreadable", f"The file cannot be read ({why}): check it and its permissions.")
    if fault:
        problems.append(problem(path, root, 1, *fault))
        return None
    return data
