"""What a message means after what was said before: the last topic, lists, choices, and several questions in one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.dialogue.decision import Decision, Thresholds, decide
from bot.dialogue.references import References
from bot.dialogue.wording import list_items
from bot.domain import Match
from bot.matching.examples import CUE
from bot.text import clean, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain import Conversation, KnowledgeBase
    from bot.matching import Matcher, Matching

_PART = re.compile(r"[^.?!;\n]+[.?!;\n]?")
_MOST_PARTS = 12
_FEWEST = 3
_SHORT = 9
_TERSE = 4
_TWO = 2
_MOVES = frozenset({"tell_me_more", "other_one", "next", "second_one"})


class Context:
    """Decides what a message asks for, with what is remembered of the conversation."""

    def __init__(self, kb: KnowledgeBase, matcher: Matcher, limits: Thresholds) -> None:
        self._kb = kb
        self._matcher = matcher
        self._limits = limits
        self._references = References(kb.phrases)
        self._lists: dict[str, tuple[str, ...]] = {}

    def listed(self, intent_id: str) -> tuple[str, ...]:
        """The intents that the items of an answer's numbered list stand for; empty unless each has its own."""
        if intent_id not in self._lists:
            items = list_items(self._kb.intents[intent_id].answer)
            best = [self._matcher.match(item).sections[:1] for item in items]
            found = [each[0].intent for each in best if each and each[0].intent != intent_id]
            self._lists[intent_id] = tuple(found) if len(set(found)) == len(items) else ()
        return self._lists[intent_id]

    def decide(self, text: str, words: Sequence[str], conversation: Conversation) -> Decision:
        """The reply that a message deserves at this point of the conversation."""
        pointed = self._references.place(words, conversation)
        if pointed and (not pointed.rest or pointed.target.startswith(":")):
            return Decision("chosen", target=pointed.target)
        found = self._matcher.match(text)
        if pointed:
            return self._about(text, pointed.target) or Decision("chosen", target=pointed.target)
        own = self._by_itself(text, words, found, conversation)
        cue = next((kind.removeprefix(CUE) for kind, ahead in found.talk[:1] if kind.startswith(CUE) and ahead > 0), "")
        leans = bool(cue) or self._references.points_back(words) or len(words) <= _TERSE
        if not leans or (own.kind == "answer" and own.score >= self._limits.sure) or own.kind == "talk":
            return own
        if not conversation.topic:
            return Decision("nothing", target="which_topic") if cue and own.kind != "answer" else own
        return self._follow(text, cue, own, conversation)

    def _follow(self, text: str, cue: str, own: Decision, conversation: Conversation) -> Decision:
        """A follow-up on the last topic, unless the message stands better by itself."""
        if cue in _MOVES and own.kind != "answer":
            target = self._move(cue, conversation)
            return Decision("chosen", target=target) if target else Decision("nothing", target="which_topic")
        about = self._about(text, conversation.topic)
        if about and (own.kind != "answer" or about.score > own.score):
            return about
        if own.kind in {"answer", "clarify", "redirect"} or not cue:
            return own
        return Decision("nothing", target="which_topic")

    def _about(self, text: str, topic: str) -> Decision | None:
        """What the message asks about the section of `topic`; None when it asks for something else."""
        section = topic.partition(".")[0]
        hinted = self._matcher.match(text, section)
        redirect = hinted.redirects[0] if hinted.redirects else None
        best = hinted.sections[0] if hinted.sections else None
        if best and best.section == section and best.score >= self._limits.follow:
            intent = self._matcher.inside(text, section)
            return Decision("answer", (Match(intent, best.score, best.phrasing, best.why),), score=best.score)
        if redirect and redirect.score >= self._limits.redirect:
            return Decision("redirect", (redirect,), score=redirect.score)
        return None

    def _move(self, cue: str, conversation: Conversation) -> str:
        """Where "more", "next" and "the other one" lead from the last topic; empty when nowhere."""
        topic, listed = self._kb.intents[conversation.topic], conversation.listed
        at = listed.index(topic.id) if topic.id in listed else -1
        if cue == "tell_me_more":
            broad = self._kb.broad(topic.section).id
            inside = [name for name in topic.follow_ups if name.startswith(topic.section + ".")]
            return broad if topic.id != broad else next(iter(inside), broad)
        if cue == "next" and listed:
            return listed[at + 1] if at + 1 < len(listed) else ""
        if cue == "other_one" and len(listed) == _TWO and at >= 0:
            return listed[1 - at]
        if cue in {"other_one", "next"}:
            beside = [name for name in topic.follow_ups if name.startswith(topic.section + ".")]
            return next(iter(beside), "")
        return ""

    def _by_itself(self, text: str, words: Sequence[str], found: Matching, conversation: Conversation) -> Decision:
        """The decision on a message as if nothing had been said before; a long one is read part by part, too."""
        whole = decide(found, self._limits, may_ask=not conversation.clarified)
        parts = _parts(text) if len(words) > _SHORT else []
        if len(parts) < _TWO:
            return whole
        matched = [self._matcher.match(part) for part in parts]
        asked = [m.sections[0] for m, part in zip(matched, parts, strict=True) if m.sections and _asks(part)]
        sure = [match for match in asked if match.score >= self._limits.part]
        if len(sure) >= _TWO and len({match.section for match in sure}) == _TWO:
            two = list({match.section: match for match in sure}.values())
            return Decision("answer", tuple(two), score=min(match.score for match in two))
        if whole.kind in {"answer", "talk"}:
            return whole
        best = max(asked, key=lambda match: match.score, default=None)
        if best and best.score >= self._limits.part:
            return Decision("answer", (best,), score=best.score)
        return whole


def _parts(text: str) -> list[str]:
    """The sentences of a message that have at least three words, with their question marks."""
    found = [part.strip() for part in _PART.findall(clean(text))]
    return [part for part in found if len(tokens(part)) >= _FEWEST][-_MOST_PARTS:]


def _asks(part: str) -> bool:
    return part.endswith("?")
