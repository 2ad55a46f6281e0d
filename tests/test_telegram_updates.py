"""Whatever Telegram can send is taken without an error; `python -m tests.e2e.updates 100000` is the long run."""

from __future__ import annotations

import pytest

from bot import knowledge
from tests.bee_bot import Beekeeper
from tests.e2e.updates import KINDS, Stage, must_answer, run

# python-telegram-bot warns while it reads an update that some attributes will change.
pytestmark = pytest.mark.filterwarnings("ignore:.*will be of type")


@pytest.fixture
def stage(small_knowledge, tmp_path):
    made = Stage(Beekeeper(knowledge.load(small_knowledge)), tmp_path)
    yield made
    made.close()


def test_made_up_updates_of_every_kind_are_handled(stage):
    assert run(400, stage) > 20


def test_a_private_text_must_be_answered_and_other_things_need_not(stage):
    message = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "honey"}
    assert must_answer({"message": message})
    assert stage.play({"message": message}) == 1
    assert not must_answer({"message": message | {"chat": {"id": -7, "type": "group"}}})
    assert not must_answer({"edited_message": message})
    assert len(KINDS) > 20
