"""Search: who said this? The right words, by the right person, where they stand, in a stable order."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import NotFound, WrongUsage
from corpus.model import Attribution, Claim, ClaimKind, Conversation, Speaker, Utterance, make_claim_id
from corpus.record import Extraction, Record
from index.answers import Mode, Query
from index.encoding.bm25 import Bm25
from index.encoding.sentence_encoder import Encoder
from index.knowledge_base import KnowledgeBase
from index.passages import extract_after, extract_before, make_permalink
from index.search.ranking import fold_repeats, fuse
from index.store.points import StoredPoint
from index.text_keys import make_fold_key
from index.wire.claims import HitJson

DAY = datetime(2024, 3, 1, 12, tzinfo=UTC)
ODA, PELLE, RUNA = (Speaker(f"forum:{name.lower()}", f"{name} Testrup", "forum") for name in ("Oda", "Pelle", "Runa"))


def thread(name, site, turns, days=0):
    """A conversation of (speaker, text): every line of a text is a claim; "> " quotes the post's author."""
    utterances = []
    for n, (speaker, text) in enumerate(turns):
        posted = DAY + timedelta(days=days, hours=n) if days is not None else None
        url = f"https://{site}.test/{name}#c{n}" if n else None
        reply = f"{site}:{name}.0" if n else None
        utterances.append(
            Utterance(f"{site}:{name}.{n}", f"{site}:{name}.0", text, speaker, reply, posted, url=url, karma=n)
        )
    return Conversation(f"{site}:{name}.0", name.title(), tuple(utterances), site, f"https://{site}.test/{name}")


THREADS = [
    thread(
        "watching",
        "forum",
        [
            (ODA, "Goals survive only while somebody is watching.\nA thermostat has no goals at all.\nI agree."),
            (
                PELLE,
                "> Goals survive only while somebody is watching.\nA habit can survive without any watcher.\nI agree.",
            ),
            (RUNA, "Will a watched goal stay the same goal?\nI agree!\nWe should stop all oversight."),
        ],
    ),
    thread(
        "cats",
        "garden",
        [
            (RUNA, "My cat sleeps on the radiator.\nCats learn which door opens.\ni agree"),
            (None, "Nobody signs this remark about radiators.\nThe xylotomist cut a thin slice of pine."),
        ],
        days=30,
    ),
    thread("undated", "garden", [(ODA, "Tulips need a cold winter.\nMulch keeps the soil moist.")], days=None),
]


def extract(read):
    claims = []
    for utterance in read.utterances:
        start = 0
        for line in utterance.text.split("\n"):
            quoted = line.startswith("> ")
            begin, end = start + 2 * quoted, start + len(line)
            words = line[2 * quoted :]
            claims.append(
                Claim(
                    make_claim_id(utterance.id, begin, end, words),
                    utterance.id,
                    begin,
                    end,
                    words,
                    words,
                    kind=ClaimKind.QUESTION if words.endswith("?") else ClaimKind.ASSERTION,
                    attribution=Attribution.QUOTED if quoted else Attribution.OWN,
                    speaker=ODA if quoted else utterance.speaker,
                    quoted_by=utterance.speaker if quoted else None,
                    retracted="stop all oversight" in words,
                )
            )
            start = end + 1
    return Extraction(tuple(claims))


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    with Record.open(folder / "corpus.db") as record:
        for one in THREADS:
            record.store(one, source="test", rank=1, extract=extract)
    with KnowledgeBase.open(folder) as opened:
        opened.refresh()
        yield opened


def texts(page):
    return [hit.claim.text for hit in page.items]


@pytest.mark.parametrize("mode", Mode)
def test_each_mode_puts_the_right_persons_words_first(knowledge, mode):
    hit = knowledge.search.find(Query("goals survive only while watched", mode=mode)).items[0]
    assert hit.claim.text == "Goals survive only while somebody is watching."
    assert hit.claim.speaker == ODA and hit.claim.attribution is Attribution.OWN
    assert 0 < hit.score <= 1


