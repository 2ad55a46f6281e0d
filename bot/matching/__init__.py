"""What a message asks for: `train` or `restore` makes the parts, `Matcher` uses them."""

from bot.matching.confidence import INPUTS, INTERCEPT, Confidence, Evidence
from bot.matching.examples import Example, examples
from bot.matching.matcher import Matcher, Matching
from bot.matching.training import Trained, restore, train

__all__ = [
    "INPUTS",
    "INTERCEPT",
    "Confidence",
    "Evidence",
    "Example",
    "Matcher",
    "Matching",
    "Trained",
    "examples",
    "restore",
    "train",
]
