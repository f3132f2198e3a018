"""Texts that name who speaks, in the ways that sites, chats and transcripts do; pages printed to PDF."""

import time
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import SourceError
from corpus.model import Conversation
from ingest.pipeline import extract
from ingest.sources.formats import read_source
from ingest.sources.plain_text.plain_text import make_conversation
from ingest.sources.plain_text.printed_pages import read_printed_lines
from ingest.sources.source import Hints, Source

ONE = "Probes read beliefs, and they are cheap."
TWO = "I doubt that a probe reads anything."
THREE = "What would change your mind about that?"


def conversation(text: str) -> Conversation:
    (found,) = read_source(Source(name="it", content=text.encode()))
    assert isinstance(found, Conversation), found
    return found


def said(text: str) -> list[tuple[str | None, str]]:
    return [(u.speaker.name if u.speaker else None, u.text) for u in conversation(text).utterances]


HACKER_NEWS = f"""Hacker News
new | past | comments | ask | show | jobs | submit	login
	Ask HN: Do probes work?
45 points by oksana 2 hours ago | hide | past | favorite | 2 comments

{ONE}

	
tobi 1 hour ago | next [–]

{TWO}
reply

	
j_doe on March 14, 2024 | parent | prev [–]

{THREE}
reply

Guidelines | FAQ | Lists | API | Security | Legal | Apply to YC | Contact
"""
OLD_REDDIT = f"""Do probes work?
submitted 3 days ago by oksana_t

{ONE}

[–]tobi_r[S] 12 points 2 days ago (1 child)

{TWO}

permalink embed save report reply

[–]j-doe 4 points 1 day ago 

{THREE}

permalink embed save parent report reply
"""
NEW_REDDIT = f"""r/probes
•
3 days ago
oksana_t

Do probes work?

{ONE}

Upvote
12

Downvote

2
Share
u/tobi_r avatar
tobi_r
•
2d ago
{TWO}

Upvote
4

Downvote
Reply
Award
Share

j-doe • 1d ago
{THREE}

Upvote
1
"""
FORUM = f"""Do probes work?
by Oksana Threlfall
14 Mar 2024
3 min read
2
12

{ONE}

2 comments
Sorted by
Top
Tobi Renner\N{LARGE ORANGE DIAMOND}
Mar 15 2024
4
3
{TWO}

Reply
Jun Takagi
16 Mar 2024
2
0
{THREE}

Reply
"""


@pytest.mark.parametrize(
    ("page", "names"),
    [
        (HACKER_NEWS, ["oksana", "tobi", "j_doe"]),
        (OLD_REDDIT, ["oksana_t", "tobi_r", "j-doe"]),
        (NEW_REDDIT, ["oksana_t", "tobi_r", "j-doe"]),
        (FORUM, ["Oksana Threlfall", "Tobi Renner", "Jun Takagi"]),
    ],
)
def test_pages_as_text_name_who_speaks_and_their_buttons_are_nobody_s(page: str, names: list[str]) -> None:
    assert said(page) == list(zip(names, [ONE, TWO, THREE], strict=True))
    assert conversation(page).title.endswith("Do probes work?")


def test_days_and_scores_of_a_page_are_read() -> None:
    _, first, second = conversation(FORUM).utterances
    assert (first.posted_at, first.karma) == (datetime(2024, 3, 15, tzinfo=UTC), 4)
    assert (second.posted_at, second.karma) == (datetime(2024, 3, 16, tzinfo=UTC), 2)


@pytest.mark.parametrize(
    "head",
    [
        "{name} - Yesterday at 5:02 PM\n{text}",
        "{name} — 03/14/2024 5:02 PM\n{text}",
        "{name} — Today at 17:02\n{text}",
        "{name}\n — \nYesterday at 5:02 PM\n{text}",
        "{name}\n—\n 03/14/2024 5:02 PM\n\n{text}",
        "[5:02 PM] {name}: {text}",
        "[14/03/2024, 17:02:11] {name}: {text}",
        "14/03/2024, 17:02 - {name}: {text}",
        "{name} (00:12:31): {text}",
        "[00:12:31] {name}: {text}",
        "{name}  5:02 PM\n{text}",
        "{name}: {text}",
        "**{name}:** {text}",
        "{name}:\n{text}",
        "[{name}][14:47]\n\n{text}",
        "[{name}] {text}",
    ],
)
def test_chats_and_transcripts_name_who_speaks(head: str) -> None:
    turns = [("Oksana Threlfall", ONE), ("Tobi Renner", TWO), ("Oksana Threlfall", THREE)]
    text = "\n\n".join(head.format(name=name, text=text) for name, text in turns)
    assert said(text) == turns
    assert said(f"A talk about probes\n\n{text}") == turns


