"""What changed since an earlier measurement."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import FaqbotError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.evaluate.measure import Measured


class EarlierError(FaqbotError):
    """The earlier measurement cannot be read; it must be what `faqbot eval --json` printed."""


@dataclass(frozen=True, slots=True)
class Change:
    """Earlier shares by figure, and the cases that both measurements asked and judged differently."""

    earlier: Mapping[str, float]
    now_right: tuple[str, ...]
    no_longer_right: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The form under "compared" in `faqbot eval --json`."""
        return {
            "earlier": dict(self.earlier),
            "now_right": list(self.now_right),
            "no_longer_right": list(self.no_longer_right),
        }


def compare(path: Path, now: Measured) -> Change:
    """Set `now` beside the measurement stored at `path`; raises EarlierError when that is not one."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        earlier = {str(name): float(figure["share"]) for name, figure in stored["figures"].items()}
        verdicts = {str(key): str(verdict) for key, verdict in stored["verdicts"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise EarlierError(f"{path}: not a measurement; make one with `faqbot eval --json`.") from error
    both = [item for item in now.judged if item.case.key in verdicts]
    gained = [i.case.key for i in both if i.verdict == "right" and verdicts[i.case.key] != "right"]
    lost = [i.case.key for i in both if i.verdict != "right" and verdicts[i.case.key] == "right"]
    return Change(earlier, tuple(gained), tuple(lost))
