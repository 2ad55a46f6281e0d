"""What a message means after what was said before: the last topic, lists, choices, and several questions in one."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.dialogue.decision import Decision, Thresholds, decide
from bot.dialogue.names import Names
from bot.dialogue.references import References
from bot.dialogue.wording import NONE, list_items
from bot.domain import Match
from bot.matching.examples import CUE
from bot.text import clean, sentences, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain import Conversation, KnowledgeBase
    from bot.matching import Matcher, Matching

_MOST_PARTS = 12
_FEWEST = 3
_SHORT = 9
_SLIGHT = 7.0
"""A message of less weight than this ("is it fast?") leans on what was said before."""
_TERSE = 4
_TWO = 2
_MOST_ANSWERED = 4
"""Two are told, the others are what to tap next."""
_MOVES = frozenset({"tell_me_more", "other_one", "next", "second_one"})


class Context:
    """Decides what a message asks for, with what is remembered of the conversation."""

    def __init__(self, kb: KnowledgeBase, matcher: Matcher, limits: Thresholds) -> None:
        self._kb = kb
        self._matcher = matcher
        self._limits = limits
        self._references = References(kb.phrases)
        self._names = Names(kb)
        self._comparing = tuple(tuple(tokens(text)) for text in kb.phrases.comparing)
        self._said = {
            clean(text).casefold(): kind for kind, talk in kb.phrases.smalltalk.items() for text in talk.questions
        }
        self._agreeing = frozenset(tuple(tokens(clean(text))) for text in kb.phrases.agreeing)
        self._declining = frozenset(tuple(tokens(clean(text))) for text in kb.phrases.declining)
        joined = "|".join(re.escape(joint) for joint in kb.phrases.joints) or r"(?!)"
        self._joints = re.compile(rf"\b(?:{joined})\b", re.IGNORECASE)
        self._lists: dict[str, tuple[str, ...]] = {}

    def listed(self, intent_id: str) -> tuple[str, ...]:
        """The intents that the items of an answer's numbered list stand for; empty unless each has its own."""
        if intent_id not in self._lists:
            items = list_items(self._kb.intents[intent_id].answer)
            found = [self._named(item, intent_id.partition(".")[0]) for item in items]
            whole = len({*found, intent_id}) == len(items) + 1
            self._lists[intent_id] = tuple(found) if whole else ()
        return self._lists[intent_id]

    def is_phrase(self, text: str) -> bool:
        """Whether a message is one of the fixed small phrases ("thanks", "none of these") and nothing more."""
        words = tuple(tokens(clean(text)))
        return clean(text).casefold() in self._said or words in self._agreeing or words in self._declining

    def _named(self, item: str, section: str) -> str:
        """The intent that a list item names: one of another section if that is clear, else one of this section."""
        best = self._matcher.match(item).sections[:1]
        if best and best[0].score >= self._limits.answer:
            return best[0].intent
        return self._matcher.inside(item, section)[0]

    def decide(self, text: str, words: Sequence[str], conversation: Conversation) -> Decision:
        """The reply that a message deserves at this point of the conversation."""
        if conversation.clarified and tuple(words) in self._agreeing:
            return Decision("chosen", target=conversation.choices[0].target)
        if conversation.clarified and tuple(words) in self._declining:
            return Decision("chosen", target=NONE)
        said = self._said.get(clean(text).casefold())
        if said:
            return Decision("talk", target=said, score=1.0)
        pointed, named = self._references.place(words, conversation), self._names(words)
        if pointed and pointed.rest and any(word.isdigit() for word in words):
            # "What is chemotherapy? 1" asks about chemotherapy, whatever was offered in the first place.
            others = [name for name in named if name != pointed.target.partition(".")[0]]
            pointed = None if others else pointed
        if pointed and (not pointed.rest or pointed.target.startswith(":")):
            return Decision("chosen", target=pointed.target)
        if pointed:
            return self._about(text, pointed.target.partition(".")[0]) or Decision("chosen", target=pointed.target)
        found = self._matcher.match(text)
        if self._compares(words) and len(targets := self._names.targets(words)) == _TWO:
            return self._compare(found, targets)
        own = self._by_itself(text, found, conversation)
        cue = next((kind.removeprefix(CUE) for kind, ahead in found.talk[:1] if kind.startswith(CUE) and ahead > 0), "")
        slight = found.reading.weight <= _SLIGHT and len(words) <= _SHORT
        if own.kind == "talk" or not (cue or slight or self._references.points_back(words)):
            return own
        if not conversation.topic:
            return Decision("nothing", target="which_topic") if cue and own.kind != "answer" else own
        return self._follow(text, cue, own, conversation, named)

    def _follow(self, text: str, cue: str, own: Decision, conversation: Conversation, named: Sequence[str]) -> Decision:
        """A follow-up on the last topic, unless the message stands better by itself."""
        if cue in _MOVES and own.kind != "answer":
            target = self._move(cue, conversation)
            return Decision("chosen", target=target) if target else Decision("nothing", target="which_topic")
        section = conversation.topic.partition(".")[0]
        fit = self._matcher.inside(text, section)[1]
        others = [name for name in named if name != section]
        if own.kind == "answer" and others and (fit < self._limits.fit_beside or len(tokens(text)) <= _TERSE):
            return own
        if own.kind == "answer" and own.score >= self._limits.sure and fit < self._limits.fit:
            return own
        if not cue and own.kind != "answer" and fit < self._limits.fit_unprompted:
            return own
        about = self._about(text, section)
        if about:
            return about
        if own.kind in {"answer", "clarify", "redirect"} or not cue:
            return own
        return Decision("nothing", target="which_topic")

    def _about(self, text: str, section: str) -> Decision | None:
        """What the message asks about a section; None when it asks for something else."""
        hinted = self._matcher.match(text, section)
        redirect = hinted.redirects[0] if hinted.redirects else None
        best = hinted.sections[0] if hinted.sections else None
        intent, fit = self._matcher.inside(text, section) if section in self._kb.sections else ("", -1.0)
        if redirect and redirect.score >= self._limits.redirect and fit < self._limits.fit:
            return Decision("redirect", (redirect,), score=redirect.score)
        if best and best.section == section and best.score >= self._limits.follow:
            return Decision("answer", (Match(intent, best.score, best.phrasing, best.why),), score=best.score)
        return None

    def _compares(self, words: Sequence[str]) -> bool:
        return any(
            tuple(words[place : place + len(marker)]) == marker
            for marker in self._comparing
            for place in range(len(words) - len(marker) + 1)
        )

    def _compare(self, found: Matching, named: Sequence[str]) -> Decision:
        """Both sides of a comparison, unless one answer is about just that."""
        best = found.sections[0] if found.sections else None
        if best and set(named) <= set(self._names.targets(tokens(clean(self._kb.intents[best.intent].title)))):
            return Decision("answer", (best,), score=best.score)
        scores = {match.section: match.score for match in found.sections}
        intents = [name if name in self._kb.intents else self._kb.broad(name).id for name in named]
        both = tuple(Match(intent, scores.get(intent.partition(".")[0], 0.0)) for intent in intents)
        score = max(self._limits.answer, *(match.score for match in both))
        return Decision("answer", both, target="comparison", score=score)

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

    def _by_itself(self, text: str, found: Matching, conversation: Conversation) -> Decision:
        """The decision on a message as if nothing had been said before; its questions are read one by one, too."""
        whole = decide(found, self._limits, may_ask=not conversation.clarified)
        if whole.kind == "talk":
            return self._beside_talk(text, conversation) or whole
        asked = [(part, self._matcher.match(part)) for part in self.parts(text)]
        if len(asked) < _TWO:
            return whole
        sure = [m.sections[0] for _, m in asked if m.sections and m.sections[0].score >= self._limits.part]
        several = list({match.intent: match for match in sure}.values())
        questions = [m for part, m in asked if part.endswith("?") or self._joints.match(part)]
        lost = "" if all(self._understood(m) for m in questions) else "also_asked_unknown"
        if len(several) >= _TWO:
            broad = next((match for match in several if self._holds(match, several)), None)
            answered = (broad,) if broad else tuple(several[:_MOST_ANSWERED])
            more = "also_asked_more" if len(answered) > _TWO else lost
            return Decision("answer", answered, target=more, score=min(match.score for match in answered))
        if whole.kind == "answer":
            return whole
        if sure:
            return Decision("answer", tuple(several), target=lost, score=sure[0].score)
        last = decide(asked[-1][1], self._limits, may_ask=not conversation.clarified)
        # Of a tale that nothing is known about, the question at its end is what was asked.
        told = whole.kind == "nothing" and last.kind in {"answer", "clarify"}
        sent_on = last.kind == "redirect" and last.score >= self._limits.part
        return last if told or sent_on else whole

    def _beside_talk(self, text: str, conversation: Conversation) -> Decision | None:
        """What is asked beside thanks and greetings in other sentences; None when nothing is."""
        said = sentences(clean(text))[-_MOST_PARTS:]
        rest = [one for one in said if not self._is_talk(one)]
        if not rest or len(rest) == len(said):
            return None
        asked = " ".join(rest)
        decision = self._by_itself(asked, self._matcher.match(asked), conversation)
        return decision if decision.kind in {"answer", "clarify", "redirect"} else None

    def _is_talk(self, sentence: str) -> bool:
        return self.is_phrase(sentence) or decide(self._matcher.match(sentence), self._limits).kind == "talk"

    def _holds(self, match: Match, others: Sequence[Match]) -> bool:
        """Whether a match is the broad answer that all the others are parts of."""
        return all(
            self._kb.broad(match.section).id == match.intent and match.section == each.section for each in others
        )

    def _understood(self, found: Matching) -> bool:
        best = found.sections[0].score if found.sections else 0.0
        return best >= self._limits.part or bool(found.talk and found.talk[0][1] > 0)

    def parts(self, text: str) -> list[str]:
        """The questions of a message: its sentences, and what is joined with "and how", "also what" and their like."""
        cleaned = clean(text)
        found = []
        for sentence in sentences(cleaned):
            places = [0, *(match.start() for match in self._joints.finditer(sentence)), len(sentence)]
            pieces = [sentence[start:end].strip() for start, end in pairwise(places)]
            short = any(len(tokens(piece)) < _FEWEST for piece in pieces)
            found += [sentence.strip()] if short else pieces
        return [part for part in found if len(tokens(part)) >= _FEWEST][-_MOST_PARTS:]
