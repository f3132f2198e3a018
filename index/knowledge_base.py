"""The one door: a knowledge base is opened here, brought up to date, and asked.

    with KnowledgeBase.open(Path("base")) as knowledge:
        knowledge.refresh()
        for hit in knowledge.search(Query("goals survive only while watched")).items:
            ...

The record is the truth; the index is derived, holds the record up to a generation that it knows, and can be rebuilt.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from corpus.errors import CrosstalkError, NotFound
from corpus.record import Record
from corpus.term_key import term_key
from index import analyses as analysis
from index import cursors
from index.answers import Facet, Hit, Page, Person, Query, Thread
from index.clusters import queries as clusters_kept
from index.clusters.model import Cluster, Placed
from index.clusters.queries import Clustered
from index.draft_check import Check, Draft, check
from index.encoding.bm25 import Lexicon, Weights
from index.encoding.sentence_encoder import Encoder, Progress
from index.findings.context import Material
from index.findings.context import Progress as AnalysisProgress
from index.findings.findings import COUNTED, Mismatch, Term, mismatch_of, term_of
from index.findings.findings_store import Analyses
from index.findings.validity import Standing
from index.people.people import People
from index.people.profile import Portrait, Portraits
from index.reply_tree import find_conversation, thread
from index.search.ranking import Ranked
from index.search.search import Search
from index.store import sync as filling
from index.store.base_folder import INDEX_SCHEMA, Lock, Meta, check_meta, new_meta, read_meta, write_meta
from index.store.opening import open_vectors
from index.store.points import Vectors
from index.terms.matcher import Matcher

Found = TypeVar("Found")

_TERMS = 10_000
_SHOWN = 20  # problems of one kind that are named one by one


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of everything found. No problems: record and index are sound, and agree."""

    conversations: int
    utterances: int
    claims: int
    points: int
    problems: tuple[str, ...]


