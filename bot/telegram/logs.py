"""Logs that hold no token, text, name or id, at any level and in a crash too."""

from __future__ import annotations

import logging
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

OURS = "bot"
# They write whole addresses (with the token), updates or statements at these levels.
_TALKATIVE = ("httpx", "httpcore", "telegram", "sqlalchemy", "uvicorn", "starlette", "asyncio", "h11", "concurrent")


class PlainFormatter(logging.Formatter):
    """Writes our own lines as they are, of anybody else's only where they come from, and of errors no message."""

    @staticmethod
    def converter(seconds: float | None) -> time.struct_time:
        """Times are in UTC."""
        return time.gmtime(seconds)

    def format(self, record: logging.LogRecord) -> str:
        """One line, and under it for an error the names of its causes and the places in the code."""
        ours = record.name == OURS or record.name.startswith(f"{OURS}.")
        said = record.getMessage() if ours else f"{Path(record.pathname).name}:{record.lineno}"
        line = f"{self.formatTime(record, '%Y-%m-%dT%H:%MZ')} {record.levelname} {record.name}: {said}"
        error = record.exc_info[1] if record.exc_info else None
        return "\n".join([line, *_trace(error)])


def _trace(error: BaseException | None) -> list[str]:
    lines: list[str] = []
    while error is not None:
        lines.append(f"  {type(error).__name__}")
        lines.extend(f"    {place}" for place in _places(error.__traceback__))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


def _places(step: TracebackType | None) -> list[str]:
    places = []
    while step is not None:
        code = step.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return places


def set_up(level: str) -> None:
    """Write to stderr from this level on; what comes from other libraries only from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(level)
    # python-telegram-bot prints it whenever it reads some spans of time, whatever is done about it.
    warnings.filterwarnings("ignore", message=".*will be of type")
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
