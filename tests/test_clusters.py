"""Claims that make the same point stand together, and stay together; what fits nowhere is kept in the open."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest

from corpus.errors import NotFound, WrongUsage
from corpus.model import Attribution, Claim, ClaimKind, Speaker, make_claim_id
from index.clusters.clustering import PreviousRun, cluster_claims
from index.clusters.contradictions import find_contradictions
from index.clusters.neighbours import find_neighbours
from index.clusters.settings import SETTINGS
from index.clusters.stable_ids import carry_over_ids
from index.clusters.wordings import is_comparable
from index.findings.bodies import read_bodies, write_body
from index.wire.clusters import ClusterJson

POINTS = {
    "watch": [
        "An agent keeps its goal only while somebody is watching it.",
        "Agents keep their goals only as long as they are being watched.",
        "The goal of an agent holds only while somebody watches the agent.",
        "An agent that nobody is watching will not keep its goal.",
        "Only while it is watched does an agent keep its goal.",
    ],
    "heater": [
        "Heat pumps save more energy than insulation does.",
        "A heat pump saves more energy than any insulation.",
        "More energy is saved by heat pumps than by insulating the house.",
        "Compared with insulation, heat pumps save more energy.",
    ],
    "vote": [
        "Compulsory voting makes elections fairer.",
        "Elections are fairer where voting is compulsory.",
        "If voting is compulsory, elections become fairer.",
        "Making voting compulsory makes for fairer elections.",
    ],
}
ALONE = ["Cheese is what a laboratory rat has always wanted.", "The violin concerto was finished in Vienna in winter."]


def said(text, who, n=0, **more):
    utterance = f"{who}-{n}"
    speaker = Speaker(f"forum:{who}", who.title())
    return Claim(
        make_claim_id(utterance, 0, len(text), text), utterance, 0, len(text), text, text, speaker=speaker, **more
    )


CLAIMS = [said(text, f"person{n}", point) for point in POINTS for n, text in enumerate(POINTS[point])]
CLAIMS += [said(text, "odd", n) for n, text in enumerate(ALONE)]


@pytest.fixture(scope="module")
def dense():
    """The vectors of texts, each computed once."""
    from index.encoding.sentence_encoder import Encoder

    known = {}

    def of(claims):
        new = sorted({claim.text for claim in claims} - known.keys())
        if new:
            known.update(zip(new, Encoder.load().encode(new), strict=True))
        return np.stack([known[claim.text] for claim in claims])

    return of


@pytest.fixture(scope="module")
def found(dense):
    return cluster_claims(CLAIMS, dense(CLAIMS))


def cluster_by_claim(result):
    return {placed.claim_id: placed.cluster for placed in result.placed}


def as_before(result):
    return PreviousRun(
        {placed.claim_id: placed.cluster for placed in result.placed if placed.cluster},
        {placed.claim_id: placed.topic for placed in result.placed if placed.topic},
        {cluster.id: (cluster.x, cluster.y) for cluster in result.clusters if cluster.id},
    )


def test_restatements_by_different_people_are_one_cluster_and_other_points_are_others(found):
    of = cluster_by_claim(found)
    ids = [{of[claim.id] for claim in CLAIMS if claim.text in texts} for texts in POINTS.values()]
    assert [len(one) for one in ids] == [1, 1, 1]
    assert len(set.union(*ids) - {None}) == 3


def test_every_claim_is_in_one_cluster_or_in_the_bucket_which_comes_last(found):
    assert sorted(placed.claim_id for placed in found.placed) == sorted(claim.id for claim in CLAIMS)
    counts = {cluster.id: cluster.size for cluster in found.clusters}
    assert len(counts) == len(found.clusters)
    for id_, size in counts.items():
        assert sum(placed.cluster == id_ for placed in found.placed) == size
    assert found.clusters[-1].id is None
    assert {placed.text for placed in found.placed if placed.cluster is None} == set(ALONE)
    assert all(placed.nearest in counts for placed in found.placed)


def test_the_central_claim_is_one_of_the_cluster_word_for_word(found):
    by_id = {claim.id: claim for claim in CLAIMS}
    of = cluster_by_claim(found)
    for cluster in found.clusters[:-1]:
        claim = by_id[cluster.central.claim_id]
        assert of[claim.id] == cluster.id
        assert cluster.central.text == claim.text
        assert set(cluster.label.split()) & {"agent", "goal", "heat", "pump", "voting", "election", "compulsory"}


def test_the_order_of_the_claims_does_not_matter_nor_does_running_again(found, dense):
    mixed = random.Random(4).sample(CLAIMS, len(CLAIMS))
    assert cluster_claims(mixed, dense(mixed)) == found
    again = cluster_claims(CLAIMS, dense(CLAIMS), as_before(found))
    assert cluster_by_claim(again) == cluster_by_claim(found)
    assert np.allclose([(p.x, p.y) for p in again.placed], [(p.x, p.y) for p in found.placed], atol=1e-6)


def test_a_cluster_keeps_its_id_when_claims_come_in_and_go(found, dense):
    new = [said("While being watched, and only then, an agent keeps its goal.", "new", 1), said(ALONE[0], "new", 2)]
    grown = cluster_claims([*CLAIMS[1:], *new], dense([*CLAIMS[1:], *new]), as_before(found))
    before, after = cluster_by_claim(found), cluster_by_claim(grown)
    assert all(after[claim.id] == before[claim.id] for claim in CLAIMS[1:])
    assert after[new[0].id] == before[CLAIMS[0].id]


def test_what_is_said_again_in_the_same_words_makes_no_cluster_by_itself(dense):
    text = "Coffee is sold at the harbour every single morning."
    again = [*CLAIMS, *(said(words, f"seller{n}") for n, words in enumerate([text] * 8 + [text.replace(".", "!")] * 2))]
    result = cluster_claims(again, dense(again))
    assert {placed.cluster for placed in result.placed if placed.text[:6] == "Coffee"} == {None}


def test_one_person_who_says_it_often_is_one_person(dense):
    loud = [said(text, "loud", n) for n, text in enumerate(POINTS["heater"])]
    result = cluster_claims(loud, dense(loud))
    assert [(one.size, one.people, [voice.claims for voice in one.voices]) for one in result.clusters] == [(4, 1, [4])]


def test_only_own_standing_words_come_in():
    assert is_comparable(CLAIMS[0])
    assert not is_comparable(said("x y z", "a", attribution=Attribution.QUOTED))
    assert not is_comparable(said("x y z", "a", attribution=Attribution.REPORTED))
    assert not is_comparable(said("x y z", "a", retracted=True))


def test_a_denial_in_the_same_words_is_shown_and_nothing_is_guessed_of_others():
    says = said("Compulsory voting makes elections fairer.", "ada")
    denies = said("Compulsory voting does not make elections fairer.", "bo")
    asks = said("Does compulsory voting not make elections fairer?", "cy", kind=ClaimKind.QUESTION)
    other = said("Nobody knows why elections are not cheaper.", "di")
    own = said("Compulsory voting does not make our elections fairer.", "ada", 1)
    assert [(one.says, one.denies) for one in find_contradictions([says, denies, asks, other, own])] == [
        (says.id, denies.id)
    ]


def test_an_id_goes_to_the_group_that_holds_most_of_the_cluster_and_to_no_other():
    before = {"a": "c1", "b": "c1", "c": "c1", "d": "c2", "e": "c2"}
    whole, rest, new = carry_over_ids([["a", "b", "x"], ["c", "d", "e"], ["y", "z"]], before, "c")
    assert (whole, rest) == ("c1", "c2")
    assert new not in ("c1", "c2")
    halves = carry_over_ids([["a", "b"], ["c"]], before, "c")
    assert halves[0] == "c1" and halves[1] not in before.values()


def test_no_claims_one_claim_and_claims_without_words_are_no_failure(dense):
    assert cluster_claims([], np.zeros((0, 384), np.float32)).clusters == ()
    few = [said("Yes!", "a"), said("I agree.", "b"), said("…", "c"), said("I agree.", "d")]
    result = cluster_claims(few, dense(few))
    assert [(one.id, one.size) for one in result.clusters] == [(None, 4)]
    assert {placed.nearest for placed in result.placed} == {None}


def test_cells_find_nearly_all_that_comparing_everything_finds(monkeypatch):
    from index.clusters import neighbours as module

    chance = np.random.default_rng(1)
    rows = (chance.normal(size=(60, 48))[chance.integers(0, 60, 3_000)] + chance.normal(size=(3_000, 48)) * 0.7).astype(
        np.float32
    )
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    exact = set(zip(*(side.tolist() for side in find_neighbours(rows, 10, 0.3)[:2]), strict=True))
    monkeypatch.setattr(module, "SETTINGS", replace(SETTINGS, exact_below=100))
    quick = set(zip(*(side.tolist() for side in find_neighbours(rows, 10, 0.3)[:2]), strict=True))
    assert len(exact & quick) / len(exact) > 0.95


def test_what_is_found_survives_being_written_down(found):
    for finding in (*found.clusters, *found.placed):
        assert read_bodies(type(finding), [json.loads(json.dumps(write_body(finding)))]) == [finding]


# ---- in a base -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A base in which every person of `POINTS` posted one claim of each sort, analyzed."""
    from corpus import convokit_format as convokit_export
    from ingest.sources.source import Hints
    from tests.conftest import conversations_of
    from ui.base_location import BaseLocation
    from ui.cli.ingest_commands import read_into

    posts, people = [], {}
    for point, texts in POINTS.items():
        for n, text in enumerate(texts):
            people[f"p{n}"] = f"Person {'ABCDE'[n]}"
            posts.append((f"{point}{n}", None if not posts else posts[0][0], f"p{n}", 1 + n, "live", text))
    posts.append(("alone", posts[0][0], "p0", 9, "live", f"{ALONE[0]}\n\n> {POINTS['vote'][0]}"))
    folder = tmp_path_factory.mktemp("threads") / "threads"
    convokit_export.write_conversations(conversations_of({"all": ("All", posts)}, people), folder, "threads")
    kb = tmp_path_factory.mktemp("clusters")
    read_into(BaseLocation(kb), [str(folder)], Hints())
    with BaseLocation(kb).open(purpose="tests") as knowledge:
        knowledge.analyze()
    return kb


