"""HTML, Markdown and plain text become words with exact passages."""

import html as html_module
import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import TooLarge
from corpus.model import BLOCKS, REGIONS, Passage, PassageKind
from ingest.markup import Markup, read_html, read_markdown, read_text, split_dialogue
from ingest.markup.writer import Writer

K = PassageKind


def parts(markup: Markup, *kinds: PassageKind) -> list[tuple[str, str]]:
    """The words and the note of the passages of some kinds."""
    return [(markup.text[p.start : p.end], p.note) for p in markup.passages if p.kind in kinds]


def words(markup: Markup, kind: PassageKind) -> list[str]:
    return [text for text, _ in parts(markup, kind)]


def find_flaws(markup: Markup) -> list[str]:
    """Say in what the passages of a text break the rules of `PassageKind`; an empty list for a sound text.

    Blocks cover all of the text but the newlines between them and do not overlap; regions lie around whole blocks;
    inline stretches lie within one; all is sorted.
    """
    passages = markup.passages
    blocks = [passage for passage in passages if passage.kind in BLOCKS and not passage.inline]
    found = [*_find_uncovered(markup.text, blocks), *_find_astray(passages, blocks)]
    if list(passages) != sorted(passages, key=lambda passage: (passage.start, -passage.end)):
        found.append("passages are not sorted")
    return found


def _find_uncovered(text: str, blocks: list[Passage]) -> Iterator[str]:
    at = 0
    for block in blocks:
        if text[at : block.start].strip("\n") or (at and not text[at : block.start]):
            yield f"[{at}:{block.start}] is in no block, or two blocks touch"
        if text[block.end - 1].isspace():
            yield f"{block} ends with white space"
        at = block.end
    if text[at:]:
        yield f"[{at}:] is in no block"


def _find_astray(passages: tuple[Passage, ...], blocks: list[Passage]) -> Iterator[str]:
    starts, ends = {block.start for block in blocks}, {block.end for block in blocks}
    following = iter(blocks)
    block = next(following, None)
    for passage in passages:
        while block is not None and block.end <= passage.start:
            block = next(following, None)
        if passage.inline:
            if block is None or not block.start <= passage.start < passage.end <= block.end:
                yield f"{passage} is not within one block"
        elif passage.kind in REGIONS and (passage.start not in starts or passage.end not in ends):
            yield f"{passage} is not around whole blocks"


# --- HTML


def test_blocks_stand_a_blank_line_apart_and_words_are_never_fused():
    assert read_html("<p>quote<p>reply").text == "quote\n\nreply"
    assert read_html("<div>a</div>b<section>c</section><h2>d</h2>e").text == "a\n\nb\n\nc\n\nd\n\ne"
    assert read_html("one <b>tw</b>o\n  three<br>four<br/><br>five").text == "one two three\nfour\n\nfive"


def test_a_nested_quote_nests_and_what_follows_it_is_outside():
    markup = read_html("<blockquote>Ann said<blockquote><p>no</p></blockquote></blockquote><p>Well.</p>")
    assert markup.text == "Ann said\n\nno\n\nWell."
    assert words(markup, K.QUOTE) == ["Ann said\n\nno", "no"]
    assert find_flaws(markup) == []


def test_list_items_keep_their_number_in_the_note_and_stand_one_line_apart():
    markup = read_html("<ol start=3><li>a<ul><li>b</li></ul></li><li value=9><p>c</p><p>d</p></li></ol><ul><li>e</ul>")
    assert markup.text == "a\nb\nc\n\nd\n\ne"
    assert parts(markup, K.LIST_ITEM) == [("a", "3."), ("b", ""), ("c", "9."), ("e", "")]


@pytest.mark.parametrize(
    "source",
    [
        r'<span class="math-tex">\(x^2 &lt; y\)</span>',
        '<style>.mjx-chtml {display: inline}</style><mjx-container aria-label="x^2 &lt; y" role="math"><svg><text>junk'
        "</text></svg></mjx-container>",
        '<span class="mjpage"><span class="mjx-chtml"><span class="mjx-math" aria-label="x^2 &lt; y"><span '
        'aria-hidden="true">x2&lt;y</span></span></span></span>',
        '<span class="draft-latex-placeholder">x^2 &lt; y</span>',
        '<math alttext="x^2 &lt; y"><mi>x</mi></math>',
        '<math><semantics><mi>x</mi><annotation encoding="application/x-tex">x^2 &lt; '
        "y</annotation></semantics></math>",
        '<span class="katex"><span class="katex-mathml"><math><semantics><mi>x</mi><annotation '
        'encoding="application/x-tex">x^2 &lt; y</annotation></semantics></math></span><span '
        'class="katex-html">x</span>'
        "</span>",
    ],
)
def test_every_form_of_math_gives_its_source(source):
    markup = read_html(f"<p>Let {source} hold.</p>")
    assert markup.text == "Let $x^2 < y$ hold."
    assert words(markup, K.MATH) == ["$x^2 < y$"]


