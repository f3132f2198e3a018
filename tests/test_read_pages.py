"""Saved pages of LessWrong, GreaterWrong and issarice become conversations."""

from datetime import UTC, datetime
from types import ModuleType

import orjson
import pytest

from corpus.errors import CyclicReplies, DuplicateId, Malformed, SourceError, TooLarge, Unreadable
from corpus.model import Conversation, PassageKind, Status, Utterance
from ingest.sources.forum_magnum import saved as forum_magnum
from ingest.sources.html_pages import greaterwrong as greaterwrong_page
from ingest.sources.html_pages import issarice as issarice_page
from ingest.sources.html_pages import lesswrong as lesswrong_page
from ingest.sources.source import Failure, Hints, Loaded, Source

POST, C1, C2, C3 = ("a" * 17, "b" * 17, "c" * 17, "d" * 17)
URL = f"https://www.lesswrong.com/posts/{POST}/on-goals"


def source(page: str | bytes) -> Source:
    return Source("page.html", content=page.encode() if isinstance(page, str) else page, hints=Hints())


def read(reader: ModuleType, page: str) -> list[Loaded]:
    saved = source(page)
    detected = [
        module
        for module in (forum_magnum, lesswrong_page, greaterwrong_page, issarice_page)
        if module.FORMAT.detects(saved, saved.read_head())
    ]
    assert detected == [reader]
    return list(reader.FORMAT.read(saved))


def one(reader: ModuleType, page: str) -> Conversation:
    (conversation,) = read(reader, page)
    assert isinstance(conversation, Conversation), conversation
    return conversation


def names(utterance: Utterance) -> tuple[str, str] | None:
    return (utterance.speaker.id, utterance.speaker.name) if utterance.speaker else None


# --- LessWrong


def node(own: str, user: str, when: str, body: str, inner: str = "", karma: str = "5", more: str = "") -> str:
    who = f'<a href="/users/{user.lower()}?from=x">{user}</a>' if user else "[anonymous]"
    return (
        f'<div class="comments-node comments-node-odd CommentFrame-node {more}" id="{own}"><div '
        f'class="CommentsItem-root">'
        f'<div class="CommentsItem-body"><div class="CommentsItemMeta-root"><a '
        f'class="CommentsItemMeta-collapse">[-]</a>'
        f'<span class="CommentsItemMeta-username">{who}</span><span class="CommentsItemDate-root"><a '
        f'href="?commentId={own}">'
        f'<time datetime="{when}">2y</time></a></span><span class="OverallVoteAxis-voteScore">{karma}</span></div>'
        f'<div class="CommentBody-root"><div class="CommentBody-commentStyling">{body}</div></div></div></div>'
        f'<div class="CommentsNode-children comments-children">{inner}</div></div>'
    )


def told(user: str, when: str, body: str, *inner: dict) -> dict:
    author = (
        [{"@type": "Person", "name": user, "url": f"https://www.lesswrong.com/users/{user.lower()}"}] if user else []
    )
    return {"@type": "Comment", "text": body, "datePublished": when, "author": author, "comment": list(inner)}


def lesswrong(nodes: str = "", comments: tuple[dict, ...] = (), **more: object) -> str:
    posting = {
        "@context": "http://schema.org",
        "@type": "DiscussionForumPosting",
        "url": URL,
        "text": "<p>A goal &amp; a thing.</p>",
        "headline": "On goals",
        "datePublished": "2024-03-01T10:00:00.000Z",
        "about": [{"@type": "Thing", "name": "Goals"}],
        "author": [
            {"@type": "Person", "name": "Una Lie", "url": "https://www.lesswrong.com/users/una"},
            {"@type": "Person", "name": "Bo Ek", "url": "https://www.lesswrong.com/users/una"},
        ],
        "comment": comments,
        **more,
    }
    data = orjson.dumps(posting).decode().replace("<", "\\u003c")
    return (
        f"<!DOCTYPE html><html><head><title>On goals — LessWrong</title><script "
        f'type="application/ld+json">{data}</script>'
        f'</head><body><div class="LWPostsPageTopHeaderVote-voteScore">\u22121,204</div><div '
        f'id="comments">{nodes}</div>'
        "</body></html>"
    )


MORNING, NOON, NIGHT = "2024-03-02T09:00:00.100Z", "2024-03-02T12:00:00.200Z", "2024-03-02T23:00:00.300Z"