def test_meaning_finds_what_shares_no_word_and_words_find_what_nobody_knows(knowledge):
    dense = knowledge.search.find(Query("feline naps in a warm place", mode=Mode.DENSE))
    assert texts(dense)[0] == "My cat sleeps on the radiator."
    assert knowledge.search.find(Query("feline naps", mode=Mode.LEXICAL)).items == ()
    assert texts(knowledge.search.find(Query("xylotomist", mode=Mode.LEXICAL))) == [
        "The xylotomist cut a thin slice of pine."
    ]
    assert texts(knowledge.search.find(Query("xylotomist")))[0] == "The xylotomist cut a thin slice of pine."


def test_what_was_quoted_or_taken_back_is_shown_only_when_asked_for(knowledge):
    words = "goals survive only while somebody is watching"
    assert all(hit.claim.attribution is not Attribution.QUOTED for hit in knowledge.search.find(Query(words)).items)
    shown = knowledge.search.find(Query(words, include_quotes=True)).items
    shown = shown[:2]
    assert {hit.claim.attribution for hit in shown} == {Attribution.OWN, Attribution.QUOTED}
    quoted = next(HitJson.dump(hit) for hit in shown if hit.claim.attribution is Attribution.QUOTED)
    assert (quoted["speaker"], quoted["quoted_by"]) == ("Oda Testrup", "Pelle Testrup")
    assert "We should stop all oversight." not in texts(knowledge.search.find(Query("stop oversight")))
    back = knowledge.search.find(Query("stop oversight", include_retracted=True)).items[0]
    assert back.claim.text == "We should stop all oversight." and HitJson.dump(back)["retracted"] is True


FILTERS = {
    "speaker by name": (Query("", speakers=("runa TESTRUP",)), lambda hit: hit.claim.speaker == RUNA),
    "speaker by id": (Query("", speakers=("forum:oda",)), lambda hit: hit.claim.speaker == ODA),
    "two speakers": (Query("", speakers=("forum:oda", "Pelle Testrup")), lambda hit: hit.claim.speaker in (ODA, PELLE)),
    "site": (Query("", sites=("garden",)), lambda hit: hit.conversation.site == "garden"),
    "kind": (Query("", kinds=("question",)), lambda hit: hit.claim.kind is ClaimKind.QUESTION),
    "since": (Query("", since=DAY + timedelta(days=5)), lambda hit: hit.posted_at and hit.posted_at.day == 31),
    "until": (Query("", until=DAY + timedelta(hours=1)), lambda hit: hit.posted_at == DAY),
}


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("text", ["", "cats and goals, watched"])
def test_filters_keep_all_that_passes_and_nothing_else(knowledge, name, text):
    query, passes = FILTERS[name]
    found = knowledge.search.find(replace(query, text=text, limit=100))
    with knowledge.open_record() as record:
        claims = [claim for one in THREADS for claim in record.list_claims_of(one.id)]
    hits = [knowledge.search.get_hit(claim.id) for claim in claims]
    shown = [hit for hit in hits if hit.claim.attribution is Attribution.OWN and not hit.claim.retracted]
    passing = said(hit for hit in shown if passes(hit))
    assert passing and said(found.items) == passing != said(shown)


def said(hits):
    return {(hit.claim.speaker, hit.claim.text.lower().strip(".!?")) for hit in hits}


def test_filters_that_nobody_passes_give_an_empty_page(knowledge):
    assert knowledge.search.find(Query("goals", speakers=("Nobody At All",))).items == ()
    assert knowledge.search.find(Query("", sites=("nowhere",))).total == 0


def test_no_words_list_the_newest_first_and_the_undated_last(knowledge):
    page = knowledge.search.find(Query("", limit=100))
    moments = [hit.posted_at for hit in page.items]
    dated = [moment for moment in moments if moment]
    assert dated == sorted(dated, reverse=True) and moments[-2:] == [None, None]
    assert page.total == len(page.items) == 14


