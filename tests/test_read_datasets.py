"""The alignment dataset and ConvoKit corpora: what is read, what is refused by name, and that an export reads back."""

import json
import time
import tracemalloc
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.convokit_format import UNATTRIBUTED, write_conversations
from corpus.errors import CyclicReplies, DuplicateId, Malformed, TooLarge, WrongUsage
from corpus.limits import LIMITS
from corpus.model import Conversation, Passage, PassageKind, Speaker, Status, Utterance
from ingest.sources.fields import parse_time, parse_whole_number
from ingest.sources.formats import load_source
from ingest.sources.mail.mail_text import clean_mail
from ingest.sources.source import Failure, Hints, Source

POST_URL = "https://www.lesswrong.com/posts/abcdefghij1234567/on-weasels"


def read_lines(*rows: object, head: bytes = b"") -> tuple[str, list[Conversation], list[Failure]]:
    content = head + b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)
    format_, loaded = load_source(Source(name="rows", content=content, hints=Hints()))
    everything = list(loaded)
    return (
        format_.name,
        [each for each in everything if isinstance(each, Conversation)],
        [each for each in everything if isinstance(each, Failure)],
    )


def article(**more: object) -> dict:
    return {
        "id": "0" * 32,
        "title": "On weasels",
        "url": POST_URL,
        "source": "lesswrong",
        "source_type": "GreaterWrong",
        "text": "A weasel is *small*.\n\n> But is it?\n\nYes.",
        "date_published": "2023-05-11T07:45:00Z",
        "authors": ["Ana Ruiz"],
        "karma": 52,
        **more,
    }


def reply(id_: str, **more: object) -> dict:
    return {
        "id": id_,
        "authors": "Ben Okoro",
        "score": "\u22121,204",
        "votes": "3",
        "omega_karma": "",
        "url": f"{POST_URL}?commentId={id_}",
        "date_published": "2022-03-28T11:30",
        "text": "**No.**",
        "comments": [],
        **more,
    }


def test_a_current_article_is_a_post() -> None:
    name, (conversation,), failures = read_lines(article())
    (post,) = conversation.utterances
    assert (name, failures) == ("alignment_dataset", [])
    assert (conversation.id, post.id, conversation.site) == (*["lesswrong:abcdefghij1234567"] * 2, "lesswrong")
    assert post.speaker == Speaker("lesswrong:ana-ruiz", "Ana Ruiz", "lesswrong")
    assert (post.text, post.karma) == ("A weasel is small.\n\nBut is it?\n\nYes.", 52)
    assert post.posted_at == datetime(2023, 5, 11, 7, 45, tzinfo=UTC)
    assert [post.text[p.start : p.end] for p in post.passages if p.kind is PassageKind.QUOTE] == ["But is it?"]


@pytest.mark.parametrize(
    ("said", "speaker", "coauthors"),
    [
        (["anonymous"], None, None),
        ([], None, None),
        (None, None, None),
        ("Ana Ruiz", "Ana Ruiz", None),
        (["A. Holm", " PhD", " Ben"], "A. Holm, PhD", ["Ben"]),
    ],
)
def test_authors_are_mended_and_nobody_is_invented(said: object, speaker: str | None, coauthors: object) -> None:
    _, (conversation,), _ = read_lines(article(authors=said))
    (post,) = conversation.utterances
    assert (post.speaker.name if post.speaker else None) == speaker
    assert post.meta.get("coauthors") == coauthors


def test_version_1_comments_nest_and_numbers_are_strings() -> None:
    inner = reply("ccccccccccccccccc", authors="[deleted]")
    _, (conversation,), _ = read_lines(
        article(authors="Ana Ruiz", comments=[reply("bbbbbbbbbbbbbbbbb", comments=[inner])])
    )
    post, first, second = conversation.utterances
    assert (first.reply_to, second.reply_to) == (post.id, first.id)
    assert (first.karma, first.meta["votes"], first.text) == (-1204, 3, "No.")
    assert (first.speaker.id, second.speaker) == ("lesswrong:ben-okoro", None)


