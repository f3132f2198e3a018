"""Saved GraphQL answers of ForumMagnum become conversations."""

import time
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from corpus.errors import CyclicReplies, DuplicateId, Malformed, SourceError, TooLarge, Unreadable
from corpus.model import Conversation, PassageKind, Status
from ingest.sources.forum_magnum import saved as forum_magnum
from ingest.sources.source import Failure, Hints, Loaded, Source

POST = "aaaaaaaaaaaaaaaaa"


def user(slug: str, name: str | None = None) -> dict[str, Any]:
    return {"_id": f"id-{slug}", "slug": slug, "username": slug, "displayName": name or slug.title()}


def post(own: str = POST, **more: Any) -> dict[str, Any]:
    return {
        "_id": own,
        "slug": "on-goals",
        "title": "On goals",
        "postedAt": "2024-03-01T10:00:00.000Z",
        "user": user("una", "Una Lie"),
        "baseScore": 12,
        "htmlBody": "<p>A goal is a thing.</p>",
        **more,
    }


def comment(own: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "_id": own,
        "postId": POST,
        "parentCommentId": parent,
        "user": user("ove"),
        "postedAt": "2024-03-02T10:00:00.000Z",
        "baseScore": -3,
        "htmlBody": f"<p>Words of {own}</p>",
        **more,
    }


def source(document: Any, **hints: Any) -> Source:
    content = document if isinstance(document, bytes) else orjson.dumps(document)
    return Source("saved.json", content=content, hints=Hints(**hints))


def read(document: Any, **hints: Any) -> list[Loaded]:
    saved = source(document, **hints)
    assert forum_magnum.FORMAT.detects(saved, saved.read_head())
    return list(forum_magnum.FORMAT.read(saved))


def one(document: Any, **hints: Any) -> Conversation:
    (conversation,) = read(document, **hints)
    assert isinstance(conversation, Conversation), conversation
    return conversation


def test_a_post_with_its_comments_keeps_all_that_the_schema_says():
    conversation = one(
        {
            "data": {
                "post": {
                    "result": post(
                        coauthors=[user("bo", "Bo Ek")],
                        tags=[{"_id": "t", "name": "Goals", "slug": "goals"}],
                        contents={"html": "<p>not read</p>", "editedAt": "2024-03-05T10:00:00.000Z"},
                        linkUrl="https://example.org/essay",
                    )
                },
                "comments": {
                    "results": [
                        comment("c1", lastEditedAt="2024-03-02T10:05:00.000Z"),
                        comment("c2", "c1", retracted=True, htmlBody="<blockquote><p>Words</p></blockquote><p>No.</p>"),
                        comment("c3", answer=True),
                    ],
                    "totalCount": 3,
                },
            }
        }
    )
    assert (conversation.id, conversation.title, conversation.site) == (f"lesswrong:{POST}", "On goals", "lesswrong")
    assert conversation.url == f"https://www.lesswrong.com/posts/{POST}/on-goals"
    assert conversation.meta == {"tags": ["Goals"], "link": "https://example.org/essay"}
    root, first, second, third = conversation.utterances
    assert root.speaker is not None
    assert (root.speaker.id, root.speaker.name) == ("lesswrong:una", "Una Lie")
    assert root.speaker.url == "https://www.lesswrong.com/users/una"
    assert (root.text, root.karma, root.reply_to) == ("A goal is a thing.", 12, None)
    assert root.posted_at == datetime(2024, 3, 1, 10, tzinfo=UTC)
    assert root.edited_at == datetime(2024, 3, 5, 10, tzinfo=UTC)
    assert root.meta["coauthors"] == ["Bo Ek"]
    assert (first.id, first.reply_to, first.karma) == ("lesswrong:c1", root.id, -3)
    assert first.edited_at == datetime(2024, 3, 2, 10, 5, tzinfo=UTC)
    assert first.url == f"{conversation.url}?commentId=c1"
    assert (second.reply_to, second.status) == ("lesswrong:c1", Status.RETRACTED)
    assert [second.text[p.start : p.end] for p in second.passages if p.kind is PassageKind.QUOTE] == ["Words"]
    assert (third.meta["answer"], third.status) == (True, Status.LIVE)