@pytest.mark.parametrize("text", ["", "I agree that goals and cats are watched"])
@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_pages_joined_are_the_whole_list(knowledge, text, limit):
    whole = [hit.claim.id for hit in knowledge.search.find(Query(text, limit=100)).items]
    joined, cursor = [], None
    while True:
        page = knowledge.search.find(Query(text, limit=limit, cursor=cursor))
        joined += [hit.claim.id for hit in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert joined == whole


def test_a_cursor_fits_its_own_question_only(knowledge):
    cursor = knowledge.search.find(Query("goals", limit=1)).next
    for query in (Query("cats", limit=1, cursor=cursor), Query("goals", limit=1, cursor="nonsense")):
        with pytest.raises(WrongUsage, match="another question"):
            knowledge.search.find(query)


def test_equal_words_of_one_person_fold_and_of_two_people_do_not(knowledge):
    agreed = [
        hit for hit in knowledge.search.find(Query("I agree", limit=50)).items if "agree" in hit.claim.text.lower()
    ]
    assert sorted(hit.claim.speaker.name for hit in agreed) == ["Oda Testrup", "Pelle Testrup", "Runa Testrup"]
    of_runa = next(hit for hit in agreed if hit.claim.speaker == RUNA)
    assert len(of_runa.others) == 1
    assert {of_runa.claim.utterance_id, of_runa.others[0][0]} == {"forum:watching.2", "garden:cats.0"}


def test_highlights_are_the_querys_words_whatever_their_ending(knowledge):
    hit = knowledge.search.find(Query("watcher's habits surviving")).items[0]
    shown = [hit.claim.text[start:end] for start, end in hit.highlights]
    assert hit.claim.text == "A habit can survive without any watcher." and shown == ["habit", "survive", "watcher"]


def test_context_is_what_stands_around_the_claim(knowledge):
    hit = knowledge.search.find(Query("a thermostat has no goals", mode=Mode.LEXICAL)).items[0]
    assert (hit.before, hit.after) == ("Goals survive only while somebody is watching.", "I agree.")


def test_facets_count_what_was_found(knowledge):
    counts = knowledge.search.count_facets(Query(""))
    assert {facet.label: facet.count for facet in counts["speaker"]} == {
        "Oda Testrup": 5,
        "Runa Testrup": 5,
        "Pelle Testrup": 2,
    }
    assert {facet.value: facet.count for facet in counts["site"]} == {"forum": 7, "garden": 7}
    found = knowledge.search.find(Query("goals"))
    assert sum(facet.count for facet in found.facets["kind"]) == found.total


def test_similar_claims_leave_out_the_claim_itself_and_its_repetitions(knowledge):
    claim = knowledge.search.find(Query("I agree", speakers=("forum:runa",))).items[0].claim
    near = knowledge.search.find_similar(claim.id, 3)
    assert claim.id not in [hit.claim.id for hit in near.items] and len(near.items) == 3
    assert {hit.claim.speaker for hit in near.items[:2]} == {ODA, PELLE}
    with pytest.raises(NotFound):
        knowledge.search.find_similar("00000000-0000-0000-0000-000000000000")


def test_one_claim_can_be_asked_for_even_if_quoted(knowledge):
    found = knowledge.search.find(Query("", include_quotes=True, limit=100)).items
    quoted = next(hit for hit in found if hit.claim.attribution is Attribution.QUOTED)
    again = knowledge.search.get_hit(quoted.claim.id)
    assert (again.claim, again.url, again.before) == (quoted.claim, quoted.url, quoted.before)
    with pytest.raises(NotFound):
        knowledge.search.get_hit("00000000-0000-0000-0000-000000000000")


@pytest.mark.parametrize(
    "text", ["?!", "the of and", "\U0001f642", "x" * 1000, "对齐是什么", "\ud800", " \t", '"((', "-a"]
)
@pytest.mark.parametrize("mode", Mode)
def test_strange_queries_get_an_answer(knowledge, text, mode):
    page = knowledge.search.find(Query(text, mode=mode))
    assert all(0 <= hit.score <= 1 for hit in page.items)
    assert page.items or mode is Mode.LEXICAL


def test_senseless_queries_are_refused_with_the_limit(knowledge):
    for query, words in (
        (Query("x" * 1001), "1,000"),
        (Query("x", limit=0), "limit"),
        (Query("x", kinds=("poem",)), "poem"),
    ):
        with pytest.raises(WrongUsage, match=words):
            knowledge.search.find(query)


def test_several_threads_may_ask_at_once(knowledge):
    queries = [Query(text, mode=mode) for text in ("goals and watchers", "cats", "") for mode in Mode] * 3
    alone = [[hit.claim.id for hit in knowledge.search.find(query).items] for query in queries]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda query: [hit.claim.id for hit in knowledge.search.find(query).items], queries))
    assert together == alone