def test_articles_of_the_ea_forum_and_of_blogs_have_their_own_namespace() -> None:
    _, conversations, _ = read_lines(
        article(url="https://www.forum.effectivealtruism.org/posts/abcdefghij1234567/x", source="eaforum"),
        article(url="https://ana.example/weasels", source="ana_blog"),
    )
    assert [c.id for c in conversations] == ["eaforum:abcdefghij1234567", "alignment-dataset:" + "0" * 32]
    assert conversations[1].site == "ana.example"


def test_broken_lines_are_told_by_number_and_the_next_goes_on() -> None:
    rows = [article(), b"{cut", b"[]", article(text="n/a"), article(text=7), b"", article(title="Last"), b"\xff\xfe{}"]
    _, conversations, failures = read_lines(*rows, head=b"\xef\xbb\xbf")
    assert [c.title for c in conversations] == ["On weasels", "Last"]
    assert [str(f.error).partition("line ")[2][:1] for f in failures] == ["2", "3", "4", "5", "8"]
    assert all(isinstance(f.error, Malformed) for f in failures)


def test_a_deep_nest_of_comments_is_read_without_recursion() -> None:
    nest = reply("leaf")
    for number in range(200):
        nest = reply(f"c{number}", comments=[nest])
    _, (conversation,), _ = read_lines(article(comments=[nest]))
    assert len(conversation.utterances) == 202


def test_fifty_megabytes_in_one_comment_are_refused_by_name_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    good = json.dumps({"id": "a", "conversation_id": "a", "speaker": "Ana", "text": "Small."}).encode()
    with path.open("wb") as stream:
        stream.write(good + b'\n{"id": "b", "conversation_id": "a", "speaker": "Ben", "text": "')
        for _ in range(50):
            stream.write(b"x" * (1 << 20))
        stream.write(b'"}\n' + good.replace(b'"a"', b'"c"') + b"\n")
    tracemalloc.start()
    failure, *conversations = load_source(Source(name="big", path=path))[1]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(failure.error, TooLarge)
    assert "line 2" in str(failure.error)
    assert [c.id for c in conversations] == ["a", "c"]
    assert peak < 60 << 20


# ConvoKit


def line(id_: str, **more: object) -> dict:
    row = {"id": id_, "conversation_id": "a", "speaker": "ana", "reply_to": None, "timestamp": 1706004000, "meta": {}}
    return {**row, "text": f"*Words* of {id_}.", **more}


def corpus(folder: Path, rows: list[dict], speakers: object = None, conversations: object = None) -> Source:
    folder.mkdir(exist_ok=True)
    (folder / "utterances.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    (folder / "speakers.json").write_text(json.dumps(speakers or {}))
    (folder / "conversations.json").write_text(json.dumps(conversations or {}))
    return Source(name=str(folder), path=folder)


def test_a_corpus_folder_is_read_with_its_tables(tmp_path: Path) -> None:
    source = corpus(
        tmp_path / "c",
        [line("a"), line("x", conversation_id="b"), line("a2", reply_to="a", speaker="[deleted]", meta={"score": 4})],
        {"ana": {"meta": {"name": "Ana Ruiz"}}},
        {"a": {"meta": {"title": "Weasels", "url": "https://forum.example/a", "tags": ["x"]}}},
    )
    format_, loaded = load_source(source)
    first, second = loaded
    assert (format_.name, first.title, first.url, first.site) == (
        *("convokit", "Weasels", "https://forum.example/a"),
        "forum.example",
    )
    assert first.utterances[0].speaker == Speaker("ana", "Ana Ruiz")
    assert (first.utterances[0].text, first.utterances[0].posted_at.year) == ("Words of a.", 2024)
    assert (first.utterances[1].speaker, first.utterances[1].karma, first.utterances[1].reply_to) == (None, 4, "a")
    assert (second.id, first.meta) == ("b", {"tags": ["x"]})


def test_keys_of_older_corpora_are_understood() -> None:
    name, (conversation,), _ = read_lines(
        {"id": "r", "user": "ana", "root": "r", "reply-to": None, "timestamp": "1706004000", "text": "One."},
        {"id": "s", "user": "ben", "root": "r", "reply-to": "r", "timestamp": None, "text": "Two."},
    )
    assert (name, conversation.id) == ("convokit", "r")
    assert [(u.speaker.id, u.reply_to) for u in conversation.utterances] == [("ana", None), ("ben", "r")]


def test_a_list_of_utterances_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "utterances.json").write_text(json.dumps([line("a"), "what", line("b", reply_to="a")]))
    failure, conversation = load_source(Source(name="c", path=tmp_path))[1]
    assert isinstance(failure, Failure)
    assert [u.id for u in conversation.utterances] == ["a", "b"]


