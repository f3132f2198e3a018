"""In a real browser: type a claim, find the person, follow a filter, send the link; and hostile words stay words."""

import re
import shutil
from datetime import UTC, datetime

import pytest

from corpus.model import Attribution, Claim, ClaimKind, Conversation, Speaker, Utterance, make_claim_id
from corpus.record import Extraction, Record
from ui.base_location import BaseLocation

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    context = chromium.new_context()
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def eventually(locator):
    """Expect something of a part of the page within the time that drawing it may take."""
    from playwright.sync_api import expect

    expect.set_options(timeout=30_000)
    return expect(locator)


def names(page):
    return page.locator("article.ct-card .ct-who").all_inner_texts()


def test_the_main_job(page, small_server):
    page.goto(small_server)
    page.get_by_text("Who said that?").wait_for()
    box = page.get_by_label("Search for a claim", exact=True)
    box.fill("an AI behaves only while it is being watched")
    box.press("Enter")
    page.locator("article.ct-card").first.wait_for()
    first = page.locator("article.ct-card").first
    assert first.locator(".ct-who").inner_text() == "Ilse Marchetti"
    assert first.locator(".ct-claim-words").inner_text().startswith("An agent keeps its goal only while")
    assert first.get_by_text("open the passage").get_attribute("href").startswith("https://forum.example/oversight#o1")
    assert len(set(names(page))) > 1

    page.get_by_role("navigation", name="People").get_by_role("link", name=re.compile("Tobias Renner")).click()
    page.wait_for_url(re.compile("speaker=Tobias"))
    page.locator("a.ct-chosen").wait_for()
    assert set(names(page)) == {"Tobias Renner"}
    eventually(page.get_by_label("Search for a claim", exact=True)).to_have_value(
        "an AI behaves only while it is being watched"
    )

    shown = page.locator(".ct-claim-words").all_inner_texts()
    page.reload()
    page.locator("a.ct-chosen").wait_for()
    eventually(page.locator(".ct-claim-words")).to_have_text(shown)

    other = page.context.browser.new_context()
    copied = other.new_page()
    copied.goto(page.url)
    copied.locator("a.ct-chosen").wait_for()
    eventually(copied.locator(".ct-claim-words")).to_have_text(shown)
    other.close()


def test_a_filter_chosen_in_the_page_comes_into_its_address(page, small_server):
    page.goto(f"{small_server}/?q=rat")
    page.locator(".ct-foot").wait_for()
    page.get_by_text("Also retracted claims").click()
    page.wait_for_url(re.compile("include_retracted=true"))
    page.get_by_text("retracted", exact=True).first.wait_for()


def test_from_a_hit_to_its_thread_and_back_to_a_person(page, small_server):
    page.goto(f"{small_server}/?q=a+thermostat+keeps+its+set+point")
    page.locator("article.ct-card").first.locator(".ct-where").click()
    page.locator("article.ct-current").first.wait_for()
    assert "A thermostat keeps" in page.locator("article.ct-current").first.inner_text()
    page.goto(f"{small_server}/people?name=ilse")
    page.get_by_role("link", name="Ilse Marchetti").click()
    page.get_by_role("heading", name="Ilse Marchetti").wait_for()


def test_from_a_mismatch_to_its_term_and_to_the_thread(page, talk_server):
    page.goto(talk_server)
    page.get_by_role("link", name="Mismatches").first.click()
    card = page.locator("article.ct-mismatch")
    card.wait_for()
    for name, words in (("Amara Osei", "lets itself be switched off"), ("Jun Takagi", "a habit of asking")):
        side = card.get_by_role("region", name=f"{name} says what it means")
        assert words in side.locator("blockquote").inner_text()
        assert side.locator(".ct-use").inner_text().casefold() == "corrigibility"
    styles = [
        card.locator(f".ct-use-{which}").evaluate("mark => getComputedStyle(mark).textDecorationStyle")
        for which in "ab"
    ]
    assert styles == ["solid", "wavy"]

    card.get_by_role("link", name="corrigibility", exact=True).click()
    page.wait_for_url(re.compile("terms.*corrigibility"))
    page.get_by_role("heading", name="corrigibility", exact=True, level=1).wait_for()
    assert page.locator(".ct-sense-card").count() == 2

    page.locator("article.ct-mismatch").get_by_role("link", name="What people mean by corrigibility").click()
    current = page.locator("article.ct-current").first
    current.wait_for()
    assert "a habit of asking" in current.inner_text()
    assert current.locator(".ct-mismatched").inner_text() == "Corrigibility"


def test_the_new_pages_fit_a_narrow_dark_screen(chromium, talk_server):
    context = chromium.new_context(viewport={"width": 400, "height": 800}, color_scheme="dark")
    page = context.new_page()
    for path in ("/mismatches", "/terms", "/terms?term=corrigibility", "/check"):
        page.goto(talk_server + path)
        page.locator(".ct-foot").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 400, path
    context.close()


