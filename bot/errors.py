"""The errors that a user of the program can meet; each says in one sentence what is wrong and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain import Problem


class FaqbotError(Exception):
    """Something faqbot can explain in one sentence."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class KnowledgeError(FaqbotError):
    """The knowledge cannot be used; `problems` lists every reason found."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class SettingsError(FaqbotError):
    """A setting is missing or wrong; the message names it and says what is expected."""


class StorageError(FaqbotError):
    """The database cannot be reached or written."""
