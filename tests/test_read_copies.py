"""Pages that are not a post's own: copies in an archive, a user's or one comment's page, old pages, pieces of pages."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.model import Conversation, PassageKind, Status
from corpus.record import Record
from ingest.pipeline import ingest
from ingest.sources.formats import load_source
from ingest.sources.source import Failure, Hints, Source

SAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "samples"
POST, OTHER, C1, C2, C3 = ("P" * 17, "Q" * 17, "b" * 17, "c" * 17, "d" * 17)


def load(page: str | bytes, **hints: str) -> tuple[str, list[Conversation]]:
    content = page.encode() if isinstance(page, str) else page
    form, loaded = load_source(Source("page", content=content, hints=Hints(**hints)))
    conversations = [conversation for conversation in loaded if isinstance(conversation, Conversation)]
    return form.name, conversations


# --- Copies of the Wayback Machine


def archive(page: str, host: str, flag: str = "") -> str:
    """Rewrite a page as the Wayback Machine does."""
    stamp = f"/web/20240301123456{flag}/"
    page = re.sub(r'((?:href|src)=")(/(?!/)[^"]*)', rf"\1{stamp}https://{host}\2", page)
    page = re.sub(r'((?:href|src)=")(https?://[^"]*)', rf"\1https://web.archive.org{stamp}\2", page)
    toolbar = (
        "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id='wm-ipp-base'><h1>Internet Archive</h1>"
        f'<a href="/web/2023/https://{host}/users/nobody">2023</a></div><!-- END WAYBACK TOOLBAR INSERT -->'
    )
    return page.replace("<body>", f"<body>{toolbar}")


@pytest.mark.parametrize("flag", ["", "id_", "if_"])
@pytest.mark.parametrize(
    ("sample", "host"),
    [
        ("lesswrong/honesty.html", "www.lesswrong.com"),
        ("lesswrong/latent_knowledge.html", "www.lesswrong.com"),
        ("greaterwrong/power_seeking.html", "www.greaterwrong.com"),
        ("issarice/situational_awareness.html", "lw2.issarice.com"),
    ],
)
def test_a_copy_in_the_wayback_machine_is_the_page_it_is_a_copy_of(sample, host, flag):
    page = (SAMPLES / sample).read_text(encoding="utf-8")
    _, (original,) = load(page)
    _, (copy,) = load(archive(page, host, flag))
    assert (copy.id, copy.title, copy.url) == (original.id, original.title, original.url)
    assert [(u.id, u.speaker, u.reply_to, u.text, u.karma) for u in copy.utterances] == [
        (u.id, u.speaker, u.reply_to, u.text, u.karma) for u in original.utterances
    ]


def test_an_address_of_the_archive_that_somebody_wrote_in_a_page_of_its_own_stays():
    page = '<p>See <a href="https://web.archive.org/web/2015/http://e.org/x">the copy</a>.</p>'
    _, (conversation,) = load(page)
    links = [p.note for p in conversation.utterances[0].passages if p.kind is PassageKind.LINK]
    assert links == ["https://web.archive.org/web/2015/http://e.org/x"]


# --- A user's page, and the page of one comment


def node(own: str, post: str, user: str, body: str, inner: str = "") -> str:
    return (
        f'<div class="comments-node CommentFrame-node" id="{own}"><div class="CommentsItem-root"><div '
        f'class="CommentsItemMeta-root"><span class="CommentsItemMeta-username"><a href="/users/{user.lower()}">'
        f'{user}</a></span><span class="CommentsItemDate-root"><a href="/posts/{post}/slug?commentId={own}"><time '
        f'datetime="2024-01-0{"bcd".index(own[0]) + 1}T00:00:00Z">1d</time></a></span></div><div '
        f'class="CommentBody-root"><p>{body}</p></div></div><div class="comments-children">{inner}</div></div>'
    )


def thread(nodes: str, before: str = "") -> str:
    return (
        f'<!doctype html><html><head><link rel="canonical" href="https://www.lesswrong.com/posts/{POST}/slug"></head>'
        f'<body>{before}<h1 class="PostsPageTitle-root">Weasels</h1><div class="ContentStyles-postBody"><p>Weasels are '
        f"small animals.</p></div><div>{nodes}</div></body></html>"
    )


def users_page(*comments: tuple[str, str, str]) -> str:
    rows = "".join(
        f'<div class="ProfileComments-root"><a class="CommentsItem-postTitle" href="/posts/{post}/slug">{title}</a>'
        f"{shown}</div>"
        for post, title, shown in comments
    )
    return (
        '<!doctype html><html><head><link rel="canonical" href="https://www.lesswrong.com/users/ida"></head><body>'
        f"<h1>Ida</h1>{rows}</body></html>"
    )


PAGES = {
    "user": users_page(
        (POST, "Weasels", node(C2, POST, "Ida", "They bite people.")),
        (OTHER, "Stoats", node(C3, OTHER, "Ida", "Stoats are white in winter.")),
    ),
    "thread": thread(node(C1, POST, "Ove", "They are large.", node(C2, POST, "Ida", "They bite people."))),
    "permalink": thread(
        node(C1, POST, "Ove", "They are large.", node(C2, POST, "Ida", "They bite people.")),
        f'<div class="CommentPermalink-root">{node(C2, POST, "Ida", "They bite people.")}</div>',
    ),
    "comment alone": thread(
        "", f'<div class="CommentPermalink-root">{node(C2, POST, "Ida", "They bite people.")}</div>'
    ),
}


def test_each_comment_of_a_users_page_belongs_to_its_posts_conversation():
    form, (weasels, stoats) = load(PAGES["user"])
    assert form == "lesswrong_page"
    assert [(c.id, c.title) for c in (weasels, stoats)] == [
        (f"lesswrong:{POST}", "Weasels"),
        (f"lesswrong:{OTHER}", "Stoats"),
    ]
    (comment,) = weasels.utterances
    assert (comment.id, comment.speaker.id, comment.reply_to) == (f"lesswrong:{C2}", "lesswrong:ida", None)


def test_the_page_of_one_comment_holds_it_once_and_knows_its_parent_only_where_it_shows_it():
    _, (conversation,) = load(PAGES["permalink"])
    assert [(u.id, u.reply_to) for u in conversation.utterances[1:]] == [
        (f"lesswrong:{C1}", f"lesswrong:{POST}"),
        (f"lesswrong:{C2}", f"lesswrong:{C1}"),
    ]
    _, (alone,) = load(PAGES["comment alone"])
    assert [(u.id, u.reply_to) for u in alone.utterances[1:]] == [(f"lesswrong:{C2}", None)]


@pytest.mark.parametrize("order", [("user", "thread", "comment alone"), ("comment alone", "user", "thread")])
def test_pages_that_share_a_comment_do_not_stand_in_each_others_way(order, tmp_path):
    with Record.open(tmp_path / "corpus.db") as record:
        for number, name in enumerate(order):
            path = tmp_path / f"{number}.html"
            path.write_text(PAGES[name], encoding="utf-8")
            assert not ingest([str(path)], record, Hints()).failed
        conversation = record.get_conversation(f"lesswrong:{POST}")
        assert [(u.id, u.reply_to) for u in sorted(conversation.utterances, key=lambda u: u.id)] == [
            (f"lesswrong:{POST}", None),
            (f"lesswrong:{C1}", f"lesswrong:{POST}"),
            (f"lesswrong:{C2}", f"lesswrong:{C1}"),
        ]


def test_comments_of_a_post_that_nothing_names_do_not_take_the_ids_of_those_of_the_post(tmp_path):
    page = PAGES["user"].replace(f"/posts/{POST}/slug", "").replace(f"/posts/{OTHER}/slug", "")
    _, (conversation,) = load(page)
    assert conversation.id.startswith("text:")
    assert all(utterance.id.startswith(f"{conversation.id}~") for utterance in conversation.utterances)


# --- LessWrong until 2017


def old_comment(own: str, user: str, when: str, points: str, body: str, inner: str = "", name: str = "") -> str:
    meta = (
        f'<span class="comment-author"><span class="author"><a id="author_t1_{own}" '
        f'href="http://lesswrong.com/user/{user}/">{user}</a></span></span>'
        if user
        else '<span class="comment-author">[deleted]</span>'
    )
    return (
        f'<div id="thingrow_t1_{own}" class="comment {name}"><div id="entry_t1_{own}" class="entry"><div '
        f'id="collapsed_t1_{own}" class="comment-meta collapsed" style="display:none">{meta}<span class="comment-date" '
        f'time="1">{when}</span></div><div id="display_t1_{own}"><div class="comment-meta">{meta}<span '
        f'class="comment-date" time="1"> {when} </span><span class="votes" id="score_t1_{own}">{points}</span></div>'
        f'<div id="body_t1_{own}" class="comment-content"><div class="md">{body}</div></div><div class="comment-links">'
        f'<a id="permalink_t1_{own}" href="/lw/1ab/weasels_at_large/{own}">Permalink</a></div></div></div><div '
        f'id="child_t1_{own}" class="child">{inner}</div></div>'
    )


OLD = (
    "<html><head><title>Weasels at large - Less Wrong</title></head><body><a href='/lw/9zz/other_post/'>Elsewhere</a>"
    '<div id="thingrow_t3_1ab" class="post"><h1><a href="/lw/1ab/weasels_at_large/">Weasels at large</a></h1><div '
    'class="meta"><span class="votes"><span class="votes" id="score_t3_1ab">49</span></span><span class="author"><span '
    'class="hide-text">Post author:</span> <a id="author_t3_1ab" href="http://lesswrong.com/user/Ida_Holm/">Ida_Holm</a>'
    '</span><span class="date">18 January 2010 04:18AM</span></div><div id="entry_t3_1ab" class="content"><div '
    'class="md"><p>Weasels are small.</p></div></div></div><div id="siteTable_t3_1ab">'
    + old_comment(
        "2aa",
        "Ove",
        "18 January 2010 10:13:28PM",
        "-3 points",
        "<blockquote><p>Weasels are small.</p></blockquote><p>They are large.</p>",
        old_comment("2ab", "Ida_Holm", "19 January 2010 06:00:00AM", "1 point", "<p>No.</p>", name="retracted"),
    )
    + old_comment("2ac", "", "20 January 2010 06:00:00AM", "", "<p>[deleted]</p>")
    + "</div></body></html>"
)


def test_an_old_page_of_lesswrong_gives_authors_times_votes_and_who_answers_whom():
    form, (conversation,) = load(OLD)
    assert form == "old_lesswrong_page"
    assert (conversation.id, conversation.title) == ("lesswrong:t3_1ab", "Weasels at large")
    assert conversation.url == "https://www.lesswrong.com/lw/1ab/weasels_at_large"
    post, first, second, gone = conversation.utterances
    assert (post.text, post.speaker.id, post.karma) == ("Weasels are small.", "lesswrong:ida_holm", 49)
    assert post.posted_at == datetime(2010, 1, 18, 4, 18, tzinfo=UTC)
    assert (first.speaker.name, first.karma, first.reply_to) == ("Ove", -3, post.id)
    assert first.posted_at == datetime(2010, 1, 18, 22, 13, 28, tzinfo=UTC)
    assert [first.text[p.start : p.end] for p in first.passages if p.kind is PassageKind.QUOTE] == [
        "Weasels are small."
    ]
    assert (second.reply_to, second.status) == (first.id, Status.RETRACTED)
    assert second.url == f"{conversation.url}/2ab"
    assert (gone.status, gone.speaker, gone.text) == (Status.DELETED, None, "")


def test_old_comments_without_their_post_are_of_the_post_that_they_link_to():
    listed = old_comment("2aa", "Ove", "18 January 2010 10:13:28PM", "3 points", "<p>They are large.</p>")
    _, (conversation,) = load(f"<html><head><title>Ove on Less Wrong</title></head><body>{listed}</body></html>")
    assert conversation.id == "lesswrong:t3_1ab"
    assert [(u.id, u.reply_to) for u in conversation.utterances] == [("lesswrong:t1_2aa", None)]


def test_another_site_on_the_same_code_is_not_taken_for_lesswrong():
    form, loaded = load_source(Source("page", content=re.sub("(?i)less ?wrong", "weasels", OLD).encode()))
    assert form.name != "old_lesswrong_page"
    assert all(isinstance(each, Failure) for each in loaded)


# --- Pieces of HTML


@pytest.mark.parametrize(
    ("piece", "text"),
    [
        ("<div><p>Weasels are small.</p><p>They <b>bite</b>.</p></div>", "Weasels are small.\n\nThey bite."),
        ("<p>One\n\nline.</p>\n\n<p>Another.</p>", "One line.\n\nAnother."),
        (
            "Weasels bite.<br><br>So they <i>do</i>.<br>Yes.<p>Ask Ove.</p>",
            "Weasels bite.\n\nSo they do.\nYes.\n\nAsk Ove.",
        ),
        ("<!-- copied -->\n<ul><li>small</li><li>quick</li></ul>", "small\nquick"),
    ],
)
def test_a_piece_of_html_is_read_as_a_browser_shows_it(piece, text):
    form, (conversation,) = load(piece, author="Ida Holm")
    assert form == "html_fragment"
    (utterance,) = conversation.utterances
    assert (utterance.text, utterance.speaker.name) == (text, "Ida Holm")


def test_a_piece_of_html_quotes_and_credits_nobody_unasked():
    _, (conversation,) = load("<h2>On weasels</h2><blockquote>Weasels bite.</blockquote><p>They do not.</p>")
    (utterance,) = conversation.utterances
    assert (conversation.title, utterance.speaker) == ("On weasels", None)
    assert [utterance.text[p.start : p.end] for p in utterance.passages if p.kind is PassageKind.QUOTE] == [
        "Weasels bite."
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<p align="center">\n<b>Weasels</b>\n</p>\n\n# On weasels\n\nThey **bite** people, and **run**.',
        "<blockquote>\n\nWeasels bite.\n\n</blockquote>\n\nThey do not, as far as I know.",
        "<p> begins a paragraph, and nobody closes it.",
        "Write <p> and </p> around each paragraph.\n\nFor a line <br> will do.\n\nA <div> and a </div> for the rest.",
        "<b>bold</b> is how one writes what should be bold",
        "Weasels bite.\n\n<table><tr><td>1</td></tr></table>\n\nAnd they run.",
    ],
)
def test_markdown_with_tags_and_prose_about_tags_are_no_pieces_of_html(text):
    assert load(text)[0] == "plain_text"
