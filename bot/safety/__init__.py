"""The safety net: finds who needs help now, before anything else looks at a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.safety.detector import EXAMPLES, OFF_TOPIC, QUESTION, Detector
from bot.safety.finding import Finding
from bot.safety.patterns import PatternError, Patterns
from bot.safety.reading import Reader
from bot.safety.scanner import Scanner
from bot.safety.temperature import FEVER_C

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.domain import SafetyKnowledge

__all__ = ["EXAMPLES", "FEVER_C", "Detector", "Finding", "PatternError", "Patterns", "Scanner", "train"]


def train(
    safety: SafetyKnowledge,
    harmless: Sequence[str],
    off_topic: Sequence[str] = (),
    progress: Callable[[float], None] | None = None,
) -> Detector:
    """Train the detector on the examples of the knowledge against its `harmless` questions and `off_topic` messages.

    What the slots take for a red flag is left out: it may be one.
    """
    reader = Reader(safety, FEVER_C)
    known = {text for messages in safety.examples.values() for text in messages}
    messages, classes = [], []
    for name, texts in sorted(safety.examples.items()):
        messages += [reader.read(text).features() for text in texts]
        classes += [EXAMPLES[name]] * len(texts)
    kinds = dict.fromkeys(harmless, QUESTION) | dict.fromkeys(off_topic, OFF_TOPIC)
    for text in kinds:
        message = reader.read(text) if text not in known else None
        if message and not message.flagged():
            messages.append(message.features())
            classes.append(kinds[text])
    return Detector.fit(messages, classes, progress)