def test_a_line_of_irc_names_who_speaks() -> None:
    assert said(f"<oksana> {ONE}\n<@tobi> {TWO}\n[17:02] <oksana> {THREE}") == [
        ("oksana", ONE),
        ("tobi", TWO),
        ("oksana", THREE),
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"Claim: {ONE}\n\nProof: {TWO}\n\nClaim: {THREE}",
        f"Pros: {ONE}\n\nCons: {TWO}\n\nPros: {THREE}",
        f"Q: {ONE}\n\nA: {TWO}\n\nQ: {THREE}",
        f"Update: {ONE}\n\n{TWO}\n\nUpdate: {THREE}",
        f"Key Points: {ONE}\n\nNext Steps: {TWO}\n\nKey Points: the steps that are next.",
        f"{ONE}\n\nTobi Renner\n\n{TWO}",
    ],
)
def test_labels_that_need_not_be_names_name_nobody(text: str) -> None:
    assert {name for name, _ in said(text)} == {None}


def test_labels_are_never_claims() -> None:
    found = conversation(f"Oksana Threlfall: {ONE}\n\nTobi Renner: {TWO}")
    for claim in extract(found).claims:
        assert "Oksana" not in claim.text and "Renner" not in claim.text


PRINTED = """3/14/24, 5:02 PM                  Probes — The Probe Journal


Probes
by Oksana Threlfall
14th Mar 2024     3 min read     12

A probe is a linear map from what a network holds to what we ask, and no probe is an or-
acle: an oracle would be self-
aware. It is cheap to train one, and it is cheap to be wrong, and so it goes for every-
body who

https://probes.example/posts/abc/probes                    1/2
\f3/14/24, 5:02 PM                  Probes — The Probe Journal

has tried it in the last ten years or so.

Nobody pays for more.

https://probes.example/posts/abc/probes                    2/2
"""


def test_a_page_printed_to_pdf_is_read_without_its_sheets() -> None:
    found = conversation(PRINTED)
    assert found.title == "Probes"
    assert said(PRINTED) == [
        (
            "Oksana Threlfall",
            "A probe is a linear map from what a network holds to what we ask, and no probe is an oracle: an oracle "
            "would be self-aware. It is cheap to train one, and it is cheap to be wrong, and so it goes for everybody "
            "who\nhas tried it in the last ten years or so.\n\nNobody pays for more.",
        )
    ]


def test_heads_and_feet_on_lines_of_their_own_are_dropped_too() -> None:
    sheet = "14.03.24, 17:02\nProbes - Journal\n\n{text}\n\nhttps://probes.example/probes\n{number}/2\n"
    text = sheet.format(text=ONE, number=1) + sheet.format(text=TWO, number=2)
    assert [line for line in read_printed_lines(text.split("\n")) if line] == [ONE, TWO]


def test_a_text_that_was_not_printed_stays_as_it_is() -> None:
    lines = ["See https://probes.example/a", "", "It is self-", "evident, 1/2 of the time.", "3/14/24, 5:02 PM"]
    assert read_printed_lines(lines) == lines


