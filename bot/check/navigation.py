"""Rules about what people tap: titles that fit a button, follow-ups that lead on, a menu that Telegram accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.check.questions import fold
from bot.check.rule import finding
from bot.knowledge import names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain import Problem
    from bot.knowledge import Folder
    from bot.knowledge.reader import Reading

BUTTON = 40
"""Characters of a title that a phone shows on a button without cutting it."""
_MENU_LIMITS = {"description": 512, "short_description": 120}
_COMMAND_LIMIT = 256


def long_title(folder: Folder) -> Iterator[Problem]:
    """A title is longer than 40 characters: on a button it would be cut off."""
    readings: list[Reading[Any]] = [*folder.sections.values(), *folder.intents.values()]
    for reading in readings:
        title = reading.model.title if reading.model else ""
        if len(title) > BUTTON:
            message = f"The title has {len(title)} characters, {BUTTON} fit on a button: shorten it."
            yield finding(reading, reading.line("title"), "long-title", message, "warning")


def title_twice(folder: Folder) -> Iterator[Problem]:
    """Two intents have the same title: side by side on two buttons nobody could tell them apart."""
    first: dict[str, Reading[Any]] = {}
    for intent in folder.intents.values():
        if intent.model is None:
            continue
        other = first.setdefault(fold(intent.model.title), intent)
        if other is not intent:
            message = f"{other.path.parent.name}/{other.path.name} has the same title: change one of them."
            yield finding(intent, intent.line("title"), "title-twice", message, "warning")


def follow_up_to_itself(folder: Folder) -> Iterator[Problem]:
    """A follow-up leads to the intent it stands in, or stands there twice: name another one."""
    for name, intent in folder.intents.items():
        follow_ups = intent.model.follow_ups if intent.model else ()
        for place, target in enumerate(follow_ups):
            line = intent.line("follow_ups", place)
            if target == name:
                yield finding(intent, line, "follow-up-to-itself", "This is the intent itself: name another one.")
            elif target in follow_ups[:place]:
                yield finding(intent, line, "follow-up-to-itself", f"{target} stands here twice: name another one.")


def few_follow_ups(folder: Folder) -> Iterator[Problem]:
    """An answer offers fewer than two follow-ups: whoever got it should find a way on. Redirects may have none."""
    for intent in folder.intents.values():
        if intent.model and intent.path.parent.name in folder.section_ids and len(intent.model.follow_ups) < 2:
            message = "There are fewer than two follow-ups: name two to four intents that one asks about next."
            yield finding(intent, intent.line("follow_ups"), "few-follow-ups", message, "warning")


def order_twice(folder: Folder) -> Iterator[Problem]:
    """Two sections have the same `order`: their places in the menu would be left to chance."""
    first: dict[int, Reading[Any]] = {}
    for section in folder.sections.values():
        if section.model is None:
            continue
        other = first.setdefault(section.model.order, section)
        if other is not section:
            message = f"{other.path.parent.name}/{other.path.name} has the same `order`: give each its own."
            yield finding(section, section.line("order"), "order-twice", message, "warning")


def long_menu_line(folder: Folder) -> Iterator[Problem]:
    """A line of Telegram's menu is too long for Telegram: a command 256 characters, the descriptions 512 and 120."""
    phrases = folder.phrases
    if phrases is None or phrases.model is None:
        return
    for name, text in phrases.model.menu.items():
        limit = _MENU_LIMITS.get(name, _COMMAND_LIMIT)
        if len(text) > limit:
            message = f"`menu.{name}` has {len(text)} characters, Telegram takes {limit}: shorten it."
            yield finding(phrases, phrases.line("menu", name), "long-menu-line", message)


def missing_phrase(folder: Folder) -> Iterator[Problem]:
    """phrases.yaml leaves out a sentence that the bot says: a neutral text stands in for it. Write your own."""
    phrases = folder.phrases
    if phrases is None or phrases.model is None:
        return
    for part, known in names().items():
        for name in sorted(known - set(getattr(phrases.model, part))):
            message = f"`{part}.{name}` is missing, so a neutral text stands in for it: add it."
            yield finding(phrases, phrases.line(part), "missing-phrase", message, "warning")
