"""Whether a reply was right for a labelled message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.domain import ELSEWHERE
from bot.evaluate.cases import CALM

if TYPE_CHECKING:
    from bot.domain import Outcome, Reply, SafetyLevel
    from bot.evaluate.cases import Case
    from bot.evaluate.facts import Facts, Told

Verdict = Literal["right", "offered", "wrong", "redirected", "abstained"]

_SAFETY_LABELS = {"urgent": "emergency", "crisis": "crisis", "advice": "personal_advice", "prognosis": "prognosis"}


@dataclass(frozen=True, slots=True)
class Judged:
    """What the bot gave for one case, in labels, and the verdict on it."""

    case: Case
    verdict: Verdict
    given: tuple[str, ...]
    outcome: Outcome
    options: tuple[str, ...]
    safety: SafetyLevel | None
    score: float
    told: Told | None = None
    """How the facts asked for were told; None when none were named."""

    @property
    def answered(self) -> bool:
        """Whether a section was answered at all."""
        return self.outcome == "answer"


def judge(case: Case, reply: Reply, facts: Facts | None = None) -> Judged:
    """Right if anything given is a label, else offered if one of the choices is, else what the bot did instead."""
    given = _given(reply)
    verdict: Verdict
    if set(given) & set(case.labels) or (CALM in case.labels and reply.safety not in _SAFETY_LABELS):
        verdict = "right"
    elif reply.outcome == "clarify":
        offered = {*reply.options, *(choice.target for choice in reply.choices)}
        verdict = "offered" if offered & set(case.labels) else "abstained"
    elif reply.outcome == "redirect":
        verdict = "redirected"
    else:
        verdict = "abstained" if reply.outcome == "fallback" else "wrong"
    told = facts.told(case.facts, reply) if facts and case.facts else None
    return Judged(case, verdict, given, reply.outcome, reply.options, reply.safety, reply.score, told)


def _given(reply: Reply) -> tuple[str, ...]:
    """Everything the reply gives, as labels; a soft note is none, since it does not replace an urgent card."""
    labels: list[str] = []
    if reply.safety in _SAFETY_LABELS:
        labels.append(_SAFETY_LABELS[reply.safety])
    if reply.outcome == "answer":
        labels += ["oos" if section == ELSEWHERE else section for section in reply.sections]
    elif reply.outcome == "smalltalk":
        labels.append("smalltalk")
    elif reply.outcome in ("redirect", "fallback", "clarify"):
        labels.append("oos")
    if reply.outcome in ("answer", "redirect"):
        labels += reply.intents
    return tuple(dict.fromkeys(labels))
