"""The web pages, without a browser: what they show, what an address means, and that words stay words."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Claim, ClaimKind, Conversation, Heading, Speaker, Utterance, make_claim_id
from corpus.record import Extraction, Record
from corpus.term_key import make_term_key
from index.answers import Hit
from index.findings import findings
from index.findings.bodies import write_body
from index.findings.findings_store import Finding
from ui.base_location import BaseLocation
from ui.server import served_base
from ui.web import cards, elements

WEB = Path(elements.__file__).parent
EVIL = '<img src=x onerror="window.__xss=1"><script>window.__xss=1</script>![x](http://canary.example/x) $x$ :red[y]'


@pytest.fixture
def base(small_base, monkeypatch):
    yield from opened(small_base, monkeypatch)


def opened(folder, monkeypatch):
    for name, value in BaseLocation(folder).make_environment().items():
        monkeypatch.setenv(name, value)
    knowledge = served_base.open_served_base()
    yield knowledge
    knowledge.close()
    served_base.open_base_at.cache_clear()


def visit(page="search.py", **query):
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(WEB / "app.py", default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    if page != "search.py":
        app.switch_page(f"views/{page}")
    app.run()
    assert not app.exception
    return app


def markup(app):
    return "\n".join(element.proto.body for element in app.get("html"))


def test_the_first_page_says_what_is_here_and_offers_searches(base):
    said = markup(visit())
    assert "4 people" in said
    assert "/?q=" in said
    assert "Ilse Marchetti" in said


def test_an_address_is_a_search(base):
    app = visit(q="an AI behaves only while it is being watched")
    said = markup(app)
    assert app.text_input(key="q").value == "an AI behaves only while it is being watched"
    assert said.index("An agent keeps its") < said.index("</article>")
    assert "/v1/search?q=an+AI" in said


def test_filters_stand_in_the_address(base):
    app = visit(q="corrigibility", speaker="Jun Takagi", kind="recommendation", since="2024-03-01", mode="lexical")
    said = markup(app)
    assert app.multiselect(key="speaker").value == ["Jun Takagi"]
    assert app.selectbox(key="mode").value == "lexical"
    assert app.date_input(key="since").value == datetime(2024, 3, 1, tzinfo=UTC).date()
    assert "Amara Osei" not in re.sub(r"<footer.*", "", said.split('aria-label="Results"')[-1]) or "Nobody here" in said


def test_retracted_claims_are_shown_on_demand_and_marked(base):
    assert "Cheese" not in markup(visit(q="what a laboratory rat wants"))
    shown = markup(visit(q="what a laboratory rat wants", include_retracted="true"))
    assert 'ct-retracted" title="The author has taken this back">retracted' in shown


def test_nothing_found_says_what_to_do(base):
    said = markup(visit(q="goal", speaker="Nobody At All"))
    assert "Nobody here said that" in said


def test_a_thread_shows_its_tree_and_marks_its_claims(base):
    said = markup(visit("thread.py", id="oversight", at="o3"))
    assert said.index("ct-depth-0") < said.index("ct-depth-1") < said.index("ct-depth-2")
    assert "ct-current" in said
    assert "ct-quoted" in said


def test_people_and_one_person(base):
    everybody = markup(visit("people.py"))
    assert all(name in everybody for name in ("Ilse Marchetti", "Tobias Renner", "Amara Osei", "Jun Takagi"))
    ilse = markup(visit("people.py", id="forum.example:ilse"))
    assert "quoted by others once" in ilse
    assert "An agent keeps its goal" in ilse


@pytest.fixture
def talk(talk_base, monkeypatch):
    yield from opened(talk_base, monkeypatch)


def test_mismatches_show_both_sides_and_the_filters_are_in_the_address(talk):
    said = markup(visit("mismatches.py"))
    assert said.index("Amara Osei") < said.index("Jun Takagi")
    assert said.count("ct-use ct-use-a") == 1 and said.count("ct-use ct-use-b") == 1
    assert "disagreement" in said and "noticed by them" in said and "/v1/mismatches" in said
    assert "Amara Osei" in markup(visit("mismatches.py", term="corrigible", conversation="words"))
    assert "Nobody is found" in markup(visit("mismatches.py", term="oversight"))
    assert "not in this base" in markup(visit("mismatches.py", conversation="none"))
    assert "Amara Osei" in markup(visit("mismatches.py", id="w1-w2"))
    assert "no longer in this base" in markup(visit("mismatches.py", id="none"))


def test_terms_and_one_term_with_its_senses_side_by_side(talk):
    everything = markup(visit("terms.py"))
    assert everything.index("corrigibility") < everything.index("oversight")
    one = markup(visit("terms.py", term="Corrigible"))
    assert one.index("Sense 1 of 2") < one.index("Amara Osei") < one.index("Sense 2 of 2") < one.index("Jun Takagi")
    assert "/v1/terms/corrigibility" in one
    assert "not in this base" in markup(visit("terms.py", term="cheese"))
    assert "No term of that name" in markup(visit("terms.py", q="cheese"))


def test_a_draft_is_checked(talk):
    app = visit("check.py")
    app.text_area(key="text").set_value("A corrigible system lets itself be switched off.")
    app.button[0].click().run()
    assert not app.exception
    said = markup(app)
    assert "may be misread" in said and "Jun Takagi" in said and "a system lets itself be switched off" in said
    app.text_area(key="text").set_value(" ")
    app.button[0].click().run()
    assert "nothing to check" in markup(app)


def test_a_thread_marks_terms_in_two_senses(talk):
    said = markup(visit("thread.py", id="words"))
    assert said.count('class="ct-in-text ct-mismatched" title="in two senses here: corrigibility"') == 2
    assert "where they talk past each other" in said
    assert 'class="ct-in-text ct-mismatched"' not in markup(visit("thread.py", id="oversight"))


@pytest.mark.parametrize("page", ["thread.py", "people.py"])
def test_what_is_not_there_is_said(base, page):
    assert "not in this base" in markup(visit(page, id="no-such-thing")) or "in this base" in markup(
        visit(page, id="no-such-thing")
    )


def test_an_empty_base_says_how_to_fill_it(tmp_path, monkeypatch):
    Record.open(tmp_path / "corpus.db").close()
    for _ in opened(tmp_path, monkeypatch):
        for page in ("search.py", "mismatches.py", "terms.py"):
            assert re.search("crosstalk (?:ingest|analyze)", markup(visit(page)))


def hostile_conversation():
    eve = Speaker(EVIL, EVIL, EVIL, "javascript:alert(1)")
    text = f"{EVIL} is what the harbour master says."
    utterance = Utterance(EVIL, EVIL, text, eve, posted_at=datetime(2024, 1, 1, tzinfo=UTC), url="javascript:alert(2)")
    return Conversation(EVIL, EVIL, (utterance,), EVIL, "data:text/html,<script>window.__xss=1</script>")


def hostile_extraction(conversation):
    (utterance,) = conversation.utterances
    text, end = utterance.text, len(utterance.text)
    claim = Claim(
        *(make_claim_id(utterance.id, 0, end, text), utterance.id, 0, end, text, text, ClaimKind.ASSERTION),
        speaker=utterance.speaker,
        terms=(EVIL,),
    )
    return Extraction((claim,))


@pytest.fixture(scope="module")
def hostile_base(tmp_path_factory, replace_findings):
    folder = tmp_path_factory.mktemp("hostile")
    with Record.open(folder / "corpus.db") as record:
        record.store(hostile_conversation(), source=EVIL, rank=1, extract=hostile_extraction)
    with BaseLocation(folder).open(purpose="tests") as knowledge:
        knowledge.refresh()
        put_hostile_findings(knowledge, replace_findings)
    return folder


def put_hostile_findings(knowledge, replace_findings):
    eve = Speaker(EVIL, EVIL, EVIL, "javascript:alert(1)")
    text = f"{EVIL} is what the harbour master says."
    place = (eve, EVIL, 0, len(text), text)
    sense = findings.Sense(
        *(EVIL, 1, (findings.Gloss(*place, EVIL),), (findings.Usage(*place),), (findings.Share(eve, 1),))
    )
    term = findings.Term(EVIL, (EVIL, "harbour"), 1, (findings.Share(eve, 1),), senses=(sense, sense))
    side = findings.Side(*place, EVIL)
    found = findings.Mismatch(
        *(EVIL, EVIL, 0.5, findings.MismatchKind.IMPLICIT, False, EVIL, side, side),
        Heading(EVIL, EVIL, "javascript:alert(3)", EVIL),
    )
    names = [("name", make_term_key(EVIL)), ("name", "harbour")]
    replace_findings(knowledge, "term", [Finding(EVIL, write_body(term), names)])
    keys = [("term", make_term_key(EVIL)), ("conversation", EVIL)]
    body = write_body(found)
    replace_findings(knowledge, "mismatch", [Finding(EVIL, body, keys)])


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("search.py", {}),
        ("search.py", {"q": "harbour master"}),
        ("search.py", {"q": EVIL}),
        ("search.py", {"q": "harbour master", "speaker": EVIL, "site": EVIL}),
        ("search.py", {"like": EVIL}),
        ("people.py", {}),
        ("people.py", {"id": EVIL}),
        ("people.py", {"name": EVIL}),
        ("thread.py", {"id": EVIL, "at": EVIL}),
        ("mismatches.py", {}),
        ("mismatches.py", {"term": EVIL, "conversation": EVIL}),
        ("mismatches.py", {"id": EVIL}),
        ("terms.py", {}),
        ("terms.py", {"q": EVIL}),
        ("terms.py", {"term": EVIL}),
        ("check.py", {}),
    ],
)
def test_hostile_words_stay_words_in_every_field(hostile_base, monkeypatch, page, query):
    for _ in opened(hostile_base, monkeypatch):
        app = visit(page, **query)
        said = markup(app)
        assert not re.search(r"<(?:img|script|iframe|svg|object|form)\b", said.replace(style(), ""))
        assert not re.search(r"href=\"(?!/|https?://)", said)
        assert not app.markdown  # a sink that would read Markdown


def style():
    return (WEB / "style.css").read_text()


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_marking_words_keeps_every_one_of_them(text, spans):
    marks = [(start, end, "mark", "") for start, end in spans]
    shown = cards.mark_text(text, marks).markup
    assert re.sub(r"</?mark>", "", shown) == elements.join_pieces([text]).markup


@given(st.text(max_size=200))
def test_a_card_can_hold_any_words(words):
    speaker = Speaker("s:1", words or "x", None, None)
    claim = Claim("c", "u", 0, len(words) + 1, words + ".", words, speaker=speaker, quoted_by=speaker, holder=words)
    hit = Hit(claim, Heading("t", words, words, words), before=words, after=words, url=words)
    shown = cards.make_hit_card(hit).markup
    assert set(re.findall(r"<([a-z0-9]+)", shown)) <= elements.TAGS


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://forum.example/p#:~:text=a", "forum.example"),
        ("HTTP://FORUM.example/", "forum.example"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("https://forum.example@evil.example/", None),
        (" https://forum.example", None),
        ("https://", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links_and_show_where_they_lead(url, host):
    assert elements.find_web_host(url) == host
    shown = elements.link_site(url, "words").markup
    assert ("href=" in shown) is (host is not None)
    assert host is None or (host in shown and "noopener" in shown)


# ---- the sinks: by reading the code -------------------------------------------------------------------------------

FORBIDDEN = {"unsafe_allow_html", "unsafe_allow_javascript"}
# Elements of Streamlit that read words as Markdown or HTML: they may only be given words that stand in the code.
MARKDOWN = set(
    "markdown write caption title header subheader latex code button link_button page_link download_button checkbox "
    "toggle radio selectbox multiselect slider text_input text_area number_input date_input time_input expander "
    "popover tabs metric success info warning error exception toast status spinner pills segmented_control "
    "chat_message badge write_stream json dialog form_submit_button file_uploader color_picker help echo".split()
)


def calls():
    for path in sorted(WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node


def test_labels_and_markdown_are_literals():
    wrong = []
    for path, call in calls():
        if isinstance(call.func, ast.Attribute) and call.func.attr in MARKDOWN:
            words = call.args[:1] + [
                k.value for k in call.keywords if k.arg in ("label", "body", "help", "placeholder")
            ]
            if not all(isinstance(word, ast.Constant) for word in words):
                wrong.append(f"{path.name}:{call.lineno} {call.func.attr}")
    assert not wrong


def test_html_has_one_door():
    doors, makers = set(), set()
    for path, call in calls():
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name == "html" and not ast.unparse(call.args[0]).startswith("HERE / "):
            doors.add(path.name)
        if name == "Html":
            makers.add(path.name)
        assert not FORBIDDEN & {keyword.arg for keyword in call.keywords}
        assert name not in ("iframe", "components")
    assert doors == makers == {"elements.py"}