@pytest.fixture(scope="module")
def knowledge(base):
    from ui.base_location import BaseLocation

    with BaseLocation(base).open(purpose="tests") as opened:
        yield opened


def test_pages_of_clusters_make_up_the_whole_list_and_the_bucket_ends_it(knowledge):
    whole = knowledge.clusters.list()
    assert [cluster.size for cluster in whole.items[:3]] == [5, 4, 4]
    assert whole.items[-1].id is None
    paged, cursor = [], None
    while True:
        page = knowledge.clusters.list(limit=2, cursor=cursor)
        paged += page.items
        cursor = page.next
        if cursor is None:
            break
    assert tuple(paged) == whole.items
    assert [cluster.size for cluster in knowledge.clusters.list(min_size=5).items[:-1]] == [5]
    with pytest.raises(WrongUsage):
        knowledge.clusters.list(min_size=5, cursor=knowledge.clusters.list(limit=2).next)
    with pytest.raises(WrongUsage):
        knowledge.clusters.list(limit=0)


def test_the_claims_of_a_cluster_are_hits_in_their_exact_words(knowledge):
    for cluster in knowledge.clusters.list().items:
        page = knowledge.clusters.list_claims(cluster.id or "unclustered")
        assert page.total == len(page.items) == cluster.size
        with knowledge.open_record() as record:
            utterances = record.get_utterances([one.hit.claim.utterance_id for one in page.items])
        for one in page.items:
            utterance = utterances[one.hit.claim.utterance_id]
            assert utterance.text[one.hit.claim.start : one.hit.claim.end] == one.hit.claim.text
            assert one.hit.claim.attribution is Attribution.OWN
            assert one.placed.cluster == cluster.id
    with pytest.raises(NotFound):
        knowledge.clusters.get("c0000000000")
    with pytest.raises(NotFound):
        knowledge.clusters.list_claims("c0000000000")


