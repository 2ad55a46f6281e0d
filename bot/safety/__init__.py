"""The safety net: finds who needs help now, before anything else looks at a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.safety.detector import EXAMPLES, INFORMATION, OFF_TOPIC, QUESTION, Detector
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

    What the slots take for a red flag is left out: it may be one. What a harmless example tells before it asks is
    learned by itself, too, as the scanner also looks at it so.
    """
    reader = Reader(safety, FEVER_C)
    known = {text for messages in safety.examples.values() for text in messages}
    messages, classes = [], []
    for name, texts in sorted(safety.examples.items()):
        for text in texts:
            found = [reader.read(text)]
            told = reader.told(found[0]) if EXAMPLES[name] == INFORMATION and found[0].words.questions else ""
            found += [reader.read(told)] if told else []
            messages += [one.features() for one in found]
            classes += [EXAMPLES[name]] * len(found)
    kinds = dict.fromkeys(harmless, QUESTION) | dict.fromkeys(off_topic, OFF_TOPIC)
    for text in kinds:
        message = reader.read(text) if text not in known else None
        if message and not message.flagged():
            messages.append(message.features())
            classes.append(kinds[text])
    return Detector.fit(messages, classes, progress)