@given(
    st.lists(
        st.sampled_from(
            [
                "Ana Ruiz: Yes.",
                "Ben Lo: No.",
                "[–]ana 3 points 2 days ago",
                "reply",
                "ana • 3d ago",
                "•",
                "3d ago",
                "r/x",
                "Ana Ruiz",
                "Mar 15 2024",
                "4",
                "1 comment",
                "<ana> hm",
                "Ana - Yesterday at 5:02 PM",
                "",
                "It is so.",
            ]
        ),
        max_size=12,
    )
)
def test_whatever_is_read_words_of_prose_are_kept_once(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        found = make_conversation(text, Hints(), "it")
    except SourceError:
        return
    written = " ".join(u.text for u in found.utterances)
    assert written.count("It is so.") <= text.count("It is so.")


@pytest.mark.parametrize("words", ["reply ", "a | b | ", "[–]a ", "Ana Ruiz: ", "1:00 ", "by a ", "au- "])
def test_a_long_line_of_labels_is_read_at_once(words: str) -> None:
    began = time.perf_counter()
    conversation(f"{words * 80}\n{ONE}\n{words * 20_000}")
    assert time.perf_counter() - began < 5


# Labels within what somebody wrote


def corpus(*rows: tuple[str, str]) -> Conversation:
    lines = [
        orjson.dumps({"id": f"u{number}", "conversation_id": "u0", "speaker": who, "text": text, "reply_to": None})
        for number, (who, text) in enumerate(rows)
    ]
    (found,) = read_source(Source(name="it", content=b"\n".join(lines)))
    assert isinstance(found, Conversation), found
    return found


def credited(found: Conversation) -> list[tuple[str | None, str]]:
    return [(claim.speaker.name if claim.speaker else None, claim.text) for claim in extract(found).claims]


OPENING = (
    ("Oksana Threlfall", "Let us begin with the weather of the year."),
    ("Tobi Renner", "The weather is fine here."),
)


@pytest.mark.parametrize(
    "label", ["[Tobi Renner][14:47]", "[Renner][14:47, moved up in log]", "[Renner] (Sep. 10 notes)"]
)
def test_a_label_in_brackets_ends_the_credit_and_the_author_s_own_gives_it_back(label: str) -> None:
    text = f"{ONE}\n\n{label}\n\n{TWO}\n\nIt never did.\n\n[Threlfall][14:49]\n\n{THREE}"
    assert credited(corpus(*OPENING, ("Oksana Threlfall", text)))[2:] == [
        ("Oksana Threlfall", "Probes read beliefs"),
        ("Oksana Threlfall", "they are cheap"),
        ("Tobi Renner", TWO),
        ("Tobi Renner", "It never did."),
        ("Oksana Threlfall", THREE),
    ]


def test_names_before_colons_within_a_post_are_who_speaks() -> None:
    text = (
        f"We talked.\n\nTobi: {TWO}\n\n**Oksana:** {THREE}\n\nTobi: Nothing would change my mind.\n\nThat was the talk."
    )
    assert credited(corpus(*OPENING, ("Oksana Threlfall", text)))[2:] == [
        ("Oksana Threlfall", "We talked."),
        ("Tobi Renner", TWO),
        ("Oksana Threlfall", THREE),
        ("Tobi Renner", "Nothing would change my mind."),
        ("Oksana Threlfall", "That was the talk."),
    ]


def test_where_a_label_may_be_an_address_or_a_made_up_person_nobody_has_the_words() -> None:
    addressed = corpus(*OPENING, ("Oksana Threlfall", f"Tobi: {TWO}\n\nThe year was long."))
    assert credited(addressed)[2:] == [(None, TWO), ("Oksana Threlfall", "The year was long.")]
    told = f"Master: {TWO}\n\nNovice: {THREE}\n\nMaster: Nothing would change my mind."
    assert {who for who, _ in credited(corpus(*OPENING, ("Oksana Threlfall", told)))[2:]} == {None}
    summary = f'{ONE}\n\nTobi, summarized by Anders: "{TWO}"'
    assert credited(corpus(*OPENING, ("Oksana Threlfall", summary)))[-1][0] is None


@pytest.mark.parametrize(
    "label", ["Note:", "Claim 1:", "[Edit]", "[1]", "In other words:", "Epistemic status:", "Yes:"]
)
def test_what_is_no_label_of_a_speaker_leaves_the_words_to_the_author(label: str) -> None:
    found = corpus(*OPENING, ("Oksana Threlfall", f"The year was long.\n\n{label} {TWO}"))
    assert {who for who, _ in credited(found)[2:]} == {"Oksana Threlfall"}