def test_a_mailing_list_is_read_as_mail_not_as_markdown() -> None:
    mail = "On Monday, Ana wrote:\n> Weasels *are* small.\nI doubt it.\n\n-- \nBen, with a *badge*"
    _, (conversation,), _ = read_lines(
        line("<1@x.example>", conversation_id="<1@x.example>"),
        line("<2@x.example>", conversation_id="<1@x.example>", reply_to="<1@x.example>", text=mail),
    )
    answer = conversation.utterances[1]
    quotes = [answer.text[p.start : p.end] for p in answer.passages if p.kind is PassageKind.QUOTE]
    assert quotes == ["Weasels *are* small."]
    assert answer.text.endswith("\n\nI doubt it.")


def test_the_armour_of_a_signed_mail_is_not_the_author_s_words() -> None:
    armour = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\n{}\n-----BEGIN PGP SIGNATURE-----\nVersion: 1\n\nab+/=\n"
    )
    assert clean_mail(armour.format("Yes.") + "-----END PGP SIGNATURE-----\nBye.").split("\n") == ["", "Yes.", "Bye."]
    assert "ab+/=" in clean_mail(armour.format("Yes."))  # cut off in the middle: nothing is lost


def test_footers_of_lists_are_not_the_author_s_words() -> None:
    text = "Yes.\n\n_______________________________________________\nWeasel mailing list\nhttp://x.example/mailman/listinfo/w"
    assert clean_mail(text) == "Yes."


def test_cyclic_and_doubled_conversations_are_refused_alone() -> None:
    _, conversations, failures = read_lines(
        line("a", reply_to="a2"),
        line("a2", reply_to="a"),
        line("b", conversation_id="b"),
        line("b", conversation_id="b", text="Other words."),
        line("c", conversation_id="c"),
        line("c", conversation_id="c"),
        line("d", conversation_id="d", reply_to="nowhere"),
    )
    assert [type(f.error) for f in failures] == [CyclicReplies, DuplicateId]
    assert [(c.id, len(c.utterances)) for c in conversations] == [("c", 1), ("d", 1)]
    assert conversations[1].utterances[0].reply_to == "nowhere"


def test_lines_that_are_no_utterance_are_told_by_number() -> None:
    bad = [{"id": None, "text": "x", "speaker": "a"}, {"id": "x", "text": None}, [], 7, b"\xff", b"{"]
    _, conversations, failures = read_lines(line("a"), *bad)
    assert len(conversations) == 1
    assert [str(f.error).partition("line ")[2][:1] for f in failures] == list("234567")


def test_a_table_that_is_no_json_is_named(tmp_path: Path) -> None:
    source = corpus(tmp_path, [line("a")])
    (tmp_path / "speakers.json").write_text("{")
    (failure,) = load_source(source)[1]
    assert "speakers.json is not JSON" in str(failure.error)


