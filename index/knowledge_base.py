"""The one door: a knowledge base is opened here, brought up to date, and asked.

    with KnowledgeBase.open(Path("base")) as knowledge:
        knowledge.refresh()
        for hit in knowledge.search.find(Query("goals survive only while watched")).items:
            ...

The record is the truth; the index is derived, holds the record up to a generation that it knows, and can be rebuilt.
"""

# pyright: standard

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from corpus.model import Heading
from corpus.record import Record
from index import analyses, cursors
from index.answers import Hit, Mode, Page, Query, Thread
from index.clusters.queries import Clusters
from index.draft_check import Check, Draft, DraftChecker
from index.encoding.sentence_encoder import Progress
from index.example_claims import choose_examples
from index.findings.context import AnalysisContext, AnalysisProgress
from index.findings.findings_store import FindingsStore
from index.mismatches.mismatches import Mismatches
from index.people.people import People
from index.reply_tree import build_thread, find_conversation
from index.search.hits import HitReader
from index.search.search import Search
from index.store.base_index import BaseIndex
from index.terms.terms import Terms
from index.verification import Verification, verify_base


class KnowledgeBase:
    """A folder with a record, its index and what answers questions about it: `search`, `people`, `terms`, `mismatches`
    and `clusters`. Use as a context manager, or `close()`.

    An embedded base belongs to one process at a time. Its methods may be called from several threads.
    """

    def __init__(self, index: BaseIndex, findings_store: FindingsStore) -> None:
        self._index = index
        self._findings_store = findings_store
        record = index.record
        hits = HitReader(record, index.vectors, index.bm25)
        self.terms = Terms(findings_store, record, lambda term: self.mismatches.count(term))
        self.mismatches = Mismatches(findings_store, record, self.terms.list_forms)
        self.people = People(record, index.vectors, hits.read_all, hits.make_link, self.terms.count_uses)
        self.search = Search(index, hits, self.people.read_directory, self.terms.list_forms)
        self.clusters = Clusters(findings_store, lambda ids: hits.read_all(ids, Query("")))
        self._draft_checker = DraftChecker(record, self.terms, self.search, index.encoder.encode_query)

    @classmethod
    def open(
        cls,
        location: Path,
        *,
        vectors: str | None = None,
        record: str | None = None,
        purpose: str = "crosstalk",
        encoder: str | None = None,
        rebuild: bool = False,
    ) -> Self:
        """Open the base in a folder, made if it is not there.

        `vectors` is the address of a Qdrant server, `record` a SQLAlchemy URL; without them all is in the folder.
        `purpose` is what another process is told that finds the base in use. `encoder` names a model (default:
        $CROSSTALK_ENCODER, else all-MiniLM-L6-v2). An index of an older schema is begun anew; with `rebuild` also one
        made with another encoder or a newer schema, which is else refused. Raises `RecordBusy`, `WrongVersion`,
        `BrokenRecord`, `NotFound` (no model).
        """
        index = BaseIndex.open(
            location, vectors=vectors, record=record, purpose=purpose, encoder=encoder, rebuild=rebuild
        )
        return cls(index, FindingsStore.open(index.folder / "analyses.db"))

    def close(self) -> None:
        """Let go of the findings, the vectors, the record and the folder."""
        self._findings_store.close()
        self._index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def announce(self, purpose: str, url: str) -> None:
        """Tell a process that finds the base in use where to ask instead."""
        self._index.announce(purpose, url)

    @property
    def folder(self) -> Path:
        """Return the folder of the base."""
        return self._index.folder

    @contextmanager
    def open_record(self) -> Iterator[Record]:
        """Open the record beside this base, for reading only: what writes out everything reads it there."""
        with Record.open(self._index.record.name, read_only=True) as record:
            yield record

    # ---- up to date ------------------------------------------------------------------------------------------------

    @property
    def generation(self) -> int:
        """Return the record's generation: it counts the changes of the record."""
        return self._index.record.generation

    def is_behind(self) -> bool:
        """Tell whether the record has changed since the index was filled."""
        return self._index.is_behind()

    def refresh(self, progress: Progress | None = None, *, optimize: bool = True) -> int:
        """Pull into the index what the record changed. Return the number of points written or deleted.

        May be interrupted anywhere; the next call goes on. `optimize=False` leaves the graph of a large base for
        another time: building it takes minutes in which the process answers nothing.
        """
        return self._index.refresh(progress, optimize=optimize)

    def reindex(self, progress: Progress | None = None) -> int:
        """Build the index anew from the record. Return the number of points written."""
        return self._index.reindex(progress)

    def is_unanalyzed(self) -> bool:
        """Tell whether the record has changed since terms, mismatches and clusters were computed."""
        return bool(analyses.list_outdated(self._findings_store, self.generation))

    def analyze(self, progress: AnalysisProgress | None = None, *, anew: bool = False) -> dict[str, int]:
        """Bring terms, mismatches and clusters up to date, or compute all of them `anew`.

        Return the number of findings by kind, of what was computed. The index must be up to date (`refresh`).
        """
        index, findings_store = self._index, self._findings_store
        with index.hold():
            wanted = analyses.list_analyses() if anew else analyses.list_outdated(findings_store, self.generation)
            context = AnalysisContext(index.record, index.vectors, index.encoder, findings_store)
            return analyses.run_analyses(context.report_to(progress), wanted)

    def verify(self) -> Verification:
        """Check the database, every claim's words against its utterance, and the index against the record."""
        return verify_base(self._index)

    # ---- questions about the whole ---------------------------------------------------------------------------------

    def count(self) -> Mapping[str, int]:
        """Return how many there are of each thing in the record, by its name in the plural ("claims", "speakers")."""
        return self._index.record.count()

    def list_conversations(self, limit: int = 50, cursor: str | None = None) -> Page[Heading]:
        """Return the conversations, in order of id. Raises `WrongUsage` for the cursor of another list."""
        began = time.perf_counter()
        ids = list(self._index.record.list_conversations())
        start = cursors.read_start(cursor, "conversations")
        shown = ids[start : start + limit]
        headings = self._index.record.get_headings(shown)
        return Page(
            tuple(headings[id_] for id_ in shown if id_ in headings),
            cursors.pack_next("conversations", start, limit, len(ids)),
            len(ids),
            took_ms=(time.perf_counter() - began) * 1000,
        )

    def get_thread(self, asked: str) -> Thread:
        """Return a conversation as a tree, by its id, an utterance's id or its address. Raises `NotFound`."""
        record = self._index.record
        conversation_id = find_conversation(record, asked)
        return build_thread(
            record.get_conversation(conversation_id),
            record.list_claims_of(conversation_id),
            record.list_quotations_of(conversation_id),
        )

    def find_who_said(self, claim: str, limit: int = 10) -> tuple[Hit, ...]:
        """Return who made a claim: the people, closest first, each with the passage that says it most closely.

        Those of whom nobody knows the name are one of them. Raises `WrongUsage`.
        """
        hits = self.search.find(Query(claim, mode=Mode.HYBRID, limit=5 * limit, plain=True)).items
        closest: dict[str | None, Hit] = {}
        for hit in hits:
            closest.setdefault(hit.claim.speaker.id if hit.claim.speaker else None, hit)
        return tuple(closest.values())[:limit]

    def choose_example_claims(self, count: int = 5) -> tuple[str, ...]:
        """Return the words of at most `count` claims to search for, each of another person and thread."""
        return choose_examples(self._index.record, self.search, count)

    def check(self, draft: Draft) -> Check:
        """Hold a draft against the base: terms that readers use otherwise, and who made its claims before."""
        return self._draft_checker.check(draft)
