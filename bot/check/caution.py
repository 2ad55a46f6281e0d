"""Rules about what the bot must never say: that all is well, how much to take, or that a text is still to come."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.check.rule import finding
from bot.knowledge import cards, outgoing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain import Problem
    from bot.knowledge import Folder

_WELL = r"(?:fine|ok|okay|all\ right|alright)"
_REASSURANCE = re.compile(
    rf"""
    \b(?:
      (?:don'?t|do\ not|needn'?t|need\ not|not\ to|no\ need\ to|no\ reason\ to|nothing\ to|stop)\ (?:be\ )?
        (?:worry|worried|panic|afraid|fear|alarmed|concerned)
    | (?:it|that|this|these|those|everything|all|you|he|she|they)(?:\ is|\ are|'s|'re|\ will\ be|'ll\ be)
        \ (?:just\ |all\ |probably\ |perfectly\ |completely\ )?{_WELL}(?!\ to\ (?:ask|say))
    | (?:perfectly|completely|probably|totally)\ (?:{_WELL}|safe|harmless|healthy)
    | (?:ab)?normal | normally
    | safe\ to\ (?:wait|stay|ignore|skip|stop|take) | (?:can|could|may)\ wait | no\ (?:rush|hurry) | wait\ and\ see
    | (?:wait|hold\ on|sleep)\ (?:until|till)\ (?:morning|tomorrow|monday)
    | (?:is|are|it's|that's|probably)\ (?:harmless|nothing|not\ (?:serious|dangerous|an\ emergency))
    | nothing\ (?:serious|dangerous|bad) | no\ (?:danger|emergency)
    | rest\ assured | be\ reassured | calm\ down | relax
    | (?:will|going\ to|'ll)\ (?:soon\ )?(?:be\ cured|recover|get\ better|be\ better|survive|pull\ through)
    )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)

# "whether it can wait" and "only if it is safe to wait" promise nothing.
_OPEN = re.compile(r"\b(?:whether|if)\b[^.,;:!?]*\Z", re.IGNORECASE)

_NUMBER = r"(?:\d+(?:[.,]\d+)?|half|one|two|three|four|five|six|seven|eight|nine|ten)"
_FORM = r"(?:tablet|pill|capsule|drop|puff|spoon|teaspoon|tablespoon|vial|ampoule|patch|lozenge|sachet|unit)e?s?"
_DOSE = re.compile(
    rf"""
    \b\d+(?:[.,]\d+)?[\ -]?(?:mg|mcg|µg|ug|g|gram(?:me)?s?|milligram(?:me)?s?|microgram(?:me)?s?|ml|millilit(?:re|er)s?
        |cc|iu|mmol|gy|grays?)(?:\ ?/\ ?(?:kg|m2|m²|day|dose|ml))?\b
    | \b{_NUMBER}\ (?:more\ |extra\ )?{_FORM}\b
    | \b(?:once|twice|(?:two|three|four|five|six|\d+)\ times|{_NUMBER}\ doses?)\ (?:a|per|each|every|in\ a)\ day\b
    | \b(?:once|twice)\ daily\b | \bevery\ {_NUMBER}(?:\ to\ {_NUMBER})?\ hours?\b
    """,
    re.VERBOSE | re.IGNORECASE,
)

_UNWRITTEN = re.compile(
    r"\b(?:TODO|FIXME|XXX+|TBD|TBC|lorem|ipsum)\b"
    r"|\b(?i:your (?:text|answer|question) here|insert \w+ here)\b"
    r"|\bexample\.(?:com|org|net)\b"
    r"|(?i:\A\s*(?:example|placeholder|sample|test|dummy)(?: (?:text|answer|question|title))?\.?\s*\Z)"
    r"|(?i:\A\s*(?:todo|tbd|tbc)\b|\A\s*to be \w+\.?\s*\Z)"
)


def reassurance(folder: Folder) -> Iterator[Problem]:
    """A text says that all is well, that it can wait, or how it will end; the bot cannot know. Say who to ask instead.

    Refused are "don't worry", "it is fine", "normal", "safe to wait", "will get better" and the like.
    """
    yield from _search(folder, _REASSURANCE, "reassurance", "sounds as if all were well: say who to ask instead.")


def dose(folder: Folder) -> Iterator[Problem]:
    """A text says how much or how often to take something: only the care team may say that. Leave it out."""
    yield from _search(folder, _DOSE, "dose", "reads like a dose: leave it out.")


def unwritten(folder: Folder) -> Iterator[Problem]:
    """A text still holds a stand-in such as TODO, TBD or lorem ipsum: write what belongs there."""
    yield from _search(folder, _UNWRITTEN, "unwritten", "is a stand-in: write what belongs there.")


def _search(folder: Folder, pattern: re.Pattern[str], rule: str, message: str) -> Iterator[Problem]:
    for text in (*outgoing(folder), *cards(folder)):
        # Line ends inside a text are only a matter of layout.
        plain = text.text.replace("\n", " ").replace("’", "'")
        for found in pattern.finditer(plain):
            if rule == "reassurance" and _OPEN.search(plain, max(0, found.start() - 80), found.start()):
                continue
            said = " ".join(found.group().split())[:40]
            yield finding(text.reading, text.line(found.start()), rule, f"{said!r} {message}")