def test_both_tellings_of_a_lesswrong_page_are_joined():
    page = lesswrong(
        node(
            C1,
            "Ove",
            MORNING,
            "<p>shown</p>",
            inner=node(C2, "Ida", NOON, '<div class="CommentBody-retracted">no</div>', karma="\u22127"),
        )
        + node(C3, "", NIGHT, "", more="CommentFrame-deleted"),
        (
            told(
                "Ove", MORNING, "<p>as <em>written</em></p>", told("Ida", NOON, "<p>No.</p>", told("Bo", NIGHT, "Late"))
            ),
        ),
    )
    conversation = one(lesswrong_page, page)
    assert (conversation.id, conversation.title, conversation.url) == (f"lesswrong:{POST}", "On goals", URL)
    assert conversation.meta == {"tags": ["Goals"]}
    root, first, second, gone, late = conversation.utterances
    assert (names(root), root.text, root.karma) == (("lesswrong:una", "Una Lie"), "A goal & a thing.", -1204)
    assert root.meta["coauthors"] == ["Bo Ek"]
    assert (first.id, first.reply_to, names(first)) == (f"lesswrong:{C1}", root.id, ("lesswrong:ove", "Ove"))
    assert (first.text, first.karma, first.url) == ("as written", 5, f"{URL}?commentId={C1}")
    assert first.posted_at == datetime(2024, 3, 2, 9, 0, 0, 100_000, tzinfo=UTC)
    assert (second.id, second.reply_to) == (f"lesswrong:{C2}", first.id)
    assert (second.text, second.karma, second.status) == ("No.", -7, Status.RETRACTED)
    assert (gone.status, gone.text, gone.speaker) == (Status.DELETED, "", None)
    assert late.id.startswith(f"lesswrong:{POST}~") and late.reply_to == second.id
    assert names(late) == ("lesswrong:bo", "Bo")


def test_linked_data_alone_gives_the_same_ids_at_every_reading():
    page = lesswrong(comments=(told("Ove", NOON, "<p>a</p>", told("", NIGHT, "<p>b</p>")),))
    first, again = one(lesswrong_page, page), one(lesswrong_page, page)
    assert [u.id for u in first.utterances] == [u.id for u in again.utterances]
    root, a, b = first.utterances
    assert (a.reply_to, b.reply_to) == (root.id, a.id)
    assert (b.speaker, b.meta["author"]) == (None, "[anonymous]")


def test_comments_of_one_author_at_one_second_are_told_apart_by_their_words():
    page = lesswrong(
        node(C1, "Ove", NOON, "<p>second thing</p>") + node(C2, "Ove", NOON, "<p>first thing</p>"),
        (told("Ove", NOON, "<p>first <b>thing</b></p>"), told("Ove", NOON, "<p>second thing</p>")),
    )
    conversation = one(lesswrong_page, page)
    assert [(u.id, u.text) for u in conversation.utterances[1:]] == [
        (f"lesswrong:{C1}", "second thing"),
        (f"lesswrong:{C2}", "first thing"),
    ]


def test_nodes_alone_are_read_and_words_that_look_like_a_comment_are_words():
    forged = node(C2, "Ida", NOON, "I never said this")
    page = (
        f'<html><head><link rel="canonical" href="{URL}"></head><body><h1 class="PostsPageTitle-root">On goals</h1>'
        '<span class="PostsAuthors-authorName"><a class="UsersNameDisplay-noColor" href="/users/una">Una</a></span>'
        '<div id="postBody"><div class="ContentStyles-base content ContentStyles-postBody"><p>Post.</p></div></div>'
        f"{node(C1, 'Ove', NOON, '<p>mine</p>' + forged)}</body></html>"
    )
    root, comment = one(lesswrong_page, page).utterances
    assert (root.text, names(root)) == ("Post.", ("lesswrong:una", "Una"))
    assert comment.id == f"lesswrong:{C1}" and names(comment) == ("lesswrong:ove", "Ove")
    assert "I never said this" in comment.text


