"""The `faqbot` program: its commands, and its exit codes.

0 fine, 1 found something (a problem, a broken gate, a bad line), 2 usage, 3 crash, 130 interrupted.
"""

from __future__ import annotations

import sys
import traceback
from typing import Annotated

import typer

from bot import __version__
from bot.cli.ask import ask
from bot.cli.calibrate import calibrate
from bot.cli.chat import chat
from bot.cli.check import check, schema
from bot.cli.eval import evaluate
from bot.cli.explain import explain
from bot.cli.run import run, start
from bot.errors import FaqbotError, KnowledgeError, StorageError

app = typer.Typer(
    name="faqbot",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"faqbot {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Answer questions about leukemia treatment from one reviewed document.

    Without a command: the Telegram bot when TELEGRAM_BOT_TOKEN is set, else a chat in this terminal.
    """
    if context.invoked_subcommand is None:
        start()


app.command()(run)
app.command()(chat)
app.command()(ask)
app.command()(check)
app.command()(explain)
app.command("eval")(evaluate)
app.command()(calibrate)
app.command()(schema)


def main() -> None:
    """Run the program and leave with its exit code; an expected error is one sentence, never a traceback."""
    try:
        app()
    except KnowledgeError as error:
        # A single problem is named by the error itself.
        for problem in error.problems if len(error.problems) > 1 else ():
            print(problem, file=sys.stderr)  # noqa: T201
        _say(error)
        sys.exit(1)
    except FaqbotError as error:
        _say(error)
        sys.exit(3 if isinstance(error, StorageError) else 2)
    except Exception as error:
        # The text of an exception may hold a patient's words, so only its name and the places in the code are shown.
        print("".join(traceback.format_tb(error.__traceback__)), end="", file=sys.stderr)  # noqa: T201
        print(f"faqbot: {type(error).__name__}: this is a bug; please report the lines above.", file=sys.stderr)  # noqa: T201
        sys.exit(3)


def _say(error: FaqbotError) -> None:
    print(f"faqbot: {error}", file=sys.stderr)  # noqa: T201
