"""Terms that people argue with are found, joined and counted; and found again in any text, place by place."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Conversation, Definition, Speaker, Stance, Utterance
from corpus.record import Record
from corpus.term_key import make_term_key
from index.findings.bodies import read_bodies
from index.findings.context import AnalysisContext
from index.findings.findings import Term
from index.findings.findings_store import FindingsStore
from index.terms import Matcher
from index.terms.acronyms import count_written_pairs, match_expansions
from index.terms.context_model import learn_context_model
from index.terms.find import find_terms
from index.terms.occurrences import Occurrence
from index.terms.permutation_test import compute_usage_difference_p
from index.terms.record_view import AttributedDefinition, OwnClaim
from index.terms.sense_induction import (
    NONE,
    SenseSplit,
    assign_utterances,
    estimate_null_threshold,
    find_best_split,
    group_contexts,
    induce_senses,
)
from index.terms.sense_inventory import SampledUses
from index.terms.stated_senses import follow_definitions, group_definitions
from index.terms.termhood import PhraseCounts

# (id, answers, who, Markdown)
THREADS = {
    "models": (
        "Do models plan?",
        [
            ("m1", None, "Ilse Marchetti", "By corrigibility I mean that a system lets itself be switched off. Large "
             "language models (LLMs) have no corrigibility. The point of this post is that people overrate the thing."),
            ("m2", "m1", "Tobias Renner", "> Large language models have no corrigibility.\n\nI doubt that LLMs lack "
             "corrigibility. The whole point of the post is lost on people, and the next thing is no better. A mesa "
             "optimizer is what I fear in an LLM."),
            ("m3", "m2", "Amara Osei", "Mesa-optimizers do not arise in large language models. People make that "
             "point in every post; it is a thing that people say. Corrigibility is a habit, not a switch."),
            ("m4", "m1", None, "(Anna) Every mesa optimizer was trained. I fear the mesa-optimizer least."),
            ("m5", "m1", None, "Nobody has met a mesaoptimizer, nor a waluigi of any kind."),
        ],
    ),
    "oversight": (
        "Oversight",
        [
            ("o1", None, "Jun Takagi", "A waluigi effect is a change of character. Scalable oversight needs people "
             "who read the thing. My point stands."),
            ("o2", "o1", "Ilse Marchetti", "Scalable oversight fails where people cannot read. The LLM gets no "
             "oversight at all, and LLMs write posts."),
            ("o3", "o2", "Tobias Renner", "I call scalable oversight a hope. Ilse Marchetti disagrees with me, and "
             "Ilse Marchetti has a point."),
        ],
    ),
}  # fmt: skip


def conversation_of(id_, title, posts):
    from ingest.markup import read_markdown

    utterances = []
    for name, reply_to, who, markdown in posts:
        markup = read_markdown(markdown)
        speaker = Speaker(who.lower().replace(" ", "-"), who) if who else None
        utterances.append(Utterance(name, id_, markup.text, speaker, reply_to, passages=markup.passages))
    return Conversation(id_, title, tuple(utterances))


def recorded(folder, threads, order=1):
    from ingest.extractor import name_extractor
    from ingest.pipeline import extract

    record = Record.open(folder / "corpus.db")
    for conversation in [conversation_of(id_, *thread) for id_, thread in threads.items()][::order]:
        record.store(conversation, source="test", rank=1, extract=extract, extractor=name_extractor())
    return record


def studied(record, kept):
    from index.encoding.sentence_encoder import Encoder

    context = AnalysisContext(record, None, Encoder.load(), kept)
    return read_bodies(Term, [finding.body for finding in find_terms(context)["term"]])


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("terms")
    record, kept = recorded(folder, THREADS), FindingsStore.open(folder / "analyses.db")
    terms = studied(record, kept)
    return {term.name: term for term in terms}, terms, record


def by_key(terms, name):
    return next((t for t in terms if make_term_key(name) in map(make_term_key, (t.name, *t.aliases))), None)


def test_what_several_people_argue_with_is_a_term_and_boilerplate_is_none(found):
    _, terms, _ = found
    for name in ("corrigibility", "LLM", "mesa-optimizer", "scalable oversight"):
        assert by_key(terms, name) is not None, name
    for name in ("point", "thing", "post", "people", "whole point", "next thing", "Ilse Marchetti", "nobody"):
        assert by_key(terms, name) is None, name


def test_what_is_defined_and_disputed_comes_first(found):
    _, terms, _ = found
    assert terms[0].name == "corrigibility"
    assert [gloss.speaker.name for sense in terms[0].senses for gloss in sense.definitions][:1] == ["Ilse Marchetti"]


def test_variants_and_acronyms_are_one_term(found):
    _, terms, _ = found
    assert by_key(terms, "LLM") is by_key(terms, "large language model") is by_key(terms, "LLMs")
    assert by_key(terms, "mesa optimizer") is by_key(terms, "Mesa-optimizers")
    assert by_key(terms, "mesa optimizer").uses == 4


def test_uses_are_counted_in_peoples_own_words_only(found):
    _, terms, record = found
    corrigibility = by_key(terms, "corrigibility")
    assert corrigibility.uses == 4  # not the quotation in m2
    assert {share.speaker.name: share.uses for share in corrigibility.speakers} == {
        "Ilse Marchetti": 2,
        "Tobias Renner": 1,
        "Amara Osei": 1,
    }
    for term in terms:
        for usage in (usage for sense in term.senses for usage in sense.usages):
            text = record.get_utterances([usage.utterance_id])[usage.utterance_id].text
            assert text[usage.start : usage.end] == usage.text
            assert make_term_key(usage.text[slice(*usage.at)]) in map(make_term_key, (term.name, *term.aliases))


def test_people_without_a_name_are_never_taken_for_one(found):
    _, terms, _ = found
    nameless = [share for share in by_key(terms, "mesa optimizer").speakers if share.speaker is None]
    assert sorted(share.uses for share in nameless) == [2]
    assert all(sum(share.uses for share in term.speakers) == term.uses for term in terms)


def test_no_sense_is_invented_where_uses_are_alike(found):
    _, terms, _ = found
    assert {len(by_key(terms, name).senses) for name in ("LLM", "scalable oversight", "mesa optimizer")} == {1}


def test_labels_are_the_authors_words(found):
    _, terms, record = found
    texts = [u.text for id_ in record.list_conversations() for u in record.get_conversation(id_).utterances]
    for term in terms:
        for sense in term.senses:
            assert sense.label and any(sense.label in text for text in texts), term.name


def test_the_order_of_reading_does_not_matter_and_later_runs_give_what_one_gives(found, tmp_path):
    _, terms, _ = found
    for name in ("other", "later"):
        (tmp_path / name).mkdir()
    other = studied(recorded(tmp_path / "other", THREADS, order=-1), FindingsStore.open(tmp_path / "other" / "a.db"))
    assert other == terms
    kept = FindingsStore.open(tmp_path / "later" / "a.db")
    before = studied(recorded(tmp_path / "later", {"models": THREADS["models"]}), kept)
    assert before != terms
    assert studied(recorded(tmp_path / "later", THREADS), kept) == terms


def test_what_was_computed_is_not_computed_again(found, tmp_path, monkeypatch):
    from index.senses import SenseEncoder

    _, terms, record = found
    kept = FindingsStore.open(tmp_path / "a.db")
    studied(record, kept)
    asked = []
    for name in ("encode_uses", "encode_contexts"):
        read = getattr(SenseEncoder, name)
        monkeypatch.setattr(
            SenseEncoder, name, lambda self, texts, *_, read=read: asked.extend(texts) or read(self, texts, *_)
        )
    assert studied(record, kept) == terms and asked == []


def meant(voice, gloss, stance=Stance.STATED):
    definition = Definition(f"u-{voice}", 0, 9, "pause", gloss, None, stance, None, 0.9)
    return AttributedDefinition(definition, "c", voice, gloss)


def test_definitions_that_differ_are_senses_and_nobody_contradicts_himself():
    glosses = {
        "a halt to training above a size": np.array([1.0, 0.0, 0.0]),
        "a stop of training above some size": np.array([0.9, 0.43588989, 0.0]),
        "a rest between two pieces of music": np.array([0.0, 0.0, 1.0]),
        "a silence in a piece of music": np.array([0.0, 1.0, 0.0]),
    }
    halt, stop, rest, silence = glosses
    definitions = [meant("ana", halt), meant("ben", stop), meant("cy", rest), meant("cy", silence)]
    definitions.append(meant("dan", "what do you mean by it", Stance.ASKED))
    assert group_definitions(definitions, glosses) == [0, 0, 1, 1, NONE]
    del definitions[1]
    assert group_definitions(definitions, glosses) == [0, 1, 1, NONE]
    fits = np.array([[0.9, 0.2, 0.1, 0.5], [0.5, 0.55, 0.1, 0.9], [0.8, 0.1, 0.2, 0.0], [0.1, 0.9, 0.9, 0.0]])
    of_uses = follow_definitions([0, 1, 1, NONE], definitions, ["eve", "fay", "eve", "ana"], fits)
    assert of_uses == [0, NONE, 0, 0]  # Eve's fit clearly, Fay's do not, and Ana said what she means


@pytest.fixture(scope="module")
def taught():
    """What a base learns from twenty uses each of forty words; and where the contexts of each word lie."""
    lots = np.random.default_rng(3)
    words = lots.standard_normal((40, 24))
    uses = np.repeat(words, 20, axis=0) + 0.8 * lots.standard_normal((800, 24))
    return learn_context_model(uses, [f"word {at // 20}" for at in range(800)]), words


def contexts_of(word, uses, seed, noise=0.8):
    return word + noise * np.random.default_rng(seed).standard_normal((uses, len(word)))


def sorted_uses(model, contexts, utterances, voices, bar=5.0):
    heaps, of_use = group_contexts(model.project(contexts), utterances, voices)
    numbers = induce_senses(model, heaps, bar, find_best_split(model, heaps))
    return [numbers[heap] for heap in of_use]


def test_uses_are_divided_on_clear_evidence_only(taught):
    model, words = taught
    voices = [f"v{at // 3}" for at in range(24)]
    utterances = [f"u{at:02}" for at in range(24)]
    one, other = contexts_of(words[3], 15, 5), contexts_of(words[4], 9, 6)
    assert sorted_uses(model, np.concatenate([one, other]), utterances, voices) == [0] * 15 + [1] * 9
    assert set(sorted_uses(model, contexts_of(words[3], 24, 5), utterances, voices)) == {0}
    assert sorted_uses(model, one[:1], ["u"], ["v"]) == [0]
    assert set(sorted_uses(model, np.concatenate([one, other]), ["u"] * 24, ["v"] * 24)) == {0}


@given(st.permutations(range(18)))
def test_the_order_of_uses_does_not_matter_to_their_senses(taught, order):
    model, words = taught
    contexts = np.concatenate([contexts_of(words[7], 12, 1), contexts_of(words[9], 6, 2)])
    voices, utterances = [f"v{at // 2}" for at in range(18)], [f"u{at:02}" for at in range(18)]
    straight = sorted_uses(model, contexts, utterances, voices)
    mixed = sorted_uses(model, contexts[order], [utterances[at] for at in order], [voices[at] for at in order])
    assert mixed == [straight[at] for at in order] and set(straight) == {0, 1}


def test_of_whom_it_is_not_clear_nothing_is_said(taught):
    model, words = taught
    between = (words[3] + words[4]) / 2
    contexts = np.concatenate([contexts_of(words[3], 8, 1, 0.3), contexts_of(words[4], 8, 2, 0.3), between[None]])
    voices = [f"v{at // 2}" for at in range(16)] + ["torn"]
    found = sorted_uses(model, contexts, [f"u{at:02}" for at in range(17)], voices)
    assert set(found[:8]) | set(found[8:16]) == {0, 1} and found[16] == NONE


def test_somebody_may_use_a_word_in_two_senses(taught):
    model, words = taught
    contexts = np.concatenate([contexts_of(words[3], 12, 1, 0.3), contexts_of(words[4], 8, 2, 0.3)])
    seen, utterances = model.project(contexts), [f"u{at:02}" for at in range(20)]
    heaps, of_use = group_contexts(seen, utterances, utterances)
    meant = [0] * 13 + [1] * 7  # the last of Ana's twelve and one is in the other sense
    assert [assign_utterances(model, heaps, meant)[at] for at in of_use] == [0] * 12 + [1] * 8
    assert assign_utterances(model, heaps, [0] * 20) == [0] * 20


def test_equal_words_that_many_post_are_heard_once(taught):
    model, words = taught

    def sorted_by_sense(texts):
        said = [OwnClaim(f"u{at:02}", "c", 0, len(text), text, f"v{at}", None, ()) for at, text in enumerate(texts)]
        contexts = np.concatenate([contexts_of(words[3], 12, 1, 0.3), contexts_of(words[4], 1, 2).repeat(8, axis=0)])
        return SampledUses.group([Occurrence(one, 0, 4) for one in said], contexts, model).assign_senses(5.0)

    own = [f"goal number {at} is here" for at in range(20)]
    assert set(sorted_by_sense([*own[:12], *["a goal to be posted again"] * 8])) == {0}
    assert set(sorted_by_sense(own)) == {0, 1}


def test_what_is_used_too_seldom_is_not_divided(taught):
    model, words = taught

    def sorted_by_sense(some):
        texts = [f"goal number {at} is here" for at in range(2 * some)]
        said = [OwnClaim(f"u{at:02}", "c", 0, 20, text, f"v{at}", None, ()) for at, text in enumerate(texts)]
        contexts = np.concatenate([contexts_of(words[3], some, 1, 0.3), contexts_of(words[4], some, 2, 0.3)])
        return SampledUses.group([Occurrence(one, 0, 4) for one in said], contexts, model).assign_senses(5.0)

    assert set(sorted_by_sense(4)) == {0, 1} and set(sorted_by_sense(3)) == {0}


def test_a_base_too_small_teaches_nothing_and_what_it_teaches_is_the_same_again(taught):
    model, _ = taught
    assert learn_context_model(np.zeros((0, 24)), []) is None
    assert learn_context_model(np.eye(24), [f"word {at}" for at in range(24)]) is None
    lots = np.random.default_rng(3)
    words = lots.standard_normal((40, 24))
    uses = np.repeat(words, 20, axis=0) + 0.8 * lots.standard_normal((800, 24))
    again = learn_context_model(uses, [f"word {at // 20}" for at in range(800)])
    assert np.array_equal(again.projection, model.projection) and np.array_equal(again.ratio, model.ratio)


def test_the_bar_is_what_terms_of_several_words_stay_below():
    side = np.array([True, False])
    single = {f"w{at}": SenseSplit(side, 30.0, 20) for at in range(100)}
    several = {f"two words {at}": SenseSplit(side, 10.5 + at / 100, 20) for at in range(100)}
    rare = {f"rare word {at}": SenseSplit(side, 50.0, 3) for at in range(100)}
    assert 11.4 < estimate_null_threshold(single | several | rare) < 11.5
    assert estimate_null_threshold(single) == estimate_null_threshold({}) == estimate_null_threshold({"a b": None})
    assert estimate_null_threshold({name: SenseSplit(side, 0.1, 20) for name in several}) == 10.0


def likenesses(groups, within, between, noise=0.0):
    lots = np.random.default_rng(1)
    odds = np.where(np.equal.outer(groups, groups), within, between)
    odds = odds + noise * lots.standard_normal(odds.shape)
    return (odds + odds.T) / 2


def test_people_differ_where_they_differ_more_than_each_from_himself():
    voices = ["ana"] * 8 + ["ben"] * 8
    utterances = [f"u{at:02}" for at in range(16)]
    groups = np.array([0] * 8 + [1] * 8)
    assert compute_usage_difference_p(likenesses(groups, 2.0, -1.0, 1.0), utterances, voices, 7) == 0.005
    assert compute_usage_difference_p(likenesses(groups * 0, 0.0, 0.0, 1.0), utterances, voices, 7) > 0.05
    assert compute_usage_difference_p(likenesses(groups, 2.0, -1.0), ["u"] * 16, voices[:1] * 16, 7) is None


def test_acronyms_are_joined_by_initials_only_in_company():
    def counted_as(key, form, conversations):
        return PhraseCounts(key, uses=3, conversations=set(conversations), forms=Counter({form: 3}))

    phrases = {
        "sgd": counted_as("sgd", "SGD", "ab"),
        "stochastic gradient descent": counted_as("stochastic gradient descent", "stochastic gradient descent", "a"),
        "cev": counted_as("cev", "CEV", "a"),
        "chief executive vice": counted_as("chief executive vice", "chief executive vice", "b"),
    }
    assert match_expansions(phrases, {}) == {"sgd": "stochastic gradient descent"}
    assert count_written_pairs(
        ["A coherent extrapolated volition (CEV), and Ana (Smith) of the Machine Learning Group (GROUP)."]
    ) == {("cev", "coherent extrapolated volition"): 1}


NAMES = ["goal", "utility function", "deceptive alignment", "alignment", "AI", "mesa-optimizer", "GPT-4"]
MATCHER = Matcher.from_bodies([{"name": name, "aliases": []} for name in NAMES])


def test_all_forms_of_a_term_are_found_at_their_places():
    text = "The agent's Goals, its utility-functions; “deceptive alignment” isn't alignment. AIs' goal: GPT-4."
    assert [(text[a:b], name) for a, b, name in MATCHER.find(text)] == [
        ("Goals", "goal"),
        ("utility-functions", "utility function"),
        ("deceptive alignment", "deceptive alignment"),
        ("alignment", "alignment"),
        ("AIs", "AI"),
        ("goal", "goal"),
        ("GPT-4", "GPT-4"),
    ]
    assert MATCHER.find("A utility, function. Goalkeeper, misalignment") == []
    assert [name for _, _, name in MATCHER.find("deceptive alignment", nested=True)] == [
        "deceptive alignment",
        "alignment",
    ]


@given(st.lists(st.one_of(st.sampled_from(NAMES), st.text(max_size=8), st.sampled_from([" ", "-", ", ", "’s "]))))
def test_what_is_found_is_a_form_of_its_term(parts):
    text = "".join(parts)
    last = 0
    for start, end, name in MATCHER.find(text):
        assert last <= start < end <= len(text)
        assert make_term_key(text[start:end]) == make_term_key(name)
        last = end
