"""The store: claims of updates with a lease, and counts of feedback, on SQLite or PostgreSQL."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import OperationalError
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, delete, event, func, literal, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from bot.errors import StorageError
from bot.storage.tables import feedback, metadata, updates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection

KEEP_HOURS = 48
_TRIES, _BETWEEN_TRIES = 50, 0.1
_SCHEMA_LOCK = 7_245_001  # any number, the same in every replica


@dataclass(frozen=True, slots=True)
class Claims:
    """What came of asking for updates: those that are `mine` to handle, and those that are `done` already."""

    mine: frozenset[int]
    done: frozenset[int]


def open_store(url: str) -> Store:
    """The store at this address, its tables made if they are missing; raises StorageError when it cannot be used."""
    try:
        engine = _engine(url)
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise StorageError(_sentence(error)) from None
    store = Store(engine)
    store.create()
    return store


class Store:
    """A few short transactions; every method blocks, may be called from any thread, and raises StorageError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._insert: Any = (postgresql if engine.dialect.name == "postgresql" else sqlite).insert

    def create(self) -> None:
        """Make the tables that are missing; replicas may do so at the same time."""
        with self._begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})
            for table in metadata.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))
                for index in table.indexes:
                    connection.execute(CreateIndex(index, if_not_exists=True))

    def record(self, owner: str, claim: Sequence[int], done: Sequence[int], lease: float) -> Claims:
        """Record `done` updates, then claim for `lease` seconds those of `claim` that nobody holds any more."""
        with self._begin() as connection:
            if done:
                self._put(connection, owner, done, 0.0, done=True)
            mine = self._put(connection, owner, claim, lease, done=False) if claim else frozenset()
            rest = [number for number in claim if number not in mine]
            found = (
                connection.scalars(select(updates.c.id).where(updates.c.id.in_(rest), updates.c.done)) if rest else ()
            )
            return Claims(mine, frozenset(found))

    def renew(self, owner: str, numbers: Sequence[int], lease: float) -> None:
        """Hold these claims for another `lease` seconds; with 0 they are given back."""
        with self._begin() as connection:
            mine = (updates.c.id.in_(numbers), updates.c.owner == owner, ~updates.c.done)
            connection.execute(update(updates).where(*mine).values(lease=self._now() + lease))

    def purge(self, hours: float = KEEP_HOURS) -> int:
        """Forget updates seen longer ago than this, and short claims (negative numbers) of an hour ago."""
        with self._begin() as connection:
            now = self._now()
            old = updates.c.seen < now - hours * 3600
            brief = (updates.c.id < 0) & (updates.c.seen < now - min(hours, 1) * 3600)
            return connection.execute(delete(updates).where(old | brief)).rowcount

    def count(self, day: str, intent: str, verdict: str) -> None:
        """Add one to the feedback of an intent on a day ("2026-11-25")."""
        row = {"day": day, "intent": intent, "verdict": verdict, "count": 1}
        statement = self._insert(feedback).values(row)
        statement = statement.on_conflict_do_update(
            index_elements=[feedback.c.day, feedback.c.intent, feedback.c.verdict],
            set_={"count": feedback.c.count + 1},
        )
        with self._begin() as connection:
            connection.execute(statement)

    def counts(self) -> dict[tuple[str, str, str], int]:
        """All feedback: how often, by day, intent and verdict."""
        with self._begin() as connection:
            rows = connection.execute(select(feedback)).all()
        return {(day, intent, verdict): times for day, intent, verdict, times in rows}

    def ping(self) -> None:
        """Return when the database answers; raises StorageError when it does not."""
        with self._begin() as connection:
            connection.execute(select(1))

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    def _put(
        self, connection: Connection, owner: str, numbers: Sequence[int], lease: float, *, done: bool
    ) -> frozenset[int]:
        now = self._now()
        # In order, so that two replicas that ask for the same updates cannot wait for each other.
        rows = [
            {"id": number, "owner": owner, "lease": now + lease, "done": done, "seen": now}
            for number in sorted(numbers)
        ]
        statement = self._insert(updates).values(rows)
        new = {"owner": statement.excluded.owner, "lease": statement.excluded.lease, "done": statement.excluded.done}
        free = None if done else (~updates.c.done) & (updates.c.lease < now)
        statement = statement.on_conflict_do_update(index_elements=[updates.c.id], set_=new, where=free)
        return frozenset(connection.scalars(statement.returning(updates.c.id)))

    def _now(self) -> ColumnElement[Any]:
        # Replicas on several machines share the database's clock; SQLite has only this machine's.
        if self._engine.dialect.name == "postgresql":
            return func.extract("epoch", func.clock_timestamp())
        return literal(time.time())

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StorageError(_sentence(error)) from None


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 5}, hide_parameters=True)
    engine = create_engine(url, connect_args={"timeout": 10}, hide_parameters=True)
    if engine.url.database and engine.url.database != ":memory:":
        path = Path(engine.url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare(connection: Any, _: object) -> None:  # noqa: ANN401
    # With the driver's own transactions off, BEGIN IMMEDIATE below takes the write lock at once: a reader that turns
    # writer in the middle would meet "database is locked", which no waiting cures.
    connection.isolation_level = None
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=NORMAL")


def _write_ahead(connection: Any) -> None:  # noqa: ANN401
    # SQLite does not wait for others when it changes how it journals: replicas that start together must try again.
    for _ in range(_TRIES):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except OperationalError:
            time.sleep(_BETWEEN_TRIES)
        else:
            return
    connection.execute("PRAGMA journal_mode=WAL")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _sentence(error: Exception) -> str:
    # The driver's own words can hold the password or a row; its class says enough.
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return f"The database cannot be used ({type(cause).__name__}); check FAQBOT_DATABASE_URL and FAQBOT_DATA."
