"""How a command walks through a list that the base answers page by page."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from index.answers import Page

Item = TypeVar("Item")

PAGE = 100


def walk_pages(read_page: "Callable[[int, str | None], Page[Item]]", limit: int) -> Iterator[Item]:
    """Yield the items of a list, at most `limit`. `read_page` takes how many to read, and the cursor of the page."""
    left, cursor = limit, None
    while left > 0:
        asked = min(left, PAGE)
        page = read_page(asked, cursor)
        yield from page.items
        left, cursor = left - asked, page.next
        if cursor is None:
            return
