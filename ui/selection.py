"""What of a long list people see, the same on every face: how much, and in which order."""

from collections.abc import Sequence
from typing import TypeVar

Shown = TypeVar("Shown")

# On a person's page.
PERSON_ROWS = 12  # of terms, threads, credences, retractions, changes and relations
PERSON_DEFINITIONS = 24
PERSON_EXCHANGES = 3  # of a relation

SENSES = 4  # of a term, in a list of terms
SENSE_PEOPLE = 8  # who use a term in one sense
OTHER_PEOPLE = 4  # who use a term of a draft in another sense


def choose_newest(oldest_first: Sequence[Shown]) -> Sequence[Shown]:
    """Return the newest of what a person's page shows, the newest first, of a list with the oldest first.

    >>> choose_newest(range(20))[:3], len(choose_newest(range(20)))
    (range(19, 16, -1), 12)
    """
    return oldest_first[::-1][:PERSON_ROWS]
