"""From the schema of an older record to the present one: what vanished from its site is nowhere else.

A migration turns the schema before it into its `version`. It runs in one transaction with the note that it ran (the
fact `schema`), so that one which was interrupted never happened, and the next opening runs it. To change the tables:
change `corpus.tables`, and add a migration that does the same to a record that is there. A migration is written in SQL
of its own and never changed again: `corpus.tables` says how the tables look today, which is not how they looked then.
What was read out of conversations (claims, quotations, definitions, sentences) needs none: it is read out again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, insert, select, text, update

from corpus import tables
from corpus.errors import WrongVersion


@dataclass(frozen=True, slots=True)
class Migration:
    """A step from the schema before to `version`."""

    version: int
    name: str
    run: Callable[[Connection], None]


def _add_sentences(connection: Connection) -> None:
    connection.execute(
        text(
            "CREATE TABLE IF NOT EXISTS sentences ("
            "utterance_id VARCHAR NOT NULL, conversation_id VARCHAR NOT NULL, spans TEXT NOT NULL, "
            "PRIMARY KEY (utterance_id))"
        )
    )
    connection.execute(text("CREATE INDEX IF NOT EXISTS ix_sentences_conversation_id ON sentences (conversation_id)"))


def _add_shown(connection: Connection) -> None:
    kind = "BOOLEAN DEFAULT 1" if connection.dialect.name == "sqlite" else "BOOLEAN DEFAULT true"
    for column in ("shown", "kind_shown"):
        connection.execute(text(f"ALTER TABLE claims ADD COLUMN {column} {kind} NOT NULL"))


MIGRATIONS = (
    Migration(2, "sentences are kept", _add_sentences),
    Migration(3, "claims say whether they are shown, and their kind", _add_shown),
)
SCHEMA_VERSION = MIGRATIONS[-1].version


def read_schema(connection: Connection, *, locked: bool = False) -> int | None:
    """Return the schema of a record; None for a database that holds none yet.

    `locked`: nobody else can change it until the transaction ends.
    """
    if not connection.dialect.has_table(connection, tables.facts.name):
        return None
    query = select(tables.facts.c.value).where(tables.facts.c.name == "schema")
    schema = connection.scalar(query.with_for_update() if locked else query)
    return None if schema is None else int(schema)


def prepare_schema(engine: Engine, name: str) -> None:
    """Make the tables of a new record, or bring those of an older one up to date.

    Raises `WrongVersion` where a newer program made the record `name`.
    """
    with engine.begin() as connection:
        schema = read_schema(connection)
        if schema is None:
            tables.metadata.create_all(connection)
            facts = {"schema": str(SCHEMA_VERSION), "generation": "0"}
            connection.execute(insert(tables.facts), [{"name": fact, "value": value} for fact, value in facts.items()])
            return
    refuse_newer(schema, name)
    for migration in MIGRATIONS:
        with engine.begin() as connection:
            if (read_schema(connection, locked=True) or 0) < migration.version:
                migration.run(connection)
                connection.execute(
                    update(tables.facts).where(tables.facts.c.name == "schema").values(value=str(migration.version))
                )
                connection.execute(
                    insert(tables.facts).values(name=f"migrated:{migration.version}", value=migration.name)
                )


def refuse_newer(schema: int, name: str) -> None:
    """Raise `WrongVersion` for a schema that this program does not know yet."""
    if schema > SCHEMA_VERSION:
        raise WrongVersion(
            f"{name}: has schema {schema}, this program knows up to {SCHEMA_VERSION}; use the version that made it"
        )