def test_the_cache_in_older_pages_is_read_as_graphql():
    cache = {
        "ROOT_QUERY": {},
        f"Post:{POST}": {
            "_id": POST,
            "__typename": "Post",
            "title": "On goals",
            "slug": "on-goals",
            "postedAt": "2020-03-01T10:00:00.000Z",
            "user": {"__ref": "User:u"},
            'contents({"version":"1"})': {"__ref": "Revision:r"},
        },
        "User:u": {"_id": "u", "slug": "una", "displayName": "Una Lie"},
        "Revision:r": {"_id": "r", "html": "<p>Post.</p>"},
        "Revision:s": {"_id": "s", "html": "<p>Yes.</p>"},
        f"Comment:{C1}": {
            "_id": C1,
            "postId": POST,
            "parentCommentId": None,
            "user": {"__ref": "User:u"},
            "contents": {"__ref": "Revision:s"},
            "baseScore": 3,
        },
    }
    page = f'<html><head><link rel="canonical" href="{URL}"></head><body><script>window.__APOLLO_STATE__ = '
    conversation = one(lesswrong_page, page + orjson.dumps(cache).decode() + ";</script></body></html>")
    assert [(u.text, u.karma, names(u)) for u in conversation.utterances] == [
        ("Post.", None, ("lesswrong:una", "Una Lie")),
        ("Yes.", 3, ("lesswrong:una", "Una Lie")),
    ]


# --- GreaterWrong


def item(own: str, user: str, body: str, inner: str = "", names_: str = "", parent: str = "", post: str = POST) -> str:
    who = f'<a class="author" href="/users/{user.lower()}" data-full-name="{user}">{user}</a>' if user else ""
    up = f'<a class="comment-parent-link" href="#comment-{parent}">Parent</a>' if parent else ""
    return (
        f'<li id="comment-{own}" class="comment-item depth-odd"><div class="comment {names_}" data-post-id="{post}">'
        f'<div class="comment-meta">{who or "<span class=author>[deleted]</span>"} <a class="date" href="#" '
        'data-js-date="1660923629424">19 Aug 2022 15:40 UTC</a><div class="karma voting-controls"><span '
        'class="karma-value" title="9 votes">LW: \u22121,012 AF: 3<span> points</span></span></div>'
        f'<a class="lw2-link" href="https://www.lesswrong.com/posts/{post}/on-goals?commentId={own}">LW</a>{up}'
        '<div class="comment-post-title"><span class="comment-post-title2">on: <a '
        'href="#">Elsewhere</a></span></div></div>'
        f'<div class="body-text comment-body">{body}</div></div><ul class="comment-thread">{inner}</ul></li>'
    )


def greaterwrong(items: str, main: bool = True) -> str:
    post = (
        '<main class="post question-post"><h1 class="post-title"><span '
        'class="post-type-prefix">[Question] </span>On goals'
        '</h1><div class="post-meta top-post-meta"><div class="coauthors"><a class="author" '
        'href="/users/una">Una Lie</a> and '
        '<a class="author" href="/users/bo">Bo Ek</a></div><span class="date" data-js-date="1660916400000">x</span>'
        f'<div class="karma voting-controls" data-post-id="{POST}"><span class="karma-value">74<span> '
        f"points</span></span>"
        f'</div><a class="lw2-link" href="{URL}">LW</a><div id="tags"><a href="/tag/goals">Goals</a></div></div>'
        '<div class="body-text post-body"><p><a class="link-post-link" href="https://e.org/x">Link post</a></p>'
        '<nav class="contents">Contents</nav><p>A goal.</p><div class="spoiler">Hidden.</div></div></main>'
    )
    return (
        '<!DOCTYPE html><html><head><title>On goals - LessWrong 2.0 viewer</title></head><body><div id="content">'
        f'{post if main else ""}<div id="answers" class="comments"><ul '
        f'class="comment-thread">{items}</ul></div></div></body>'
    )


def test_a_greaterwrong_page_is_read_with_its_tree():
    page = greaterwrong(
        item(
            C1,
            "Ove",
            "<blockquote>A goal.</blockquote><p>Is it?</p>",
            item(C2, "", "[deleted]", item(C3, "Ida", "Well"), "deleted-comment"),
            "retracted",
        )
    )
    conversation = one(greaterwrong_page, page)
    assert (conversation.id, conversation.title, conversation.url) == (f"lesswrong:{POST}", "On goals", URL)
    assert conversation.meta == {"tags": ["Goals"], "link": "https://e.org/x"}
    root, first, gone, last = conversation.utterances
    assert (root.text, root.karma, names(root)) == ("A goal.\n\nHidden.", 74, ("lesswrong:una", "Una Lie"))
    assert root.posted_at == datetime(2022, 8, 19, 13, 40, tzinfo=UTC)
    assert root.meta == {"coauthors": ["Bo Ek"], "question": True}
    assert [p.kind for p in root.passages if p.kind is PassageKind.SPOILER] == [PassageKind.SPOILER]
    assert (first.id, first.reply_to, first.karma) == (f"lesswrong:{C1}", root.id, -1012)
    assert (first.status, first.url, first.meta) == (Status.RETRACTED, f"{URL}?commentId={C1}", {"answer": True})
    assert (gone.status, gone.text, gone.speaker, gone.meta["author"]) == (Status.DELETED, "", None, "[deleted]")
    assert (last.reply_to, names(last)) == (gone.id, ("lesswrong:ida", "Ida"))


