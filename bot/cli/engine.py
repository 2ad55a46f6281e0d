"""Opens the engine for a command, with a progress bar while it learns, and the screen to print on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

from bot import knowledge, settings
from bot.assistant import open_assistant
from bot.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.assistant import Assistant


def open_engine(folder: Path | None, lang: str) -> Assistant:
    """The assistant for a command, from the folder it was given or the one that the settings name."""
    chosen = settings.read()
    try:
        with progress_bar("Learning the knowledge, once") as progress:
            return open_assistant(chosen, folder_of(folder), lang, progress)
    except OSError as error:
        raise SettingsError(f"FAQBOT_DATA must be a folder that can be written: {chosen.data} is not.") from error


def folder_of(folder: Path | None) -> Path:
    """The knowledge folder: the one given, else that of the settings, else the one that came with faqbot."""
    return folder or settings.read().knowledge or knowledge.default_folder()


def screen() -> Console:
    """The console for results."""
    return Console(highlight=False)


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[float], None]]:
    """A bar on stderr that appears with the first step and goes when all is done; silent without a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: list[TaskID] = []

        def step(share: float) -> None:
            if not tasks:
                tasks.append(bar.add_task(title, total=1.0))
            bar.update(tasks[0], completed=share)

        yield step
