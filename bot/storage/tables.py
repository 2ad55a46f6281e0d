"""The tables, the same for SQLite and PostgreSQL."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table

metadata = MetaData()

updates = Table(
    "updates",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    # Who works on it: a random name that a process gives itself at start.
    Column("owner", String(32), nullable=False),
    # Until when nobody else may take it over, seconds since 1970.
    Column("lease", Float(53), nullable=False),
    Column("done", Boolean, nullable=False),
    # For the clean-up only.
    Column("seen", Float(53), nullable=False),
    Index("updates_seen", "seen"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("intent", String(64), primary_key=True),
    Column("verdict", String(16), primary_key=True),
    Column("count", Integer, nullable=False),
)
