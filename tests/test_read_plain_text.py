"""Text with no markup: who speaks if the text says so, nobody if it does not, each passage once, no furniture."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.merge import reduce_to_letters
from corpus.model import Conversation, PassageKind, Status
from ingest.sources.formats import read_source
from ingest.sources.plain_text.page_furniture import mark_furniture
from ingest.sources.plain_text.plain_text import make_conversation, split_paragraphs
from ingest.sources.plain_text.profile_page import read_profile
from ingest.sources.plain_text.repeated_renderings import join_repeated_renderings
from ingest.sources.source import Hints, Source

PROSE = [
    "I agree with the direction of this and disagree about the unit: a feature is what the network reads, not more.",
    "Thanks! Fixed.",
    "Suppose that you had a perfect account of every circuit in it. You would still need to say which of them matter.",
    "How would you imagine doing this? I understand the hypothesis, and cannot see what it forbids us to observe.",
    "My own guess is one chance in twenty, and I would take bets at these odds from anybody who has looked at it.",
]


def conversation(text: str, **hints: object) -> Conversation:
    (found,) = read_source(Source(name="it", content=text.encode(), hints=Hints(**hints)))
    assert isinstance(found, Conversation), found
    return found


def said(found: Conversation) -> list[tuple[str | None, str]]:
    return [(u.speaker.name if u.speaker else None, u.text) for u in found.utterances]


# Profile pages


def test_the_name_in_the_header_speaks_and_furniture_is_no_text() -> None:
    header = ["Oksana Threlfall", "Sequences", "Probing Without Tears", "Wiki Contributions", "Comments"]
    found = conversation("\n\n".join([*header, *PROSE, "Load More"]))
    assert said(found) == [("Oksana Threlfall", "\n\n".join(PROSE))]
    assert (found.title, found.meta) == ("Oksana Threlfall's comments", {"sequences": ["Probing Without Tears"]})


def test_what_they_say_of_themselves_and_the_titles_of_their_posts_are_kept_apart() -> None:
    lines = [
        "halfgraph",
        "",
        "I work on probes. Mail me.",
        "",
        "Posts",
        "Sorted by New",
        "",
        "12What a probe reads",
        "3mo",
    ]
    lines += [
        "4",
        "",
        "Wiki Contributions",
        "",
        "Comments",
        "Sorted by",
        "Newest",
        "",
        PROSE[0],
        "",
        PROSE[2],
        "",
        "Load More",
    ]
    found = conversation("\n".join(lines))
    assert said(found) == [("halfgraph", "I work on probes. Mail me."), ("halfgraph", f"{PROSE[0]}\n\n{PROSE[2]}")]
    assert found.meta == {"posts": ["12What a probe reads"]}


@pytest.mark.parametrize("badge", ["Threlfall Research Institute", "Anthropic", "METR", "Timaeus"])
def test_a_badge_above_the_name_is_not_the_name(badge: str) -> None:
    found = conversation("\n".join([badge, "Ana Ruiz", *PROSE]))
    assert {name for name, _ in said(found)} == {"Ana Ruiz"}
    assert badge not in found.utterances[0].text


@pytest.mark.parametrize(
    "header",
    [
        ["Embedded Circuits"],  # a title: its words stand in the text
        ["Against the Unit"],
        ["What Features Are"],
        ["Ana Ruiz", "Ben Okoro"],  # two people: which?
        ["Newcomb's Problem"],
        ["I agree"],
        ["Moloch"],
        ["Radical Probabilism"],
        ["Shard Theory"],
        ["Astral Codex Ten", "Open Thread"],
        ["Meeting Minutes"],
        ["Skip Navigation"],
        ["Ana Ruiz"],  # a bare line: who says that it is not what the text is about?
        ["Orrery", "Ana Ruiz"],
        ["Orrery Research", "Goodhart Taxonomy"],  # a site and a title
        ["1."],
        [],
    ],
)
def test_a_title_or_a_doubtful_header_names_nobody(header: list[str]) -> None:
    text = "\n".join(
        [*header, *PROSE, "The circuits that are embedded are no circuits at all, for all I know of them."]
    )
    assert {name for name, _ in said(conversation(text))} == {None}


def test_a_heading_with_only_comments_below_it_is_enough_for_a_name() -> None:
    found = conversation("\n\n".join(["Ana Ruiz", "Comments", PROSE[1], *PROSE]))
    assert {name for name, _ in said(found)} == {"Ana Ruiz"}


def test_comments_of_a_profile_are_parted_where_the_page_heads_them() -> None:
    lines = [
        "Ana Ruiz",
        "Sequences",
        "Wiki Contributions",
        "Comments",
        "Ana Ruiz3mo 12",
        PROSE[0],
        "Ana Ruiz",
        "2y",
        "7",
    ]
    found = conversation("\n\n".join([*lines, PROSE[2], PROSE[3], "Load More"]))
    assert said(found) == [("Ana Ruiz", PROSE[0]), ("Ana Ruiz", f"{PROSE[2]}\n\n{PROSE[3]}")]


def test_a_profile_of_greaterwrong_tells_the_times_too() -> None:
    text = "Ana Ruiz\nKarma: 1,204\nPosts\nComments\n\nAna Ruiz 26 Jul 2021 5:00 UTC\n12 points\n"
    text += (
        f"in reply to: Ben Okoro’s comment\non: On weasels\n\n{PROSE[0]}\n\nAna Ruiz 27 Jul 2021 5:00 UTC\n3 points\n\n"
    )
    found = conversation(text + PROSE[2])
    assert said(found) == [("Ana Ruiz", PROSE[0]), ("Ana Ruiz", PROSE[2])]
    assert [u.posted_at.day for u in found.utterances] == [26, 27]


def test_names_over_each_comment_are_not_the_header_of_a_profile() -> None:
    text = "\n\n".join(["Ana Ruiz", PROSE[0], "Ben Okoro", PROSE[2], "Ana Ruiz", PROSE[3]])
    assert {name for name, _ in said(conversation(text))} == {None}


def test_the_address_of_a_users_page_names_its_user() -> None:
    found = conversation("\n\n".join(PROSE), url="https://www.greaterwrong.com/users/ana-ruiz")
    assert {u.speaker.id for u in found.utterances} == {"lesswrong:ana-ruiz"}
    found = conversation(
        "\n\n".join(["Ana Ruiz", "Sequences", "Comments", *PROSE]), url="https://www.lesswrong.com/users/ana"
    )
    assert {(u.speaker.id, u.speaker.name) for u in found.utterances} == {("lesswrong:ana", "Ana Ruiz")}


def test_a_word_of_the_page_within_a_comment_is_text() -> None:
    text = "\n\n".join(
        ["Ana Ruiz", "Sequences", "Wiki Contributions", "Comments", *PROSE, "Posts", PROSE[0] + " Again."]
    )
    assert "Posts" in conversation(text).utterances[0].text


# Flattened threads


def test_a_flattened_thread_names_nobody() -> None:
    found = conversation("\n".join(PROSE))
    assert {name for name, _ in said(found)} == {None}
    assert " ".join(u.text for u in found.utterances).split() == " ".join(PROSE).split()


def test_what_the_user_says_fills_what_the_text_lacks() -> None:
    found = conversation(
        "\n".join(PROSE),
        author="Ana Ruiz",
        title="On units",
        url="https://www.lesswrong.com/posts/abcdefghij1234567/on-units",
        date=datetime(2024, 5, 31, tzinfo=UTC),
    )
    utterance = found.utterances[0]
    assert (found.id, found.title, found.site) == ("lesswrong:abcdefghij1234567", "On units", "lesswrong")
    assert (utterance.speaker.id, utterance.posted_at.day, utterance.url) == ("lesswrong:ana-ruiz", 31, found.url)
    assert utterance.id.startswith("lesswrong:abcdefghij1234567~")


def test_an_address_that_is_no_web_address_is_not_kept() -> None:
    assert conversation("\n".join(PROSE), url="javascript:alert(1)").url is None


def test_a_title_is_no_claim() -> None:
    found = conversation("\n\n".join(["Units and what reads them", *PROSE]))
    assert found.title == "Units and what reads them"
    assert found.utterances[0].text.startswith(PROSE[0])


def test_a_line_below_the_title_names_the_author_of_an_essay_but_not_of_a_thread() -> None:
    essay = ["Units and what reads them", "by Ana Ruiz", *PROSE]
    assert {name for name, _ in said(conversation("\n\n".join(essay)))} == {"Ana Ruiz"}
    assert {name for name, _ in said(conversation("\n\n".join([*essay, "2 comments", *PROSE[::-1]])))} == {None}


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("by Ana Ruiz", "Ana Ruiz"),
        ("By ana_ruiz", "ana_ruiz"),
        ("by Ana Ruiz\N{LARGE ORANGE DIAMOND}", "Ana Ruiz"),
        ("by Ana Ruiz and Ben Okoro", None),
        ("By the end of 2030", None),
    ],
)
def test_a_byline_names_one_person_or_nobody(byline: str, name: str | None) -> None:
    assert {who for who, _ in said(conversation("\n\n".join(["Units", byline, *PROSE])))} == {name}


def test_what_the_user_says_goes_before_the_head_of_a_page() -> None:
    profile = "\n".join(["Anthropic", "Ana Ruiz", *PROSE])
    essay = "\n\n".join(["Units and what reads them", "by Ana Ruiz", *PROSE])
    for text in (profile, essay, "\n\n".join(["Radical Probabilism", *PROSE])):
        assert {who for who, _ in said(conversation(text, author="Ben Okoro"))} == {"Ben Okoro"}


def test_reading_twice_gives_the_same_ids() -> None:
    text = "\n\n".join([*PROSE, *PROSE[:1]])
    assert conversation(text) == conversation(text)
    assert conversation(text).id != conversation(text + " More.").id


def test_a_long_text_is_several_utterances_with_nothing_lost() -> None:
    lines = [f"{n}. {PROSE[n % 5]}" for n in range(12_000)]
    found = conversation("\n".join(lines))
    assert len(found.utterances) > 1
    assert sum(u.text.count("\n\n") + 1 for u in found.utterances) == len(lines)


def test_lines_that_run_on_stay_one_paragraph() -> None:
    lines = [
        "The result is that four repetitions are about as good,",
        "and sixteen still help.",
        "LLMs memorize",
        "some of it",
    ]
    assert split_paragraphs(lines) == ["\n".join(lines[:2]), *lines[2:]]
    assert split_paragraphs(["a", "b", "", "c"]) == ["a\nb", "c"]


def test_markdown_is_read_as_markdown() -> None:
    found = conversation("A *weasel* is [small](https://x.example/small).\n\n> Is it?\n\nYes.")
    assert found.utterances[0].text == "A weasel is small.\n\nIs it?\n\nYes."
    assert PassageKind.QUOTE in {p.kind for p in found.utterances[0].passages}
    assert conversation("2*3*4 = 24 and a_b_c too.").utterances[0].text == "2*3*4 = 24 and a_b_c too."


# Renderings


def distinct(count: int, salt: str = "") -> list[str]:
    return [f"Paragraph {n} {salt} speaks of the number {n * 7919} and of what follows from it." for n in range(count)]


def test_a_page_rendered_twice_is_stored_once() -> None:
    first, second = distinct(20), distinct(20)
    quoted = "An answer that only one rendering shows, because it is a quotation."
    first.insert(7, quoted)
    second.insert(3, "A short line.")
    pieces = join_repeated_renderings([*first, *second])
    assert [p.text for p in pieces] == [*first[:3], "A short line.", *first[3:]]
    assert [(p.text, p.only) for p in pieces if p.only] == [("A short line.", 2), (quoted, 1)]


def test_line_breaks_of_one_rendering_give_way_to_the_other() -> None:
    page = distinct(12)
    broken = ["Of all that is written here,", "this line alone was broken", "where nothing ends."]
    parted = ["First this.", "Then that."]
    first = [*page[:4], *broken, *page[4:8], *parted, *page[8:]]
    second = [*page[:4], " ".join(broken), *page[4:8], "".join(parted), *page[8:]]
    assert [p.text for p in join_repeated_renderings([*first, *second])] == [
        *page[:4],
        " ".join(broken),
        *page[4:8],
        *parted,
        *page[8:],
    ]


def test_a_quotation_is_no_second_rendering() -> None:
    page = distinct(20)
    quoting = [*page[:12], page[0], page[1], "I disagree with both of these, and at length.", *page[12:]]
    assert [p.text for p in join_repeated_renderings(quoting)] == quoting
    assert not any(p.only for p in join_repeated_renderings(quoting))


@pytest.mark.parametrize("swap", [False, True])
def test_quotations_that_one_rendering_leaves_out_are_marked(swap: bool) -> None:
    page = distinct(20)
    outside = "Words of somebody who is nowhere on this page, quoted at some length."
    quoting = [
        *page[:9],
        page[2],
        *page[9:12],
        page[5].replace("speaks", "[speaks]"),
        *page[12:15],
        outside,
        *page[15:],
    ]
    renderings = (page, quoting) if swap else (quoting, page)
    utterance = conversation("\n".join([*renderings[0], *renderings[1]])).utterances[0]
    quotes = [utterance.text[p.start : p.end] for p in utterance.passages if p.kind is PassageKind.QUOTE]
    assert quotes == [page[2], page[5].replace("speaks", "[speaks]"), outside]


def test_short_lines_that_one_rendering_leaves_out_are_no_quotations() -> None:
    page = distinct(20)
    longer = [*page[:9], "One short line.", *page[9:12], "Another line, longer than that one was.", *page[12:]]
    utterance = conversation("\n".join([*longer, *page])).utterances[0]
    assert "Another line" in utterance.text
    assert not [p for p in utterance.passages if p.kind is PassageKind.QUOTE]


@pytest.mark.parametrize("times", [2, 3, 4])
def test_a_page_repeated_is_the_page(times: int) -> None:
    page = distinct(15)
    assert [p.text for p in join_repeated_renderings(page * times)] == page


@given(st.lists(st.sampled_from([*distinct(8), "Thanks!", "Yes.", ""]), max_size=40), st.integers(0, 40))
def test_no_words_are_lost_by_joining(paragraphs: list[str], cut: int) -> None:
    page = [*distinct(6, "of this page"), *paragraphs]
    joined = {reduce_to_letters(p.text) for p in join_repeated_renderings([*page, *page[cut:]])}
    assert {reduce_to_letters(text) for text in page} - {""} <= joined


# Marks in the text

LESSWRONG = """On weasels
by Ana Ruiz
4d
3 min read
12 comments

