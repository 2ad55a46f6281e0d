"""Two people who could hold up everybody else, and do not: a noisy sender, and a chat that Telegram makes wait.

    PYTHONPATH=../shared/e2e python -m tests.e2e.fairness --profile ../shared/e2e/profiles/faqbot.json --mode polling

It needs the end-to-end harness (tge2e), which stands for Telegram and starts the bot as a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from statistics import median
from typing import Any

from tge2e import Harness, Profile  # type: ignore[import-not-found]

LIMIT = 1.0
"""Seconds in which 95 of 100 answers to other people must come."""
LEARNING = 300.0
"""Seconds that a bot may take to start when it has to learn."""


async def ask(user: Any, question: str, answer: str) -> float:
    """Seconds until the user's question is answered."""
    user.cursor = len(user.chat.events)
    started = time.monotonic()
    await user.send(question)
    await user.expect(regex=answer, timeout=30)
    return time.monotonic() - started


async def noisy_sender(harness: Any, args: argparse.Namespace) -> list[float]:
    """One person sends a hundred messages a second, another asks every other second."""
    noisy, other = harness.user("Noisy"), harness.user("Other")
    end = time.monotonic() + args.seconds
    sent = 0

    async def noise() -> None:
        nonlocal sent
        started = time.monotonic()
        while (now := time.monotonic()) < end:
            while sent < (now - started) * 100:
                await noisy.send(f"{args.question} {sent}")
                sent += 1
            await asyncio.sleep(0.01)

    noise_task = asyncio.create_task(noise())
    waits = []
    while time.monotonic() < end:
        waits.append(await ask(other, args.question, args.answer))
        await asyncio.sleep(max(0.0, 3.1 - waits[-1]))  # within the limit of 20 a minute
    await noise_task
    await asyncio.sleep(2)
    said = len(noisy.bot_messages())
    assert 20 <= said <= 50, f"the noisy sender got {said} replies to {sent} messages"
    return waits


async def told_to_wait(harness: Any, args: argparse.Namespace) -> list[float]:
    """Telegram answers one chat with "retry after 8 seconds"; the others ask on, and the one gets its answers late."""
    slow, others = harness.user("Slow"), [harness.user(f"Other{n}") for n in range(3)]
    harness.server.fault("sendMessage", "429", retry_after=8, when=lambda call: call["chat_id"] == slow.id)
    started = time.monotonic()
    for _ in range(3):
        await slow.send(args.question)
    waits = []
    while time.monotonic() - started < 8:
        waits += [await ask(other, args.question, args.answer) for other in others]
        await asyncio.sleep(0.5)
    for _ in range(3):
        await slow.expect(regex=args.answer, timeout=10)
    assert time.monotonic() - started >= 8, "Telegram was not left alone for as long as it wanted"
    return waits


async def play(args: argparse.Namespace) -> bool:
    """Run both scenarios in one mode; whether both held."""
    good = True
    for scenario in (told_to_wait, noisy_sender):
        profile = Profile.load(args.profile, ready_timeout=LEARNING)
        kept = {"FAQBOT_DATA": args.data} if args.data else {}
        async with Harness(profile, mode=args.mode, extra_env=kept) as harness:
            failed = ""
            waits = [0.0]
            try:
                waits = sorted(await scenario(harness, args))
                harness.assert_clean()
            except AssertionError as error:
                failed = str(error)
            p95 = waits[min(len(waits) - 1, int(0.95 * len(waits)))]
            held = not failed and p95 < LIMIT
            good &= held
            line = {"scenario": scenario.__name__, "mode": args.mode, "result": "PASS" if held else "FAIL"}
            line |= {"asked": len(waits), "p50_s": round(median(waits), 3), "p95_s": round(p95, 3), "why": failed[:300]}
            print(json.dumps(line), flush=True)
    return good


def main() -> int:
    """Run the scenarios and say how long people waited."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", required=True)
    parser.add_argument("--mode", choices=("polling", "webhook"), default="polling")
    parser.add_argument("--data", default="", help="a FAQBOT_DATA with the model; without it the bot learns first")
    parser.add_argument("--question", default="What is chemotherapy?")
    parser.add_argument("--answer", default="(?i)cancer cells")
    parser.add_argument("--seconds", type=float, default=60, help="how long the noise lasts")
    return 0 if asyncio.run(play(parser.parse_args())) else 1


if __name__ == "__main__":
    sys.exit(main())