def test_display_math_alone_is_a_block_and_within_a_sentence_is_not():
    alone = read_html(r'<p>So</p><p><span class="math-tex">\[x\]</span></p><p>as said.</p>')
    assert alone.text == "So\n\n$$x$$\n\nas said."
    assert [p.inline for p in alone.passages if p.kind is K.MATH] == [False]
    within = read_html(r'<p>So <span class="math-tex">\[x\]</span> as said.</p>')
    assert [p.inline for p in within.passages if p.kind is K.MATH] == [True]


def test_footnotes_of_both_kinds_go_to_the_end_with_their_mark_left_behind():
    editor = (
        '<p>True<span class="footnote-reference" data-footnote-index="1" data-footnote-id="ab" id="fnrefab"><sup>'
        '<a href="#fnab">[1]</a></sup></span>.</p><ol class="footnote-section footnotes"><li class="footnote-item" '
        'data-footnote-id="ab" id="fnab"><span class="footnote-back-link"><sup><a href="#fnrefab">^</a></sup></span>'
        '<div class="footnote-content"><p>Or so.</p></div></li></ol><p>Next.</p>'
    )
    markdown = (
        '<p>True<sup class="footnote-ref"><a href="#fn-x-1" id="fnref-x-1">[1]</a></sup>.</p><section '
        'class="footnotes">'
        '<ol><li id="fn-x-1" class="footnote-item"><p>Or so. <a href="#fnref-x-1" class="footnote-backref">↩︎</a></p>'
        "</li></ol></section><p>Next.</p>"
    )
    for source in (editor, markdown):
        markup = read_html(source)
        assert markup.text == "True[1].\n\nNext.\n\nOr so."
        assert parts(markup, K.FOOTNOTE_MARK) == [("[1]", "1")]
        assert parts(markup, K.FOOTNOTE) == [("Or so.", "1")]


def test_spoilers_machine_text_struck_words_headings_and_details():
    markup = read_html(
        '<h3>Title</h3><div class="spoilers"><p>The butler.</p></div><p class="spoiler-v2">Twice.</p>'
        '<div class="llm-content-block" data-model-name="Larch 2"><div><p>As a model</p></div></div>'
        "<p>I <del>never</del> <s>ever</s> <strike>once</strike> said it.</p>"
        '<details class="detailsBlock"><summary>More</summary><div>inside</div></details>'
    )
    assert parts(markup, K.HEADING) == [("Title", "3"), ("More", "summary")]
    assert words(markup, K.SPOILER) == ["The butler.", "Twice."]
    assert parts(markup, K.MACHINE_TEXT) == [("As a model", "Larch 2")]
    assert words(markup, K.STRUCK) == ["never", "ever", "once"]
    assert markup.text.endswith("I never ever once said it.\n\nMore\n\ninside")


def test_code_keeps_its_white_space_and_other_text_does_not():
    markup = read_html("<pre><code>\nif x:\n    y  = 1 &lt; 2\n\n</code></pre><p>Call  <code>f  (x)</code> \n now.</p>")
    assert markup.text == "if x:\n    y  = 1 < 2\n\nCall f (x) now."
    assert [(p.inline) for p in markup.passages if p.kind is K.CODE] == [False, True]


def test_tables_give_a_row_a_line():
    markup = read_html("<table><tr><th>a<th>b<tr><td>1<td><p>2</p></table>")
    assert markup.text == "a\tb\n1\t2"
    assert parts(markup, K.TABLE_ROW) == [("a\tb", "header"), ("1\t2", "")]
    layout = read_html("<table><tr><td><blockquote>q</blockquote><p>r</p></td></tr></table>")
    assert words(layout, K.QUOTE) == ["q"]


