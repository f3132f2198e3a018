"""One person on a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ui import phrases
from ui.cli import output
from ui.selection import PERSON_DEFINITIONS, PERSON_EXCHANGES, PERSON_ROWS, choose_newest


def lay_out_person(rows: Iterable[dict[str, Any]]) -> Iterator[Any]:
    """Lay a person out: who, what about, definitions, agreement, credences, changes of mind, what was taken back."""
    for person in rows:
        yield output.make_text(person["name"], "bold underline")
        counts = (person[name] for name in ("claims", "utterances", "conversations", "quoted"))
        days = (phrases.write_day(person[name]) for name in ("first", "last"))
        yield output.make_text(phrases.describe_person(*counts, *days), "dim")
        yield output.make_text(" · ".join(part for part in (person["id"], person["url"]) if part), "dim")
        for alias in person["same_as"]:
            yield output.make_text(f"the same profile: {alias['name']} ({alias['id']})", "dim")
        yield from _lay_out_topics(person["topics"])
        yield from _lay_out_definitions(person["definitions"])
        yield from _lay_out_relations(person["relations"], person["id"])
        yield from _lay_out_claims(phrases.PERSON_CREDENCES, choose_newest(person["credences"]))
        yield from _lay_out_changes(person["changes"])
        yield from _lay_out_claims(phrases.PERSON_RETRACTIONS, person["retractions"])


def _make_heading(words: str) -> Any:
    return output.make_text(f"\n{words}", "bold")


def _lay_out_topics(topics: list[dict[str, Any]]) -> Iterator[Any]:
    for title, shown in (
        (phrases.PERSON_TERMS, [topic for topic in topics if topic["conversation_id"] is None]),
        (phrases.PERSON_THREADS, [topic for topic in topics if topic["conversation_id"] is not None]),
    ):
        if shown:
            yield _make_heading(title)
            for topic in shown[:PERSON_ROWS]:
                yield output.make_text(f"  {topic['claims']:>5,}  {phrases.name_conversation(topic['label'])}")


def _lay_out_definitions(definitions: list[dict[str, Any]]) -> Iterator[Any]:
    if definitions:
        yield _make_heading(phrases.PERSON_DEFINITIONS)
    for definition in definitions[:PERSON_DEFINITIONS]:
        stance = "" if definition["stance"] == "stated" else f"  [{phrases.name_stance(definition['stance'])}]"
        line = output.make_text(f"  {definition['term']}", "bold").append_text(output.make_text(stance, "yellow"))
        yield line.append_text(
            output.make_text(f"  {phrases.write_on_one_line(definition['gloss'] or definition['text'])}")
        )


def _lay_out_claims(title: str, hits: Sequence[dict[str, Any]]) -> Iterator[Any]:
    if hits:
        yield _make_heading(title)
    yield from map(_make_claim_line, hits[:PERSON_ROWS])


def _lay_out_changes(changes: list[dict[str, Any]]) -> Iterator[Any]:
    if changes:
        yield _make_heading(phrases.PERSON_CHANGES)
        yield output.make_text(phrases.PERSON_CHANGES_NOTE, "dim")
    for number, change in enumerate(changes[:PERSON_ROWS]):
        if number:
            yield output.make_text("")
        yield from (_make_claim_line(change[side]) for side in ("before", "after"))


def _make_claim_line(hit: dict[str, Any]) -> Any:
    mark = f"[{phrases.write_credence(*hit['credence'])}] " if hit["credence"] else ""
    line = output.make_text(f"  {phrases.write_day(hit['posted_at']) or 'undated':10}  ", "dim")
    line.append_text(output.make_text(mark, "yellow"))
    return line.append_text(output.make_text(phrases.write_on_one_line(hit["text"])))


def _lay_out_relations(relations: list[dict[str, Any]], person_id: str) -> Iterator[Any]:
    if relations:
        yield _make_heading(phrases.PERSON_RELATIONS)
        yield output.make_text(phrases.PERSON_RELATIONS_NOTE, "dim")
    for relation in relations[:PERSON_ROWS]:
        counts = phrases.describe_relation(relation["agreements"], relation["disagreements"])
        yield output.make_text(f"  {relation['name']}: {counts}")
        for exchange in relation["exchanges"][:PERSON_EXCHANGES]:
            who = "they" if exchange["by_id"] == person_id else exchange["by"]
            yield output.make_text(f"    {who}: {phrases.write_on_one_line(exchange['text'])}", "dim")
