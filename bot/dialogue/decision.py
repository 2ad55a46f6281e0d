"""When to answer, when to ask back, when to send elsewhere, and when to say nothing is known."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from bot.matching.examples import TALK

if TYPE_CHECKING:
    from bot.domain import KnowledgeBase, Match
    from bot.matching import Matching


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The chances, 0 to 1, from which each kind of reply is given."""

    answer: float = 0.5
    offer: float = 0.22
    second: float = 0.6
    """The share of the best section's chance that a second one needs to be offered beside it."""
    redirect: float = 0.35
    talk: float = 0.2
    """How far small talk must be ahead of every section, in the model's own units."""
    sure: float = 0.8
    """From here a short message that points back is still taken by itself."""
    fit: float = 0.3
    """How well the last topic must fit, in the model's own units, to win over a message that stands by itself."""
    fit_beside: float = 1.3
    """The same for a message that names another section."""
    fit_unprompted: float = 0.0
    """The same for a message that neither stands by itself nor has the words of a follow-up ("I hate this")."""
    follow: float = 0.5
    """What a follow-up needs, read with the section that was talked about."""
    redirect_over_guess: float = 0.6
    """What a redirect needs to stand in for a refusal that is no more than a guess."""
    answer_over_guess: float = 0.9
    """The same for an answer."""
    part: float = 0.85
    """What one sentence of a longer message needs to be answered by itself."""


def thresholds(kb: KnowledgeBase) -> Thresholds:
    """Those that were calibrated for this knowledge, the cautious ones for the rest."""
    known = {field.name for field in fields(Thresholds)}
    given = kb.calibration.limits if kb.calibration else {}
    return replace(Thresholds(), **{name: limit for name, limit in given.items() if name in known})


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with one message: `kind` is answer, clarify, redirect, talk, chosen or nothing.

    `target` is the kind of small talk, what was chosen, or the name of the phrase that says why nothing is known.
    """

    kind: str
    matches: tuple[Match, ...] = ()
    target: str = ""
    score: float = 0.0


def decide(found: Matching, limits: Thresholds, *, may_ask: bool = True) -> Decision:
    """The one reply that a message deserves; `may_ask` is False right after a clarification."""
    best = found.sections[0] if found.sections else None
    chance = best.score if best else 0.0
    redirect = found.redirects[0] if found.redirects else None
    for kind, ahead in found.talk[:1]:
        if kind.startswith(TALK) and ahead > limits.talk:
            return Decision("talk", target=kind.removeprefix(TALK), score=1.0)
    if best and chance >= limits.answer:
        return Decision("answer", (best,), score=chance)
    if redirect and redirect.score >= limits.redirect and redirect.score > chance:
        return Decision("redirect", (redirect,), score=redirect.score)
    if best and may_ask and chance >= limits.offer:
        return Decision("clarify", _offered(found, limits), score=chance)
    return Decision("nothing", score=chance)


def _offered(found: Matching, limits: Thresholds) -> tuple[Match, ...]:
    best = found.sections[0]
    beside = [match for match in found.sections[1:3] if match.score >= limits.second * best.score]
    offered = [best, *beside]
    if len(offered) < 2:
        offered += [match for match in found.within if match.intent != best.intent][:1]
    if found.redirects and found.redirects[0].score > 0.4:
        offered.append(found.redirects[0])
    return tuple(offered[:4])