def test_scripts_handlers_images_and_embeds_leave_nothing_but_words():
    markup = read_html(
        '<p onclick="steal()">a<script>alert(1)</script><img src=x onerror=y alt="A picture"></p><svg onload=z><text>t'
        '</text></svg><iframe src="//x">f</iframe><a href="javascript:x()">b</a><hr>'
        '<div class="elicit-binary-prediction" data-elicit-id="q">Prediction</div>'
        '<div class="metaculus-preview" data-metaculus-id="1"><iframe></iframe></div>'
        '<div class="ck-poll">Is it?</div>'
    )
    assert markup.text == "a\n\nb\n\nIs it?"
    assert parts(markup, K.EMBED) == [("Is it?", "ck-poll")]
    assert words(markup, K.LINK) == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("10<sup>6</sup>", "10^6"),
        ("1<sup>st</sup>", "1st"),
        ("H<sub>2</sub>O", "H2O"),
        ("x<sub>i</sub><sup>2</sup>", "x_i^2"),
        ("as they say.<sup>3</sup> But", "as they say.[3] But"),
        ("&amp;lt; 1 &lt; 2 &#x27;a&#39;", "&lt; 1 < 2 'a'"),
        ("<q>Hm</q>", "“Hm”"),
        ("a&nbsp;&nbsp;b&shy;c&#8203;d", "a bcd"),
        ("👩‍👩‍👧 naïve", "👩‍👩‍👧 naïve"),
        ("\x00a\x08b\ud800", "ab\ufffd"),
        ("", ""),
        ("<", "<"),
        ("<p></p><blockquote></blockquote><li></li>", ""),
    ],
)
def test_small_things(source, text):
    assert read_html(source).text == text


def test_a_dialogue_is_taken_apart_into_its_messages():
    def message(own: str, user: str, name: str, body: str) -> str:
        return (
            f'<section class="dialogue-message" message-id="{own}" user-id="{user}" display-name="{name}" '
            'submitted-date="Thu Oct 05 2023 17:00:00 GMT+0200 (CEST)"><section class="dialogue-message-header"><b>'
            f'{name}</b></section><div class="dialogue-message-content">{body}</div></section>'
        )

    mark = '<span class="footnote-reference" data-footnote-id="n">[1]</span>'
    body = (
        "<p>Intro</p>"
        + message("m1", "u1", "Una", f"<p>Yes{mark}</p>")
        + message("m2", "u2", "Ove", "<p>No</p>")
        + '<ol class="footnotes"><li class="footnote-item" data-footnote-id="n">Mostly.</li></ol>'
    )
    outside, messages = split_dialogue(body)
    assert read_html(outside).text == "Intro"
    assert [(each.name, each.user_id, each.message_id) for each in messages] == [
        ("Una", "u1", "m1"),
        ("Ove", "u2", "m2"),
    ]
    assert [read_html(each.html).text for each in messages] == ["Yes[1]\n\nMostly.", "No"]
    assert messages[0].submitted is not None and messages[0].submitted.isoformat() == "2023-10-05T15:00:00+00:00"
    assert split_dialogue("<p>no dialogue-message</p>") == ("<p>no dialogue-message</p>", ())


# --- Markdown


