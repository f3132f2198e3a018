"""Tables, and JSON of unknown shape: which column is what, whose words, and what is refused and how."""

import csv
import io
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import Malformed, SourceError, TooLarge, UnknownFormat, WrongUsage
from corpus.model import Conversation, PassageKind, Status
from ingest.sources.columns import parse_map
from ingest.sources.formats import load_source
from ingest.sources.source import Failure, Hints, Source

TEXTS = ("A weasel is a small animal.", "No, it is a large mouse.", "I have seen one, and it was small.")


def read(content: str | bytes, **hints: object) -> tuple[str, list[Conversation], list[SourceError]]:
    raw = content.encode() if isinstance(content, str) else content
    format_, loaded = load_source(Source(name="it", content=raw, hints=Hints(**hints)))
    everything = list(loaded)
    failures = [each.error for each in everything if isinstance(each, Failure)]
    assert all("\n" not in str(error) for error in failures)
    return format_.name, [each for each in everything if isinstance(each, Conversation)], failures


def table(*rows: tuple, delimiter: str = ",") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue()


def told(conversation: Conversation) -> list[tuple[str | None, str]]:
    return [(u.speaker.name if u.speaker else None, u.text) for u in conversation.utterances]


COMMENTS = (
    ("comment_id", "author", "created_at", "parent_id", "score", "comment_text"),
    ("1", "Ana Ruiz", "2024-05-01T10:00:00Z", "", "3", TEXTS[0] + "\n\nThat is a definition, with a comma."),
    ("2", "Ben Lo", "2024-05-01 11:00:00 UTC", "1.0", "−2", TEXTS[1]),
    ("3", "", "Wed, 01 May 2024 12:00:00 GMT", "2", "", TEXTS[2]),
)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_a_table_is_read_by_the_names_of_its_columns(delimiter: str) -> None:
    name, (conversation,), failures = read(table(*COMMENTS, delimiter=delimiter))
    assert (name, failures) == ("table", [])
    first, second, third = conversation.utterances
    assert first.text == TEXTS[0] + "\n\nThat is a definition, with a comma."
    assert [(u.speaker.name if u.speaker else None, u.karma) for u in (first, second, third)] == [
        ("Ana Ruiz", 3),
        ("Ben Lo", -2),
        (None, None),
    ]
    assert [u.reply_to for u in (first, second, third)] == [None, first.id, second.id]
    assert [u.posted_at.hour for u in (first, second, third)] == [10, 11, 12]


def test_a_table_reads_the_same_however_its_lines_end_and_whatever_stands_before() -> None:
    plain = table(*COMMENTS)
    expected = read(plain)[1]
    assert read("\ufeff" + plain)[1] == expected
    assert read(plain.replace("\r\n", "\n"))[1] == expected
    assert read("sep=;\n" + table(*COMMENTS, delimiter=";"))[1] == expected
    assert read(plain.encode("utf-16"))[1] == expected


def test_ids_hold_when_a_table_grows_and_differ_between_tables() -> None:
    before = read(table(*COMMENTS))[1][0]
    after = read(table(*COMMENTS, ("4", "Cy", "", "3", "", "So there.")))[1][0]
    assert before.id == after.id
    assert [u.id for u in before.utterances] == [u.id for u in after.utterances[:3]]
    other = read(table(COMMENTS[0], ("1", "Zoe", "", "", "", "Stoats are larger.")))[1][0]
    assert not {u.id for u in other.utterances} & {u.id for u in before.utterances}


def test_the_table_that_talk_to_the_city_takes_is_one_conversation() -> None:
    rows = table(
        ("timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body"),
        ("1714557600000", "x", "0", "12", "3", "1", "1", TEXTS[0]),
        ("1714557601000", "x", "1", "12", "0", "9", "1", TEXTS[1]),
        ("1714557602000", "x", "2", "7", "2", "2", "1", TEXTS[2]),
    )
    (conversation,) = read(rows, title="Weasels")[1]
    assert (conversation.title, [text for _, text in told(conversation)]) == ("Weasels", list(TEXTS))
    speakers = [u.speaker for u in conversation.utterances]
    assert speakers[0] == speakers[1] != speakers[2]
    assert [u.posted_at.year for u in conversation.utterances] == [2024] * 3
    interviews = table(("comment-id", "interview", "comment-body"), *(("1", "Ana", TEXTS[0]), ("2", "Ben", TEXTS[1])))
    assert told(read(interviews)[1][0]) == [("Ana", TEXTS[0]), ("Ben", TEXTS[1])]


