"""What says something by itself is shown; what does not stays in the record, under its thread and in exports."""

import pytest

from corpus.model import Conversation, Speaker, Utterance
from corpus.record import Record
from index.answers import Query
from index.wire.claims import ClaimJson
from ingest.pipeline import extract
from ingest.sources.source import Hints
from ui.base_location import BaseLocation
from ui.cli.ingest_commands import read_into

INGA = Speaker("forum:inga-solheim", "Inga Solheim")
TELLING = "Interpretability tools for large networks improve more slowly than the networks themselves."
ASKING = "Will laboratories slow down their research once an automated researcher deceives its overseers?"
SLIGHT = "I will get back to you on that."


def claims_of(text):
    utterance = Utterance("forum:p", "forum:p", text, INGA)
    return extract(Conversation("forum:p", "Pacing", (utterance,))).claims


@pytest.mark.parametrize(
    "text",
    [
        TELLING,
        ASKING,
        "An agent with a bounded budget should buy information before it buys power.",
        "I think there is a 30% chance of it.",
    ],
)
def test_what_says_something_is_shown(text):
    claims = claims_of(text)
    assert claims
    assert all(claim.shown for claim in claims)


@pytest.mark.parametrize(
    "text",
    [
        SLIGHT,
        "I think this is mostly right.",
        "What do you mean by that?",
        "I said more about it in a comment.",
    ],
)
def test_what_says_nothing_by_itself_is_kept_but_not_shown(text):
    claims = claims_of(text)
    assert claims
    assert not any(claim.shown for claim in claims)
    assert ClaimJson.dump(claims[0])["shown"] is False


def test_a_search_shows_the_rest_only_when_asked(tmp_path):
    source = tmp_path / "pacing.md"
    source.write_text(f"{TELLING}\n\n{SLIGHT}\n")
    location = BaseLocation(tmp_path / "kb")
    read_into(location, [str(source)], Hints(author=INGA.name, title="Pacing"))
    with location.open(purpose="tests") as knowledge:
        found = [hit.claim.text for hit in knowledge.search.find(Query("")).items]
        everything = [hit.claim.text for hit in knowledge.search.find(Query("", include_hidden=True)).items]
        assert SLIGHT.rstrip(".") not in " ".join(found)
        assert TELLING.rstrip(".") in " ".join(found)
        assert SLIGHT.rstrip(".") in " ".join(everything)


def test_the_record_keeps_whether_a_claim_is_shown(tmp_path):
    utterance = Utterance("forum:p", "forum:p", f"{TELLING}\n\n{SLIGHT}", INGA)
    conversation = Conversation("forum:p", "Pacing", (utterance,))
    with Record.open(tmp_path / "corpus.db") as record:
        record.store(conversation, source="made up", rank=1, extract=extract)
        assert [claim.shown for claim in record.list_claims_of("forum:p")] == [True, False]
