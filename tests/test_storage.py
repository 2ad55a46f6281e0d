"""The store on SQLite and on PostgreSQL: the same promises on both."""

from __future__ import annotations

import sqlite3
import threading
import time

import pytest
from sqlalchemy import create_engine, text

from bot.errors import StorageError
from bot.storage import open_store
from bot.storage.store import _prepare

POSTGRES = "postgresql+psycopg://root@127.0.0.1:5432/test"


@pytest.fixture(scope="session")
def server():
    """The address of a PostgreSQL schema of our own; skips when no server answers."""
    pytest.importorskip("psycopg")
    engine = create_engine(POSTGRES, connect_args={"connect_timeout": 2})
    schema = f"faqbot_test_{time.time_ns()}"
    try:
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except Exception:
        engine.dispose()
        pytest.skip("no PostgreSQL at 127.0.0.1")
    yield f"{POSTGRES}?options=-csearch_path%3D{schema}"
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/deep/faqbot.db"
        return
    address = request.getfixturevalue("server")
    yield address
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS updates, feedback"))
    engine.dispose()


@pytest.fixture
def store(url):
    opened = open_store(url)
    yield opened
    opened.close()


def test_an_update_is_claimed_once(store):
    assert store.record("a", [1, 2], [], 60).mine == {1, 2}
    second = store.record("b", [1, 2, 3], [], 60)
    assert (second.mine, second.done) == ({3}, frozenset())


def test_a_done_update_is_never_handed_out_again(store):
    store.record("a", [1], [], 60)
    store.record("a", [], [1], 60)
    again = store.record("b", [1], [], 0)
    assert (again.mine, again.done) == (frozenset(), {1})


def test_done_and_claims_go_in_one_step(store):
    claims = store.record("a", [7, 8], [7], 60)
    assert (claims.mine, claims.done) == ({8}, {7})


def test_a_claim_passes_on_when_its_lease_is_over(store):
    store.record("a", [1], [], 0.05)
    assert store.record("b", [1], [], 60).mine == frozenset()
    time.sleep(0.1)
    assert store.record("b", [1], [], 60).mine == {1}
    assert store.record("a", [1], [], 60).mine == frozenset()


def test_a_renewed_lease_holds_and_a_returned_claim_is_free(store):
    store.record("a", [1, 2], [], 0.05)
    store.renew("a", [1], 60)
    time.sleep(0.1)
    assert store.record("b", [1], [], 60).mine == frozenset()
    store.renew("a", [1], 0)
    time.sleep(0.01)
    assert store.record("b", [1], [], 60).mine == {1}


def test_only_the_owner_renews(store):
    store.record("a", [1], [], 0.05)
    store.renew("b", [1], 60)
    time.sleep(0.1)
    assert store.record("c", [1], [], 60).mine == {1}


def test_done_wins_over_a_claim_taken_over(store):
    store.record("slow", [1], [], 0)
    time.sleep(0.01)
    store.record("b", [1], [], 60)
    store.record("slow", [], [1], 60)
    assert store.record("c", [1], [], 60).done == {1}


def test_purge_forgets_only_what_is_old(store):
    store.record("a", [1], [1], 60)
    assert store.purge(hours=1) == 0
    time.sleep(0.02)
    assert store.purge(hours=0.01 / 3600) == 1
    assert store.record("a", [1], [], 60).mine == {1}


def test_large_ids_fit(store):
    assert store.record("a", [2**62], [], 60).mine == {2**62}


def test_a_full_window_fits_one_statement(store):
    assert len(store.record("a", list(range(1000)), list(range(500)), 60).mine) == 500


def test_feedback_is_counted_by_day_intent_and_verdict(store):
    for verdict in ("yes", "no", "yes"):
        store.count("2026-11-25", "phases.list", verdict)
    store.count("2026-11-26", "phases.list", "yes")
    assert store.counts() == {
        ("2026-11-25", "phases.list", "yes"): 2,
        ("2026-11-25", "phases.list", "no"): 1,
        ("2026-11-26", "phases.list", "yes"): 1,
    }


def test_replicas_that_start_and_claim_together_share_out_the_updates(url):
    won: list[frozenset[int]] = []
    barrier = threading.Barrier(4)

    def replica(name: str) -> None:
        barrier.wait()
        mine = open_store(url)
        won.extend(mine.record(name, list(range(first, first + 10)), [], 60).mine for first in range(0, 100, 10))
        mine.close()

    threads = [threading.Thread(target=replica, args=(f"r{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(number for part in won for number in part) == list(range(100))


def test_a_file_that_another_replica_is_setting_up_is_tried_again(monkeypatch):
    monkeypatch.setattr("bot.storage.store._BETWEEN_TRIES", 0.0)
    asked: list[str] = []

    class Busy:
        """A connection whose file is locked twice."""

        def execute(self, statement):
            asked.append(statement)
            if len(asked) < 3:
                raise sqlite3.OperationalError("database is locked")

    _prepare(Busy(), None)
    assert asked[:3] == ["PRAGMA journal_mode=WAL"] * 3
    assert asked[3:] == ["PRAGMA synchronous=NORMAL"]


def test_what_was_recorded_is_there_after_a_restart(url):
    first = open_store(url)
    first.record("a", [1], [1], 60)
    first.close()
    second = open_store(url)
    assert second.record("b", [1], [], 60).done == {1}
    second.ping()
    second.close()


def test_the_file_is_for_its_owner_only(tmp_path):
    open_store(f"sqlite:///{tmp_path}/faqbot.db").close()
    assert (tmp_path / "faqbot.db").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////proc/nowhere/faqbot.db",
        "postgresql+psycopg://root:s3cret@127.0.0.1:1/test",
        "nonsense://root:s3cret@host/db",
    ],
)
def test_an_unusable_database_is_one_sentence_without_its_password(url):
    with pytest.raises(StorageError) as caught:
        open_store(url)
    assert "FAQBOT_DATABASE_URL" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)
