"""Measures the bot on labelled messages: how often it is right, wrong or silent, and whether it sees emergencies."""

from bot.evaluate.cases import Case, Talk, read_files
from bot.evaluate.compare import Change, compare
from bot.evaluate.facts import Facts
from bot.evaluate.gate import Breach, Gate
from bot.evaluate.judge import Judged
from bot.evaluate.left_out import leave_out
from bot.evaluate.measure import Answerer, Measured, measure
from bot.evaluate.share import Share

__all__ = [
    "Answerer",
    "Breach",
    "Case",
    "Change",
    "Facts",
    "Gate",
    "Judged",
    "Measured",
    "Share",
    "Talk",
    "compare",
    "leave_out",
    "measure",
    "read_files",
]
