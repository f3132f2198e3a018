"""A hit as a card, an utterance with its claims marked, a person as a row."""

# pyright: standard

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from corpus.model import BLOCKS, Attribution, Claim, Passage, PassageKind, Speaker, Status, Utterance
from index.answers import Hit, Person, ThreadTurn
from ui import phrases
from ui.web.elements import Child, Html, join_pieces, link_page, link_site, tag

Mark = tuple[int, int, str, str]  # start, end, class, what it is in words
_REGION_CLASSES = {
    PassageKind.QUOTE: "ct-quote",
    PassageKind.FOOTNOTE: "ct-footnote",
    PassageKind.SPOILER: "ct-spoiler",
    PassageKind.MACHINE_TEXT: "ct-machine",
}
_STRUCK = frozenset({PassageKind.STRUCK})
_BLOCK_CLASSES = {PassageKind.HEADING: "ct-heading", PassageKind.CODE: "ct-code", PassageKind.LIST_ITEM: "ct-item"}


def link_speaker(speaker: Speaker | None, /, **filters: str | Iterable[str] | None) -> Html:
    """Link a name to what else that person said, with the rest of the search kept."""
    if speaker is None:
        return tag("span", phrases.UNATTRIBUTED, class_="ct-who ct-nobody")
    shown = tag("bdi", speaker.name)
    return link_page("", shown, class_="ct-who", **(filters | {"speaker": [speaker.name]}))


def make_day(moment: datetime | None) -> Html | None:
    """Show a day, machine-readable too."""
    return tag("time", phrases.write_day(moment), datetime=moment.isoformat()) if moment else None


def make_badges(claim: Claim) -> list[Html]:
    """Show what a reader must not overlook: whose words, whose view, taken back, how sure."""
    quoted_by = claim.quoted_by.name if claim.quoted_by else None
    badges = phrases.list_badges(claim.attribution.value, quoted_by, claim.holder, claim.retracted, claim.credence)
    return [
        tag("span", badge.words, dir="auto", class_=f"ct-badge ct-{badge.kind}", title=badge.meaning)
        for badge in badges
    ]


def make_group_card(hit: Hit, /, **filters: str | Iterable[str] | None) -> Html:
    """Show a hit; in a grouped answer under the name of its group, with the others of it."""
    group = hit.group
    if group is None:
        return make_hit_card(hit, **filters)
    count = phrases.write_count(group.claims, "claim")
    label = tag("bdi", phrases.name_speaker(group.label))
    return tag(
        "section",
        tag("h2", label, tag("small", f" {count}"), class_="ct-side"),
        *(make_hit_card(member, **filters) for member in (hit, *group.more)),
    )


def make_hit_card(hit: Hit, /, **filters: str | Iterable[str] | None) -> Html:
    """Show a hit: who, in what way, the exact words with their surroundings, where, and the way there."""
    claim = hit.claim
    highlights: list[Mark] = [(start, end, "mark", "") for start, end in hit.highlights]
    head = tag(
        "header",
        link_speaker(claim.speaker, **filters),
        *make_badges(claim),
        tag("span", claim.kind.value, class_="ct-kind") if claim.kind_shown else None,
        make_day(hit.posted_at),
    )
    words = tag(
        "blockquote",
        tag("span", _lay_before(hit.before), class_="ct-around") if hit.before.strip() else None,
        tag("span", mark_text(claim.text, highlights), class_="ct-claim-words"),
        tag("span", _lay_after(hit.after), class_="ct-around") if hit.after.strip() else None,
        dir="auto",
    )
    title = tag("bdi", phrases.name_conversation(hit.conversation.title))
    elsewhere = phrases.describe_other_places(len(hit.others))
    often = phrases.describe_repetition(hit.said.times, hit.said.people) if hit.said else ""
    foot = tag(
        "footer",
        link_page("thread", title, class_="ct-where", id=hit.conversation.id, at=claim.utterance_id),
        tag("span", f"{hit.karma:+d} karma", class_="ct-karma") if hit.karma is not None else None,
        tag("span", elsewhere) if elsewhere else None,
        tag("span", often) if often else None,
        link_page("", "similar claims", like=claim.id),
        link_site(hit.url, "open the passage", class_="ct-out") if hit.url else None,
    )
    return tag("article", head, words, foot, class_="ct-card")


_OPENING, _CLOSING = "([{“‘«", ".,;:!?)]}”’»…%"


def _lay_before(words: str) -> str:
    """Lay the words before a claim on one line, with a space after them unless they open a bracket or a quote."""
    flat = " ".join(words.split())
    opens = flat.endswith(tuple(_OPENING)) or (flat.endswith('"') and flat.count('"') % 2 == 1)
    return flat if opens else f"{flat} "


def _lay_after(words: str) -> str:
    """Lay the words after a claim on one line, with a space before them unless they go on or close a quote."""
    flat = " ".join(words.split())
    closes = flat.startswith(tuple(_CLOSING)) or (flat.startswith('"') and flat.count('"') % 2 == 1)
    return flat if closes else f" {flat}"


def mark_text(text: str, marks: Sequence[Mark], offset: int = 0) -> Html:
    """Put `marks` (in the coordinates of the whole text) into `text`, which begins at `offset` of it.

    Where marks overlap, the one that began last shows, and of those that began together the shortest. A mark of class
    "mark" becomes <mark>, others a <span>.
    """
    size = len(text)
    local = [(max(start - offset, 0), min(end - offset, size), class_, title) for start, end, class_, title in marks]
    local = sorted((mark for mark in local if mark[0] < mark[1]), key=lambda mark: (mark[0], -mark[1]))
    edges = sorted({0, size, *(edge for start, end, _, _ in local for edge in (start, end))})
    pieces: list[Child] = []
    for start, end in pairwise(edges):
        over = [mark for mark in local if mark[0] <= start and end <= mark[1]]
        words = text[start:end]
        if not over:
            pieces.append(words)
        elif over[-1][2] == "mark":
            pieces.append(tag("mark", words))
        else:
            pieces.append(tag("span", words, class_=over[-1][2], title=over[-1][3]))
    return join_pieces(pieces)


