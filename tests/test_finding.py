"""The query line narrows a search down, near-duplicates are counted, and hits can be put together."""

from datetime import UTC, datetime, timedelta

import pytest

from corpus.errors import CrosstalkError, WrongQuery
from corpus.model import Claim, Conversation, Speaker, Utterance, make_claim_id
from corpus.record import Extraction, Record
from index.answers import Grouping, Mode, Query
from index.knowledge_base import KnowledgeBase
from index.wire.claims import HitJson

DAY = datetime(2024, 3, 1, 12, tzinfo=UTC)
ANKE, BORIS, CELIA = (
    Speaker(f"forum:{name.split()[0].lower()}", name) for name in ("Anke Vogt", "Boris Hall", "Celia")
)
SAID = [
    (ANKE, "watch", "Oversight works only while it is cheap."),
    (ANKE, "watch", "But oversight really works only while it is cheap!"),
    (ANKE, "other", "Oversihgt works only while it is cheap."),
    (BORIS, "watch", "The oversight works only while it is cheap."),
    (BORIS, "watch", "Oversight does not work only while it is cheap."),
    (CELIA, "other", "Utility functions describe an agent from the outside."),
    (BORIS, "other", "My utility function is nobody's business."),
    (None, "other", "Cheap oversight is a contradiction in terms."),
    (CELIA, "other", "Anke Vogt once kept bees in the laboratory."),
    (ANKE, "other", "Bees overwinter in a cluster."),
    (CELIA, "watch", "Bees keep each other warm in winter."),
]


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    with Record.open(folder / "corpus.db") as record:
        for thread in ("watch", "other"):
            said = [(n, who, words) for n, (who, place, words) in enumerate(SAID) if place == thread]
            utterances = tuple(
                Utterance(f"u{n}", thread, words, who, posted_at=DAY + timedelta(days=n)) for n, who, words in said
            )
            record.store(
                Conversation(thread, thread.title(), utterances, "garden.com"), source="t", rank=1, extract=each
            )
    with KnowledgeBase.open(folder) as opened:
        opened.refresh()
        yield opened


def each(read):
    return Extraction(
        tuple(
            Claim(make_claim_id(u.id, 0, len(u.text), u.text), u.id, 0, len(u.text), u.text, u.text, speaker=u.speaker)
            for u in read.utterances
        )
    )


def found(knowledge, line, **more):
    """The numbers of the claims that a line finds, with all that was folded into them."""
    hits = knowledge.search.find(Query(line, limit=100, **more)).items
    return {int(place[1:]) for hit in hits for place in (hit.claim.utterance_id, *(id_ for id_, _ in hit.others))}


LINES = {
    '"utility functions"': {5},
    '"works only while"': {0, 1, 2, 3},
    '"WORKS, only - while"': {0, 1, 2, 3},
    'oversight "works only" -really': {0, 2, 3},
    '-"only while" term:oversight': {7},
    'term:"utility function"': {5, 6},
    'term:"utility functions" -speaker:celia': {6},
    "speaker:vogt": {0, 1, 2, 9},
    'speaker:"Anke Vogt" bees -term:bees': {0, 1, 2},
    "speaker:anke speaker:celia term:bee": {8, 9, 10},
    "site:Garden until:2024-03-03": {0, 1},
    "site:nowhere": set(),
    "since:2024-03-11 bees": {10},
    '"cheap oversight" oversight is dear': {7},
    '"is is"': set(),
    "term:bees term:winter": {10},
}


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("mode", [Mode.HYBRID, Mode.DENSE])
def test_a_line_finds(knowledge, line, mode):
    assert found(knowledge, line, mode=mode) == LINES[line]


def test_the_line_and_the_filters_beside_it_both_hold(knowledge):
    assert found(knowledge, "term:oversight", speakers=("Boris Hall",)) == {3, 4}
    assert found(knowledge, "speaker:boris term:oversight", speakers=("Celia",)) == {3, 4}
    with pytest.raises(WrongQuery):
        knowledge.search.find(Query("kind:poem"))


@pytest.mark.parametrize(
    "line", ['"' * 1000, '"a" ' * 250, "-🙂 🙂", "speaker:" * 125, '-"', "term:🙂 bees", "“" * 999]
)
def test_hostile_lines_get_an_answer(knowledge, line):
    assert all(0 <= hit.score <= 1 for hit in knowledge.search.find(Query(line)).items)


