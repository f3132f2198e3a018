"""What the forums' Markdown API answers becomes a conversation: the post, its comments, who answers whom."""

from datetime import UTC, datetime

from corpus.model import Conversation, PassageKind
from ingest.sources.formats import load_source
from ingest.sources.source import Hints, Source

POST, C1, C2 = "p" * 17, "b" * 17, "c" * 17
TEXT = f"""# On weasels

* By [Ana Ruiz](/users/ana), [Chi](/users/chi)
* 12 points
* 2023-01-02T03:04:05.000Z
* Tag: [Animals](/tag/animals)
* Post URL (HTML): [here](https://www.lesswrong.com/posts/{POST}/on-weasels)

Weasels are *small*.

- A list of the author's own.

## Top Comments Index

- Comment by Ben

## Comment by [Ben](/users/ben)

- Karma: -3
- 2023-01-03 00:00:00
- HTML permalink: [here](https://www.lesswrong.com/posts/{POST}/on-weasels/comment/{C1})

Reactions (whole comment):

- agree: 2

> Weasels are small.

Which ones?

    ### Comment by [Ana Ruiz](/users/ana)

    - Karma: 4
    - HTML permalink: [here](https://www.lesswrong.com/posts/{POST}/on-weasels/comment/{C2})
    - Parent comment (Markdown): [here](/api/comment/{C1})

    All of them.

## Navigation

- [Home](/)
"""


def read(text: str, **hints: str) -> Conversation:
    format_, loaded = load_source(Source(name="it", content=text.encode(), hints=Hints(**hints)))
    assert format_.name == "markdown_api"
    (conversation,) = loaded
    assert isinstance(conversation, Conversation), conversation
    return conversation


def test_a_post_and_its_comments_are_one_conversation() -> None:
    conversation = read(TEXT)
    post, comment, reply = conversation.utterances
    assert (conversation.id, conversation.title) == (f"lesswrong:{POST}", "On weasels")
    assert (conversation.site, conversation.url) == ("lesswrong", f"https://www.lesswrong.com/posts/{POST}")
    assert conversation.meta == {"tags": ["Animals"]}
    assert [utterance.id for utterance in conversation.utterances] == [f"lesswrong:{id_}" for id_ in (POST, C1, C2)]
    assert [utterance.speaker.id for utterance in conversation.utterances] == [
        "lesswrong:ana",
        "lesswrong:ben",
        "lesswrong:ana",
    ]
    assert [utterance.reply_to for utterance in conversation.utterances] == [None, post.id, comment.id]
    assert [utterance.karma for utterance in conversation.utterances] == [12, -3, 4]
    assert post.posted_at == datetime(2023, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert comment.posted_at == datetime(2023, 1, 3, tzinfo=UTC)
    assert post.meta == {"coauthors": ["Chi"]}
    assert reply.url == f"https://www.lesswrong.com/posts/{POST}?commentId={C2}"


def test_the_lists_of_data_and_reactions_are_no_words_of_anybody() -> None:
    post, comment, reply = read(TEXT).utterances
    assert post.text == "Weasels are small.\n\nA list of the author's own."
    assert comment.text == "Weasels are small.\n\nWhich ones?"
    assert [comment.text[p.start : p.end] for p in comment.passages if p.kind is PassageKind.QUOTE] == [
        "Weasels are small."
    ]
    assert reply.text == "All of them."


def test_comments_without_a_post_name_the_forum_by_what_the_user_says() -> None:
    comments = TEXT[TEXT.index("## Comment by") :].replace("https://www.lesswrong.com", "")
    conversation = read(comments, url=f"https://forum.effectivealtruism.org/posts/{POST}/x")
    assert conversation.id == f"eaforum:{POST}"
    assert [utterance.id for utterance in conversation.utterances] == [f"eaforum:{C1}", f"eaforum:{C2}"]
    assert conversation.utterances[0].reply_to == conversation.id