def test_rows_go_where_a_column_a_title_or_an_address_says() -> None:
    by_thread = table(("id", "thread_id", "user", "message"), *((n, n % 2, "Ana", TEXTS[n]) for n in range(3)))
    assert [len(c.utterances) for c in read(by_thread)[1]] == [2, 1]
    by_title = table(
        ("title", "author", "body"),
        ("Weasels", "Ana", TEXTS[0]),
        ("Re: Weasels", "Ben", TEXTS[1]),
        ("Mice", "Cy", TEXTS[2]),
    )
    assert [(c.title, len(c.utterances)) for c in read(by_title)[1]] == [("Weasels", 2), ("Mice", 1)]
    post = "https://www.lesswrong.com/posts/aaaaaaaaaaaaaaaaa/weasels"
    by_address = table(
        ("url", "author", "text"), (post, "Ana", TEXTS[0]), (f"{post}?commentId=bbbbbbbbbbbbbbbbb", "Ben", TEXTS[1])
    )
    (conversation,) = read(by_address)[1]
    assert conversation.id == "lesswrong:aaaaaaaaaaaaaaaaa"
    assert [u.id for u in conversation.utterances] == ["lesswrong:aaaaaaaaaaaaaaaaa", "lesswrong:bbbbbbbbbbbbbbbbb"]
    assert [u.speaker.id for u in conversation.utterances] == ["lesswrong:ana", "lesswrong:ben"]


def test_what_names_do_not_tell_the_user_says() -> None:
    rows = table(("Q1", "Q2", "Q3"), *(("Ana", 4, TEXTS[0]), ("Ben", 5, TEXTS[1]), ("Cy", 6, TEXTS[2])))
    _, conversations, (error,) = read(rows)
    assert (conversations, type(error)) == ([], UnknownFormat)
    assert "Q1, Q2, Q3" in str(error)
    assert "--map" in str(error)
    (conversation,) = read(rows, map="text=Q3,speaker=Q1")[1]
    assert told(conversation) == list(zip(("Ana", "Ben", "Cy"), TEXTS, strict=True))
    assert "no column 'Q9'" in str(read(rows, map="text=Q9,speaker=Q1")[2][0])
    assert told(read("thought\n" + TEXTS[0] + "\n", map="text=thought")[1][0]) == [(None, TEXTS[0])]


def test_columns_are_told_by_what_they_hold_too() -> None:
    rows = table(("comment", "author", "content"), *((n, "Ana", text) for n, text in enumerate(TEXTS)))
    assert told(read(rows)[1][0]) == [("Ana", text) for text in TEXTS]


def test_the_name_of_a_thing_is_nobody_s() -> None:
    things = table(("name", "description"), ("Weasel", TEXTS[0]), ("Mouse", TEXTS[1]), ("Stoat", TEXTS[2]))
    assert {name for name, _ in told(read(things)[1][0])} == {None}
    people = table(("name", "comment"), ("Ana", TEXTS[0]), ("Ben", TEXTS[1]))
    assert told(read(people)[1][0]) == [("Ana", TEXTS[0]), ("Ben", TEXTS[1])]
    long = table(("author", "text"), *((text * 5, text) for text in TEXTS))
    assert {name for name, _ in told(read(long)[1][0])} == {None}


def test_the_id_of_the_post_is_not_that_of_its_comments() -> None:
    rows = table(("postId", "author", "body"), ("7", "Ana", TEXTS[0]), ("7", "Ben", TEXTS[1]), ("8", "Cy", TEXTS[2]))
    assert [len(conversation.utterances) for conversation in read(rows)[1]] == [2, 1]


@pytest.mark.parametrize("written", ["text", "text=", "=body", "words=body", "x,text=a"])
def test_a_map_that_says_nothing_is_wrong_usage(written: str) -> None:
    with pytest.raises(WrongUsage, match="text=body"):
        parse_map(written)


