"""Exchanges in which two people use one term differently, as they are asked for."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.errors import NotFound
from corpus.record import Record
from corpus.term_key import make_term_key
from index.answers import Page
from index.findings.bodies import read_bodies
from index.findings.findings import COUNTED, Mismatch
from index.findings.findings_store import FindingsStore
from index.findings.listing import list_findings
from index.findings.validity import CurrentFindings
from index.reply_tree import find_conversation

KIND = "mismatch"


class Mismatches:
    """Answers what the analyses found of mismatches. `list_forms` gives the name of a term first, whatever its form.

    A term may be given in any of its forms; a conversation as its id, an utterance's in it, or its address.
    """

    def __init__(
        self, findings_store: FindingsStore, record: Record, list_forms: Callable[[str], Sequence[str]]
    ) -> None:
        self._findings_store = findings_store
        self._record = record
        self._list_forms = list_forms

    def list(
        self, term: str | None = None, conversation: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page[Mismatch]:
        """Return mismatches, possible ones first, and each list the best first.

        Those whose words have since been edited or deleted are left out.

        Raises `NotFound` for a conversation that is not there, `WrongUsage` for the cursor of another list.
        """
        where = self._make_keys(term, conversation)
        page = list_findings(self._findings_store, KIND, where, limit, cursor, Mismatch)
        return replace(page, items=tuple(CurrentFindings(self._record).filter_mismatches(page.items)))

    def get(self, id_: str) -> Mismatch:
        """Return one mismatch. Raises `NotFound`."""
        body = self._findings_store.get(KIND, id_)
        current = CurrentFindings(self._record).filter_mismatches(read_bodies(Mismatch, [body] if body else []))
        if not current:
            raise NotFound(f"no mismatch {id_!r} in this base; `crosstalk mismatches` lists those there are")
        return current[0]

    def count(self, term: str | None = None, conversation: str | None = None) -> int:
        """Count the disputes that are possible mismatches (`MismatchCertainty`)."""
        return self._findings_store.count(KIND, self._make_keys(term, conversation) | dict([COUNTED]))

    def _make_keys(self, term: str | None, conversation: str | None) -> dict[str, str]:
        keys = {"term": make_term_key(self._list_forms(term)[0])} if term and term.strip() else {}
        if conversation:
            keys["conversation"] = find_conversation(self._record, conversation)
        return keys
