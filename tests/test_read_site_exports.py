"""What sites give as JSON or as a feed: Reddit, Hacker News, Discourse, RSS, Atom; one comment has one id in all."""

import json

import pytest

from corpus.errors import Malformed, SourceError
from corpus.model import Conversation, PassageKind, Status, Utterance
from ingest.sources.formats import load_source
from ingest.sources.source import Failure, Hints, Source


def read(content: object, **hints: object) -> tuple[str, list[Conversation], list[SourceError]]:
    raw = (
        content
        if isinstance(content, bytes)
        else content.encode()
        if isinstance(content, str)
        else json.dumps(content).encode()
    )
    format_, loaded = load_source(Source(name="it", content=raw, hints=Hints(**hints)))
    everything = list(loaded)
    failures = [each.error for each in everything if isinstance(each, Failure)]
    return format_.name, [each for each in everything if isinstance(each, Conversation)], failures


def quotes(utterance: Utterance) -> list[str]:
    return [utterance.text[p.start : p.end] for p in utterance.passages if p.kind is PassageKind.QUOTE]


def edges(conversation: Conversation) -> list[tuple[str, str | None]]:
    return [(u.id, u.reply_to) for u in conversation.utterances]


# Reddit


def comment(id_: str, parent: str, body: str, **more: object) -> dict:
    told = {"id": id_, "name": f"t1_{id_}", "author": "Ana_R", "body": body, "parent_id": parent, "link_id": "t3_p1"}
    return {
        **told,
        "created_utc": 1714557600.0,
        "score": 4,
        "edited": False,
        "permalink": f"/r/w/comments/p1/x/{id_}/",
        **more,
    }


