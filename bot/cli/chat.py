"""`faqbot chat`: the bot in this terminal."""

from __future__ import annotations

import sys

from bot.cli.engine import open_engine, screen
from bot.cli.options import Knowledge, Lang
from bot.terminal import converse


def chat(knowledge: Knowledge = None, lang: Lang = "en") -> None:
    """Talk to the bot in this terminal; nothing of it is kept."""
    converse(open_engine(knowledge, lang), sys.stdin, screen())