def make_turn_card(turn: ThreadTurn, *, current: bool, marks: Sequence[Mark] = ()) -> Html:
    """Show an utterance of a thread with its claims marked in it, and `marks` over them."""
    utterance = turn.utterance
    status = None
    if utterance.status is not Status.LIVE:
        status = tag("span", utterance.status.value, class_="ct-badge ct-retracted")
    count = len(turn.claims)
    head = tag(
        "header",
        link_speaker(utterance.speaker),
        status,
        make_day(utterance.posted_at),
        tag("span", f"{utterance.karma:+d} karma", class_="ct-karma") if utterance.karma is not None else None,
        tag("span", phrases.write_count(count, "claim"), class_="ct-count") if count else None,
        link_site(utterance.url, "original", class_="ct-out") if utterance.url else None,
    )
    class_ = f"ct-turn ct-depth-{min(turn.depth, 8)}{' ct-current' if current else ''}"
    return tag(
        "article",
        head,
        make_body(utterance, [*(make_claim_mark(claim) for claim in turn.claims), *marks]),
        class_=class_,
    )


def make_claim_mark(claim: Claim) -> Mark:
    """Say how a claim is marked in its utterance."""
    facts = [*((claim.kind.value,) if claim.kind_shown else ()), claim.attribution.value]
    if claim.attribution is Attribution.QUOTED:
        facts.append(claim.speaker.name if claim.speaker else "unknown speaker")
    if claim.holder:
        facts.append(claim.holder)
    if claim.credence:
        facts.append(phrases.write_credence(*claim.credence))
    if claim.retracted:
        facts.append("retracted")
    return claim.start, claim.end, f"ct-in-text ct-{claim.attribution.value}", " · ".join(facts)


def make_body(utterance: Utterance, marks: Sequence[Mark]) -> Html:
    """Show the text of an utterance block by block, quotes and notes as what they are."""
    blocks = [passage for passage in utterance.passages if passage.kind in BLOCKS and not passage.inline]
    regions = [passage for passage in utterance.passages if passage.kind in _REGION_CLASSES]
    struck = [(one.start, one.end, "ct-struck", "struck out") for one in utterance.passages if one.kind in _STRUCK]
    whole = Passage(PassageKind.PARAGRAPH, 0, max(len(utterance.text), 1))
    shown = []
    for block, within in _share_marks([*marks, *struck], blocks or [whole]):
        classes = [_REGION_CLASSES[region.kind] for region in regions if _is_around(region, block)]
        classes += [_BLOCK_CLASSES[block.kind]] if block.kind in _BLOCK_CLASSES else []
        label = f"{block.note} " if block.kind is PassageKind.LIST_ITEM and block.note else None
        words = mark_text(utterance.text[block.start : block.end], within, block.start)
        shown.append(tag("p", label, words, class_=" ".join(dict.fromkeys(classes)), dir="auto"))
    return tag("div", *shown, class_="ct-text")


def _share_marks(marks: Sequence[Mark], blocks: Sequence[Passage]) -> Iterator[tuple[Passage, list[Mark]]]:
    """Return each block the marks that touch it; blocks are in order, and do not overlap."""
    starts = [block.start for block in blocks]
    within: list[list[Mark]] = [[] for _ in blocks]
    for mark in marks:
        index = max(bisect_right(starts, mark[0]) - 1, 0)
        while index < len(blocks) and starts[index] < mark[1]:
            within[index].append(mark)
            index += 1
    yield from zip(blocks, within, strict=True)


def _is_around(region: Passage, block: Passage) -> bool:
    return region.start <= block.start and block.end <= region.end


def make_people_table(people: Iterable[Person]) -> Html:
    """List people with what the base holds of them."""
    fields = ("name", "site", "claims", "quoted", "utterances", "conversations", "first", "last")
    rows = [
        tag(
            "tr",
            tag("th", link_page("people", tag("bdi", person.speaker.name), id=person.speaker.id), scope="row"),
            tag("td", person.speaker.site),
            *(tag("td", f"{n:,}") for n in (person.claims, person.quoted, person.utterances, person.conversations)),
            tag("td", make_day(person.first)),
            tag("td", make_day(person.last)),
        )
        for person in people
    ]
    header = tag("thead", tag("tr", *(tag("th", phrases.name_column(name), scope="col") for name in fields)))
    return tag("div", tag("table", header, tag("tbody", *rows), class_="ct-table"), class_="ct-scroll")


def make_facet_row(label: str, links: Sequence[Html], *, wrap: bool = False) -> Html | None:
    """Show a row of ways to narrow a search."""
    if not links:
        return None
    class_ = "ct-facets ct-wrap" if wrap else "ct-facets"
    return tag("nav", tag("span", label, class_="ct-facet-name"), *links, class_=class_, aria_label=label)


def make_footer(json_url: str, command: str) -> Html:
    """Say where a program finds the same."""
    return tag(
        "footer",
        tag("span", "The same for programs: "),
        tag("a", json_url if len(json_url) <= 90 else json_url[:90] + "…", href=json_url, target="_blank"),
        tag("span", " or "),
        tag("code", command),
        class_="ct-foot",
    )