A weasel is small.

New Comment

3 comments, sorted by top scoring
[-]Ben Okoro4d30

I doubt it.

Reply
[-]Ana Ruiz3d 12 4

Why?

Reply
[-]
Chi_99
2y
7
For the shoe.
Reply
[-][anonymous]12y00
I was here first.
Reply
[-]user20483y10
Digits.
Reply
[-][comment deleted]2mo20
Moderation Log
"""

ISSARICE = """On weasels
post by Ana Ruiz (anaruiz) · 2023-01-02T03:04:05.000Z · LW · GW · 3 comments

A weasel is small, as I said [LW · GW] before.

Contents

3 comments

comment by Ben Okoro · 2023-01-03T03:04:05.000Z · LW(p) · GW(p)

I doubt it.

Replies from: anaruiz, Chi

↑ comment by Ana Ruiz (anaruiz) · 2023-01-04T03:04:05.000Z · LW(p) · GW(p)

Why?

Replies from: Ben Okoro

↑ comment by Ben Okoro · 2023-01-05T03:04:05.000Z · LW(p) · GW(p)

The shoe.

↑ comment by Chi · 2023-01-06T03:04:05.000Z · LW(p) · GW(p)

Me too.

comment by [deleted] · 2023-01-07T03:04:05.000Z · LW(p) · GW(p)