def test_it_is_usable_without_a_mouse_and_on_a_narrow_screen(chromium, small_server):
    context = chromium.new_context(viewport={"width": 400, "height": 800}, color_scheme="dark")
    page = context.new_page()
    page.goto(f"{small_server}/?q=goal")
    page.locator(".ct-foot").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    box = page.get_by_label("Search for a claim", exact=True)
    box.focus()
    page.keyboard.press("Tab")
    reached = set()
    for _ in range(60):
        reached.add(page.evaluate("document.activeElement.innerText || document.activeElement.ariaLabel || ''").strip())
        page.keyboard.press("Tab")
    assert any("similar claims" in words for words in reached)
    context.close()


EVIL = (
    '<img src=x onerror="window.__xss=1;alert(1)"><script>window.__xss=1</script>'
    '<svg onload="window.__xss=1">![m](http://canary.example/m.png)[l](javascript:window.__xss=1)"\'>{{7*7}}'
)


@pytest.fixture(scope="module")
def hostile_server(serving, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    eve = Speaker(EVIL, EVIL, EVIL, "javascript:window.__xss=1")
    text = f"{EVIL} so says the harbour master."
    utterance = Utterance(
        *(EVIL, EVIL, text, eve), posted_at=datetime(2024, 1, 1, tzinfo=UTC), url="javascript:window.__xss=1"
    )

    def extract(_):
        place = (utterance.id, 0, len(text), text, EVIL)
        own = Claim(make_claim_id(*place[:4]), *place, ClaimKind.ASSERTION, Attribution.REPORTED, eve, holder=EVIL)
        part = (utterance.id, 1, len(text), text[1:], EVIL)
        quoted = Claim(make_claim_id(*part[:4]), *part, ClaimKind.ASSERTION, Attribution.QUOTED, eve, quoted_by=eve)
        return Extraction((own, quoted))

    with Record.open(folder / "corpus.db") as record:
        conversation = Conversation(EVIL, EVIL, (utterance,), EVIL, "data:text/html,<script>window.__xss=1</script>")
        record.store(conversation, source=EVIL, rank=1, extract=extract)
    with BaseLocation(folder).open(purpose="tests") as knowledge:
        knowledge.refresh()
    return serving(folder)


def test_hostile_words_stay_words_on_every_page(chromium, hostile_server):
    from urllib.parse import quote

    evil = quote(EVIL)
    context = chromium.new_context()
    page = context.new_page()
    alarms, called = [], []
    page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: called.append(request.url))
    for path in (
        "/",
        "/?q=harbour+master&include_quotes=true",
        f"/?q={evil}",
        f"/?q=harbour&speaker={evil}&site={evil}&include_quotes=true",
        f"/?like={evil}",
        "/people",
        f"/people?id={evil}",
        f"/thread?id={evil}&at={evil}",
    ):
        page.goto(hostile_server + path)
        page.locator('[data-testid="stHtml"]').locator("h1, h2, .ct-foot").first.wait_for()
        page.wait_for_timeout(700)
        assert page.evaluate("window.__xss") is None
        inside = page.locator('[data-testid="stHtml"]')
        assert inside.locator("img, script, svg, iframe, form, [onerror], [onload]").count() == 0
        assert inside.locator('a[href^="javascript"], a[href^="data"]').count() == 0
    assert not alarms
    elsewhere = [url for url in called if not url.startswith((hostile_server, "data:", "blob:"))]
    assert not elsewhere
    context.close()


def test_headers_stand_on_page_and_api_alike(page, small_server):
    for path in ("/", "/people", "/v1/search?q=goal", "/healthz", "/openapi.json", "/v1/none"):
        headers = page.request.get(small_server + path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "'unsafe-inline'" not in re.search("script-src [^;]*", headers["content-security-policy"]).group()
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers


def test_another_host_name_is_refused(page, small_server):
    for path in ("/", "/v1/search"):
        assert page.request.get(small_server + path, headers={"Host": "evil.example"}).status == 400


def test_a_token_is_asked_for_and_let_in(chromium, serving, small_base, copy_of):
    token = "a-token-nobody-guesses"
    address = serving(copy_of(small_base), "--token", token)
    stranger = chromium.new_context()
    assert stranger.request.get(address).status == 401
    assert stranger.request.get(f"{address}/v1/search", headers={"Authorization": "Bearer wrong"}).status == 401
    assert stranger.request.get(f"{address}/v1/search", headers={"Authorization": f"Bearer {token}"}).status == 200
    stranger.close()
    friend = chromium.new_context(http_credentials={"username": "any", "password": token})
    page = friend.new_page()
    page.goto(f"{address}/?q=goal")
    page.locator("article.ct-card").first.wait_for()
    friend.close()
