"""The matcher: from a message to the intents that may answer it, each with its chance of being right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log1p
from typing import TYPE_CHECKING

from bot.domain import ELSEWHERE, Match
from bot.matching.confidence import NEUTRAL, Confidence, Evidence
from bot.matching.meaning import sentence
from bot.matching.model import FEW, NOT_OURS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import scipy.sparse as sp

    from bot.domain import KnowledgeBase
    from bot.learning import Encoder
    from bot.matching.meaning import Meant
    from bot.matching.nearest import Near
    from bot.matching.reading import Reading
    from bot.matching.training import Trained
_NEAR = -0.5
_TOGETHER = 0.65
"""Of the sum of words and meaning: so much is as wide as the words alone, and one calibration fits both."""
_SECTIONS = 4
_ALIGNED = 0.4
"""What the nearest example counts beside the model of few examples, which has seen too little of how people write."""


@dataclass(frozen=True, slots=True)
class Matching:
    """All that the matcher makes of one message; every list is best first."""

    reading: Reading
    sections: tuple[Match, ...]
    """The best intent of each section that may fit; the first one's score is the chance that it is right."""
    redirects: tuple[Match, ...]
    talk: tuple[tuple[str, float], ...]
    """Kinds of small talk and follow-up cues, each with how far it is ahead of any section; near ones, too."""
    evidence: Evidence
    within: tuple[Match, ...]
    """The intents of the best section, with their scores inside the section."""