Top level.
"""

GREATERWRONG = """On weasels
Ana Ruiz 26 Jul 2021 3:04 UTC
LW: 120 AF: 45
57 comments
4 min read LW link

A weasel is small.

Ben Okoro 26 Jul 2021 5:00 UTC
\u22121,204 points
0
I doubt it.
Replies: >Ana Ruiz
Ana Ruiz 27 Jul 2021 5:00 UTC 3 points
Why?
Chi 28 Jul 2021 5:00 UTC LW: 5 AF: 2
Parent
Top level.
Back to top
"""

MAIL = """From ana at x.example  Thu Jan 13 15:51:00 2005
From: ana at x.example (Ana Ruiz)
Date: Thu, 13 Jan 2005 15:51:00 -0500
Subject: [Weasels] how small
Message-ID: <1@x.example>

Weasels are small.

-- 
Ana, at her desk
From ben at x.example  Thu Jan 13 16:51:00 2005
From: "Ben Okoro" <ben@x.example>
Date: Thu, 13 Jan 2005 16:51:00 -0500
Subject: Re: [Weasels] how small
In-Reply-To: <1@x.example>
Message-ID: <2@x.example>

On Thu, 13 Jan 2005, Ana Ruiz wrote:
> Weasels are small.
Are they?
"""


def replies(found: Conversation) -> list[int | None]:
    ids = [u.id for u in found.utterances]
    return [ids.index(u.reply_to) if u.reply_to else None for u in found.utterances]


def test_bracketed_headers_of_lesswrong_name_who_speaks() -> None:
    found = conversation(LESSWRONG)
    assert found.title == "On weasels"
    assert said(found) == [
        ("Ana Ruiz", "A weasel is small."),
        ("Ben Okoro", "I doubt it."),
        ("Ana Ruiz", "Why?"),
        ("Chi_99", "For the shoe."),
        (None, "I was here first."),
        ("user2048", "Digits."),
        (None, ""),
    ]
    assert [u.karma for u in found.utterances] == [None, None, 12, None, None, None, None]
    assert found.utterances[-1].status is Status.DELETED
    assert set(replies(found)) == {None}


def test_the_issarice_reader_tells_names_times_and_replies() -> None:
    found = conversation(ISSARICE)
    assert said(found) == [
        ("Ana Ruiz", "A weasel is small, as I said before."),
        ("Ben Okoro", "I doubt it."),
        ("Ana Ruiz", "Why?"),
        ("Ben Okoro", "The shoe."),
        ("Chi", "Me too."),
        (None, "Top level."),
    ]
    assert replies(found) == [None, 0, 1, 2, 1, 0]
    assert found.utterances[1].posted_at == datetime(2023, 1, 3, 3, 4, 5, tzinfo=UTC)


def test_greaterwrong_dumps_tell_names_times_karma_and_replies() -> None:
    found = conversation(GREATERWRONG)
    assert said(found) == [
        ("Ana Ruiz", "A weasel is small."),
        ("Ben Okoro", "I doubt it."),
        ("Ana Ruiz", "Why?"),
        ("Chi", "Top level."),
    ]
    assert replies(found) == [None, 0, 1, 0]
    assert [u.karma for u in found.utterances] == [120, -1204, 3, 5]


def test_mails_tell_who_wrote_and_whom_they_answer() -> None:
    found = conversation(MAIL)
    assert found.title == "[Weasels] how small"
    assert [name for name, _ in said(found)] == ["Ana Ruiz", "Ben Okoro"]
    assert found.utterances[0].text == "Weasels are small."
    assert replies(found) == [None, 0]
    answer = found.utterances[1]
    assert [answer.text[p.start : p.end] for p in answer.passages if p.kind is PassageKind.QUOTE] == [
        "Weasels are small."
    ]


@pytest.mark.parametrize("page", [LESSWRONG, ISSARICE, GREATERWRONG])
def test_marks_go_before_what_the_user_says_and_a_page_saved_twice_is_one(page: str) -> None:
    once_read = said(conversation(page))
    assert said(conversation(page, author="Somebody Else"))[1] == once_read[1]
    twice = said(conversation(page.replace("[-][comment deleted]2mo20\n", "") * 2))
    long = [pair for pair in once_read if pair[1] and page is not LESSWRONG]
    assert [pair for pair in twice if pair in long] == long


def test_mails_that_answer_each_other_in_a_circle_are_refused() -> None:
    circle = MAIL.replace("Message-ID: <1@x.example>", "Message-ID: <1@x.example>\nIn-Reply-To: <2@x.example>")
    (failure,) = read_source(Source(name="it", content=circle.encode()))
    assert "circle" in str(failure.error)


# Furniture


def test_likely_furniture_goes_only_beside_what_surely_is() -> None:
    lines = ["I agree.", "", "12", "3mo", "Reply", "", "I hear that", "Comments", "are closed.", "Load More"]
    assert mark_furniture(lines) == [False, False, True, True, True, False, False, False, False, True]
    assert not any(mark_furniture(["12", "Comments", "I said 12."]))


@given(st.lists(st.text(max_size=30), max_size=20))
def test_any_lines_are_judged_one_by_one(lines: list[str]) -> None:
    assert len(mark_furniture(lines)) == len(lines)
    read_profile(lines)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400).filter(str.strip))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    from corpus.errors import SourceError

    try:
        found = make_conversation(text, Hints(), "it")
    except SourceError:
        return
    for utterance in found.utterances:
        for passage in utterance.passages:
            assert utterance.text[passage.start : passage.end].strip()