def test_markdown_loses_its_signs_and_keeps_its_passages():
    markup = read_markdown(
        "# Title\n\nI *said* **so** ~~once~~, see [here](https://e.org/x).\n\n> Ann\n> > Bo\n\n3. three\n4. "
        "four\n   - in\n\n"
        "```py\nx  = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    assert markup.text == ("Title\n\nI said so once, see here.\n\nAnn\n\nBo\n\nthree\nfour\nin\n\nx  = 1\n\na\tb\n1\t2")
    assert parts(markup, K.LINK) == [("here", "https://e.org/x")]
    assert words(markup, K.QUOTE) == ["Ann\n\nBo", "Bo"]
    assert parts(markup, K.LIST_ITEM) == [("three", "3."), ("four", "4."), ("in", "")]
    assert parts(markup, K.CODE) == [("x  = 1", "py")]
    assert words(markup, K.STRUCK) == ["once"]
    assert find_flaws(markup) == []


def test_markdown_math_footnotes_and_prices():
    markup = read_markdown("It is $x_1 * y_1 * z$[^n] and costs $5 to $10.\n\n$$\na\n$$\n\n[^n]: Or *not*.")
    assert markup.text == "It is $x_1 * y_1 * z$[1] and costs $5 to $10.\n\n$$a$$\n\nOr not."
    assert words(markup, K.MATH) == ["$x_1 * y_1 * z$", "$$a$$"]
    assert parts(markup, K.FOOTNOTE) == [("Or not.", "1")]


def test_the_blocks_that_forum_magnum_adds_to_markdown():
    markup = read_markdown(
        'A\n>! hidden\n>! twice\n\n%%% llm-output model="Larch 2"\n\nbeep\n\n%%% /llm-output\n\n+++ More\nin\n+++\nB'
    )
    assert markup.text == "A\n\nhidden twice\n\nbeep\n\nMore\n\nin\n\nB"
    assert words(markup, K.SPOILER) == ["hidden twice"]
    assert parts(markup, K.MACHINE_TEXT) == [("beep", "Larch 2")]
    assert read_markdown("+++ not closed\n\nx").text == "+++ not closed\n\nx"


def test_callouts_are_the_authors_own_words_unless_they_quote():
    markup = read_markdown(
        "> [!note] Mind\n> my words\n\n> [!quote] [Ida](/u)\n> her *words*\n\n> hers too\n\nQ?\n: A."
    )
    assert markup.text == "Mind\n\nmy words\n\nIda\n\nher words\n\nhers too\n\nQ?\nA."
    assert words(markup, K.QUOTE) == ["her words", "hers too"]
    assert parts(markup, K.HEADING) == [("Mind", "callout"), ("Ida", "callout")]


def test_a_block_that_is_not_closed_in_a_quote_leaves_those_after_it_alone():
    assert read_markdown("> +++ a\n> b\n\n>! +++ c\n\n+++ d\ne\n+++").text == "+++ a b\n\n+++ c\n\nd\n\ne"


def test_html_in_markdown_is_no_text_but_unknown_tags_are_words():
    assert read_markdown("a<br>b <b>c</b> <sarcasm>d</sarcasm>").text == "a\nb c <sarcasm>d</sarcasm>"
    assert read_markdown("<blockquote>\nq\n</blockquote>\n\nr").text == "q\n\nr"


def test_arbital_links_keep_their_words_and_widgets_leave_only_what_readers_see():
    markup = read_markdown(
        "[summary: In short.]\n\nThe [1lz Bayes rule] and [-4c7] in [topology topological] words, [see "
        "below], cite [1]; "
        "[https://e.org/p the page].%%note: An *aside*.%% [todo: more]\n\n%%hidden(Proof):\nQ.E.D.\n%%\n\n`[7x kept]`",
        dialect="arbital",
        titles={"4c7": "Order relation"},
    )
    assert markup.text == (
        "In short.\n\nThe Bayes rule and order relation in topological words, [see below], cite [1]; the page.[1]\n\n"
        "Proof\n\nQ.E.D.\n\n[7x kept]\n\nAn aside."
    )
    assert parts(markup, K.LINK) == [
        ("Bayes rule", "1lz"),
        ("order relation", "4c7"),
        ("topological", "topology"),
        ("the page", "https://e.org/p"),
    ]
    assert parts(markup, K.FOOTNOTE) == [("An aside.", "1")]


def test_html_in_markdown_reaches_over_blank_lines_to_its_end_tag():
    markup = read_markdown(
        "Ida wrote:\n\n<blockquote>\n\nSo *be* it.\n\n- Twice.\n\n</blockquote>\n\nNo.\n\n<del>\n\nMaybe.\n\n"
        "</del>\n\n<details>\n<summary>More</summary>\n\nHidden.\n\n</details>\n\nOve: <blockquote>Yes.\n\n"
        "Yes!</blockquote>\n\nOn."
    )
    assert markup.text == (
        "Ida wrote:\n\nSo be it.\n\nTwice.\n\nNo.\n\nMaybe.\n\nMore\n\nHidden.\n\nOve:\n\nYes.\n\nYes!\n\nOn."
    )
    assert words(markup, K.QUOTE) == ["So be it.\n\nTwice.", "Yes.\n\nYes!"]
    assert words(markup, K.STRUCK) == ["Maybe."]
    assert parts(markup, K.HEADING) == [("More", "summary")]
    assert find_flaws(markup) == []


def test_a_tag_that_is_never_closed_ends_with_its_paragraph_and_one_without_partner_may_be_words():
    assert words(read_markdown("a <del>b\n\nc"), K.STRUCK) == ["b"]
    assert words(read_markdown("<blockquote>a\n\nb"), K.QUOTE) == ["a"]
    assert words(read_markdown("> <blockquote>a\n\nb</blockquote>\n\nc"), K.QUOTE) == ["a", "a"]
    assert read_markdown("Give <label> and <title>.\n\nIf x <y and z> w.").text == (
        "Give <label> and <title>.\n\nIf x <y and z> w."
    )
    assert read_markdown('<iframe src="https://e.org">\n\nKept.\n\n<div title="\n\nAlso "so"').text.startswith("Kept.")


def test_an_html_table_with_blank_lines_and_indents_is_one_table_in_order():
    markup = read_markdown(
        "A\n\n<table>\n  <tr>\n    <td>1</td><td>2</td>\n  </tr>\n\n      <tr>\n        <td>3</td><td>4</td>\n"
        "      </tr>\n</table>\n\nB"
    )
    assert markup.text == "A\n\n1\t2\n3\t4\n\nB"
    assert words(markup, K.CODE) == []


def test_what_is_raised_or_lowered_keeps_its_meaning_in_html_and_in_markdown():
    for source, expected in (
        ("10<sup>6</sup> and 10<sup>-6</sup>", "10^6 and 10^-6"),
        ("10<sup>10<sup>6</sup></sup>", "10^10^6"),
        ('10<sup><a href="https://e.org">6</a></sup>', "10^6"),
        ("101<sub>2</sub> x<sub>i</sub> H<sub>2</sub>O", "101_2 x_i H2O"),
        ("the 1<sup>st</sup> of <i>10</i> <sup>6</sup>", "the 1st of 10 ^6"),
        ("We know.<sup>3</sup>", "We know.[3]"),
    ):
        assert read_html(source).text == expected
        assert read_markdown(source).text == expected
    assert (
        read_markdown("10^6^ of H~2~O; 2^3^4, x^2+y^2, ^_^ and a^2").text == "10^6 of H2O; 2^3^4, x^2+y^2, ^_^ and a^2"
    )


def test_the_spoilers_and_footnotes_of_the_forums_older_markdown():
    markup = read_markdown(
        "Yes.^[\\[1\\]](#fnab12)^^[\\[2\\]](#fncd)^\n\n:::spoiler\nShe *did* it.\n:::\n\n"
        "1.  ^**[^](#fnrefab12)**^\n    \n    Or so.\n    \n2.  Mostly. [↩︎](#fnrefcd)"
    )
    assert markup.text == "Yes.[1][2]\n\nShe did it.\n\nOr so.\n\nMostly."
    assert words(markup, K.SPOILER) == ["She did it."]
    assert parts(markup, K.FOOTNOTE) == [("Or so.", "1"), ("Mostly.", "2")]
    assert words(read_markdown("::: spoiler The *end*\nShe"), K.SPOILER) == ["The end\n\nShe"]


def test_footnotes_that_nothing_refers_to_and_lines_that_look_like_addresses_are_kept():
    markup = read_markdown(
        "A[^b].\n\n[^a]: Alone.\n\n[^b]: Meant.\n    [^c]: Within.\n\n[^b]: Twice.\n\n[Ida]: Yes\n\n[x]: /y"
    )
    assert markup.text == "A[1].\n\n[Ida]: Yes\n\nMeant.\n\nAlone.\n\nWithin.\n\nTwice."
    assert [note for _, note in parts(markup, K.FOOTNOTE)] == ["1", "2", "3", "4"]


def test_a_greater_sign_typed_before_a_line_of_html_quotes_it_whatever_its_source():
    markup = read_html(
        "<p>&gt; <em>Nobody</em> checks.<br>&gt; Nobody at all.<br>They do.</p><p>&gt;&gt; Is it?<br>&gt;It is not.</p>"
        "<div>&gt;! The butler.</div>"
    )
    assert markup.text == "Nobody checks.\nNobody at all.\n\nThey do.\n\nIs it?\n\nIt is not.\n\nThe butler."
    assert words(markup, K.QUOTE) == ["Nobody checks.\nNobody at all.", "Is it?", "Is it?", "It is not."]
    assert words(markup, K.SPOILER) == ["The butler."]
    assert find_flaws(markup) == []


@pytest.mark.parametrize(
    "line",
    [
        "&gt;50% of us say so",
        "&gt; 0.5",
        "&gt; x + y",
        "<code>&gt; git add it</code>",
        "&gt;&gt;&gt; import this",
        "&gt;_&lt;",
        "&gt;= 5 of us say so",
        "&gt;:(",
        '<a href="/n">&gt; Read on here</a>',
        "a &gt; b of all",
        "&gt;",
    ],
)
def test_a_greater_sign_before_a_formula_or_code_is_no_quotation(line):
    markup = read_html(f"<p>{line}</p>")
    assert words(markup, K.QUOTE) == []
    assert ">" in markup.text


def test_a_greater_sign_escaped_in_markdown_is_a_sign_that_an_editor_escaped_but_an_entity_is_the_authors():
    assert words(read_markdown("\\> Nobody checks.\n\nThey do."), K.QUOTE) == ["Nobody checks."]
    markup = read_markdown("&gt; is how it is written\n\n&amp;gt; too, I say")
    assert (markup.text, words(markup, K.QUOTE)) == ("> is how it is written\n\n&gt; too, I say", [])


# --- Plain text and mail


def test_mail_quotes_nest_and_attribution_lines_stand_alone_before_them():
    markup = read_text(
        "Hi all,\nOn Tue, 3 Feb 2009, Una Lie\n<una@e.org> wrote:\n> Ove wrote:\n> > Is it?\n> It is.\nIs "
        "not.\n\n--\nBo"
    )
    assert markup.text == (
        "Hi all,\n\nOn Tue, 3 Feb 2009, Una Lie\n<una@e.org> wrote:\n\nOve wrote:\n\nIs it?\n\nIt is.\n\nIs "
        "not.\n\n--\nBo"
    )
    assert words(markup, K.QUOTE) == ["Ove wrote:\n\nIs it?\n\nIt is.", "Is it?"]
    assert find_flaws(markup) == []


def test_python_prompts_are_code_and_escaped_from_lines_are_no_quotes():
    assert parts(read_text("Try\n\n>>> f(1)\n>>> f(2)\n\nok"), K.CODE) == [(">>> f(1)\n>>> f(2)", "")]
    assert words(read_text("> a\n>>> b"), K.QUOTE) == ["a\n\nb", "b", "b"]
    markup = read_text(">From here on")
    assert (markup.text, words(markup, K.QUOTE)) == ("From here on", [])


CODE_IN_MAIL = """\
I tried this:

import os
def f(self, x):
    # twice, to be sure
    return g(x)

class A(B):
    pass

and I get

Traceback (most recent call last):
  File "a.py", line 3, in ?
    f(1)
TypeError: no

-    self.x = 1
+    self.x = "the value that everybody here expects it to have"
if x is not None: I do not know what happens."""


def test_program_text_without_any_mark_is_code_and_what_is_said_about_it_is_not():
    markup = read_text(CODE_IN_MAIL)
    assert words(markup, K.PARAGRAPH) == [
        "I tried this:",
        "and I get",
        "if x is not None: I do not know what happens.",
    ]
    assert find_flaws(markup) == []


@pytest.mark.parametrize(
    "line",
    [
        "Corrigibility := the property of letting oneself be changed",
        "p(doom) = 0.2",
        "EV = p * U(x)",
        "return to the question of what we want",
        "if we do this: nothing happens (or so I think)",
        "with respect to goals: they are (mostly) learnt",
        "import of goods is what matters",
        "for example: agents [in the broad sense]",
        "print is dead",
        "class struggles are a thing of the past",
        "-- and so on",
        "<Ana> I think that it is fine.",
        "alignment = the model does what we want it to",
        "    An indented line is not code for that.",
        "while True beliefs exist, false ones do too.",
        "- goal-directedness (in the sense of Dennett)",
        "x" * 5000 + " = 1",
    ],
)
def test_prose_is_never_taken_for_program_text(line):
    assert words(read_text(line), K.CODE) == []


# --- Promises

SOUP = st.lists(
    st.one_of(
        st.sampled_from(
            "<p> </p> <div> </div> <blockquote> </blockquote> <ul> <ol> <li> </li> </ul> </ol> <b> </b> <em> "
            "</em> <br> "
            "<pre> </pre> <code> </code> <table> <tr> <td> </td> </tr> </table> <del> </del> <h2> </h2> "
            "<details> <sup> "
            "</sup> <summary> </summary> </details> <div\tclass=spoilers> <span\tclass=spoiler> </span> <hr> <q> </q> "
            "<div\tclass=llm-content-block> <li\tclass=footnote-item> <ol\tclass=footnotes> "
            "<sup><a\thref=#fn1>1</a></sup> "
            "<span\tclass=math-tex>\\[x\\]</span> <math\talttext=y> </math> <a\thref=/z> </a> <script> </script> "
            "<!-- --> &nbsp; &lt; &amp;".split(" ")
        ),
        st.text(alphabet=st.sampled_from("ab \n\t\u00a0.1<>&é👩\u200d\x00\x0b"), max_size=6),
    ),
    max_size=40,
).map("".join)

MARKS = st.lists(
    st.one_of(
        st.sampled_from(
            "*,**,_,~~,`,```\n,> ,>! ,- ,1. ,# ,\n,\n\n,[,](u),],![,$,$$,[^a],\n[^a]: ,|,\n|-|-|\n,<b>,<div>,+++ t\n,"
            "+++\n,%%% llm-output\n,%%% /llm-output\n,    ,\\,&amp;,---\n,%%note: ,%%,[1a ,[summary: "
            ",%%hidden(x): ".split(",")
        ),
        st.text(alphabet=st.sampled_from("ab \n\t1.é👩"), max_size=6),
    ),
    max_size=40,
).map("".join)


def sound(markup: Markup) -> None:
    assert find_flaws(markup) == []
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u200b\ud800-\udfff]", markup.text)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(SOUP, st.text(max_size=200)))
def test_passages_of_any_html_are_sound(source):
    sound(read_html(source))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(MARKS, st.text(max_size=200)), st.sampled_from(["commonmark", "arbital"]))
