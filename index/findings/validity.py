"""Findings held against the record as it is now: whether their words still stand, and where a reader finds them.

Findings describe the record as it was when they were computed. A post may have been edited or deleted since: words that
no longer stand where a finding says are not shown, so that nobody is quoted with what they do not say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from corpus.model import Heading, Status, Utterance
from corpus.record import Record
from index.findings.findings import Gloss, Mismatch, Sense, Side, Term, Usage
from index.passages import permalink

Place = TypeVar("Place", Usage, Gloss, Side)


class Standing:
    """What of findings still stands in a record, with the addresses of the passages."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._utterances: dict[str, Utterance] = {}
        self._headings: dict[str, Heading] = {}

    def term(self, term: Term) -> Term:
        """Give a term with those of its definitions and usages that still stand."""
        self.read(place.utterance_id for sense in term.senses for place in (*sense.definitions, *sense.usages))
        return replace(term, senses=tuple(self._sense(sense) for sense in term.senses))

    def _sense(self, sense: Sense) -> Sense:
        return replace(sense, definitions=self.places(sense.definitions), usages=self.places(sense.usages))

    def mismatches(self, mismatches: Sequence[Mismatch]) -> list[Mismatch]:
        """Give the mismatches of which both passages still stand."""
        self.read(side.utterance_id for mismatch in mismatches for side in (mismatch.a, mismatch.b))
        standing = []
        for mismatch in mismatches:
            sides = self.places((mismatch.a, mismatch.b))
            if len(sides) == 2:
                standing.append(replace(mismatch, a=sides[0], b=sides[1]))
        return standing

    def read(self, utterance_ids: Iterable[str]) -> None:
        """Read in one go the utterances that will be asked about."""
        wanted = set(utterance_ids) - self._utterances.keys()
        self._utterances |= self._record.utterances(wanted)
        conversations = {one.conversation_id for one in self._utterances.values()} - self._headings.keys()
        self._headings |= self._record.headings(conversations)

    def places(self, places: Sequence[Place]) -> tuple[Place, ...]:
        """Give the places whose words stand there now, each with its address. `read` must have been told of them."""
        return tuple(replace(place, url=self._url(place)) for place in places if self._stands(place))

    def heading(self, utterance_id: str) -> Heading | None:
        """Give the conversation in which an utterance stands."""
        utterance = self._utterances.get(utterance_id)
        return self._headings.get(utterance.conversation_id) if utterance else None

    def _stands(self, place: Usage | Gloss | Side) -> bool:
        utterance = self._utterances.get(place.utterance_id)
        if utterance is None or utterance.status is Status.DELETED:
            return False
        return utterance.text[place.start : place.end] == place.text

    def _url(self, place: Usage | Gloss | Side) -> str | None:
        utterance = self._utterances[place.utterance_id]
        heading = self._headings.get(utterance.conversation_id)
        address = utterance.url or (heading.url if heading else None)
        return permalink(address, utterance.text, place.start, place.end)
