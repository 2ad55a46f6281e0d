"""Asks the bot every case and gathers what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bot.evaluate.figures import count
from bot.evaluate.judge import Judged, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.domain import Reply
    from bot.evaluate.cases import Talk
    from bot.evaluate.facts import Facts
    from bot.evaluate.share import Share

_PERSON = "eval"


class Answerer(Protocol):
    """The two methods of the assistant that measuring needs."""

    def reply(self, person: str, text: str, choice: str | None = None) -> Reply:
        """The reply to a message of this person's conversation."""

    def forget(self, person: str) -> None:
        """Drop what is remembered of this person's conversation."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Every verdict and the figures counted from them."""

    judged: tuple[Judged, ...]
    figures: Mapping[str, Share]

    @property
    def misses(self) -> tuple[Judged, ...]:
        """The cases that were not right, missed emergencies and crises first."""
        wrong = [item for item in self.judged if item.verdict != "right"]
        return tuple(sorted(wrong, key=lambda item: item.case.group not in ("emergency", "crisis")))

    @property
    def confusions(self) -> tuple[tuple[str, str, int], ...]:
        """Pairs of the best label and what was given instead, with their count, most frequent first."""
        wrong = [item for item in self.judged if item.verdict == "wrong"]
        pairs = Counter((item.case.labels[0], next(iter(item.given), item.outcome)) for item in wrong)
        return tuple((asked, given, n) for (asked, given), n in pairs.most_common())

    def as_json(self) -> dict[str, Any]:
        """The form of `faqbot eval --json`, which `--compare` reads again."""
        return {
            "figures": {
                name: {
                    "count": share.count,
                    "total": share.total,
                    "share": round(share.value, 4),
                    "low": round(share.low, 4),
                    "high": round(share.high, 4),
                }
                for name, share in self.figures.items()
            },
            "confusions": [{"asked": asked, "given": given, "count": n} for asked, given, n in self.confusions],
            "misses": [_miss(item) for item in self.misses],
            "verdicts": {item.case.key: item.verdict for item in self.judged},
        }


def measure(
    assistant: Answerer,
    talks: Sequence[Talk],
    progress: Callable[[float], None] | None = None,
    facts: Facts | None = None,
) -> Measured:
    """Ask each conversation from a clean start; `progress` hears a share from 0 to 1.

    With `facts`, messages that name the facts they ask for are measured for those too.
    """
    judged: list[Judged] = []
    for done, talk in enumerate(talks, 1):
        assistant.forget(_PERSON)
        judged += [judge(case, assistant.reply(_PERSON, case.text), facts) for case in talk.cases]
        if progress:
            progress(done / len(talks))
    assistant.forget(_PERSON)
    return Measured(tuple(judged), count(judged))


def _miss(item: Judged) -> dict[str, Any]:
    return {
        "key": item.case.key,
        "text": item.case.text,
        "kind": item.case.kind,
        "labels": list(item.case.labels),
        "verdict": item.verdict,
        "outcome": item.outcome,
        "given": list(item.given),
        "options": list(item.options),
        "safety": item.safety,
        "score": round(item.score, 4),
        "told": item.told,
    }