def test_analyzing_again_changes_no_id(knowledge):
    before = [(cluster.id, cluster.size) for cluster in knowledge.clusters.list().items]
    knowledge.analyze(anew=True)
    assert [(cluster.id, cluster.size) for cluster in knowledge.clusters.list().items] == before


def test_the_api_answers_as_the_library_does(knowledge):
    from fastapi.testclient import TestClient

    from ui.api.app import make_app

    client = TestClient(make_app(knowledge))
    listed = client.get("/v1/clusters", params={"min_size": 2}).json()
    assert listed["items"] == [ClusterJson.dump(cluster) for cluster in knowledge.clusters.list(2).items]
    assert listed["items"][-1]["id"] is None
    first = listed["items"][0]
    whole = client.get(f"/v1/clusters/{first['id']}", params={"limit": 2}).json()
    assert (whole["size"], len(whole["claims"]), whole["total"]) == (first["size"], 2, first["size"])
    assert whole["next"]
    assert client.get("/v1/clusters/unclustered").json()["id"] is None
    assert client.get("/v1/clusters/none").status_code == 404
    assert client.get("/v1/clusters", params={"min_size": 0}).status_code == 422


def shown(monkeypatch, knowledge, **query):
    """Run the page of clusters on the base, without a browser."""
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from ui.server import served_base
    from ui.web import elements

    monkeypatch.setattr(served_base, "open_served_base", lambda: knowledge)
    app = AppTest.from_file(Path(elements.__file__).parent / "app.py", default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page("views/clusters.py")
    app.run()
    assert not app.exception
    return "".join(element.proto.body for element in app.get("html"))


def test_the_page_lists_clusters_by_their_central_words_and_opens_one(knowledge, monkeypatch):
    listed = shown(monkeypatch, knowledge)
    first = knowledge.clusters.list().items[0]
    assert first.central.text in listed and f"cluster={first.id}" in listed
    assert "cluster=unclustered" in listed and "5 claims, 5 people" in listed
    opened = shown(monkeypatch, knowledge, cluster=first.id)
    assert opened.count('class="ct-card"') == first.size
    bucket = shown(monkeypatch, knowledge, cluster="unclustered")
    assert ALONE[0][:-1] in bucket and "nearest cluster" in bucket
    assert "no such cluster" in shown(monkeypatch, knowledge, cluster="c0000000000")


def test_a_page_without_clusters_says_what_to_do(tmp_path, monkeypatch):
    from index.knowledge_base import KnowledgeBase

    with KnowledgeBase.open(tmp_path) as empty:
        assert "crosstalk ingest" in shown(monkeypatch, empty)
