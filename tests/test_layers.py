"""Who may import what: the engine alone stays small, and each outside thing has one door."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

BOT = Path(__file__).parent.parent / "bot"
DOORS = {
    "telegram": "telegram/",
    "rapidfuzz": "fuzzy.py",
    "sqlalchemy": "storage/",
    "yaml": "knowledge/",
    "pydantic_settings": "settings.py",
    "dotenv": "settings.py",
}
ENVIRONMENT = {("os", "environ"), ("os", "environb"), ("os", "getenv"), ("os", "putenv")}


@cache
def trees():
    """Every file of the program, parsed, by its path inside `bot/`."""
    return {str(file.relative_to(BOT)): ast.parse(file.read_text("utf-8")) for file in sorted(BOT.rglob("*.py"))}


def imported(tree):
    """The top-level modules that a file imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]


def reads_environment(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield (node.value.id, node.attr) in ENVIRONMENT
        elif isinstance(node, ast.ImportFrom) and node.module == "os":
            yield any(("os", name.name) in ENVIRONMENT for name in node.names)


def test_the_dialogue_and_all_below_load_no_chat_no_sql_and_no_settings():
    program = """
import os, sys
class Watched(type(os.environ)):
    def __getitem__(self, key):
        if key.startswith(("FAQBOT", "TELEGRAM")):
            raise SystemExit(f"read {key}")
        return super().__getitem__(key)
os.environ.__class__ = Watched
import bot.dialogue, bot.safety
print(" ".join(sys.modules))
"""
    ran = subprocess.run([sys.executable, "-c", program], cwd=BOT.parent, capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert "bot.matching" in loaded
    assert "bot.safety" in loaded
    outside = {"telegram", "sqlalchemy", "psycopg", "pydantic", "starlette", "uvicorn", "httpx", "yaml"}
    above = {"bot.settings", "bot.knowledge", "bot.storage", "bot.telegram", "bot.assistant"}
    assert loaded & (outside | above) == set()


@pytest.mark.parametrize("thing", DOORS)
def test_each_outside_thing_has_one_door(thing):
    users = [name for name, tree in trees().items() if thing in imported(tree)]
    assert users, f"nothing imports {thing}: drop it here or from the dependencies"
    assert [user for user in users if not user.startswith(DOORS[thing])] == []


def test_only_the_settings_read_the_environment():
    assert [name for name, tree in trees().items() if any(reads_environment(tree))] == ["settings.py"]


def test_no_file_is_longer_than_250_lines():
    lengths = {str(file.relative_to(BOT)): file.read_text("utf-8").count("\n") for file in BOT.rglob("*.py")}
    assert {name: lines for name, lines in lengths.items() if lines > 250} == {}