def test_every_shape_of_answer_is_read():
    new_style = {"data": {"comments": {"results": [comment("c1")], "totalCount": 1}}}
    aliases = {"data": {"p": {"result": post()}, "c": {"results": [comment("c1")]}, "a": {"results": [comment("c2")]}}}
    batched = [
        {"data": {"post": {"result": post()}}},
        {"data": {"comments": {"results": [comment("c1"), comment("c2")]}}},
    ]
    nested = {"data": {"post": {"result": post(comments=[{"_id": "c1", "parentCommentId": None, "htmlBody": "x"}])}}}
    bare = {"post": post(), "comments": [comment("c1")]}
    several = {"data": {"posts": {"results": [post(), post("bbbbbbbbbbbbbbbbb")]}}}
    lines = orjson.dumps(bare) + b"\n" + orjson.dumps({"data": {"comments": {"results": [comment("c2")]}}}) + b"\n"
    assert [u.id for u in one(new_style).utterances] == ["lesswrong:c1"]
    assert len(one(aliases).utterances) == 3
    assert len(one(batched).utterances) == 3
    assert [u.reply_to for u in one(nested).utterances] == [None, f"lesswrong:{POST}"]
    assert len(one(bare).utterances) == 2
    assert [c.id for c in read(several) if isinstance(c, Conversation)] == [
        f"lesswrong:{POST}",
        "lesswrong:bbbbbbbbbbbbbbbbb",
    ]
    assert len(one(lines).utterances) == 3
    assert len(one(b"\xef\xbb\xbf\n " + orjson.dumps(bare)).utterances) == 2


def test_comments_alone_name_their_post_and_keep_parents_that_are_absent():
    conversation = one(
        {"data": {"comments": {"results": [comment("c9", "gone", post={"_id": POST, "title": "On goals"})]}}}
    )
    assert (conversation.id, conversation.title) == (f"lesswrong:{POST}", "On goals")
    assert conversation.utterances[0].reply_to == "lesswrong:gone"


def test_a_node_without_a_body_says_nothing_of_what_was_written():
    embedded = {"_id": POST, "title": "On goals", "slug": "on-goals", "postedAt": "2024-03-01T10:00:00.000Z"}
    conversation = one({"data": {"comments": {"results": [comment("c1", post=embedded)]}}})
    assert [u.id for u in conversation.utterances] == ["lesswrong:c1"]
    assert conversation.url == f"https://www.lesswrong.com/posts/{POST}/on-goals"
    bare = {key: value for key, value in comment("c2").items() if key != "htmlBody"}
    failure, conversation = read({"data": {"post": {"result": post()}, "comments": {"results": [bare]}}})
    assert isinstance(failure, Failure) and "without their bodies" in str(failure.error)
    assert isinstance(conversation, Conversation) and len(conversation.utterances) == 1
    (failure,) = read({"data": {"posts": {"results": [embedded]}}})
    assert isinstance(failure, Failure) and "ask for htmlBody" in str(failure.error)


def test_comments_on_a_tag_are_a_conversation_of_their_own():
    on_tag = comment("c1", postId=None, tagId="t" * 17, tag={"_id": "t" * 17, "name": "Goals", "slug": "goals"})
    conversation = one({"data": {"comments": {"results": [on_tag]}}})
    assert (conversation.title, conversation.url) == ("Goals", "https://www.lesswrong.com/w/goals/discussion")


