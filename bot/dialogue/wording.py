"""Puts replies together from what the knowledge holds: answers, cards, choices, and the lines that end every reply."""

from __future__ import annotations

import re
from calendar import month_name
from typing import TYPE_CHECKING

from bot.domain import Block, Choice, Contacts, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from bot.domain import Intent, KnowledgeBase, Outcome, SafetyLevel

TOPICS = ":topics"
NONE = ":none"
OTHER_LANGUAGE = "other_language"
"""The kind of small talk for messages that are not in English; it counts as a miss."""
_LONGEST_LIST = 9
_SHORT_ITEM = 4


class Wording:
    """Every text of a reply, from the knowledge and the operator's contacts."""

    def __init__(self, kb: KnowledgeBase, contacts: Contacts) -> None:
        self._kb = kb
        self._values = dict(kb.safety.defaults)
        given = {
            "care_team": contacts.care_team,
            "emergency_number": contacts.emergency_number,
            "crisis_line": contacts.crisis_line,
        }
        self._values |= {name: value for name, value in given.items() if value}

    def card(self, name: str) -> Block:
        """A safety card with the contacts filled in."""
        card = self._kb.safety.card(name)
        text = re.sub(r"\{(\w+)\}", lambda found: self._values.get(found[1], ""), card.text)
        return Block(text.strip(), card.title)

    def phrase(self, name: str) -> str:
        """One of the fixed sentences of phrases.yaml; empty when the knowledge has none of that name."""
        return self._kb.phrases.replies.get(name, "")

    def notes(self, today: date | None, *, answered: bool = False) -> tuple[str, ...]:
        """The small print: the disclaimer, for an answer its source and age, and the line that leads to /urgent."""
        source = self._kb.source
        lines = [source.disclaimer]
        if answered:
            lines.append(self._fill_source(source.based_on))
            if today and self._stale(today):
                lines.append(self._fill_source(source.stale_notice))
        lines.append(source.urgent_line)
        return tuple(line for line in lines if line)

    def _fill_source(self, template: str) -> str:
        source = self._kb.source
        year, _, month = source.last_reviewed.partition("-")
        named = f"{month_name[int(month)]} {year}" if month.isdigit() and 1 <= int(month) <= 12 else year
        values = {"title": source.title, "reviewer": source.reviewer, "last_reviewed": named}
        return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], ""), template)

    def _stale(self, today: date) -> bool:
        year, _, month = self._kb.source.last_reviewed.partition("-")
        if not (year.isdigit() and month.isdigit()):
            return False
        months = (today.year - int(year)) * 12 + today.month - int(month)
        return months > self._kb.source.stale_after_months

    def reply(
        self,
        outcome: Outcome,
        blocks: Iterable[Block],
        today: date | None,
        *,
        choices: Sequence[Choice] = (),
        intents: Sequence[str] = (),
        safety: SafetyLevel | None = None,
        score: float = 0.0,
        why: Sequence[str] = (),
        numbered: int = 0,
        lettered: bool = False,
    ) -> Reply:
        """A whole reply, with the lines that end it and the sections among its choices."""
        sections = dict.fromkeys(c.target.partition(".")[0] for c in choices if not c.target.startswith(":"))
        options = tuple(s for s in sections if s in self._kb.sections) if outcome == "clarify" else ()
        return Reply(
            outcome,
            tuple(block for block in blocks if block.text or block.title),
            self.notes(today, answered=outcome == "answer"),
            tuple(choices),
            tuple(intents),
            options,
            safety,
            score,
            tuple(why),
            numbered,
            lettered,
        )

    def block(self, intent: Intent) -> Block:
        """An intent's answer under its title."""
        return Block(intent.answer.strip(), intent.title)

    def choice(self, intent: str) -> Choice:
        """An intent as something to tap."""
        return Choice(self._kb.intents[intent].title, intent)

    def follow_ups(self, intent: Intent) -> tuple[Choice, ...]:
        """What to tap next after an answer, and the way to all topics."""
        known = [name for name in intent.follow_ups if name in self._kb.intents]
        return (*(self.choice(name) for name in known), *self.to_topics())

    def to_topics(self) -> tuple[Choice, ...]:
        """The button that shows all topics."""
        label = self.phrase("more_topics")
        return (Choice(label, TOPICS),) if label else ()

    def topics(self) -> tuple[Choice, ...]:
        """Every section as a choice, in the document's order."""
        return tuple(Choice(section.title, f"{section.id}.{section.broad}") for section in self._kb.topics())


def list_items(answer: str) -> tuple[str, ...]:
    """What each item of the answer's numbered list is about: its bold words, or a short item as a whole.

    Empty when there is no such list: items of many plain words are steps of one thing, not things to ask about.
    """
    items = re.findall(r"^\d+\.\s+(.+)$", answer, re.MULTILINE)
    named = []
    for item in items:
        bold = re.search(r"\*\*(.+?)\*\*", item)
        plain = re.sub(r"\(.*?\)", "", item)
        named.append(bold[1] if bold else plain if len(plain.split()) <= _SHORT_ITEM else "")
    return tuple(named) if 2 <= len(named) <= _LONGEST_LIST and all(named) else ()
