"""Terms, senses and mismatches as parts of a page, in the words of those who use them."""

from collections.abc import Iterable, Sequence

from corpus.model import Speaker
from index.draft_check import OtherSense, TermUse
from index.findings.findings import Gloss, Mismatch, MismatchKind, Sense, Share, Side, Term, Usage
from index.passages import shorten
from index.terms.matcher import Matcher
from ui import phrases
from ui.selection import SENSE_PEOPLE, SENSES
from ui.web.cards import mark_text
from ui.web.elements import Child, Html, join_pieces, link_page, link_site, tag

KINDS = {
    MismatchKind.DISAGREEMENT: ("disagreement", "They disagree about what the word should mean, or how it was used"),
    MismatchKind.CLARIFICATION: ("clarification", "One asks, or sets right, what the other meant by it"),
    MismatchKind.IMPLICIT: ("implicit", "Each uses the word in a sense of their own, and nobody says so"),
}


def explain_delay() -> Html:
    """Say that the analyses are behind the record, and what to do."""
    return join_pieces(
        [
            tag("h2", "The threads are still being read for this", class_="ct-quiet"),
            tag("p", "Reload the page in a while; a server does it by itself after new threads came in. To do it now:"),
            tag("pre", "crosstalk analyze"),
        ]
    )


def link_person(speaker: Speaker | None) -> Html:
    """Link to a person."""
    if speaker is None:
        return tag("span", phrases.UNATTRIBUTED, class_="ct-who ct-nobody")
    return link_page("people", tag("bdi", speaker.name), class_="ct-who", id=speaker.id)


def make_mismatch_card(mismatch: Mismatch, forms: Iterable[str], *, whole: bool = False) -> Html:
    """Show a mismatch: what the one means beside what the other means, the passages verbatim, and why it is one."""
    kind, explanation = KINDS[mismatch.kind]
    mentions = Matcher.from_forms((form, mismatch.term) for form in (mismatch.term, *forms))
    noticed = phrases.describe_notice(mismatch.noticed)
    certainty = phrases.write_certainty(mismatch.certainty, mismatch.score)
    head = tag(
        "header",
        tag("h2", _link_terms(mismatch), class_="ct-term"),
        tag("span", kind, class_="ct-badge ct-kind-badge", title=explanation),
        tag("span", noticed, class_="ct-badge ct-noticed" if mismatch.noticed else "ct-badge"),
        tag("span", certainty, class_="ct-sure", title="that they talk past each other"),
    )
    sides = tag(
        "div",
        _make_side(mismatch.a, mentions, "a"),
        _make_side(mismatch.b, mentions, "b"),
        class_="ct-sides",
    )
    title = tag("bdi", phrases.name_conversation(mismatch.conversation.title))
    foot = tag(
        "footer",
        link_page("thread", title, class_="ct-where", id=mismatch.conversation.id, at=mismatch.b.utterance_id),
        None if whole else link_page("mismatches", "link to this", id=mismatch.id),
    )
    why = tag("p", tag("strong", "Why: "), mismatch.why, class_="ct-why", dir="auto")
    return tag(
        "article",
        head,
        why,
        sides,
        _link_also(mismatch),
        foot,
        class_="ct-card ct-mismatch",
        aria_label=f"{mismatch.term}: {kind}",
    )


def _link_terms(mismatch: Mismatch) -> Html:
    """Link to the terms at issue; what is a sentence has no page."""
    if len(mismatch.terms) > 1:
        links = [link_page("terms", tag("bdi", term), term=term) for term in mismatch.terms]
        return tag("span", links[0], " vs ", links[1])
    written = tag("bdi", mismatch.term)
    return link_page("terms", written, term=mismatch.terms[0]) if mismatch.terms else written


def _link_also(mismatch: Mismatch) -> Html | None:
    """Link to the other exchanges of the dispute."""
    if not mismatch.also:
        return None
    links = [
        link_page("thread", str(number), id=mismatch.conversation.id, at=exchange.b.utterance_id)
        for number, exchange in enumerate(mismatch.also, 1)
    ]
    return tag("p", "also at ", *(part for link in links for part in (link, " ")), class_="ct-quiet")


def _make_side(side: Side, mentions: Matcher, which: str) -> Html:
    name = phrases.name_speaker(side.speaker.name if side.speaker else None)
    marks = [(mention.start, mention.end, f"ct-use ct-use-{which}", "the term") for mention in mentions.find(side.text)]
    return tag(
        "section",
        tag("h3", link_person(side.speaker), f" {phrases.describe_role(side.role)}"),
        tag("p", side.sense, class_="ct-sense", dir="auto") if side.sense else None,
        tag("blockquote", mark_text(side.text, marks), dir="auto"),
        tag(
            "p",
            link_page("thread", "in the thread", id=side.utterance_id, at=side.utterance_id),
            link_site(side.url, "the passage", class_="ct-out") if side.url else None,
            class_="ct-links",
        ),
        class_="ct-side-column",
        aria_label=f"{name} {phrases.describe_role(side.role)}",
    )


def make_term_table(terms: Iterable[Term]) -> Html:
    """List terms: in how many exchanges they are used differently, by how many people, in which senses."""
    heads = ("term", "mismatches", "people", "uses", "senses")
    rows = [
        tag(
            "tr",
            tag("th", link_page("terms", tag("bdi", term.name), term=term.name), scope="row"),
            tag("td", link_page("mismatches", f"{term.contested:,}", term=term.name) if term.contested else "0"),
            tag("td", f"{len(term.speakers):,}"),
            tag("td", f"{term.uses:,}"),
            tag("td", *_shorten_senses(term.senses), class_="ct-words"),
        )
        for term in terms
    ]
    header = tag("thead", tag("tr", *(tag("th", head, scope="col") for head in heads)))
    return tag("div", tag("table", header, tag("tbody", *rows), class_="ct-table ct-terms"), class_="ct-scroll")