@pytest.mark.parametrize(
    ("value", "year"),
    [
        (1706004000, 2024),
        (1706004000.5, 2024),
        ("1706004000", 2024),
        ("2024-01-23", 2024),
        ("2024-01-23T10:00:00+05:00", 2024),
        (-1, 1969),
        (0, 1970),
        (253402300800, None),
        (1e300, None),
        (float("nan"), None),
        (True, None),
        ("soon", None),
        (None, None),
        ("0001-01-01T00:00:00+14:00", None),
        ([], None),
    ],
)
def test_times_are_utc_or_none(value: object, year: int | None) -> None:
    read_as = parse_time(value)
    assert (read_as.year if read_as else None) == year
    assert read_as is None or read_as.tzinfo is UTC


def test_scores_are_whole_numbers_or_none() -> None:
    assert [parse_whole_number(v) for v in ("\u221212", "1,204", 3.0, True, "x", float("inf"), None)] == [
        *(-12, 1204, 3),
        *(None, None, None, None),
    ]


# Export

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NAMES = WORDS.filter(bool)
TIMES = st.none() | st.datetimes(
    datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.sampled_from([UTC, timezone(timedelta(hours=5))])
).map(lambda moment_: moment_.astimezone(UTC))
SPEAKERS = st.none() | st.builds(
    Speaker, st.sampled_from(["ana", "ben", "site:chi", UNATTRIBUTED]), NAMES, st.none() | NAMES, st.none() | NAMES
)
META = st.dictionaries(
    NAMES, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS | st.lists(WORDS), max_size=3
)


@st.composite
def utterances(draw: st.DrawFn, conversation_id: str, number: int) -> Utterance:
    text = draw(WORDS)
    passages = ()
    if text:
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        passages = (Passage(draw(st.sampled_from(list(PassageKind))), start, end, draw(WORDS), draw(st.booleans())),)
    above = [None, "elsewhere", *(f"{conversation_id}/{n}" for n in range(number))]
    return Utterance(
        id=f"{conversation_id}/{number}",
        conversation_id=conversation_id,
        text=text,
        speaker=draw(SPEAKERS),
        reply_to=draw(st.sampled_from(above)),
        posted_at=draw(TIMES),
        edited_at=draw(TIMES),
        passages=passages,
        karma=draw(st.none() | st.integers(-(2**53), 2**53)),
        status=draw(st.sampled_from(list(Status))),
        url=draw(st.none() | WORDS),
        begins=draw(st.floats(0, 1)),
        meta=draw(META),
    )


@st.composite
def conversations(draw: st.DrawFn) -> list[Conversation]:
    ids = draw(st.lists(NAMES, unique=True, max_size=3))
    return [
        Conversation(
            id=id_,
            title=draw(WORDS),
            utterances=tuple(draw(utterances(id_, number)) for number in range(draw(st.integers(0, 4)))),
            site=draw(st.none() | NAMES),
            url=draw(st.none() | WORDS),
            meta=draw(META),
        )
        for id_ in ids
    ]


@given(conversations())
def test_an_export_reads_back_as_the_same_conversations(
    tmp_path_factory: pytest.TempPathFactory, written: list
) -> None:
    folder = tmp_path_factory.mktemp("export") / "corpus"
    assert write_conversations(written, folder, "weasels") == len(written)
    found = list(load_source(Source(name="export", path=folder))[1])
    assert {c.id: c for c in found} == {c.id: c for c in written}
    rows = [json.loads(row) for row in (folder / "utterances.jsonl").read_bytes().splitlines()]
    known = json.loads((folder / "speakers.json").read_bytes())
    assert all(row["speaker"] in known for row in rows)


def small(id_: str = "a") -> Conversation:
    return Conversation(id_, "Weasels", (Utterance(id_, id_, "Small.", Speaker("ana", "Ana")),))