def test_a_map_may_name_columns_with_signs_in_them() -> None:
    assert parse_map("text=What, if anything, do you think?,speaker=Your name") == {
        "text": "What, if anything, do you think?",
        "speaker": "Your name",
    }


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("<p>Small.</p><blockquote><p>Large.</p></blockquote>", "One &amp; all"), ["Small.\n\nLarge.", "One & all"]),
        (("Ben&#x27;s is small<p>So it is.", "2 &lt; 3, I say."), ["Ben's is small\n\nSo it is.", "2 < 3, I say."]),
        (("&gt; Large.\n\nSmall &amp; brown.", "So it is, Ana."), ["Large.\n\nSmall & brown.", "So it is, Ana."]),
        (("> Large.\n\n**Small.** [So](https://x.example)", "I see."), ["Large.\n\nSmall. So", "I see."]),
        (("p < 0.05 & q > 0.1 * 3 * 4", "a *b* c_d_e"), ["p < 0.05 & q > 0.1 * 3 * 4", "a *b* c_d_e"]),
    ],
)
def test_how_texts_are_marked_up_is_told_by_all_of_them(texts: tuple[str, ...], expected: list[str]) -> None:
    rows = table(("id", "author", "body"), *((n, "Ana", text) for n, text in enumerate(texts)))
    (conversation,) = read(rows)[1]
    assert [u.text for u in conversation.utterances] == expected
    quotes = [p for p in conversation.utterances[0].passages if p.kind is PassageKind.QUOTE]
    assert bool(quotes) == ("Large." in expected[0])


WORDS = st.text(st.sampled_from("abc def,;|\t'\"\n\n.é😀"), min_size=1, max_size=60).filter(str.strip)


@given(st.lists(WORDS, min_size=1, max_size=5), st.sampled_from([",", "\t", ";", "|"]))
def test_no_word_of_a_table_is_lost_or_changed(texts: list[str], delimiter: str) -> None:
    texts = [f"Weasels are {text}" for text in texts]
    rows = [("id", "author", "text"), *((str(n), "Ana", text) for n, text in enumerate(texts))]
    for content in (
        table(*rows, delimiter=delimiter),
        json.dumps([dict(zip(rows[0], row, strict=True)) for row in rows[1:]]),
    ):
        _, conversations, failures = read(content)
        assert failures == []
        assert [u.text.split() for c in conversations for u in c.utterances] == [text.split() for text in texts]


# What is wrong with a table


def test_rows_that_do_not_fit_are_named_and_the_next_is_read() -> None:
    content = (
        "id,author,body\n"
        f"1,Ana,{TEXTS[0]}\n"
        "2,Ben\n"
        "3,Ben,one,two,three\n"
        '4,Cy,"a quotation mark that nobody closes\n'
        f'5,Ana,"{TEXTS[1]}"\n'
        "6,Ana,\n"
        "1,Zoe,Other words under an id that is taken.\n"
        f'7,Ben,"{TEXTS[2]}",,\n'
    )
    _, (conversation,), failures = read(content)
    assert [text for _, text in told(conversation) if text] == list(TEXTS)
    assert [str(error).partition(": line ")[2].split()[0].rstrip(":") for error in failures] == ["8", "3", "4", "5"]


def test_a_cell_above_the_limit_costs_its_row() -> None:
    content = (
        f'id,author,body\n1,Ana,{TEXTS[0]}\n2,Ben,"{"word " * 250_000}"\n3,Cy,"{"x" * 5_000_000}"\n4,Ana,"{TEXTS[1]}"\n'
    )
    _, (conversation,), failures = read(content)
    assert [text for _, text in told(conversation)] == [TEXTS[0], TEXTS[1]]
    assert [type(error) for error in failures] == [TooLarge, TooLarge]


@pytest.mark.parametrize("row", ['1,"a\n', '"\n', ",,\n", '1,Ana,"x""\n', "1\x00,2,3\n"])
def test_hostile_tables_are_read_quickly(row: str) -> None:
    began = time.process_time()
    read("id,author,body\n" + f"0,Ana,{TEXTS[0]}\n" + row * 50_000)
    assert time.process_time() - began < 20


def test_a_table_without_rows_or_of_claims_says_so() -> None:
    assert isinstance(read("id,author,body\n")[2][0], Malformed)
    header = ("id", "speaker", "text", "standalone", "kind", "attribution", "utterance_id")
    (error,) = read(table(header, *(("1", "Ana", text, text, "assertion", "own", "u") for text in TEXTS)))[2]
    assert "Crosstalk wrote out" in str(error)