def test_restatements_fold_and_the_same_words_of_others_are_counted(knowledge):
    hits = knowledge.search.find(Query("oversight works only while it is cheap")).items
    first = next(hit for hit in hits if hit.claim.speaker == ANKE)
    assert {first.claim.utterance_id, *(place for place, _ in first.others)} == {"u0", "u1", "u2"}
    of_boris = [hit for hit in hits if hit.claim.speaker == BORIS and "versight" in hit.claim.text]
    assert {hit.claim.utterance_id for hit in of_boris} == {"u3", "u4"}, "another's words, and a denial, are not folded"
    same, denial = sorted(of_boris, key=lambda hit: hit.claim.utterance_id)
    assert HitJson.dump(same)["said"] == {"times": 3, "people": 2} == HitJson.dump(first)["said"]
    assert (denial.said.times, denial.said.people) == (1, 1)


@pytest.mark.parametrize("text", ["oversight is cheap", ""])
def test_hits_are_put_together_by_person_or_thread(knowledge, text):
    alone = knowledge.search.find(Query(text, limit=100)).items
    people = knowledge.search.find(Query(text, limit=100, group=Grouping.PERSON)).items
    assert [hit.group.label for hit in people] == [
        *dict.fromkeys(hit.claim.speaker.name if hit.claim.speaker else None for hit in alone)
    ]
    boris = next(hit for hit in people if hit.claim.speaker == BORIS)
    theirs = [hit.claim.id for hit in alone if hit.claim.speaker == BORIS]
    assert [boris.claim.id, *(hit.claim.id for hit in boris.group.more)] == theirs and boris.group.claims == 3
    threads = knowledge.search.find(Query(text, limit=100, group=Grouping.THREAD)).items
    assert {hit.group.id for hit in threads} == {"watch", "other"}
    assert HitJson.dump(threads[0])["group"]["more"][0]["conversation"]["id"] == threads[0].group.id


def test_pages_of_groups_joined_are_the_whole_list(knowledge):
    whole = [hit.claim.id for hit in knowledge.search.find(Query("cheap", limit=100, group=Grouping.PERSON)).items]
    joined, cursor = [], None
    while cursor is not None or not joined:
        page = knowledge.search.find(Query("cheap", limit=1, group=Grouping.PERSON, cursor=cursor))
        joined += [hit.claim.id for hit in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert joined == whole and len(whole) == 4


def test_who_is_named_in_a_query_is_heard_first_and_nobody_is_hidden(knowledge):
    plain = knowledge.search.find(Query("bees in winter", limit=3)).items
    named = knowledge.search.find(Query("Anke Vogt bees in winter", limit=3)).items
    assert plain[0].claim.speaker == CELIA and named[0].claim.text == "Bees overwinter in a cluster."
    assert {"u8", "u10"} & {hit.claim.utterance_id for hit in named[1:]}
    assert knowledge.search.find(Query("Vogt's bees", limit=1)).items[0].claim.speaker == ANKE


# ---- the reranker --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory):
    """A tiny cross-encoder with chance weights: what it says is senseless, but always the same."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("cross-encoder")
    words = sorted({word for _, _, text in SAID for word in text.lower().strip(".!").split()})
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]))
    torch.manual_seed(5)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    config = BertConfig(vocab_size=len(words) + 5, num_labels=1, initializer_range=2.0, **sizes)
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def test_a_reranker_decides_the_order_and_loses_nothing(knowledge, cross_encoder):
    from sentence_transformers import CrossEncoder

    line = "oversight is cheap -bees"
    before = knowledge.search.find(Query(line, limit=50)).items
    after = knowledge.search.find(Query(line, limit=50, rerank=str(cross_encoder))).items
    model = CrossEncoder(str(cross_encoder), local_files_only=True)
    scores = dict(zip(before, model.predict([("oversight is cheap", hit.claim.text) for hit in before]), strict=True))
    assert [hit.claim.id for hit in after] == [
        hit.claim.id for hit in sorted(before, key=lambda h: (-scores[h], h.claim.id))
    ]
    assert [hit.claim.id for hit in after] != [hit.claim.id for hit in before]
    assert all(0 <= hit.score <= 1 and "rerank" in hit.score_parts for hit in after)


def test_a_reranker_that_is_not_there_is_named(knowledge, tmp_path):
    with pytest.raises(CrosstalkError, match="no-such-model"):
        knowledge.search.find(Query("bees", rerank=str(tmp_path / "no-such-model")))