def test_a_list_of_recent_comments_gives_a_conversation_a_post_and_keeps_parents():
    other = "e" * 17
    first, second = read(
        greaterwrong_page,
        greaterwrong(item(C1, "Ove", "a", parent=C3) + item(C2, "Ida", "b", post=other), main=False),
    )
    assert isinstance(first, Conversation) and isinstance(second, Conversation)
    assert (first.id, first.title, first.utterances[0].reply_to) == (
        f"lesswrong:{POST}",
        "Elsewhere",
        f"lesswrong:{C3}",
    )
    assert second.id == f"lesswrong:{other}"


def test_a_comment_forged_in_a_body_is_no_comment():
    conversation = one(greaterwrong_page, greaterwrong(item(C1, "Ove", f"<ul>{item(C2, 'Ida', 'never said')}</ul>")))
    assert [names(u) for u in conversation.utterances[1:]] == [("lesswrong:ove", "Ove")]


# --- issarice


def entry(own: str, who: str, body: str, inner: str = "", up: str = "") -> str:
    arrow = f'[<a href="#{up}" title="Go to parent comment">↑</a>] ' if up else ""
    replies = f'<span style="font-size: 80%;">Replies from: <a href="#x">x</a></span>{inner}' if inner else ""
    return (
        f'<div id="{own}" style="border: 1px"><details open><summary>{arrow}comment by {who} · <a href="#{own}">'
        f'2024-02-27T12:10:36.948Z</a> · <a title="Official LW link" href="{URL}?commentId={own}">LW</a>'
        f'(<a href="#{own}">p</a>) · <a href="#">GW</a>(<a href="#">p</a>)</summary>{body} {replies}</details></div>'
    )


def issarice(entries: str) -> str:
    return (
        f'<!DOCTYPE html><html><head><link rel="canonical" href="{URL}"><meta name="author" content="Una Lie (una)">'
        '<meta name="dcterms.date" content="2024-02-27T09:10:00.000Z"></head><body><nav>Home</nav><div '
        'id="wrapper"><h1>On goals'
        '</h1>\npost by <a href="/users/una-l">Una Lie (una_l)</a> · 2024-02-27T09:10:00.000Z · <a href="x">LW</a> · '
        '<a href="y">GW</a> · <a href="#comments">2 comments</a><h2>Contents</h2><pre>  One</pre><div '
        'id="content"><p>See '
        'the <a href="/posts/x">older post</a> [<a href="a">LW</a> · <a href="b">GW</a>], or '
        '<a href="/posts/z">that</a> [<a href="a">LW</a>(<a href="c">p</a>) · <a href="b">GW</a>(<a '
        'href="d">p</a>)].</p></div>'
        f'<h2 id="comments">2 comments</h2>{entries}</div></body></html>'
    )


def test_an_issarice_page_is_read_with_names_parents_and_no_marks():
    page = issarice(
        entry(
            C1,
            '<a href="/users/ove">Ove</a>',
            "<p>Yes.</p><div class=spoilers><p>No.</p></div>",
            entry(C2, '<a href="/users/ida-m">Ida Mo (EA) (ida_m)</a>', "<p>Hm.</p>", up=C1),
        )
        + entry(C3, "<b>[deleted]</b>", "<p>Kept words.</p>", up="f" * 17)
    )
    conversation = one(issarice_page, page)
    assert (conversation.id, conversation.title, conversation.url) == (f"lesswrong:{POST}", "On goals", URL)
    root, first, second, third = conversation.utterances
    assert (names(root), root.text) == (("lesswrong:una-l", "Una Lie"), "See the older post, or that.")
    assert root.posted_at == datetime(2024, 2, 27, 9, 10, tzinfo=UTC)
    assert (names(first), first.text, first.reply_to) == (("lesswrong:ove", "Ove"), "Yes.\n\nNo.", root.id)
    assert (names(second), second.text, second.reply_to) == (("lesswrong:ida-m", "Ida Mo (EA)"), "Hm.", first.id)
    assert second.url == f"{URL}?commentId={C2}"
    assert (third.speaker, third.text, third.reply_to) == (None, "Kept words.", f"lesswrong:{'f' * 17}")
    assert third.meta["author"] == "[deleted]"