@pytest.mark.parametrize(
    "prose",
    [
        "Hello, Ana\n\nI have read this, and I think that weasels are small, brown, and quick.\n",
        "Text, by Ana\n\nA weasel, I said, is small.\nIt is, I say, brown.\nAnd so, indeed, is it.\n",
        "Ana | Ben\n\nWhat they said of weasels | and of mice, is not known to me.\n",
        "On size\n\nApples, pears, plums\nWeasels, mice, stoats\nThese are three, four, five\n",
        "Weasels\tare small\n\nI think so; you do not; nobody knows.\n",
    ],
)
def test_prose_with_commas_is_no_table(prose: str) -> None:
    assert read(prose)[0] == "plain_text"


def test_a_table_that_names_no_column_says_so() -> None:
    rows = table(*((n, name, text) for n, (name, text) in enumerate(zip(("Ana", "Ben", "Cy"), TEXTS, strict=True))))
    (error,) = read(rows)[2]
    assert "without a line of column names" in str(error)


def test_a_table_of_reddit_s_comments_has_reddit_s_ids() -> None:
    rows = table(
        ("id", "author", "body", "parent_id", "link_id", "created_utc", "score"),
        ("c1", "Ana_R", "&gt; Large.\n\nSmall.", "t3_p1", "t3_p1", "1714557600", "4"),
        ("c2", "[deleted]", "[removed]", "t1_c1", "t3_p1", "1714557700", "1"),
    )
    (conversation,) = read(rows)[1]
    assert conversation.id == "reddit:t3_p1"
    assert [(u.id, u.reply_to) for u in conversation.utterances] == [
        ("reddit:t1_c1", "reddit:t3_p1"),
        ("reddit:t1_c2", "reddit:t1_c1"),
    ]
    assert conversation.utterances[0].text == "Large.\n\nSmall."


# JSON


ROWS = [
    {"commentId": "a", "user": {"name": "Ana Ruiz", "id": 4}, "content": TEXTS[0], "createdAt": "2024-05-01"},
    {"commentId": "b", "user": {"name": "Ben Lo", "id": 5}, "content": TEXTS[1], "parentId": "a"},
    {"commentId": "c", "user": None, "content": TEXTS[2], "parentId": "b"},
]


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(map(json.dumps, ROWS)),
        json.dumps(ROWS),
        json.dumps({"status": "ok", "data": {"count": 3, "comments": ROWS}}),
        json.dumps({row["commentId"]: row for row in ROWS}, indent=1),
        json.dumps([{**ROWS[0], "replies": [{**ROWS[1], "parentId": None, "replies": {"data": [ROWS[2]]}}]}]),
        json.dumps({**ROWS[0], "children": [{**ROWS[1], "children": [ROWS[2]]}]}),
    ],
)
def test_objects_are_read_wherever_they_stand_in_json(content: str) -> None:
    name, (conversation,), failures = read(content)
    assert (name, failures) == ("json_rows", [])
    assert told(conversation) == list(zip(("Ana Ruiz", "Ben Lo", None), TEXTS, strict=True))
    ids = [u.id for u in conversation.utterances]
    assert [u.reply_to for u in conversation.utterances] == [None, ids[0], ids[1]]


CHATS = {
    "Discord": {
        "guild": {"id": "1", "name": "W"},
        "messages": [
            {
                "id": "a",
                "timestamp": "2024-05-01T10:00:00+00:00",
                "content": TEXTS[0],
                "author": {"id": "4", "name": "Ana"},
            },
            {
                "id": "b",
                "content": TEXTS[1],
                "author": {"name": "Ben"},
                "reference": {"messageId": "a", "channelId": "c"},
            },
        ],
    },
    "Telegram": {
        "name": "W",
        "messages": [
            {"id": 1, "type": "message", "date": "2024-05-01T10:00:00", "from": "Ana", "text": TEXTS[0]},
            {
                "id": 2,
                "from": "Ben",
                "text": ["No, it is a ", {"type": "bold", "text": "large mouse"}, "."],
                "reply_to_message_id": 1,
            },
        ],
    },
    "WordPress": [
        {"id": 1, "post": 7, "parent": 0, "author_name": "Ana", "content": {"rendered": f"<p>{TEXTS[0]}</p>"}},
        {"id": 2, "post": 7, "parent": 1, "author_name": "Ben", "content": {"rendered": f"<p>{TEXTS[1]}</p>"}},
    ],
    "YouTube": {
        "id": "v",
        "comments": [
            {"id": "a", "parent": "root", "author": "Ana", "text": TEXTS[0], "timestamp": 1714557600, "like_count": 3},
            {"id": "a.b", "parent": "a", "author": "Ben", "text": TEXTS[1], "timestamp": 1714557700},
        ],
    },
    "Mastodon": {
        "ancestors": [],
        "descendants": [
            {
                "id": "1",
                "in_reply_to_id": None,
                "content": f"<p>{TEXTS[0]}</p>",
                "account": {"username": "Ana", "display_name": ""},
            },
            {"id": "2", "in_reply_to_id": "1", "content": f"<p>{TEXTS[1]}</p>", "account": {"display_name": "Ben"}},
        ],
    },
}


