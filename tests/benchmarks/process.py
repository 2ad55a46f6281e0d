"""Start and memory of `faqbot run` with a model that was learned before, on one core, against a local Bot API stand-in.

python -m tests.benchmarks.process        # medians of three starts, beside a bare Python process
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_STARTS = 3
_IDLE = 5.0
_LONGEST = 120.0
_ME = {"id": 1, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}


class _Api(BaseHTTPRequestHandler):
    polled = threading.Event()

    def do_POST(self) -> None:
        """Answer every method with the least that a client accepts; a poll is noted."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        method = urlsplit(self.path).path.rpartition("/")[2]
        result: Any = {"getMe": _ME, "getUpdates": [], "getMyCommands": []}.get(method, True)
        if method == "getUpdates":
            self.polled.set()
            time.sleep(1)
        body = json.dumps({"ok": True, "result": result}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        # The bot is ended while it polls.
        with suppress(ConnectionError):
            self.wfile.write(body)

    do_GET = do_POST  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


def main() -> None:
    """Print the medians."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": folder,
            "FAQBOT_DATA": folder,
            "FAQBOT_DATABASE_URL": f"sqlite:///{folder}/bot.db",
            "TELEGRAM_BOT_TOKEN": "123456:" + "A" * 35,
            "TELEGRAM_API_URL": f"http://127.0.0.1:{server.server_address[1]}",
        }
        first = _start(environment)[0]
        measured = [_start(environment) for _ in range(_STARTS)]
    print(f"first start, with training: {first:.1f} s to the first poll")
    print(f"later starts: {statistics.median(m[0] for m in measured):.2f} s to the first poll")
    print(f"idle memory: {statistics.median(m[1] for m in measured):.0f} MB (bare Python: {_bare():.0f} MB)")
    server.shutdown()


def _start(environment: dict[str, str]) -> tuple[float, float]:
    """Seconds to the first poll, and resident megabytes after a while without work."""
    _Api.polled.clear()
    began = time.perf_counter()
    command = ["taskset", "-c", "0", sys.executable, "-m", "bot", "run"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as bot:
        try:
            if not _Api.polled.wait(_LONGEST):
                raise SystemExit("faqbot run did not poll")
            took = time.perf_counter() - began
            time.sleep(_IDLE)
            return took, _resident(bot.pid)
        finally:
            bot.terminate()


def _resident(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _bare() -> float:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3)"]) as process:
        time.sleep(1)
        return _resident(process.pid)


if __name__ == "__main__":
    main()