def test_an_export_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    write_conversations([small()], folder, "weasels")

    def failing() -> object:
        yield small("b")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_conversations(failing(), folder, "weasels")
    (kept,) = load_source(Source(name="x", path=folder))[1]
    assert kept == small()
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]
    write_conversations([small("c")], folder, "weasels")
    (kept,) = load_source(Source(name="x", path=folder))[1]
    assert kept == small("c")


def test_an_export_never_replaces_something_else(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(WrongUsage, match="something other"):
        write_conversations([small()], tmp_path, "weasels")
    with pytest.raises(WrongUsage, match="is a file"):
        write_conversations([small()], tmp_path / "thesis.txt", "weasels")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize("change", [{"passages": '[["quote",0,99,"",false]]'}, {"status": "gone"}, {"posted_at": "x"}])
def test_a_changed_export_is_named(tmp_path: Path, change: dict) -> None:
    folder = tmp_path / "corpus"
    write_conversations([small()], folder, "weasels")
    path = folder / "utterances.jsonl"
    row = json.loads(path.read_bytes())
    row["meta"]["crosstalk"].update(change)
    path.write_text(json.dumps(row))
    (failure,) = load_source(Source(name="x", path=folder))[1]
    assert isinstance(failure.error, Malformed)


def test_a_conversation_with_too_many_utterances_is_refused(tmp_path: Path) -> None:
    rows = [line(f"u{n}", text="x") for n in range(LIMITS.utterances + 1)]
    (failure,) = load_source(corpus(tmp_path, rows))[1]
    assert isinstance(failure.error, TooLarge)


# Corpora as they are found


def test_a_root_that_answers_itself_is_the_root() -> None:
    _, (conversation,), failures = read_lines(line("a", reply_to="a"), line("b", reply_to="a"), line("c", reply_to="c"))
    assert failures == []
    assert [(u.id, u.reply_to) for u in conversation.utterances] == [("a", None), ("b", "a"), ("c", None)]


def test_utterances_without_a_conversation_go_where_their_replies_lead() -> None:
    _, conversations, failures = read_lines(
        line("c", conversation_id=None, reply_to="b"),
        line("x", conversation_id="named"),
        line("b", conversation_id="", reply_to="a"),
        line("a", conversation_id=None),
        line("y", conversation_id=None, reply_to="x"),
        line("p", conversation_id=None, reply_to="not here"),
        line("q", conversation_id=None, reply_to="not here"),
        line("r", conversation_id=None, reply_to="s"),
        line("s", conversation_id=None, reply_to="r"),
    )
    held = {conversation.id: [u.id for u in conversation.utterances] for conversation in conversations}
    assert held == {"a": ["c", "b", "a"], "named": ["x", "y"], "not here": ["p", "q"]}
    assert [type(failure.error) for failure in failures] == [CyclicReplies]


def test_a_chain_of_twenty_thousand_without_a_conversation_is_followed() -> None:
    rows = [line(f"u{n}", conversation_id=None, reply_to=f"u{n - 1}" if n else None, text="x") for n in range(20_000)]
    began = time.process_time()
    _, conversations, _ = read_lines(*reversed(rows))
    assert [(c.id, len(c.utterances)) for c in conversations] == [("u0", 20_000)]
    assert time.process_time() - began < 30


@pytest.mark.parametrize("key", ["null", "None"])
def test_the_title_of_the_one_conversation_without_an_id_is_its_title(tmp_path: Path, key: str) -> None:
    headings = {key: {"meta": {"title": "On weasels"}}, "z": {"meta": {"title": "Z"}}}
    rows = [
        line("a", conversation_id=None),
        line("b", conversation_id=None, reply_to="a"),
        line("z", conversation_id="z"),
    ]
    titles = {c.id: c.title for c in load_source(corpus(tmp_path / "one", rows, None, headings))[1]}
    assert titles == {"a": "On weasels", "z": "Z"}
    rows.append(line("another", conversation_id=None))
    titles = {c.id: c.title for c in load_source(corpus(tmp_path / "two", rows, None, headings))[1]}
    assert titles == {"a": "", "z": "Z", "another": ""}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb"cut \ud83d here", "cut \ufffd here"),
        (rb"cut \ude00 here", "cut \ufffd here"),
        (rb"two \ud83d\ud83d\ude00 of them", "two \ufffd😀 of them"),
        (rb"a path \\ud83d stays", "a path \\ud83d stays"),
        (rb"a path \\ud83d\ude00 stays", "a path \\ud83d\ufffd stays"),
        (b"in bytes \xed\xa0\xbd here", "in bytes \ufffd here"),
        (b"in bytes \xed\xa0\xbd\xed\xb8\x80 whole", "in bytes 😀 whole"),
    ],
)
def test_half_a_character_costs_nothing_but_itself(written: bytes, read: str) -> None:
    rows = [
        b'{"id": "a", "conversation_id": "a", "speaker": "Ana %s", "text": "%s", "score": NaN}' % (written, written),
        b'{"id": "x", "source": "blog", "title": "Weasels %s", "text": "Words, %s.", "authors": ["Ana"]}'
        % (written, written),
        b'{"data": {"post": {"result": {"_id": "abcdefghij1234567", "title": "W %s", "htmlBody": "<p>%s</p>"}}}}'
        % (written, written),
    ]
    for row in rows:
        (conversation,) = load_source(Source(name="it", content=row + b"\n"))[1]
        assert read.split(" ")[0] in conversation.utterances[0].text.lower()
        told = conversation.utterances[0].speaker.name if b"conversation_id" in row else conversation.title
        assert told.endswith(read)


