"""Both stores of vectors, in process and on a server, answer the same questions alike."""

import os
import random
import uuid

import numpy as np
import pytest

from corpus.errors import RecordBusy, RecordError, WrongUsage
from index.encoding.bm25 import Bm25, SparseWeights
from index.store.edge import EdgeVectors
from index.store.opening import open_vectors
from index.store.points import UNDATED, Condition, Point, Where, scroll_all
from index.store.server import ServerVectors

SIZE = 24
SERVER = os.environ.get("CROSSTALK_TEST_QDRANT_URL")
STORES = ["edge", "memory", *(["server"] if SERVER else [])]
WORDS = "agent goal oversight corrigible reward deceive training takeoff proxy value learns fails cheap slow".split()


def open_store(kind, folder):
    if kind == "edge":
        return EdgeVectors.open(folder / "vectors", SIZE)
    return ServerVectors.open(SERVER if kind == "server" else ":memory:", SIZE, f"test-{uuid.uuid4().hex}")


@pytest.fixture(params=STORES)
def vectors(request, tmp_path):
    opened = open_store(request.param, tmp_path)
    yield opened
    if request.param == "server":
        opened._client.delete_collection(opened._collection)
    opened.close()


def points(count, seed=7):
    chance, bm25 = random.Random(seed), Bm25()
    dense = np.random.default_rng(seed).normal(size=(count, SIZE)).astype(np.float32)
    made = []
    for n in range(count):
        payload = {
            "conversation": f"c{n % 9}",
            "utterance": f"u{n % 40}",
            "speaker": f"site:s{n % 7}",
            "site": ("lesswrong", "eaforum", "arbital")[n % 3],
            "kind": ("assertion", "question")[n % 2],
            "attribution": ("own", "quoted", "own", "reported")[n % 4],
            "fold": f"f{n // 2}",
            "retracted": "no" if n % 11 else "yes",
            "newest": UNDATED if n % 5 == 0 else 1_600_000_000 + 1000 * (n // 3),
            "words": f"w{n}",
        }
        if n % 5:
            payload["posted_at"] = payload["newest"]
        text = " ".join(chance.choices(WORDS, k=8))
        made.append(
            Point(
                str(uuid.UUID(int=chance.getrandbits(128))),
                dense[n] / np.linalg.norm(dense[n]),
                bm25.weigh_claim(text, text),
                payload,
            )
        )
    return made


FILTERS = [
    Where(),
    Where((Condition("speaker", ("site:s3",)),)),
    Where((Condition("site", ("lesswrong", "arbital")), Condition("attribution", ("own", "reported")))),
    Where((Condition("retracted", ("no",)), Condition("kind", ("question",)))),
    Where((Condition("posted_at", at_least=1_600_010_000, below=1_600_040_000),)),
    Where((Condition("speaker", ("site:nobody",)),)),
]


def passes(payload, where):
    for condition in where.conditions:
        value = payload.get(condition.field)
        if condition.any_of and value not in condition.any_of:
            return False
        if condition.at_least is not None and (value is None or value < condition.at_least):
            return False
        if condition.below is not None and (value is None or value >= condition.below):
            return False
    return True


@pytest.mark.parametrize("where", FILTERS)
def test_the_filters_of_these_tests_pass_something_and_hold_something_back(where):
    passed = sum(passes(point.payload, where) for point in points(300))
    assert (0 < passed < 300) or where in (FILTERS[0], FILTERS[-1])


@pytest.mark.parametrize("where", FILTERS)
def test_nearest_is_the_exact_order_by_cosine_under_every_filter(vectors, where):
    made = points(300)
    vectors.upsert(made)
    asked = np.random.default_rng(1).normal(size=SIZE).astype(np.float32)
    asked /= np.linalg.norm(asked)
    truth = sorted((-float(point.dense @ asked), point.id) for point in made if passes(point.payload, where))[:20]
    found = vectors.find_nearest(asked, where, 20)
    assert [one.id for one in found] == [id_ for _, id_ in truth]
    assert [one.score for one in found] == pytest.approx([-score for score, _ in truth], abs=1e-5)
    assert all(passes(one.payload, where) for one in found)


def test_both_stores_give_the_same_lexical_scores_counts_and_facets(tmp_path):
    answers = []
    for kind in STORES:
        (tmp_path / kind).mkdir()
        opened = open_store(kind, tmp_path / kind)
        opened.upsert(points(200))
        query = Bm25().weigh_query("a corrigible agent deceives")
        answers.append(
            [
                (
                    [(one.id, round(one.score, 4)) for one in opened.find_matching(query, where, 200)],
                    opened.count(where),
                    opened.count_values("speaker", where, 50),
                    opened.count_values("kind", where, 50),
                    [one.id for one in scroll_all(opened, where)],
                    sorted((one.payload["newest"] for one in opened.list_latest(where, 30)), reverse=True),
                )
                for where in FILTERS
            ]
        )
        opened.close()
    assert answers[0][0][0], "the query should match something"
    for other in answers[1:]:
        assert other == answers[0]


def test_rare_words_weigh_more(vectors):
    bm25 = Bm25()
    texts = ["agent goal"] * 30 + ["agent corrigible", "goal reward"]
    base = points(len(texts))
    vectors.upsert([Point(p.id, p.dense, bm25.weigh_claim(t, t), p.payload) for p, t in zip(base, texts, strict=True)])
    found = vectors.find_matching(bm25.weigh_query("corrigible agents"), Where(), 3)
    assert found[0].id == base[30].id
    assert found[0].score > found[1].score > 0
    assert vectors.find_matching(SparseWeights((), ()), Where(), 3) == []


def test_writing_again_replaces_and_deleting_deletes(vectors):
    made = points(50)
    vectors.upsert(made)
    vectors.upsert(made)
    assert vectors.count() == 50
    changed = dict(made[0].payload) | {"retracted": "yes", "speaker": "site:new"}
    vectors.replace_payloads({made[0].id: changed})
    again = vectors.scroll(Where(ids=(made[0].id,)), 5)
    assert again[0].payload == changed
    assert np.allclose(vectors.get_dense([made[0].id])[made[0].id], made[0].dense, atol=1e-5)
    vectors.delete([made[0].id, str(uuid.UUID(int=5))])
    vectors.flush()
    assert vectors.count() == 49
    assert vectors.get_dense([made[0].id]) == {}
    vectors.clear()
    assert vectors.count() == 0
    vectors.upsert(made)
    assert vectors.count(Where((Condition("site", ("arbital",)),))) == sum(p.payload["site"] == "arbital" for p in made)


def test_scrolling_goes_by_id_and_misses_nothing(vectors):
    made = points(130)
    vectors.upsert(made)
    seen, last = [], None
    while page := vectors.scroll(Where(), 17, last):
        seen += [one.id for one in page]
        last = page[-1].id
    assert seen == sorted(point.id for point in made)


def test_a_graph_finds_what_comparing_everything_finds_also_under_filters(tmp_path, monkeypatch):
    monkeypatch.setattr("index.store.points.EXACT_BELOW", 1_000)
    monkeypatch.setattr("index.store.points.SCAN_BELOW", 100)
    opened = EdgeVectors.open(tmp_path / "v", SIZE)
    opened.upsert(points(4_000))
    before = opened._shard.info().indexed_vectors_count
    opened.optimize()
    assert opened._shard.info().indexed_vectors_count == before + 4_000
    asked = np.random.default_rng(5).normal(size=(30, SIZE)).astype(np.float32)
    for where in FILTERS[:-1]:
        exact = [{one.id for one in opened.find_nearest(vector, where, 10, exact=True)} for vector in asked]
        quick = [{one.id for one in opened.find_nearest(vector, where, 10)} for vector in asked]
        assert sum(len(a & b) for a, b in zip(exact, quick, strict=True)) >= 0.97 * sum(map(len, exact)) > 0
    opened.close()


def test_what_is_on_disk_is_there_again(tmp_path):
    first = EdgeVectors.open(tmp_path / "v", SIZE)
    first.upsert(points(30))
    first.flush()
    first.close()
    second = EdgeVectors.open(tmp_path / "v", SIZE)
    assert second.count() == 30
    second.close()


def test_a_damaged_store_is_begun_anew_because_the_record_can_rebuild_it(tmp_path):
    first = EdgeVectors.open(tmp_path / "v", SIZE)
    first.upsert(points(10))
    first.flush()
    first.close()
    for path in (tmp_path / "v").rglob("*"):
        if path.is_file():
            path.write_bytes(b"noise")
    again = EdgeVectors.open(tmp_path / "v", SIZE)
    assert again.count() == 0
    again.close()


def test_a_second_opening_of_the_folder_is_refused(tmp_path):
    first = EdgeVectors.open(tmp_path / "v", SIZE)
    with pytest.raises(RecordBusy):
        EdgeVectors.open(tmp_path / "v", SIZE)
    assert first.count() == 0
    first.close()


def test_no_server_and_no_address_are_said_in_one_line(tmp_path):
    with pytest.raises(WrongUsage, match="no address"):
        open_vectors(tmp_path, "localhost:6333", SIZE, "x")
    with pytest.raises(RecordError, match=r"127\.0\.0\.1:9") as caught:
        open_vectors(tmp_path, "http://127.0.0.1:9", SIZE, "x")
    assert "\n" not in str(caught.value)
