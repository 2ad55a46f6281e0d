"""Writes what `faqbot calibrate` fitted into the knowledge folder, where people can read and compare it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from bot.knowledge.folder import CALIBRATION, SEMANTIC_CALIBRATION

if TYPE_CHECKING:
    from pathlib import Path

    from bot.domain import Calibration

_HEADER = """\
# Written by `faqbot calibrate`: how the matcher's evidence becomes a chance, and from which chance the bot speaks.
# Fitted on labelled messages that are not in the knowledge; run it again after a larger change of the knowledge.
"""


def write_calibration(folder: Path, lang: str, found: Calibration, *, semantic: bool = False) -> Path:
    """Write `calibration.yaml` of a language, or the one for words and sentence model; nothing if that fails."""
    content = {
        "made": found.made,
        "knowledge": found.knowledge,
        "weights": {name: round(float(weight), 4) for name, weight in found.weights.items()},
        "limits": {name: round(float(limit), 4) for name, limit in found.limits.items()},
    }
    path = folder / lang / (SEMANTIC_CALIBRATION if semantic else CALIBRATION)
    temporary = path.with_suffix(".new")
    temporary.write_text(_HEADER + yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    temporary.replace(path)
    return path
