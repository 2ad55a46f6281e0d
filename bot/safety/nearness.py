"""Which places of the parts of a pattern stand near each other in one sentence; linear in the length of the text."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.safety.words import Words

REACH = 7
"""Tokens that may stand between two parts of a pattern."""

Span = tuple[int, int]
"""The first token of something, and the one after its last."""


def sets_near(places: Sequence[Sequence[Span]], words: Words) -> list[tuple[Span, ...]]:
    """One place of each part, near each other in one sentence; at most one set for a clause.

    A clause more can say the opposite: "no fever at noon, but fever now".
    """
    found: dict[int, tuple[Span, ...]] = {}
    if len(places) == 1:
        for span in places[0]:
            found.setdefault(words.clause[span[0]], (span,))
        return list(found.values())
    starts = [[start for start, _ in spans] for spans in places]
    for first in places[0]:
        sentence, clause = words.sentence[first[0]], words.clause[first[0]]
        if clause in found:
            continue
        chosen: list[Span] = [first]
        for spans, begins in zip(places[1:], starts[1:], strict=True):
            near = _nearest(chosen, spans, begins, sentence, words)
            if near is None:
                break
            chosen.append(near)
        else:
            found[clause] = tuple(chosen)
    return list(found.values())


def _nearest(
    chosen: Sequence[Span], spans: Sequence[Span], begins: Sequence[int], sentence: int, words: Words
) -> Span | None:
    """The nearest place of one more part after or before those chosen, or None when there is none near."""
    start, end = min(one[0] for one in chosen), max(one[1] for one in chosen)
    after = bisect_left(begins, end)
    if after < len(spans) and begins[after] - end <= REACH and words.sentence[begins[after]] == sentence:
        return spans[after]
    for before in range(bisect_left(begins, end) - 1, -1, -1):
        if start - begins[before] > 2 * REACH or words.sentence[begins[before]] != sentence:
            return None
        at, to = spans[before]
        apart = all(to <= one[0] or one[1] <= at for one in chosen)
        if apart and start - to <= REACH:
            return spans[before]
    return None
