"""One person on a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ui import phrases
from ui.cli import output
from ui.selection import PERSON_DEFINITIONS, PERSON_EXCHANGES, PERSON_ROWS, choose_newest


def portrait_view(rows: Iterable[dict[str, Any]]) -> Iterator[Any]:
    """Lay a person out: who, what about, definitions, agreement, credences, changes of mind, what was taken back."""
    for person in rows:
        yield output.plain(person["name"], "bold underline")
        counts = (person[name] for name in ("claims", "utterances", "conversations", "quoted"))
        days = (phrases.write_day(person[name]) for name in ("first", "last"))
        yield output.plain(phrases.describe_person(*counts, *days), "dim")
        yield output.plain(" · ".join(part for part in (person["id"], person["url"]) if part), "dim")
        for one in person["same_as"]:
            yield output.plain(f"the same profile: {one['name']} ({one['id']})", "dim")
        yield from _topics(person["topics"])
        yield from _definitions(person["definitions"])
        yield from _relations(person["relations"], person["id"])
        yield from _claims(phrases.PERSON_CREDENCES, choose_newest(person["credences"]))
        yield from _changes(person["changes"])
        yield from _claims(phrases.PERSON_RETRACTIONS, person["retractions"])


def _heading(words: str) -> Any:
    return output.plain(f"\n{words}", "bold")


def _topics(topics: list[dict[str, Any]]) -> Iterator[Any]:
    for title, shown in (
        (phrases.PERSON_TERMS, [one for one in topics if one["conversation_id"] is None]),
        (phrases.PERSON_THREADS, [one for one in topics if one["conversation_id"] is not None]),
    ):
        if shown:
            yield _heading(title)
            for one in shown[:PERSON_ROWS]:
                yield output.plain(f"  {one['claims']:>5,}  {phrases.name_conversation(one['label'])}")


def _definitions(definitions: list[dict[str, Any]]) -> Iterator[Any]:
    if definitions:
        yield _heading(phrases.PERSON_DEFINITIONS)
    for one in definitions[:PERSON_DEFINITIONS]:
        stance = "" if one["stance"] == "stated" else f"  [{phrases.name_stance(one['stance'])}]"
        line = output.plain(f"  {one['term']}", "bold").append_text(output.plain(stance, "yellow"))
        yield line.append_text(output.plain(f"  {phrases.write_on_one_line(one['gloss'] or one['text'])}"))


def _claims(title: str, hits: Sequence[dict[str, Any]]) -> Iterator[Any]:
    if hits:
        yield _heading(title)
    yield from map(_claim, hits[:PERSON_ROWS])


def _changes(changes: list[dict[str, Any]]) -> Iterator[Any]:
    if changes:
        yield _heading(phrases.PERSON_CHANGES)
        yield output.plain(phrases.PERSON_CHANGES_NOTE, "dim")
    for number, change in enumerate(changes[:PERSON_ROWS]):
        if number:
            yield output.plain("")
        yield from (_claim(change[side]) for side in ("before", "after"))


def _claim(hit: dict[str, Any]) -> Any:
    mark = f"[{phrases.write_credence(*hit['credence'])}] " if hit["credence"] else ""
    line = output.plain(f"  {phrases.write_day(hit['posted_at']) or 'undated':10}  ", "dim")
    line.append_text(output.plain(mark, "yellow"))
    return line.append_text(output.plain(phrases.write_on_one_line(hit["text"])))


def _relations(relations: list[dict[str, Any]], person_id: str) -> Iterator[Any]:
    if relations:
        yield _heading(phrases.PERSON_RELATIONS)
        yield output.plain(phrases.PERSON_RELATIONS_NOTE, "dim")
    for one in relations[:PERSON_ROWS]:
        told = phrases.describe_relation(one["agreements"], one["disagreements"])
        yield output.plain(f"  {one['name']}: {told}")
        for exchange in one["exchanges"][:PERSON_EXCHANGES]:
            who = "they" if exchange["by_id"] == person_id else exchange["by"]
            yield output.plain(f"    {who}: {phrases.write_on_one_line(exchange['text'])}", "dim")