def test_the_site_is_told_by_addresses_and_faces_of_one_database_share_ids():
    alignment = one(
        {"data": {"post": {"result": post(pageUrl=f"https://www.alignmentforum.org/posts/{POST}/on-goals")}}}
    )
    assert (alignment.id, alignment.site) == (f"lesswrong:{POST}", "alignmentforum")
    effective = one(
        {"data": {"post": {"result": post()}}}, url=f"https://forum.effectivealtruism.org/posts/{POST}/on-goals"
    )
    assert (effective.id, effective.site) == (f"eaforum:{POST}", "eaforum")
    assert effective.utterances[0].speaker is not None and effective.utterances[0].speaker.id == "eaforum:una"


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"hideAuthor": True}, "[anonymous]"),
        ({"user": None, "author": "Ove"}, "[anonymous]"),
        ({"user": {**user("ove"), "deleted": True}}, "[deleted]"),
        ({"user": None, "deleted": True, "htmlBody": None}, "[deleted]"),
    ],
)
def test_an_author_who_is_not_shown_is_nobody(fields, shown):
    conversation = one({"data": {"comments": {"results": [comment("c1", **fields)]}}})
    assert conversation.utterances[0].speaker is None
    assert conversation.utterances[0].meta["author"] == shown


def test_a_query_that_asked_for_no_user_has_the_name_in_author():
    bare = {key: value for key, value in comment("c1", author="Ove Ek").items() if key != "user"}
    speaker = one({"data": {"comments": {"results": [bare]}}}).utterances[0].speaker
    assert speaker is not None and (speaker.id, speaker.name) == ("lesswrong:ove-ek", "Ove Ek")


@pytest.mark.parametrize("sign", ["deleted", "deletedPublic", "rejected", "spam"])
def test_what_is_gone_from_the_site_is_deleted(sign):
    (utterance,) = one({"data": {"comments": {"results": [comment("c1", **{sign: True})]}}}).utterances
    assert utterance.status is Status.DELETED


def test_reactions_are_kept_small_with_the_words_they_mark():
    extended = {
        "agreement": 4,
        "approvalVoteCount": 0,
        "reacts": {
            "crux": [
                {"userId": "u", "reactType": "created", "displayName": "Bo", "karma": 9, "quotes": ["a goal"]},
                {"userId": "v", "reactType": "disagreed", "displayName": "Ida", "karma": 1},
            ]
        },
    }
    (utterance,) = one({"data": {"comments": {"results": [comment("c1", extendedScore=extended)]}}}).utterances
    assert utterance.meta["score"] == {
        "agreement": 4,
        "reacts": {"crux": [{"by": "Bo", "quotes": ["a goal"]}, {"by": "Ida", "type": "disagreed"}]},
    }


def test_a_body_in_markdown_or_plain_text_serves_where_there_is_no_html():
    for contents, text in (
        ({"markdown": "> q\n\n*So*"}, "q\n\nSo"),
        ({"plaintextMainText": "q\n\nSo"}, "q\n\nSo"),
        ({"html": "<p>q</p><p>So</p>", "markdown": "no"}, "q\n\nSo"),
    ):
        (utterance,) = one(
            {"data": {"comments": {"results": [comment("c1", htmlBody=None, contents=contents)]}}}
        ).utterances
        assert utterance.text == text


def test_a_dialogue_gives_each_message_to_its_author():
    def message(own: str, by: str, name: str, words: str) -> str:
        return (
            f'<section class="dialogue-message" message-id="{own}" user-id="{by}" display-name="{name}">'
            f'<section class="dialogue-message-header"><b>{name}</b></section>'
            f'<div class="dialogue-message-content"><p>{words}</p></div></section>'
        )

    body = (
        message("m1", "id-una", "Una L", "I say.")
        + message("m2", "id-bo", "Bo", "I ask.")
        + message("m3", "", "X", "Hm")
    )
    root, *messages = one(
        {"data": {"post": {"result": post(htmlBody=body, coauthors=[user("bo", "Bo Ek")], collabEditorDialogue=True)}}}
    ).utterances
    assert root.text == ""
    assert [(m.speaker.id if m.speaker else None, m.text) for m in messages] == [
        ("lesswrong:una", "I say."),
        ("lesswrong:bo", "I ask."),
        ("lesswrong:x", "Hm"),
    ]
    assert [m.reply_to for m in messages] == [root.id, messages[0].id, messages[1].id]