def test_passages_of_any_markdown_are_sound(source, dialect):
    sound(read_markdown(source, dialect))


@settings(max_examples=200, deadline=None)
@given(st.one_of(MARKS, st.text(max_size=200)))
def test_passages_of_any_plain_text_are_sound(source):
    sound(read_text(source))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.characters(blacklist_categories=["Cc", "Cs", "Cf"]), max_size=120))
def test_what_is_escaped_comes_back_as_written(text):
    folded = re.sub("[ \u00a0]+", " ", text).strip()
    assert read_html(html_module.escape(text)).text == folded
    assert read_html(f"<p>{html_module.escape(text)}</p>").text == folded


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 20_000 + "deep",
        "<blockquote><p>" * 20_000 + "deep",
        "<ul><li>" * 20_000 + "deep",
        "<p>" + "".join(f"<b id={n}>" for n in range(300)) + "<p>x" * 20_000 + "deep",
        "<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">deep",
        '<script>x<a ="</script>' + "<div>" * 20_000 + '">deep',
        "<svg><script>" + "<div>" * 20_000 + "</script></svg>deep",
        '<a "' * 20_000 + "><p>deep",
    ],
)
def test_hostile_html_is_read_in_bounded_time_without_losing_the_words(source):
    begun = time.process_time()
    markup = read_html(source)
    assert time.process_time() - begun < 3
    assert markup.text.endswith("deep")
    assert find_flaws(markup) == []


