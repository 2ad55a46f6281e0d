"""The command line: every command, its options, and what a person sees when something goes wrong."""

from bot.cli.app import app, main

__all__ = ["app", "main"]