# --- What is hostile or broken


def test_a_comment_that_is_too_large_is_refused_and_the_page_goes_on():
    loaded = read(
        greaterwrong_page, greaterwrong(item(C1, "Ove", "<p>" + "word " * 250_000, item(C2, "Ida", "Still here")))
    )
    failure, conversation = loaded
    assert isinstance(failure, Failure) and isinstance(failure.error, TooLarge) and C1 in failure.source
    assert isinstance(conversation, Conversation)
    assert [u.text for u in conversation.utterances][1:] == ["Still here"]
    assert conversation.utterances[1].reply_to == f"lesswrong:{C1}"


def test_circles_and_doubles_are_refused_by_name():
    circle = item(C1, "Ove", "a", parent=C2) + item(C2, "Ida", "b", parent=C1)
    (failure,) = read(greaterwrong_page, greaterwrong(circle))
    assert isinstance(failure, Failure) and isinstance(failure.error, CyclicReplies)
    (failure,) = read(greaterwrong_page, greaterwrong(item(C1, "Ove", "a") + item(C1, "Ove", "b")))
    assert isinstance(failure, Failure) and isinstance(failure.error, DuplicateId)
    assert len(one(greaterwrong_page, greaterwrong(item(C1, "Ove", "a") * 2)).utterances) == 2


def test_replies_a_hundred_deep_stay_with_their_authors():
    inner = ""
    for number in reversed(range(100)):
        inner = item(f"{number:017d}", f"User{number}", f"words {number}", inner)
    conversation = one(greaterwrong_page, greaterwrong(inner))
    assert [(u.text, u.speaker.name if u.speaker else None) for u in conversation.utterances[1:]] == [
        (f"words {number}", f"User{number}") for number in range(100)
    ]
    with pytest.raises(TooLarge, match="nested deeper"):
        list(greaterwrong_page.FORMAT.read(source(greaterwrong("<div>" * 5_000 + item(C1, "Ove", "a")))))


@pytest.mark.parametrize("reader", [lesswrong_page, greaterwrong_page, issarice_page])
@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"<html><body><p>nothing of the kind</p></body></html>", Malformed),
        (b"<html>\xff\xfe\xfd", Unreadable),
        (b"<html><body>caf\xe9", Unreadable),
        (b"", Malformed),
    ],
)
def test_pages_of_another_kind_are_refused_by_name(reader, content, error):
    with pytest.raises(SourceError) as refused:
        list(reader.FORMAT.read(source(content)))
    assert isinstance(refused.value, error)


def test_truncated_pages_give_what_they_still_hold():
    page = greaterwrong(item(C1, "Ove", "<p>whole</p>") + item(C2, "Ida", "<p>half of what was said, and then</p>"))
    cut = page[: page.index("half of what") + 4]
    assert [u.text for u in one(greaterwrong_page, cut).utterances][1:] == ["whole", "half"]
    broken = lesswrong(node(C1, "Ove", NOON, "<p>a</p>"), (told("Ove", NOON, "a"),)).replace('"headline"', '"headline')
    assert [u.text for u in one(lesswrong_page, broken).utterances] == ["a"]


def test_a_page_whose_head_is_full_of_style_is_still_known():
    style = "<style>" + ".a{color:red}" * 20_000 + "</style>"
    for reader, page in (
        (lesswrong_page, lesswrong(node(C1, "Ove", NOON, "<p>a</p>"))),
        (greaterwrong_page, greaterwrong(item(C1, "Ove", "a"))),
        (issarice_page, issarice(entry(C1, '<a href="/users/ove">Ove</a>', "a"))),
    ):
        assert len(one(reader, "\ufeff \n" + page.replace("<head>", f"<head>{style}")).utterances) == 2


def test_a_page_is_read_in_the_encoding_it_declares_and_a_few_bad_bytes_show_as_such():
    page = greaterwrong(item(C1, "Ove", "<p>caf\u00e9 \u201cquoted\u201d</p>"))
    western = page.replace("<head>", '<head><meta charset="windows-1252">').replace("\u2212", "-").encode("cp1252")
    cut = page.encode().replace("\u00e9".encode(), b"\xc3") + b" " * 5_000
    for content, text in ((western, "caf\u00e9 \u201cquoted\u201d"), (cut, "caf\ufffd \u201cquoted\u201d")):
        (conversation,) = greaterwrong_page.FORMAT.read(source(content))
        assert isinstance(conversation, Conversation)
        assert conversation.utterances[1].text == text