def test_the_same_question_has_the_same_answer(knowledge):
    query = Query("I agree that goals and cats are watched", limit=50)
    first = [(hit.claim.id, hit.score) for hit in knowledge.search.find(query).items]
    assert first == [(hit.claim.id, hit.score) for hit in knowledge.search.find(query).items]


# ---- the parts -----------------------------------------------------------------------------------------------------


def test_fusion_weighs_meaning_and_the_share_of_the_words():
    dense = [StoredPoint("a", {}, 0.9), StoredPoint("b", {}, 0.5), StoredPoint("c", {}, -0.2)]
    lexical = [StoredPoint("c", {}, 8.0), StoredPoint("b", {}, 4.0), StoredPoint("d", {}, 1.0)]
    by = {mode: {one.id: one.score for one in fuse(dense, lexical, 8.0, mode)} for mode in Mode}
    assert by[Mode.HYBRID] == pytest.approx({"c": 0.6, "a": 0.36, "b": 0.4 * 0.5 + 0.6 * 0.25, "d": 0.6 / 64})
    assert [one.id for one in fuse(dense, lexical, 8.0, Mode.HYBRID)] == ["c", "a", "b", "d"]
    assert by[Mode.DENSE]["a"] == 0.9 and by[Mode.LEXICAL]["b"] == 0.5
    common = fuse(dense, [], 0.0, Mode.HYBRID)
    assert [(one.id, one.score) for one in common] == [("a", 0.9), ("b", 0.5), ("c", 0.0)]


def test_equal_scores_are_ordered_by_id_and_folding_keeps_the_best():
    scored = [("z", "1", 0.5), ("a", "1", 0.5), ("m", "2", 0.4)]
    ranked = fuse([StoredPoint(id_, {"fold": fold}, score) for id_, fold, score in scored], [], 0.0, Mode.DENSE)
    assert [one.id for one in ranked] == ["a", "z", "m"]
    assert [one.id for one in fold_repeats(ranked)] == ["a", "m"]


def test_folding_looks_at_words_and_speaker_only():
    assert make_fold_key("I agree.", "a") == make_fold_key("i  AGREE!", "a") != make_fold_key("I agree.", "b")
    assert make_fold_key("?", None) != make_fold_key("!", None)


def test_highlights_are_exact_offsets():
    bm25 = Bm25()
    query = bm25.weigh_query("agents deceiving the overseer")
    text = "An agent's overseer — \U0001f642 deceived; the end."
    assert [text[a:b] for a, b in bm25.find_highlights(query, text)] == ["agent", "overseer", "deceived"]


LINKS = {
    "short": ("A-b, c & d.", 0, 11, "A%2Db%2C%20c%20%26%20d."),
    "long": (
        "one two three four five " * 8 + "last words of all here.",
        0,
        215,
        "one%20two%20three%20four%20five,last%20words%20of%20all%20here.",
    ),
    "two blocks": ("First block ends\n\nsecond begins", 0, 31, "First%20block%20ends,second%20begins"),
    "said before": ("I agree. But no: I agree.", 17, 25, "agree.%20But%20no%3A-,I%20agree."),
}


@pytest.mark.parametrize("name", LINKS)
def test_text_fragments_follow_the_specification(name):
    text, start, end, directive = LINKS[name]
    assert make_permalink("https://x.test/p", text, start, end) == f"https://x.test/p#:~:text={directive}"
    assert make_permalink("https://x.test/p#c7", text, start, end) == f"https://x.test/p#c7:~:text={directive}"


