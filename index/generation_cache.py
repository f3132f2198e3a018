"""What is dear to read and stays the same for one generation, read once for each."""

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class GenerationCache(Generic[Value]):
    """A value that is computed again only when the generation that it describes is another one."""

    def __init__(self, read_generation: Callable[[], int], compute: Callable[[], Value]) -> None:
        self._read_generation = read_generation
        self._compute = compute
        self._cached: tuple[int, Value] | None = None

    def get(self) -> Value:
        """Return the value for the generation as it is now."""
        generation = self._read_generation()
        cached = self._cached
        if cached is None or cached[0] != generation:
            cached = self._cached = (generation, self._compute())
        return cached[1]