def _shorten_senses(senses: Sequence[Sense]) -> list[Child]:
    if len(senses) < 2:
        return [phrases.describe_senses(len(senses))]
    return [tag("span", shorten(sense.label), class_="ct-one-sense", title=sense.label) for sense in senses[:SENSES]]


def make_senses(term: Term) -> Html:
    """Show the senses of a term side by side."""
    mentions = Matcher.from_forms((form, term.name) for form in (term.name, *term.aliases))
    shown = [_make_sense_card(number, sense, mentions, len(term.senses)) for number, sense in enumerate(term.senses, 1)]
    return tag("div", *shown, class_="ct-senses")


def _make_sense_card(number: int, sense: Sense, mentions: Matcher, of: int) -> Html:
    said = {gloss.text for gloss in sense.definitions}
    usages = [usage for usage in sense.usages if usage.text not in said]
    return tag(
        "section",
        tag("h3", tag("span", f"Sense {number} of {of}", class_="ct-number"), tag("bdi", sense.label)),
        make_shares(sense.speakers),
        tag("h4", "Definitions", class_="ct-side") if sense.definitions else None,
        *(_make_definition(gloss) for gloss in sense.definitions),
        tag("h4", "In use", class_="ct-side") if usages else None,
        *(_make_usage(usage, mentions) for usage in usages[:4]),
        class_="ct-card ct-sense-card",
        aria_label=f"Sense {number}: {sense.label}",
    )


def make_shares(people: Sequence[Share]) -> Html:
    """Name who uses a sense, and how often."""
    named = [
        tag(
            "li",
            link_person(share.speaker),
            tag("small", f" {share.uses}×", title=phrases.write_count(share.uses, "use")),
        )
        for share in people[:SENSE_PEOPLE]
    ]
    more = len(people) - SENSE_PEOPLE
    rest = tag("li", f"and {more:,} more") if more > 0 else None
    return tag("ul", *named, rest, class_="ct-people", aria_label="Who uses it so")


def _make_definition(gloss: Gloss) -> Html:
    start = gloss.text.find(gloss.gloss)
    marks = [(start, start + len(gloss.gloss), "mark", "")] if start >= 0 else []
    return quote_words(gloss, phrases.name_stance(gloss.stance.value), mark_text(gloss.text, marks))


def _make_usage(usage: Usage, mentions: Matcher) -> Html:
    spans = (
        [usage.at]
        if usage.at[1] > usage.at[0]
        else [(mention.start, mention.end) for mention in mentions.find(usage.text)]
    )
    return quote_words(
        usage, "uses it", mark_text(usage.text, [(*span, "ct-use ct-use-a", "the term") for span in spans])
    )


def quote_words(passage: Gloss | Usage, what: str, words: Html) -> Html:
    """Show somebody's exact words with the way to them."""
    links = tag(
        "p",
        link_page("thread", "in the thread", id=passage.utterance_id, at=passage.utterance_id),
        link_site(passage.url, "the passage", class_="ct-out") if passage.url else None,
        class_="ct-links",
    )
    by = tag("p", link_person(passage.speaker), f" {what}", class_="ct-by")
    return tag("div", by, tag("blockquote", words, dir="auto"), links, class_="ct-quoted-words")


def make_draft_term(use: TermUse) -> Html:
    """Show a term of a draft: how the draft uses it, who uses it otherwise, and what to add."""
    sign = tag("span", phrases.MAY_BE_MISREAD, class_="ct-badge ct-risky") if use.risky else None
    head = tag("header", tag("h3", link_page("terms", tag("bdi", use.term.name), term=use.term.name)), sign)
    basis = phrases.describe_draft_sense(use.how, None)
    where = link_page("mismatches", f"{phrases.describe_contest(use.term.contested)} →", term=use.term.name)
    first = use.uses[0]
    marks = [(*first.at, "ct-use ct-use-a", "the term")]
    return tag(
        "article",
        head,
        tag("blockquote", mark_text(first.text, marks), dir="auto"),
        tag("p", tag("span", f"{basis}: " if use.sense else basis), tag("bdi", use.sense), class_="ct-told"),
        tag("p", "You define it: ", tag("bdi", use.defined.text), class_="ct-told") if use.defined else None,
        tag("h4", "Readers may know it as", class_="ct-side") if use.others else None,
        *(_make_other_sense(other) for other in use.others),
        tag("p", where, class_="ct-told") if use.term.contested else None,
        *(_make_suggestion(use.add) if use.add else ()),
        class_="ct-card ct-draft",
        aria_label=use.term.name,
    )


def _make_other_sense(other: OtherSense) -> Html:
    where = [link_page("thread", tag("bdi", shorten(place.title)), id=place.id) for place in other.places]
    place = other.definition or other.usage
    return tag(
        "div",
        tag("p", tag("bdi", other.label), class_="ct-sense", dir="auto"),
        make_shares(other.speakers),
        quote_words(place, "wrote", join_pieces([place.text])) if place else None,
        tag("p", "in ", *where, class_="ct-links") if where else None,
        class_="ct-other",
    )


def _make_suggestion(gloss: Gloss) -> list[Html]:
    return [
        tag("h4", "A definition that fits yours, to quote or to adapt", class_="ct-side"),
        quote_words(gloss, "wrote", join_pieces([gloss.text])),
    ]