@pytest.mark.parametrize("site", CHATS)
def test_what_chats_and_blogs_export_is_read_by_its_keys(site: str) -> None:
    name, (conversation,), failures = read(json.dumps(CHATS[site]))
    assert (name, failures) == ("json_rows", [])
    assert told(conversation) == [("Ana", TEXTS[0]), ("Ben", TEXTS[1])]
    assert [u.reply_to for u in conversation.utterances] == [None, conversation.utterances[0].id]


def test_keys_that_nobody_uses_are_told_by_the_user() -> None:
    rows = [{"wer": "Ana", "was": {"roh": text}} for text in TEXTS]
    (error,) = read(json.dumps(rows))[2]
    assert "wer, was, was.roh" in str(error)
    assert told(read(json.dumps(rows), map="text=was.roh,speaker=wer")[1][0]) == [("Ana", text) for text in TEXTS]


def test_what_the_user_says_of_keys_goes_before_what_a_format_would_say() -> None:
    rows = [{"id": str(n), "text": "n/a", "title": "W", "source": "x", "note": text} for n, text in enumerate(TEXTS)]
    content = "\n".join(map(json.dumps, rows))
    assert read(content)[0] == "alignment_dataset"
    name, (conversation,), _ = read(content, map="text=note")
    assert (name, [text for _, text in told(conversation)]) == ("json_rows", list(TEXTS))


def test_columns_that_are_no_field_of_ours_are_kept_with_the_utterance() -> None:
    rows = table(("id", "author", "text", "country", "How sure?"), ("1", "Ana", TEXTS[0], "NO", "very"))
    (conversation,) = read(rows)[1]
    assert conversation.utterances[0].meta == {"country": "NO", "How sure?": "very"}


def test_a_broken_line_of_json_is_named_and_the_next_is_read() -> None:
    lines = [
        json.dumps(ROWS[0]),
        '{"commentId": "x", ',
        json.dumps(ROWS[1]),
        json.dumps({"commentId": "n", "content": 7}),
    ]
    _, (conversation,), failures = read("\n".join(lines))
    assert [text for _, text in told(conversation)] == [TEXTS[0], TEXTS[1]]
    assert sorted(str(error).partition("line ")[2][0] for error in failures) == ["2", "4"]


def test_deep_answers_are_read_without_recursion_and_removed_words_are_nobody_s() -> None:
    row: dict = {"id": "0", "author": "Ana", "text": "[removed]"}
    for n in range(1, 300):
        row = {"id": str(n), "author": "Ben", "text": TEXTS[1], "replies": [row]}
    (conversation,) = read(json.dumps([row]))[1]
    assert len(conversation.utterances) == 300
    assert (conversation.utterances[-1].text, conversation.utterances[-1].status) == ("", Status.DELETED)


@pytest.mark.parametrize("content", ['{"weasels": 12}', '{"a": {"b": {"c": [1, 2]}}}', "[{}]", '[{"x": null}]', "{}"])
def test_json_without_texts_is_refused_as_json(content: str) -> None:
    (error,) = read(content)[2]
    assert isinstance(error, UnknownFormat)
    assert "JSON of no shape" in str(error)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({str(n): n for n in range(300_000)}),
        json.dumps({str(n): {"x": n} for n in range(100_000)}),
        json.dumps([{str(n): "a b" for n in range(100_000)}] * 3),
        json.dumps([[[[{"text": 1}]]]] * 50_000),
    ],
    ids=["keys", "objects", "wide", "lists"],
)
def test_hostile_json_is_refused_quickly(content: str) -> None:
    began = time.process_time()
    assert read(content)[2]
    assert time.process_time() - began < 10


def test_replies_that_go_round_are_refused_alone() -> None:
    rows = [{**ROWS[0], "parentId": "b"}, ROWS[1], {"commentId": "z", "user": "Cy", "content": TEXTS[2]}]
    _, conversations, failures = read(json.dumps(rows))
    assert [len(c.utterances) for c in conversations] == [1]
    assert "circle" in str(failures[0])