class Matcher:
    """Finds what a message asks for; made by `bot.matching.train` or `bot.matching.restore`."""

    def __init__(self, kb: KnowledgeBase, trained: Trained, encoder: Encoder | None = None) -> None:
        """`encoder` must be the one that `trained` was trained with."""
        self._kb = kb
        self._encoder = encoder
        self._trained = trained
        self._confidence = Confidence(kb.calibration.weights) if kb.calibration else NEUTRAL
        self.reader = trained.reader(kb.vocabulary)

    def match(self, text: str, section: str = "") -> Matching:
        """Match one message; `section` is the one being talked about, for a follow-up that does not name it."""
        trained = self._trained
        reading = self.reader(text)
        hint = self._hint(section)
        row = trained.features.transform([[*(hint.features if hint else ()), *reading.features]])
        meant = self._meant([*(hint.words if hint else ()), *reading.words])
        near = trained.nearest(row, reading.words)
        scores = _sum(self._words(row, near), meant.scores if meant else None)
        ours = sorted(((scores[s], s) for s in self._kb.sections if s in scores), reverse=True)
        evidence = self._evidence(reading, scores, ours, near)
        chance = self._confidence.chance(evidence)
        best = ours[0][0] if ours else 0.0
        phrasings = self._phrasings(near)
        inside = [self._inside(row, name, meant) for _, name in ours[:_SECTIONS]]
        matches = []
        for (score, name), (intent, within) in zip(ours, inside, strict=False):
            behind = min(1.0, max(0.0, 1 + (score - best)))
            matches.append(Match(intent, chance * behind**2, phrasings.get(name, ""), self._why(within)))
        return Matching(
            reading,
            tuple(matches),
            self._redirects(row, phrasings, meant),
            _talk(scores, max(best, scores.get(NOT_OURS, -1.0))),
            evidence,
            tuple(inside[0][1]) if inside else (),
        )

    def inside(self, text: str, section: str) -> tuple[str, float]:
        """The intent of a section that a message asks for, given that it asks for something of that section.

        With it, how well the best intent fits, in the model's own units: above 0 it was asked for in so many words.
        """
        reading = self.reader(text)
        row = self._trained.features.transform([reading.features])
        intent, within = self._inside(row, section, self._meant(reading.words))
        return intent, 2 * within[0].score - 1

    def _words(self, row: sp.csr_matrix, near: list[Near]) -> dict[str, float]:
        """Each class's score by the words alone."""
        scores = self._trained.sections.scores(row)
        if len(self._trained.examples) <= FEW:
            fits: dict[str, float] = {}
            for example in near:
                label = self._trained.examples[example.example].label
                fits[label] = max(fits.get(label, 0.0), example.aligned)
            for label, fit in fits.items():
                scores[label] += _ALIGNED * fit
        return scores

    def _meant(self, words: Sequence[str]) -> Meant | None:
        if self._encoder is None or self._trained.meaning is None or not words:
            return None
        return self._trained.meaning(self._encoder.encode([sentence(words)])[0])

    def _hint(self, section: str) -> Reading | None:
        """The words that name a section, as the message would have if it were not a follow-up."""
        return self.reader(self._kb.sections[section].title) if section in self._kb.sections else None

    def _evidence(
        self, reading: Reading, scores: dict[str, float], ours: list[tuple[float, str]], near: list[Near]
    ) -> Evidence:
        best, name = ours[0] if ours else (0.0, "")
        second = ours[1][0] if len(ours) > 1 else -1.0
        fits: Counter[str] = Counter()
        for example in near:
            label = self._trained.examples[example.example].label
            fits[label] = max(fits[label], (example.cosine + example.aligned) / 2)  # type: ignore[assignment]
        rival = max((score for label, score in scores.items() if label not in self._kb.sections), default=-1.0)
        other = max((fit for label, fit in fits.items() if label == NOT_OURS), default=0.0)
        return Evidence(
            margin=best - rival,
            gap=best - second,
            not_ours=scores.get(NOT_OURS, -1.0),
            coverage=reading.coverage,
            strangeness=min(reading.strangeness, 30.0) / 10,
            near=fits[name],
            near_other=other,
            length=log1p(len(reading.words)) / 3,
            other_disease=float("=other disease" in reading.concepts),
        )

    def _inside(self, row: sp.csr_matrix, section: str, meant: Meant | None) -> tuple[str, list[Match]]:
        """The intent of a section that a row asks for; the broad one unless a narrow one is clearly ahead."""
        broad = self._kb.broad(section).id
        group = self._trained.groups.get(section)
        if group is None:
            return broad, [Match(broad, 1.0)]
        scores = _sum(group.scores(row), meant.intents if meant else None)
        ranked = sorted(scores, key=lambda intent: -scores[intent])
        winner = ranked[0]
        if winner != broad and scores[winner] - scores.get(broad, -1.0) < 0.2:
            winner = broad
        return winner, [Match(intent, (scores[intent] + 1) / 2) for intent in ranked]

    def _redirects(self, row: sp.csr_matrix, phrasings: Mapping[str, str], meant: Meant | None) -> tuple[Match, ...]:
        group = self._trained.groups.get(ELSEWHERE)
        if group is None:
            return ()
        scores = _sum(group.scores(row), meant.intents if meant else None)
        ranked = sorted(scores, key=lambda intent: -scores[intent])[:4]
        return tuple(
            Match(intent, max(0.0, min(1.0, (scores[intent] + 1) / 2)), phrasings.get(intent, "")) for intent in ranked
        )

    def _phrasings(self, near: list[Near]) -> dict[str, str]:
        """The nearest example question of each section and intent, to say why it won."""
        found: dict[str, str] = {}
        for one in near:
            example = self._trained.examples[one.example]
            found.setdefault(example.intent, example.text)
            found.setdefault(example.intent.partition(".")[0], example.text)
        return found

    @staticmethod
    def _why(within: list[Match]) -> tuple[str, ...]:
        return tuple(f"{match.intent} {match.score:.2f}" for match in within[:3])


def _sum(words: dict[str, float], meaning: Mapping[str, float] | None) -> dict[str, float]:
    """The words' scores, or those of words and meaning together."""
    if meaning is None:
        return words
    return {name: _TOGETHER * (score + meaning[name]) for name, score in words.items()}


def _talk(scores: dict[str, float], best: float) -> tuple[tuple[str, float], ...]:
    ahead = {label: score - best for label, score in scores.items() if "." in label and score - best > _NEAR}
    return tuple(sorted(ahead.items(), key=lambda item: -item[1]))
