"""How a database is opened: SQLite with a write-ahead log and every commit on disk, or any other by its URL."""

from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event


def make_engine(url: URL | str, read_only: bool) -> Engine:
    """Make the engine for a SQLAlchemy URL; with `read_only` SQLite itself refuses to write."""
    engine = create_engine(url)
    if engine.dialect.name != "sqlite":
        return engine

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, below
        for pragma in ("busy_timeout=60000", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA query_only=ON" if read_only else "PRAGMA journal_mode=WAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes its place at once: two that both began by reading could only fail on each other.
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