def test_only_web_addresses_become_links():
    for url in (None, "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "/relative"):
        assert make_permalink(url, "words", 0, 5) is None


TERM = r"(?:[A-Za-z0-9_.~]|%[0-9A-F]{2})+"
SENTENCES = st.lists(st.text(alphabet="ab .!?\n-,&'\U0001f642é", min_size=1, max_size=80), min_size=1, max_size=12)


@settings(max_examples=200)
@given(SENTENCES, st.data())
def test_context_and_links_hold_for_any_text(parts, drawn):
    text = " ".join(parts)
    starts = list(accumulate((len(part) + 1 for part in parts), initial=0))
    sentences = [(start, start + len(part)) for start, part in zip(starts, parts, strict=False)]
    sentences = sentences[:: drawn.draw(st.integers(1, 3))]  # between them stands what is no sentence
    start = drawn.draw(st.integers(0, len(text) - 1))
    end = drawn.draw(st.integers(start + 1, len(text)))
    left, right = extract_before(text, start, sentences), extract_after(text, end, sentences)
    assert left in text[:start] and right in text[end:]
    assert len(left) <= 200 and len(right) <= 200
    if text[start:end].strip():
        directive = make_permalink("https://x.test/", text, start, end).split(":~:text=")[1]
        assert re.fullmatch(rf"(?:{TERM}-,)?{TERM}(?:,{TERM})?", directive)
        words = " ".join(text[start:end].split())
        terms = [unquote(term) for term in directive.split(",") if not term.endswith("-")]
        assert words.startswith(terms[0]) and words.endswith(terms[-1])


# ---- the encoder ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def encoder():
    return Encoder.load()


def test_the_quick_path_gives_the_vectors_of_sentence_transformers(encoder):
    from sentence_transformers import SentenceTransformer

    words = ["watched goals survive", "", "A — “quoted” naïve \U0001f642 text, 42 %", "so " * 300, "x"]
    reference = SentenceTransformer(str(encoder._folder), device="cpu")
    expected = reference.encode([text for text in words if len(text) < 300], normalize_embeddings=True)
    quick = np.stack([encoder.encode_query(text) for text in words if len(text) < 300])
    assert (quick * expected).sum(axis=1).min() > 0.9999
    stored = encoder.encode(words)
    assert stored.shape == (5, encoder.size) and stored.dtype == np.float32
    assert np.allclose(np.linalg.norm(stored, axis=1), 1, atol=1e-5)
    asked = np.stack([encoder.encode_query(text) for text in words])
    assert (asked * stored).sum(axis=1).min() > 0.999


def test_long_texts_are_read_to_their_end(encoder):
    start = "The committee met on a Tuesday and talked about the budget for roads. " * 40
    with_cats = start + "A cat slept on the warm radiator all afternoon. " * 40
    cats = encoder.encode_query("a cat sleeping on a radiator")
    plain, mixed = encoder.encode([start, with_cats])
    assert mixed @ cats > plain @ cats + 0.2


def test_a_vector_depends_on_its_text_alone(encoder):
    words = [f"Claim number {n} says that {'very ' * (n % 5)}little follows from it." for n in range(40)]
    together = encoder.encode(words)
    assert np.array_equal(together[7:12], encoder.encode(words[7:12]))
    assert np.array_equal(together[33], encoder.encode([words[33]])[0])


def test_queries_in_float32_rank_stored_vectors_as_float32_ones_would_be(encoder):
    lines = (Path(__file__).parent.parent / "corpus" / "samples").rglob("*.jsonl")
    rows = [json.loads(line) for path in sorted(lines) for line in path.read_text("utf-8").splitlines()]
    told = [row["text"] for row in rows if "text" in row]
    sentences = sorted({part for text in told for part in re.split(r"(?<=[.?!])\s+", text) if 30 < len(part) < 200})
    assert len(sentences) > 150
    stored = encoder.encode(sentences)
    exact = np.stack([encoder.encode_query(sentence) for sentence in sentences])
    asked = exact[::4]
    tops = [np.argsort(-(asked @ matrix.T), axis=1)[:, :10] for matrix in (stored, exact)]
    overlap = np.mean([len(set(one) & set(other)) / 10 for one, other in zip(*tops, strict=True)])
    assert overlap >= 0.98


def test_progress_ends_at_the_number_of_texts(encoder):
    told = []
    encoder.encode([f"text {n}" for n in range(20)], lambda done, total: told.append((done, total)))
    assert told[-1] == (20, 20) and told == sorted(told)


def test_weights_that_are_not_the_official_ones_are_refused(encoder, tmp_path):
    from corpus.errors import CrosstalkError

    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(CrosstalkError, match="SHA-256"):
        Encoder(encoder.name, tmp_path).encode_query("words")