def test_one_utterance_that_is_too_large_is_refused_and_the_thread_goes_on():
    big = comment("c1", htmlBody="<p>" + "word " * 250_000)
    loaded = read({"data": {"comments": {"results": [big, comment("c2", "c1")]}}})
    failure, conversation = loaded
    assert (
        isinstance(failure, Failure) and isinstance(failure.error, TooLarge) and failure.source.endswith("lesswrong:c1")
    )
    assert isinstance(conversation, Conversation)
    assert [(u.id, u.reply_to) for u in conversation.utterances] == [("lesswrong:c2", "lesswrong:c1")]


def test_a_thread_that_contradicts_itself_is_refused_and_the_next_is_read():
    other = "bbbbbbbbbbbbbbbbb"
    cyclic = [comment("c1", "c2"), comment("c2", "c1")]
    failure, conversation = read({"data": {"comments": {"results": [*cyclic, comment("d1", postId=other)]}}})
    assert isinstance(failure, Failure) and isinstance(failure.error, CyclicReplies)
    assert isinstance(conversation, Conversation) and conversation.id == f"lesswrong:{other}"
    twice = one({"data": {"comments": {"results": [comment("c1"), comment("c1")]}}})
    assert len(twice.utterances) == 1
    (failure,) = read({"data": {"comments": {"results": [comment("c1"), comment("c1", htmlBody="<p>other</p>")]}}})
    assert isinstance(failure, Failure) and isinstance(failure.error, DuplicateId)


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (orjson.dumps({"data": {"comments": {"results": [comment("c1")]}}})[:-20], Malformed, "not whole JSON"),
        (b'{"data": {"post": {"result": null}}}', Malformed, "no post"),
        (b'{"errors": [{"message": "Exceeded maximum value for skip"}], "data": null}', Malformed, "Exceeded maximum"),
        (b'{"data": {"comments": {"results": [{"_id": "\xe9"}]}}}', Unreadable, "not UTF-8"),
        (b'{"data": {"comments": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}", Malformed, "JSON"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(content, error, said):
    with pytest.raises(SourceError) as refused:
        list(forum_magnum.FORMAT.read(source(content)))
    assert isinstance(refused.value, error)
    assert said in str(refused.value)


def test_half_a_character_is_replaced_and_the_rest_is_kept():
    body = orjson.dumps({"data": {"comments": {"results": [comment("c1", htmlBody="HERE \U0001f600 \\\\ud83d")]}}})
    conversation = one(body.replace(b"HERE", b"a\\ud83d b \\ude00 \\ud83d\\ude00"))
    assert conversation.utterances[0].text == "a\ufffd b \ufffd 😀 😀 \\\\ud83d"


def test_rubbish_in_fields_is_no_failure():
    odd = comment("c1", postedAt="yesterday", baseScore="many", extendedScore=[1], user=user("ove", ""), tags="x")
    odd["user"]["displayName"] = None
    (utterance,) = one({"data": {"comments": {"results": [odd, "rubbish", None, 7]}}}).utterances
    assert (utterance.posted_at, utterance.karma) == (None, None)
    assert utterance.speaker is not None and utterance.speaker.name == "ove"


def test_detection_reads_content_cut_anywhere_and_leaves_other_json_alone():
    document = orjson.dumps({"data": {"post": {"result": post(htmlBody="x" * 200_000)}}}, option=orjson.OPT_INDENT_2)
    saved = source(document)
    assert forum_magnum.FORMAT.detects(saved, saved.read_head())
    for foreign in (
        b'{"id": "abc", "source": "lesswrong", "title": "T", "text": "x", "authors": ["a"], "url": "u"}',
        b'{"id": "1", "speaker": "a", "conversation_id": "1", "reply_to": null, "text": "x", "meta": {}}',
        b"plain words with data and results",
        b"<html></html>",
    ):
        assert not forum_magnum.FORMAT.detects(source(foreign), foreign)


def test_a_chain_of_many_replies_is_read_in_bounded_time():
    chain = [comment(f"c{n}", f"c{n - 1}" if n else None) for n in range(10_000)]
    begun = time.process_time()
    conversation = one({"data": {"comments": {"results": chain}}})
    assert len(conversation.utterances) == 10_000
    assert time.process_time() - begun < 10
