"""Tell which utterances of a conversation were there before others.

Sites stamp a post anew when it is published again, feeds give days rather than times, and exports give none. So who
answers whom comes before what the clocks say: nobody wrote an answer before what it answers.
"""

from collections.abc import Sequence
from functools import cached_property
from heapq import heapify, heappop, heappush

from corpus.model import Utterance


class Precedence:
    """The order in which utterances were written, by their replies first and by their clocks then.

    Utterances are told by their number. One that answers nothing here answers the root: the first that answers nothing.
    """

    def __init__(self, utterances: Sequence[Utterance]) -> None:
        numbers = {utterance.id: number for number, utterance in enumerate(utterances)}
        self._utterances = utterances
        self.parents: list[int | None] = [
            numbers.get(utterance.reply_to) if utterance.reply_to is not None else None for utterance in utterances
        ]
        self.root = next((number for number, parent in enumerate(self.parents) if parent is None), 0)
        self._children: list[list[int]] = [[] for _ in utterances]
        for number, parent in enumerate(self.parents):
            above = self.root if parent is None and number != self.root else parent
            if above is not None:
                self._children[above].append(number)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The numbers in the order of writing: each after what it answers, and by the clock as far as that allows.

        One without a time goes right after what it answers.
        """
        waiting = [self._stamp(self.root, 0.0)] if self._utterances else []
        heapify(waiting)
        order: list[int] = []
        while waiting:
            time, number = heappop(waiting)
            order.append(number)
            for child in self._children[number]:
                heappush(waiting, self._stamp(child, time))
        reached = set(order)
        # Who answers whom in a circle is left: there the order of the source is all that is known.
        return (*order, *(number for number in range(len(self._utterances)) if number not in reached))

    @cached_property
    def ranks(self) -> tuple[int, ...]:
        """For each utterance its place in `order`."""
        ranks = [0] * len(self._utterances)
        for rank, number in enumerate(self.order):
            ranks[number] = rank
        return tuple(ranks)

    def _stamp(self, number: int, default: float) -> tuple[float, int]:
        posted_at = self._utterances[number].posted_at
        return (posted_at.timestamp() if posted_at is not None else default, number)

    @cached_property
    def _below(self) -> tuple[list[int], list[int]]:
        """Number the tree from above, depth first: when each utterance is entered, and when all below it are done."""
        entered, left = [-1] * len(self._utterances), [-1] * len(self._utterances)
        clock, path = 0, [(self.root, False)] if self._utterances else []
        while path:
            number, is_done = path.pop()
            if is_done:
                left[number] = clock
                continue
            entered[number] = clock
            clock += 1
            path.append((number, True))
            path += [(child, False) for child in self._children[number]]
        return entered, left

    def is_answer(self, number: int, to: int) -> bool:
        """Tell whether an utterance stands below another in the tree of replies, at whatever depth."""
        entered, left = self._below
        return number != to and 0 <= entered[to] <= entered[number] < left[to]

    def is_later(self, number: int, other: int) -> bool | None:
        """Tell whether utterance `other` was there when `number` was written; None where nothing tells."""
        if self.is_answer(number, other):
            return True
        if self.is_answer(other, number):
            return False
        utterance, there = self._utterances[number], self._utterances[other]
        if utterance.posted_at is None or there.posted_at is None or utterance.posted_at == there.posted_at:
            return None
        return there.posted_at < utterance.posted_at