POST = {
    "id": "p1",
    "name": "t3_p1",
    "author": "Ben",
    "title": "Weasels &amp; stoats",
    "selftext": "Are they &lt; mice?",
    "created_utc": 1714550000.0,
    "score": 9,
    "subreddit": "w",
    "permalink": "/r/w/comments/p1/x/",
    "is_self": True,
    "url": "https://www.reddit.com/r/w/comments/p1/x/",
}
ANSWER = comment("c2", "t1_c1", "&gt; They are small.\n\nSo &gt;!they!&lt; are. &lt;b&gt;", author="[deleted]")
FIRST = comment("c1", "t3_p1", "They are small.", replies="")
GONE = comment("c3", "t3_p1", "[removed]")
THREAD = [
    {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": POST}], "after": None}},
    {
        "kind": "Listing",
        "data": {
            "children": [
                {
                    "kind": "t1",
                    "data": {
                        **FIRST,
                        "replies": {"kind": "Listing", "data": {"children": [{"kind": "t1", "data": ANSWER}]}},
                    },
                },
                {"kind": "t1", "data": GONE},
                {"kind": "more", "data": {"count": 3, "id": "c9", "name": "t1_c9", "children": ["c9"]}},
            ]
        },
    },
]


@pytest.mark.parametrize(
    "content",
    [
        THREAD,
        "\n".join(json.dumps(each) for each in (POST, FIRST, ANSWER, GONE)),
        {"data": [FIRST, ANSWER, GONE, POST]},
        [each | {"body": each["body"]} for each in (FIRST, ANSWER, GONE)] + [POST],
    ],
)
def test_a_thread_of_reddit_is_one_whatever_gave_it(content: object) -> None:
    name, (conversation,), failures = read(content)
    assert (name, failures, conversation.title, conversation.site) == ("reddit", [], "Weasels & stoats", "reddit")
    assert edges(conversation) == [
        ("reddit:t3_p1", None),
        ("reddit:t1_c1", "reddit:t3_p1"),
        ("reddit:t1_c2", "reddit:t1_c1"),
        ("reddit:t1_c3", "reddit:t3_p1"),
    ]
    post, first, answer, gone = conversation.utterances
    assert (post.text, post.speaker.id, post.url) == (
        *("Are they < mice?", "reddit:ben"),
        "https://www.reddit.com/r/w/comments/p1/x/",
    )
    assert (first.speaker.id, first.karma, first.posted_at.year, first.edited_at) == ("reddit:ana_r", 4, 2024, None)
    assert (answer.speaker, quotes(answer), answer.text) == (
        None,
        ["They are small."],
        "They are small.\n\nSo they are. <b>",
    )
    assert (gone.text, gone.status) == ("", Status.DELETED)


def test_what_reddit_gives_raw_is_not_undone_twice() -> None:
    raw = [comment("c1", "t3_p1", "> Small.\n\nNo: a < b & c."), comment("c2", "t1_c1", "One writes &gt; for it.")]
    first, second = read("\n".join(map(json.dumps, raw)))[1][0].utterances
    assert (quotes(first), first.text, second.text) == (["Small."], "Small.\n\nNo: a < b & c.", "One writes > for it.")


def test_a_broken_line_of_a_dump_is_named() -> None:
    _, (conversation,), (error,) = read(json.dumps(FIRST) + '\n{"id": "x", "body"\n' + json.dumps(ANSWER))
    assert len(conversation.utterances) == 2
    assert "line 2" in str(error)


# Hacker News

TREE = {
    "id": 1,
    "created_at": "2024-05-01T10:00:00.000Z",
    "created_at_i": 1714557600,
    "type": "story",
    "author": "ana",
    "title": "Weasels &amp; stoats",
    "url": "https://x.example/w",
    "text": None,
    "points": 9,
    "parent_id": None,
    "story_id": 1,
    "children": [
        {
            "id": 2,
            "created_at_i": 1714557700,
            "type": "comment",
            "author": "Ben",
            "title": None,
            "points": None,
            "text": "They&#x27;re small.<p>&gt; quick<p>So I <i>think</i>.",
            "parent_id": 1,
            "story_id": 1,
            "children": [
                {
                    "id": 3,
                    "created_at_i": 1714557800,
                    "type": "comment",
                    "author": None,
                    "text": None,
                    "parent_id": 2,
                    "story_id": 1,
                    "children": [],
                }
            ],
        }
    ],
}
HITS = {
    "hits": [
        {
            "objectID": "2",
            "author": "Ben",
            "comment_text": TREE["children"][0]["text"],
            "story_id": 1,
            "parent_id": 1,
            "story_title": "Weasels &amp; stoats",
            "created_at_i": 1714557700,
            "_tags": ["comment"],
        }
    ],
    "nbHits": 1,
}
ITEMS = [
    {"by": "ana", "id": 1, "kids": [2], "score": 9, "time": 1714557600, "title": "Weasels & stoats", "type": "story"},
    {"by": "Ben", "id": 2, "parent": 1, "text": TREE["children"][0]["text"], "time": 1714557700, "type": "comment"},
]


@pytest.mark.parametrize("content", [TREE, HITS, ITEMS, "\n".join(map(json.dumps, ITEMS))])
def test_a_comment_of_hacker_news_is_one_whatever_gave_it(content: object) -> None:
    name, (conversation,), failures = read(content)
    assert (name, failures, conversation.id, conversation.title) == (
        "hacker_news",
        [],
        "hackernews:1",
        "Weasels & stoats",
    )
    written = next(u for u in conversation.utterances if u.id == "hackernews:2")
    assert (written.reply_to, written.speaker.id, written.posted_at.year) == ("hackernews:1", "hackernews:ben", 2024)
    assert written.text.startswith("They're small.\n\n")
    assert written.text.endswith("So I think.")


def test_a_long_tree_with_its_keys_in_order_of_the_alphabet_is_known() -> None:
    tree = json.loads(json.dumps(TREE))
    tree["children"][0]["text"] = "<p>Small.</p>" * 10_000
    assert read(json.dumps(tree, sort_keys=True))[0] == "hacker_news"


# Discourse


def post(number: int, cooked: str, **more: object) -> dict:
    told = {
        "id": 100 + number,
        "post_number": number,
        "username": "ana_r",
        "name": "Ana Ruiz",
        "topic_id": 7,
        "cooked": cooked,
    }
    when = {
        "created_at": f"2024-05-01T1{number}:00:00.000Z",
        "updated_at": f"2024-05-01T1{number}:00:00.000Z",
        "version": 1,
    }
    avatar = {"avatar_template": "/user_avatar/forum.example/ana_r/{size}/1_2.png", "reply_to_post_number": None}
    return {**told, **when, **avatar, **more}


QUOTING = (
    '<aside class="quote no-group" data-username="ana_r" data-post="1" data-topic="7"><div class="title">'
    '<div class="quote-controls"></div><img src="x.png" class="avatar"> ana_r:</div>'
    "<blockquote><p>They are small.</p></blockquote></aside><p>They are not.</p>"
    '<aside class="onebox"><header class="source"><a href="https://x.example">x.example</a></header>'
    "<article><h3>Mice</h3><p>A page on mice.</p></article></aside>"
)
TOPIC = {
    "post_stream": {
        "posts": [
            post(1, "<p>They are small.</p>", actions_summary=[{"id": 2, "count": 5}]),
            post(2, QUOTING, username="BenLo", name="", reply_to_post_number=1),
            post(3, "<p>So there.</p>", reply_to_post_number=2, version=2, updated_at="2024-05-02T00:00:00Z"),
        ],
        "stream": [101, 102, 103],
    },
    "id": 7,
    "title": "On weasels",
    "slug": "on-weasels",
    "tags": ["small"],
    "posts_count": 3,
}


def test_a_topic_of_discourse_is_read() -> None:
    name, (conversation,), failures = read(TOPIC)
    assert (name, failures, conversation.title, conversation.site) == ("discourse", [], "On weasels", "forum.example")
    assert (conversation.id, conversation.url) == ("discourse:forum.example/7", "https://forum.example/t/on-weasels/7")
    stem = "discourse:forum.example/7/"
    assert edges(conversation) == [(stem + "1", None), (stem + "2", stem + "1"), (stem + "3", stem + "2")]
    first, second, third = conversation.utterances
    assert (first.speaker.name, first.speaker.id, first.karma) == ("Ana Ruiz", "forum.example:ana_r", 5)
    assert (second.speaker.name, second.speaker.id) == ("BenLo", "forum.example:benlo")
    assert quotes(second) == ["They are small.", "Mice\n\nA page on mice."]
    assert second.text == "They are small.\n\nThey are not.\n\nMice\n\nA page on mice."
    assert (first.edited_at, third.edited_at.day) == (None, 2)


def test_a_post_of_discourse_has_one_id_in_every_answer() -> None:
    whole = {u.id for u in read(TOPIC)[1][0].utterances}
    posts = [
        {**each, "topic_title": "On weasels", "topic_slug": "on-weasels"} for each in TOPIC["post_stream"]["posts"]
    ]
    for content in (
        {"latest_posts": posts},
        posts,
        {"post_stream": {"posts": posts}},
        "\n".join(map(json.dumps, posts)),
    ):
        name, (conversation,), _ = read(content)
        assert (name, conversation.title) == ("discourse", "On weasels")
        assert {u.id for u in conversation.utterances} == whole
    unknown = json.loads(json.dumps(TOPIC).replace("/user_avatar/forum.example/", "/x/"))
    assert (
        read(unknown)[1][0].id
        != read(
            {**unknown, "id": 7, "post_stream": {"posts": [post(1, "<p>Mice.</p>", avatar_template="", username="cy")]}}
        )[1][0].id
    )
    assert read(unknown, url="https://forum.example/")[1][0].id == "discourse:forum.example/7"


# Feeds


def rss(*items: str, **channel: str) -> str:
    told = "".join(f"<{key}>{value}</{key}>" for key, value in channel.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>A feed</title>{told}{''.join(items)}</channel></rss>"
    )


def item(title: str, html: str, link: str, guid: str = "", creator: str = "<dc:creator>Ana Ruiz</dc:creator>") -> str:
    return (
        f"<item><title>{title}</title><description><![CDATA[{html}]]></description><link>{link}</link>"
        f"<guid>{guid or link}</guid>{creator}<pubDate>Mon, 03 Jun 2024 10:00:00 +0200</pubDate></item>"
    )


def test_a_feed_of_comments_is_read_thread_by_thread() -> None:
    page = "https://forum.example/w"
    name, (first, second), failures = read(
        rss(
            item("Comment by Ben on Weasels", "<p>No.</p>", f"{page}#c2", "c2", "<dc:creator>Ben</dc:creator>"),
            item("Weasels", "<p>They are <b>small</b>.</p>", page),
            item("Re: Mice", "&lt;p&gt;See <p>above</p>", "https://forum.example/m#c9", "c9"),
        )
    )
    assert (name, failures) == ("feed", [])
    assert (first.title, first.id, second.title) == ("Weasels", "forum.example:/w", "Mice")
    assert [(u.text, u.speaker.name, u.id) for u in first.utterances] == [
        ("They are small.", "Ana Ruiz", "forum.example:/w"),
        ("No.", "Ben", "forum.example:/w#c2"),
    ]
    assert {u.reply_to for u in first.utterances} == {None}  # a feed does not say who answers whom
    assert first.utterances[0].posted_at.isoformat() == "2024-06-03T08:00:00+00:00"


def test_no_address_of_anybody_is_taken_for_a_name() -> None:
    for author, name in (
        ("<author>ana@mail.example (Ana Ruiz)</author>", "Ana Ruiz"),
        ("<author>ana@mail.example</author>", None),
        ("", None),
    ):
        (conversation,) = read(rss(item("W", "<p>Small.</p>", "https://x.example/1", creator=author)))[1]
        speaker = conversation.utterances[0].speaker
        assert (speaker.name if speaker else None) == name


def test_a_feed_names_what_other_formats_name() -> None:
    lesswrong = "https://www.lesswrong.com/posts/aaaaaaaaaaaaaaaaa/w?commentId=bbbbbbbbbbbbbbbbb"
    (conversation,) = read(rss(item("Comment by Ana on W", "<p>Small.</p>", lesswrong)))[1]
    assert (conversation.id, conversation.utterances[0].id) == (
        "lesswrong:aaaaaaaaaaaaaaaaa",
        "lesswrong:bbbbbbbbbbbbbbbbb",
    )
    assert conversation.utterances[0].speaker.id == "lesswrong:ana-ruiz"
    topic = item("On weasels", QUOTING, "https://forum.example/t/on-weasels/7/2", "forum.example-post-7-2")
    (conversation,) = read(rss(topic))[1]
    assert (conversation.id, conversation.utterances[0].id) == (
        "discourse:forum.example/7",
        "discourse:forum.example/7/2",
    )
    assert conversation.utterances[0].text.startswith("They are small.\n\nThey are not.")
    latest = item(
        *("On weasels", QUOTING, "https://forum.example/t/on-weasels/7?page=2#post_2", "forum.example-post-9102"),
        "<dc:creator>@BenLo Ben Lo</dc:creator>",
    )
    again = read(rss(latest))[1][0]
    assert (again.id, again.url, again.utterances[0].id) == (
        conversation.id,
        conversation.url,
        conversation.utterances[0].id,
    )
    assert (again.utterances[0].speaker.id, again.utterances[0].speaker.name) == ("forum.example:benlo", "Ben Lo")
    news = item("W", "<p>Small.</p>", "https://x.example/w", "https://news.ycombinator.com/item?id=1")
    assert read(rss(news))[1][0].utterances[0].id == "hackernews:1"


def test_what_a_feed_puts_below_the_words_is_nobody_s() -> None:
    tail = '<p>The post <a href="https://x.example/w">W</a> first appeared on <a href="https://x.example">X</a>.</p>'
    (conversation,) = read(rss(item("W", f"<p>Small.</p>\n{tail}\n", "https://x.example/w")))[1]
    assert conversation.utterances[0].text == "Small."
    kept = "<p>The post is what I mean.</p>"
    assert read(rss(item("W", kept, "https://x.example/w")))[1][0].utterances[0].text == "The post is what I mean."


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"><title>W</title>
<author><name>Ana Ruiz</name></author>
<entry><id>tag:1</id><title>Weasels</title><link href="https://x.example/w"/><published>2024-06-03T10:00:00Z</published>
<updated>2024-06-03T10:00:00Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>They are
<em>small</em> &amp; brown.</p></div></content></entry>
<entry><id>tag:2</id><title>Re: Weasels</title><author><name>Ben</name><email>b@x.example</email></author>
<link href="https://x.example/w#2"/><thr:in-reply-to ref="tag:1"/><updated>2024-06-04T10:00:00Z</updated>
<content type="html">&lt;p&gt;No, 1 &amp;lt; 2.&lt;/p&gt;</content></entry></feed>"""


def test_atom_says_who_answers_whom() -> None:
    _, (conversation,), failures = read(ATOM)
    first, second = conversation.utterances
    assert failures == []
    assert (first.text, first.speaker.name, first.reply_to) == ("They are small & brown.", "Ana Ruiz", None)
    assert (second.text, second.speaker.name, second.reply_to) == ("No, 1 < 2.", "Ben", first.id)


def test_a_feed_of_reddit_holds_its_words_alone() -> None:
    html = "&lt;!-- SC_OFF --&gt;&lt;div class=&quot;md&quot;&gt;&lt;p&gt;Small.&lt;/p&gt;"
    html += "&lt;/div&gt;&lt;!-- SC_ON --&gt; submitted by Ana"
    entry = (
        f'<entry><author><name>/u/Ana_R</name></author><content type="html">{html}</content><id>t1_c1</id>'
        '<link href="https://www.reddit.com/r/w/comments/p1/x/c1/"/><updated>2024-06-03T10:00:00+00:00</updated>'
        "<title>/u/Ana_R on Weasels</title></entry>"
    )
    (conversation,) = read(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>W</title>{entry}</feed>')[1]
    (utterance,) = conversation.utterances
    assert (conversation.id, conversation.title, utterance.id) == ("reddit:t3_p1", "Weasels", "reddit:t1_c1")
    assert (utterance.text, utterance.speaker.id) == ("Small.", "reddit:ana_r")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaa">]><rss><channel/></rss>', "entities"),
        (rss(), "without an entry"),
        (rss(item("W", "x", "https://x.example"))[:-30], "not whole XML"),
        ("<rss>" + "<a>" * 200 + "</a>" * 200 + "</rss>", "nested"),
        ('<?xml version="1.0" encoding="utf-7"?><rss><channel>\xff</channel></rss>'.encode("latin-1"), "XML"),
    ],
)
def test_xml_that_is_broken_or_hostile_is_refused(content: str | bytes, said: str) -> None:
    (error,) = read(content)[2]
    assert isinstance(error, Malformed)
    assert said in str(error)


def test_a_feed_in_the_encoding_that_it_declares_is_read() -> None:
    feed = rss(item("Wiesel", "<p>Größe – klein.</p>", "https://x.example/1")).replace("UTF-8", "windows-1252")
    assert read(feed.encode("windows-1252"))[1][0].utterances[0].text == "Größe – klein."
    assert read("\ufeff" + feed)[1][0].utterances[0].text == "Größe – klein."
    assert read(feed.replace("windows-1252", "utf-16").encode("utf-16"))[1][0].utterances[0].text == "Größe – klein."
