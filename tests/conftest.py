"""What every test starts from: no settings of this machine, and the engine where one is needed, trained once."""

import os
from pathlib import Path

import hypothesis
import pytest

from bot import settings
from bot.assistant import Assistant, open_assistant

# A busy machine is slow now and then; a slow example is no finding.
hypothesis.settings.register_profile("faqbot", deadline=None, database=None)
hypothesis.settings.load_profile("faqbot")

KNOWLEDGE = Path(__file__).parent.parent / "knowledge"

_SMALL = {
    "source.yaml": """
        title: Keeping bees
        reviewer: The village
        last_reviewed: "2024-01"
        last_updated: "2024-02"
        based_on: 'From "{title}".'
        retelling: Our own words.
        disclaimer: Ask a beekeeper.
        urgent_line: "Stung? /urgent"
        stale_notice: This is old.
    """,
    "hive/_section.yaml": """
        title: The hive
        names: [hive, hives]
        order: 1
        broad: what
    """,
    "hive/what.yaml": """
        title: What a hive is
        answer: |
          A hive is a **home** for bees:

          - the floor
          - the roof
        follow_ups: [honey.what]
        source: Hives
        questions: [what is a hive, where do bees live, tell me about the home of bees, the bee house]
    """,
    "honey/_section.yaml": """
        title: Honey
        names: [honey]
        order: 2
        broad: what
    """,
    "honey/what.yaml": """
        title: What honey is
        answer: |
          Honey is food that bees make from nectar.
        follow_ups: [hive.what]
        source: Honey
        questions: [what is honey, how is honey made, what do bees make, sweet stuff from nectar]
    """,
}


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch, tmp_path):
    """Nothing the developer has set or stored reaches a test, and nothing a test stores stays."""
    for name in list(os.environ):
        if name.startswith(("FAQBOT_", "TELEGRAM_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("FAQBOT_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(settings, "ENV_FILE", tmp_path / "no.env")


@pytest.fixture(scope="session")
def small_knowledge(tmp_path_factory):
    """The least a knowledge folder can be: a source and two sections, about something else entirely."""
    folder = tmp_path_factory.mktemp("knowledge")
    for name, text in _SMALL.items():
        path = folder / "en" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(line.removeprefix("        ") for line in text.splitlines()) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def shipped_data(tmp_path_factory):
    """A data folder that holds the model of the shipped knowledge, trained once for all tests."""
    folder = tmp_path_factory.mktemp("data")
    open_assistant(settings.Settings(FAQBOT_DATA=folder), KNOWLEDGE)
    return folder


@pytest.fixture(scope="session")
def shared_dialogue(shipped_data):
    """The dialogue of the shipped knowledge: it remembers nobody, so that all tests can share it."""
    return open_assistant(settings.Settings(FAQBOT_DATA=shipped_data), KNOWLEDGE).dialogue


@pytest.fixture
def shipped(shared_dialogue):
    """An assistant of the shipped knowledge in which nobody has said anything yet."""
    return Assistant(shared_dialogue)
