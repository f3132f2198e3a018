"""One person on a terminal."""

from collections.abc import Iterable, Iterator
from typing import Any

from ui.cli import output

_FEW, _EXAMPLES = 12, 3


def portrait_view(rows: Iterable[dict[str, Any]]) -> Iterator[Any]:
    """Lay a person out: who, what about, definitions, credences, what was taken back, changes of mind, agreement."""
    for person in rows:
        yield output.plain(person["name"], "bold underline")
        counts = [
            output.some(person["claims"], "claim"),
            f"{output.some(person['utterances'], 'utterance')} in {output.some(person['conversations'], 'thread')}",
            f"quoted {output.some(person['quoted'], 'time')}" if person["quoted"] else "",
            f"{output.cell(person['first'])} – {output.cell(person['last'])}" if person["first"] else "",
        ]
        yield output.plain(" · ".join(count for count in counts if count), "dim")
        yield output.plain(" · ".join(part for part in (person["id"], person["url"]) if part), "dim")
        for one in person["same_as"]:
            yield output.plain(f"the same profile: {one['name']} ({one['id']})", "dim")
        yield from _topics(person["topics"])
        yield from _definitions(person["definitions"])
        yield from _claims("Probabilities they gave", person["credences"])
        yield from _claims("Taken back", person["retractions"])
        for change in person["changes"]:
            yield _heading("Changed their mind?" if change is person["changes"][0] else "")
            yield from (_claim(change[side]) for side in ("before", "after"))
        yield from _relations(person["relations"], person["id"])


def _heading(words: str) -> Any:
    return output.plain(f"\n{words}" if words else "", "bold")


def _topics(topics: list[dict[str, Any]]) -> Iterator[Any]:
    for title, shown in (
        ("Terms", [one for one in topics if one["conversation_id"] is None]),
        ("Threads", [one for one in topics if one["conversation_id"] is not None]),
    ):
        if shown:
            yield _heading(title)
            for one in shown[:_FEW]:
                yield output.plain(f"  {one['claims']:>5,}  {' '.join(one['label'].split())}")


def _definitions(definitions: list[dict[str, Any]]) -> Iterator[Any]:
    if definitions:
        yield _heading("What they mean by")
    for one in definitions[: 2 * _FEW]:
        stance = "" if one["stance"] == "stated" else f"  [{one['stance']}]"
        line = output.plain(f"  {one['term']}", "bold").append_text(output.plain(stance, "yellow"))
        yield line.append_text(output.plain(f"  {' '.join(one['gloss'].split())}"))


def _claims(title: str, hits: list[dict[str, Any]]) -> Iterator[Any]:
    if hits:
        yield _heading(title)
    yield from map(_claim, hits[-_FEW:])


def _claim(hit: dict[str, Any]) -> Any:
    mark = ""
    if hit["credence"]:
        low, high = hit["credence"]
        mark = f"[{low:.0%}] " if low == high else f"[{low:.0%}–{high:.0%}] "
    line = output.plain(f"  {output.cell(hit['posted_at']) or 'undated':10}  ", "dim")
    return line.append_text(output.plain(mark, "yellow")).append_text(output.plain(" ".join(hit["text"].split())))


def _relations(relations: list[dict[str, Any]], person_id: str) -> Iterator[Any]:
    if relations:
        yield _heading("Agreement and disagreement, as replies open")
    for one in relations[:_FEW]:
        yield output.plain(f"  {one['name']}: {one['agreements']} agree, {one['disagreements']} disagree")
        for exchange in one["exchanges"][:_EXAMPLES]:
            who = "they" if exchange["by_id"] == person_id else exchange["by"]
            yield output.plain(f"    {who}: {' '.join(exchange['text'].split())}", "dim")