class KnowledgeBase:
    """A folder with a record, its index and the questions that it answers. Use as a context manager, or `close()`.

    An embedded base belongs to one process at a time. Its methods may be called from several threads.
    """

    def __init__(
        self, folder: Path, lock: Lock | None, record: Record, vectors: Vectors, encoder: Encoder, meta: Meta
    ) -> None:
        self._folder = folder
        self._lock = lock
        self.record = record
        self.vectors = vectors
        self.encoder = encoder
        self._meta = meta
        self._filling = threading.Lock()
        self._people: tuple[int, People] | None = None
        self._mentions: tuple[int, Matcher] | None = None
        self._used: tuple[int, Mapping[str, Sequence[tuple[str, int]]]] | None = None
        self.findings = Analyses.open(folder / "analyses.db")

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
        folder = Path(location).expanduser()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as problem:
            raise CrosstalkError(f"{folder}: cannot be made ({problem.strerror})") from problem
        opened: list[Lock | Record] = []
        lock = None
        try:
            if vectors is None:
                lock = Lock.take(folder, purpose)
                opened.append(lock)
            model = Encoder.load(encoder)
            facts = _open_record(record or folder / "corpus.db")
            opened.append(facts)
            store, meta = _open_index(folder, vectors, model, rebuild)
        except BaseException:
            for one in opened:
                one.release() if isinstance(one, Lock) else one.close()
            raise
        return cls(folder, lock, facts, store, model, meta)

    def close(self) -> None:
        """Let go of the store, the record and the folder."""
        self.findings.close()
        self.vectors.close()
        self.record.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def announce(self, purpose: str, url: str) -> None:
        """Tell a process that finds the base in use where to ask instead."""
        if self._lock is not None:
            self._lock.tell(purpose, url)

    # ---- up to date ------------------------------------------------------------------------------------------------

    def behind(self) -> bool:
        """Say whether the record has changed since the index was filled."""
        return self.record.generation != self._meta.generation

    def refresh(self, progress: Progress | None = None, *, optimize: bool = True) -> int:
        """Pull into the index what the record changed. Gives the number of points written or deleted.

        May be interrupted anywhere; the next call goes on. `optimize=False` leaves the graph of a large base for
        another time: building it takes minutes in which the process answers nothing.
        """
        with self._filling, self._alone():
            return self._fill(self._meta.generation, progress, optimize)

    def reindex(self, progress: Progress | None = None) -> int:
        """Build the index anew from the record. Gives the number of points written."""
        with self._filling, self._alone():
            self._keep(self._meta.beginning())
            self.vectors.clear()
            return self._fill(0, progress, True)

    def unanalyzed(self) -> bool:
        """Say whether the record has changed since terms, mismatches and clusters were computed."""
        return bool(analysis.outdated(self.findings, self.record.generation))

    def analyze(self, progress: AnalysisProgress | None = None, *, anew: bool = False) -> dict[str, int]:
        """Bring terms, mismatches and clusters up to date, or compute all of them `anew`.

        Gives the number of findings by kind, of what was computed. The index must be up to date (`refresh`).
        """
        with self._filling, self._alone():
            wanted = analysis.analyses() if anew else analysis.outdated(self.findings, self.record.generation)
            material = Material(self.record, self.vectors, self.encoder, self.findings)
            return analysis.run(replace(material, progress=progress) if progress else material, wanted)

    def _fill(self, since: int, progress: Progress | None, optimize: bool) -> int:
        def commit(generation: int) -> None:
            used = {self.encoder.precision} if self.encoder.precision else set()
            precisions = tuple(sorted({*self._meta.precisions, *used}))
            points = self.vectors.count()
            self._keep(replace(self._meta, generation=generation, points=points, precisions=precisions))

        touched = filling.refresh(self.record, self.vectors, self.encoder, self._lexicon, since, commit, progress)
        if touched and optimize:
            self.vectors.optimize()
        return touched

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the folder while its index is filled. An embedded base holds it anyway; with a server, only now."""
        lock = Lock.take(self._folder, "indexing") if self._lock is None else None
        try:
            yield
        finally:
            if lock is not None:
                lock.release()

    def _keep(self, meta: Meta) -> None:
        write_meta(self._folder, meta)
        self._meta = meta

    # ---- questions -------------------------------------------------------------------------------------------------

    def search(self, query: Query) -> Page[Hit]:
        """Find claims. Raises `WrongUsage` for a query that makes no sense."""
        return self.questions().search(query)

    def facets(self, query: Query) -> Mapping[str, tuple[Facet, ...]]:
        """Count what a query finds, by speaker, site and kind."""
        return self.questions().facets(query)

    def similar(self, claim_id: str, limit: int = 20) -> Page[Hit]:
        """Find the claims closest in meaning to one. Raises `NotFound`."""
        return self.questions().similar(self.record.claim(claim_id), limit)

    def hit(self, claim_id: str) -> Hit:
        """Give one claim where it stands, quoted or retracted or not. Raises `NotFound`."""
        claim = self.record.claim(claim_id)
        anything = Query("", include_quotes=True, include_retracted=True)
        return self.questions().hits([Ranked(claim.id, {}, 0.0, {})], anything, None, Weights((), ()))[0]

    def people(self, name_part: str | None = None, limit: int = 100, cursor: str | None = None) -> Page[Person]:
        """List people, those with most claims first."""
        return self._everybody().page(name_part, limit, cursor)

    def person(self, id_or_name: str) -> Person:
        """Find one person by id, name, or a part of the name that nobody else has. Raises `NotFound`."""
        return self._everybody().person(id_or_name)

    def portrait(self, id_or_name: str) -> Portrait:
        """Describe one person: topics, definitions, credences, changes of mind, agreement. Raises `NotFound`."""
        everybody, questions = self._everybody(), self.questions()
        terms = self._terms_of_people()
        whole = Portraits(self.record, self.vectors, everybody, questions.show, questions.link, terms)
        return whole.of(everybody.person(id_or_name))

    def thread(self, asked: str) -> Thread:
        """Give a conversation as a tree, by its id, an utterance's id or its address. Raises `NotFound`."""
        conversation_id = find_conversation(self.record, asked)
        return thread(self.record.conversation(conversation_id), self.record.claims_of(conversation_id))

    def terms(self, part: str | None = None, limit: int = 50, cursor: str | None = None) -> Page[Term]:
        """List the terms that people argue with, the most argued first; `part` is words that the name must hold."""
        where = {"word": term_key(part)} if part and part.strip() else {}
        page = self._found("term", where, limit, cursor, term_of)
        return replace(page, items=tuple(self._contested(term) for term in page.items))

    def term(self, name: str) -> Term:
        """Give one term by its name or any of its forms. Raises `NotFound`."""
        found = self.findings.find("term", {"name": term_key(name)}, limit=1)
        if not found:
            raise NotFound(f"no term {name!r} in this base; `crosstalk terms` lists those there are")
        return self._contested(Standing(self.record).term(term_of(found[0])))

    def forms(self, form: str) -> tuple[str, ...]:
        """Give the name and the other forms of the term that has one; only that form itself where there is none."""
        found = self.findings.find("term", {"name": term_key(form)}, limit=1)
        return (found[0]["name"], *found[0]["aliases"]) if found else (form,)

    def _contested(self, term: Term) -> Term:
        return replace(term, contested=self.likely_mismatches(term.name))

    def mismatches(
        self, term: str | None = None, conversation: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page[Mismatch]:
        """List exchanges in which two people use one term (in any of its forms) differently, the surest first.

        `conversation` is the id of one, of an utterance in it, or its address. Raises `NotFound` for one not there.
        A mismatch whose words have since been edited or deleted is left out.
        """
        page = self._found("mismatch", self._about(term, conversation), limit, cursor, mismatch_of)
        return replace(page, items=tuple(Standing(self.record).mismatches(page.items)))

    def likely_mismatches(self, term: str | None = None, conversation: str | None = None) -> int:
        """Count those of `mismatches` that are perhaps so at least (`findings.LIKELY`)."""
        return self.findings.count("mismatch", self._about(term, conversation) | dict([COUNTED]))

    def _about(self, term: str | None, conversation: str | None) -> dict[str, str]:
        where = {"term": term_key(self.forms(term)[0])} if term and term.strip() else {}
        if conversation:
            where["conversation"] = find_conversation(self.record, conversation)
        return where

    def mismatch(self, id_: str) -> Mismatch:
        """Give one mismatch. Raises `NotFound`."""
        found = self.findings.get("mismatch", id_)
        standing = Standing(self.record).mismatches([mismatch_of(found)]) if found is not None else []
        if not standing:
            raise NotFound(f"no mismatch {id_!r} in this base; `crosstalk mismatches` lists those there are")
        return standing[0]

    def mentions(self) -> Matcher:
        """Give what finds the base's terms in a text."""
        generation = self.findings.generation("term")
        if self._mentions is None or self._mentions[0] != generation:
            self._mentions = (generation, Matcher.from_forms(self.findings.keyed("term", "name")))
        return self._mentions[1]

    def check(self, draft: Draft) -> Check:
        """Hold a draft against the base: terms that readers use otherwise, and who made its claims before."""
        return check(self, draft)

    def clusters(
        self, min_size: int = 1, limit: int = 50, cursor: str | None = None, topic: str | None = None
    ) -> Page[Cluster]:
        """List claims that make the same point, the largest clusters first; last the bucket of those in none.

        The bucket has the id None and is listed whatever its size. Raises `WrongUsage`.
        """
        return clusters_kept.page(self.findings, min_size, limit, cursor, topic)

    def cluster(self, id_: str) -> Cluster:
        """Give one cluster; the bucket is asked for as "unclustered". Raises `NotFound`."""
        return clusters_kept.one(self.findings, id_)

    def claims_in(self, cluster_id: str, limit: int = 50, cursor: str | None = None) -> Page[Clustered]:
        """List the claims of a cluster, the most central first. Raises `NotFound`, `WrongUsage`."""

        def hits(ids: Sequence[str]) -> dict[str, Hit]:
            ranked = [Ranked(id_, {}, 0.0, {}) for id_ in ids]
            return {hit.claim.id: hit for hit in self.questions().hits(ranked, Query(""), None, Weights((), ()))}

        return clusters_kept.claims(self.findings, cluster_id, limit, cursor, hits)

    def claim_map(self, limit: int = 5_000) -> list[Placed]:
        """Give claims with their places on the map (x, y), those of the largest clusters first."""
        return clusters_kept.on_the_map(self.findings, limit)

    def _found(
        self, kind: str, where: Mapping[str, str], limit: int, cursor: str | None, of: Callable[[Any], Found]
    ) -> Page[Found]:
        """Give a page of findings. Raises `WrongUsage` for the cursor of another list."""
        began = time.perf_counter()
        what = f"{kind} {sorted(where.items())} {self.findings.generation(kind)}"
        start = cursors.start(cursor, what)
        total = self.findings.count(kind, where)
        bodies = self.findings.find(kind, where, limit=limit, offset=start)
        further = cursors.further(what, start, limit, total)
        return Page(tuple(of(body) for body in bodies), further, total, took_ms=(time.perf_counter() - began) * 1000)

    def questions(self) -> Search:
        """Give what answers searches, as it stands now."""
        return Search(self.record, self.vectors, self.encoder, self._lexicon, self._everybody, self._aliases)

    def _aliases(self, term: str) -> tuple[str, ...]:
        """Give the other names of a term that the analyses know."""
        found = self.findings.find("term", {"term": term_key(term)}, limit=1)
        known = term_of(found[0]) if found else None
        return (known.name, *known.aliases) if known else ()

    def _terms_of_people(self) -> Mapping[str, Sequence[tuple[str, int]]]:
        """Give, for each person's id, the terms that they use, with how often."""
        generation = self.findings.generation("term")
        known = self._used
        if known is None or known[0] != generation:
            used: dict[str, list[tuple[str, int]]] = {}
            for body in self.findings.find("term", {}, limit=_TERMS):
                term = term_of(body)
                for share in term.speakers:
                    if share.speaker is not None:
                        used.setdefault(share.speaker.id, []).append((term.name, share.uses))
            known = self._used = (generation, used)
        return known[1]

    def _everybody(self) -> People:
        generation = self.record.generation
        known = self._people
        if known is None or known[0] != generation:
            known = self._people = (generation, People.of(self.record.speakers()))
        return known[1]

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon()

    # ---- checking --------------------------------------------------------------------------------------------------

    def verify(self) -> Verification:
        """Check the database, every claim's words against its utterance, and the index against the record."""
        problems = self.record.check()
        claims = 0
        for conversation_id in self.record.conversations():
            conversation = self.record.conversation(conversation_id)
            texts = {utterance.id: utterance.text for utterance in conversation.utterances}
            for claim in self.record.claims_of(conversation_id):
                claims += 1
                if texts.get(claim.utterance_id, "")[claim.start : claim.end] != claim.text:
                    problems.append(f"claim {claim.id} does not stand word for word in {claim.utterance_id}")
        if self.behind():
            problems.append("the index is behind the record; any command that asks the base brings it up to date")
        else:
            missing, extra = filling.difference(self.record, self.vectors)
            problems += _named("claim {} is not in the index; run `crosstalk reindex`", missing)
            problems += _named("the index holds {}, which the record does not; run `crosstalk reindex`", extra)
        counts = self.record.count()
        return Verification(
            counts["conversations"], counts["utterances"], claims, self.vectors.count(), tuple(problems)
        )


def _open_record(location: str | Path) -> Record:
    """Open the record for reading only, so that questions never hold up who writes; made if it is not there."""
    Record.open(location).close()
    return Record.open(location, read_only=True)


def _open_index(folder: Path, address: str | None, encoder: Encoder, rebuild: bool) -> tuple[Vectors, Meta]:
    """Open the store that belongs to the folder, and say what it holds: nothing, where it is not as it was left."""
    meta = read_meta(folder)
    if meta is not None and meta.schema < INDEX_SCHEMA:
        rebuild = True  # after an upgrade: all that it holds is derived
    if meta is not None and not rebuild:
        check_meta(folder, meta, encoder.name, encoder.size)
    fits = meta is not None and (meta.schema, meta.encoder, meta.size) == (INDEX_SCHEMA, encoder.name, encoder.size)
    if meta is None or not fits or meta.vectors != address:
        collection = meta.collection if meta is not None else None
        meta = new_meta(encoder.name, encoder.size, address, collection)
    anew = not fits and (rebuild or address is None)
    store = open_vectors(folder / "vectors", address, encoder.size, meta.collection, anew=anew)
    return store, meta if store.count() == meta.points else meta.beginning()


def _named(form: str, ids: set[str]) -> list[str]:
    lines = [form.format(id_) for id_ in sorted(ids)[:_SHOWN]]
    if len(ids) > _SHOWN:
        lines.append(form.format(f"(and {len(ids) - _SHOWN:,} more)"))
    return lines