@pytest.mark.parametrize(
    "source",
    [
        "> " * 5_000 + "deep",
        "- " * 5_000 + "deep",
        ">! " * 5_000 + "deep",
        "[" * 20_000 + "deep",
        "![" * 10_000 + "deep",
        "*a " * 20_000 + "deep",
        "`" * 3 + "a`" * 20_000 + "deep",
        "%%note: [1a " * 10_000 + "deep",
        "[summary: " * 10_000 + "%%" * 10_000 + "deep",
    ],
)
@pytest.mark.parametrize("dialect", ["commonmark", "arbital"])
def test_hostile_markdown_is_read_in_bounded_time_without_losing_the_words(source, dialect):
    begun = time.process_time()
    markup = read_markdown(source, dialect)
    assert time.process_time() - begun < 6
    assert markup.text.endswith("deep")


def test_what_is_too_large_is_refused_by_name():
    with pytest.raises(TooLarge, match="the most one utterance may have"):
        read_html("<p>" + "word " * 250_000)
    with pytest.raises(TooLarge):
        read_markdown("word " * 1_000_000)
    with pytest.raises(TooLarge):
        read_text("word " * 1_000_000)
    with pytest.raises(TooLarge):
        read_html("<b>" * 2_000_001)
    with pytest.raises(TooLarge):
        Writer(limit=3).write_exactly("four")
