"""A view that is told: whose, by which words, what it says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody's view, in characters of the Doc. `source` is None where nobody is named ("it is claimed that").

    `denied`: that he does *not* hold it ("Ana doesn't think that P"). `own`: the author speaks of himself. `supposed`:
    inside a question or a condition, so that nobody is said to hold it. `imagined`: told of nobody real, or as what
    somebody would say ("one might object that P"). `somebody`: people are said to hold it, and as an opinion ("Ana
    claims", "people here think", "it is argued"; not "the proof shows", "the agent believes").
    """

    cue: tuple[int, int]
    content: tuple[int, int]
    source: tuple[int, int] | None = None
    denied: bool = False
    own: bool = False
    supposed: bool = False
    imagined: bool = False
    somebody: bool = False

    @property
    def is_view(self) -> bool:
        """Tell whether somebody other than the author is said to hold it."""
        return self.somebody and not self.own and not self.supposed
