"""The terminal chat: what is drawn, what a number means, and how one leaves."""

import fcntl
import io
import os
import pty
import select
import shutil
import subprocess
import sys
import termios
import time

import pytest
from rich.console import Console

from bot import settings
from bot.assistant import open_assistant
from bot.domain import Block, Choice, Reply
from bot.terminal import converse, render


def drawn(reply, width=60):
    page = io.StringIO()
    Console(file=page, width=width).print(render(reply))
    return page.getvalue()


@pytest.fixture
def assistant(small_knowledge):
    return open_assistant(settings.read(), small_knowledge)


def talk(assistant, *lines):
    page = io.StringIO()
    converse(assistant, io.StringIO("\n".join(lines)), Console(file=page, width=80))
    return page.getvalue()


def test_lists_bold_choices_and_small_print_are_drawn_plain():
    choices = (Choice("Honey", "honey.what"), Choice("Wax", "wax.what"))
    block = Block("A **good** hive:\n\n- is dry\n- is warm and also long enough for a second line of text", "The hive")
    page = drawn(Reply("answer", (block,), notes=("Ask a beekeeper.",), choices=choices), width=40)
    assert "A good hive:" in page
    assert "  • is dry" in page
    assert "\n    second line of text" in page
    assert "  1. Honey" in page
    assert "  2. Wax" in page
    assert page.rstrip().endswith("Ask a beekeeper.")


def test_choices_that_the_answer_lists_already_are_not_listed_twice():
    choices = (Choice("First phase", "a.b"), Choice("All topics", ":topics"))
    page = drawn(Reply("answer", (Block("1. First"),), choices=choices, numbered=1))
    assert "First phase" not in page
    assert "  2. All topics" in page


def test_choices_get_letters_beside_a_numbered_list_of_another_kind():
    page = drawn(Reply("answer", (Block("1. Wash\n2. Dry"),), choices=(Choice("More", "a.b"),)))
    assert "  a. More" in page


def test_a_card_is_framed_and_the_answer_after_it_is_not():
    page = drawn(Reply("answer", (Block("Call now.", "Help"), Block("A hive.", "Hive")), safety="urgent"))
    framed = [line for line in page.splitlines() if line.startswith("│")]
    assert any("Call now." in line for line in framed)
    assert not any("A hive." in line for line in framed)


def test_a_typed_number_or_letter_is_a_tap(assistant):
    said = talk(assistant, "what is a hive?", "1.", "1")
    assert said.count("Honey is food") == 1
    assert said.count("A hive is a home") == 2


def test_quit_leaves_at_once_and_the_end_of_input_too(assistant):
    assert "what is honey?" not in talk(assistant, "/QUIT", "what is honey?")
    assert "Honey is food" in talk(assistant, "what is honey?")


def test_the_file_of_a_picture_is_named(small_knowledge, tmp_path):
    folder = tmp_path / "knowledge"
    shutil.copytree(small_knowledge, folder)
    image = folder / "en" / "images" / "honey.png"
    image.parent.mkdir()
    image.touch()
    with (folder / "en" / "honey" / "what.yaml").open("a", encoding="utf-8") as file:
        file.write("image: honey.png\nimage_text: A jar.\n")
    illustrated = open_assistant(settings.read(), folder)
    line = f"{illustrated.kb.phrases.replies['show_picture']}: {image}"
    assert line in talk(illustrated, "what is honey?").replace("\n", "")
    assert line not in talk(illustrated, "what is a hive?").replace("\n", "")


def test_the_welcome_is_the_one_of_the_knowledge(assistant):
    assert assistant.kb.phrases.commands["start"].split(".")[0] in talk(assistant)


class Terminal:
    """The chat on a pseudo terminal, as a person has it."""

    def __init__(self, small_knowledge, data):
        self.master, slave = pty.openpty()
        settings = {"FAQBOT_KNOWLEDGE": str(small_knowledge), "FAQBOT_DATA": str(data), "TERM": "xterm"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "chat"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, **settings},
            start_new_session=True,
            # Without a controlling terminal, Ctrl-C would be a letter like any other.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)
        self.raw = b""

    @property
    def seen(self):
        return self.raw.decode(errors="replace")

    def wait_for(self, text, seconds=60):
        end = time.monotonic() + seconds
        while text not in self.seen and time.monotonic() < end and self.read():
            pass
        assert text in self.seen, self.seen[-2000:]

    def read(self):
        """Take what is on the screen by now; False when the program has left."""
        if select.select([self.master], [], [], 0.2)[0]:
            try:
                self.raw += os.read(self.master, 65536)
            except OSError:
                return False
        return True

    def type(self, text):
        os.write(self.master, text.encode())

    def leave(self, key=""):
        """Read until the program has left, for it cannot leave a terminal that nobody reads; its exit code.

        A key that meets the prompt before the program listens is lost: then it is pressed again, as a person would.
        """
        started = pressed = time.monotonic()
        while self.read() and time.monotonic() < started + 30:
            if key and time.monotonic() > pressed + 3:
                pressed = time.monotonic()
                self.type(key)
        os.close(self.master)
        return self.process.wait(30)


@pytest.fixture
def terminal(small_knowledge, tmp_path):
    opened = Terminal(small_knowledge, tmp_path)
    yield opened
    if opened.process.poll() is None:
        opened.process.kill()
        opened.process.wait()


def test_a_person_sees_it_learn_and_asks_taps_and_quits(terminal):
    terminal.wait_for("›")
    assert "Learning the knowledge" in terminal.seen
    terminal.type("what is a hive?\n")
    terminal.wait_for("home")
    terminal.type("1\n")
    terminal.wait_for("Honey is food")
    terminal.type("/quit\n")
    assert terminal.leave() == 0


@pytest.mark.parametrize(("key", "code"), [("\x04", 0), ("\x03", 130)])
def test_the_two_keys_that_end_a_program_end_it_politely(terminal, key, code):
    terminal.wait_for("›")
    terminal.type(key)
    assert terminal.leave(key) == code
    assert "Traceback" not in terminal.seen