def escaped(*texts: str) -> list:
    rows = (line(f"u{n}", text=text, reply_to=f"u{n - 1}" if n else None) for n, text in enumerate(texts))
    return list(read_lines(*rows)[1][0].utterances)


def quoted(utterance: object) -> list[str]:
    return [utterance.text[p.start : p.end] for p in utterance.passages if p.kind is PassageKind.QUOTE]


def test_entities_are_undone_where_a_whole_corpus_has_them() -> None:
    first, second, third = escaped(
        "Weasels &amp; stoats, p &lt; 0.05, and &lt;b&gt;so on&lt;/b&gt;.\n\n    if a &lt; b:\n",
        "&gt; Weasels and stoats\n&gt; &gt; are small\n\nNo &gt;!they are not!&lt;.",
        "&amp;gt; is how it is written",
    )
    assert first.text == "Weasels & stoats, p < 0.05, and <b>so on</b>.\n\nif a < b:"
    assert quoted(second)[0] == "Weasels and stoats\n\nare small"
    assert second.text.endswith("\n\nNo they are not.")
    assert (third.text, quoted(third)) == ("> is how it is written", [])


def test_entities_are_the_author_s_where_one_text_has_the_sign_itself() -> None:
    _, second = escaped("AT&T says a < b.", "&gt; is how it is written")
    assert (second.text, quoted(second)) == ("> is how it is written", [])


def test_what_a_site_shows_for_words_that_are_gone_is_nobody_s() -> None:
    first, second = escaped("[deleted]", "[removed] is what they wrote, and I saw it.")
    assert (first.text, first.status) == ("", Status.DELETED)
    assert second.status is Status.LIVE
    assert second.text


def test_one_text_in_a_hundred_may_have_come_another_way() -> None:
    many = escaped(*["&gt; Large.\n\nSmall."] * 100, "&gt; is it, a < b?")
    assert quoted(many[0]) == ["Large."]
    assert (many[-1].text, quoted(many[-1])) == ("> is it, a < b?", [])
    few = escaped(*["&gt; Large.\n\nSmall."] * 99, "a < b & c")
    assert quoted(few[0]) == []
