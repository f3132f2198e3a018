"""The tables of the record. Plain SQL types, so that SQLite and PostgreSQL hold the same.

Whoever changes them adds a migration (`corpus.migrations`) that does the same to a record that is there.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    true,
)

metadata = MetaData()

# What holds for the whole record: `schema`, `generation`, which migrations ran, which passes were completed.
facts = Table("facts", metadata, Column("name", String, primary_key=True), Column("value", String, nullable=False))

# The latest reading of each conversation by each source; conversations are merged from these.
readings = Table(
    "readings",
    metadata,
    Column("conversation_id", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("readings_by_source", "source"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String, primary_key=True),
    Column("title", Text, nullable=False),
    Column("site", String),
    Column("url", Text),
    Column("meta", Text, nullable=False),
    Column("digest", String, nullable=False),
    Column("extractor", String, nullable=False),
    Column("generation", BigInteger, nullable=False, index=True),
)

# The name shown is that of the richest, then the latest, reading: `rank` and `seen` decide, whatever came first.
speakers = Table(
    "speakers",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("site", String),
    Column("url", Text),
    Column("rank", Integer, nullable=False),
    Column("seen", BigInteger, nullable=False),
)

utterances = Table(
    "utterances",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", String, nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("speaker_id", String, index=True),
    Column("reply_to", String),
    Column("posted_at", BigInteger),
    Column("edited_at", BigInteger),
    Column("text", Text, nullable=False),
    Column("passages", Text, nullable=False),
    Column("karma", Integer),
    Column("status", String, nullable=False),
    Column("url", Text),
    Column("begins", Float, nullable=False),
    Column("meta", Text, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", String, nullable=False, index=True),
    Column("utterance_id", String, nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("standalone", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("attribution", String, nullable=False),
    Column("speaker_id", String, index=True),
    Column("quoted_by_id", String, index=True),
    Column("holder", Text),
    Column("certainty", Float, nullable=False),
    Column("credence_low", Float),
    Column("credence_high", Float),
    Column("retracted", Boolean, nullable=False),
    Column("terms", Text, nullable=False),
    Column("spans", Text, nullable=False),
    Column("probability", Float, nullable=False),
    Column("shown", Boolean, nullable=False, server_default=true()),
    Column("kind_shown", Boolean, nullable=False, server_default=true()),
)

quotations = Table(
    "quotations",
    metadata,
    Column("utterance_id", String, primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("conversation_id", String, nullable=False, index=True),
    Column("how", String, nullable=False),
    Column("source_utterance_id", String, index=True),
    Column("source_start", Integer),
    Column("source_end", Integer),
    Column("speaker_id", String),
    Column("similarity", Float, nullable=False),
    Column("probability", Float, nullable=False),
)

definitions = Table(
    "definitions",
    metadata,
    Column("utterance_id", String, primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("term", String, primary_key=True),
    Column("conversation_id", String, nullable=False, index=True),
    Column("gloss", Text, nullable=False),
    Column("speaker_id", String),
    Column("stance", String, nullable=False),
    Column("claim_id", String),
    Column("probability", Float, nullable=False),
)

# Where the sentences of an utterance stand: `spans` is JSON, [[start, end], …]. A row for each utterance that has any.
sentences = Table(
    "sentences",
    metadata,
    Column("utterance_id", String, primary_key=True),
    Column("conversation_id", String, nullable=False, index=True),
    Column("spans", Text, nullable=False),
)
