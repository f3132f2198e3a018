"""Whose words are these: quotations are resolved to the utterance in which the words are their author's own."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Conversation, Passage, PassageKind, Quotation, QuotationKind, Speaker, Utterance
from ingest.quotations import FingerprintIndex, resolve
from ingest.quotations.alignment import GramIndex, align, split_words
from ingest.sentences import SentenceIndex, parse_sentences

POST = (
    "Most plans for supervision assume that the judge is patient.\n\n"
    "In practice a judge who has read forty transcripts skims the rest, and the error rate of the whole pipeline is "
    "set by the forty-first. We measured this on three teams and it held on each of them.\n\n"
    "So the bottleneck is attention, which nobody has a line for in the budget."
)
ANSWER = (
    "I doubt that attention is the bottleneck; our reviewers were alert and still missed the planted faults, "
    "because the faults lay outside the part that they were shown."
)
ORLA, BEN, CY = (Speaker(f"t:{name.split()[0].lower()}", name) for name in ("Orla Fenn", "Ben Ashdown", "Cyrus Vail"))


def written(lines: str) -> tuple[str, tuple[Passage, ...]]:
    """Make a text and its passages from paragraphs, of which those marked ">" or ">>" are quoted."""
    text, passages, opened = "", [], []
    for paragraph in lines.split("\n\n"):
        depth = len(paragraph) - len(paragraph.lstrip(">"))
        words = paragraph.lstrip(">").strip()
        start = len(text) + 2 if text else 0
        text = f"{text}\n\n{words}" if text else words
        while len(opened) > depth:
            passages.append(Passage(PassageKind.QUOTE, *opened.pop()))
        opened = [(begun, len(text)) for begun, _ in opened]
        while len(opened) < depth:
            opened.append((start, len(text)))
        passages.append(Passage(PassageKind.PARAGRAPH, start, len(text)))
    passages += [Passage(PassageKind.QUOTE, *region) for region in opened]
    order = {PassageKind.QUOTE: 0, PassageKind.PARAGRAPH: 1}
    return text, tuple(sorted(passages, key=lambda p: (p.start, -p.end, order[p.kind])))


def thread(*turns: tuple[Speaker | None, str, int | None], name: str = "c") -> Conversation:
    """Make a conversation of (speaker, text, number of the utterance answered)."""
    begun = datetime(2024, 3, 1, tzinfo=UTC)
    utterances = []
    for number, (speaker, lines, parent) in enumerate(turns):
        text, passages = written(lines)
        reply_to = None if parent is None else f"{name}{parent}"
        posted_at = begun + timedelta(hours=number)
        utterances.append(Utterance(f"{name}{number}", name, text, speaker, reply_to, posted_at, passages=passages))
    return Conversation(name, "Who watches", tuple(utterances))


def find_quotations(conversation: Conversation, elsewhere: FingerprintIndex | None = None) -> tuple[Quotation, ...]:
    return resolve(conversation, SentenceIndex(parse_sentences(conversation)), elsewhere)


def only(conversation: Conversation, how: QuotationKind, utterance: str) -> Quotation:
    found = [q for q in find_quotations(conversation) if q.how is how and q.utterance_id == utterance]
    assert len(found) == 1, found
    return found[0]


def source_text(conversation: Conversation, quotation: Quotation) -> str:
    text = {each.id: each.text for each in conversation.utterances}[quotation.source_utterance_id]
    return text[quotation.source_start : quotation.source_end]


@pytest.mark.parametrize(
    "quoted",
    [
        "So the bottleneck is attention, which nobody has a line for in the budget.",
        "the bottleneck is ATTENTION — which nobody\nhas a line for in the budget",
        "So the bottleneck is attention[2], which nobody has a line for, in the budget.",
        "In practice a judge […] skims the rest, and the error rate of the whole pipeline is set by the forty-first.",
        "In practice a judge who has read forty transcripts skims the rest... We measured this on three teams",
        "In practice [the reviewer] who has read forty transcripts skims the rest, and the error rate of the pipeline",
        "We mesured this on three teams and it held on each of them",
        "the judge is patient",
    ],
)
def test_marked_quote_is_credited_to_its_source_in_spite_of_small_changes(quoted):
    conversation = thread((ORLA, POST, None), (BEN, f"> {quoted}\n\nNot what we saw.", 0))
    quotation = only(conversation, QuotationKind.MARKED, "c1")
    assert (quotation.speaker, quotation.source_utterance_id) == (ORLA, "c0")
    assert quotation.similarity > 0.75


def test_source_is_told_in_the_characters_of_the_source():
    conversation = thread((ORLA, POST, None), (BEN, "> we measured this on three teams\n\nWhich?", 0))
    quotation = only(conversation, QuotationKind.MARKED, "c1")
    assert source_text(conversation, quotation) == "We measured this on three teams"


def test_whoever_only_quoted_the_words_is_not_their_source():
    quoting = f"> {POST.split(chr(10))[-1]}\n\nWe have such a line."
    conversation = thread((ORLA, POST, None), (BEN, quoting, 0), (CY, f"> {POST.split(chr(10))[-1]}\n\nSince when?", 1))
    assert only(conversation, QuotationKind.MARKED, "c2").speaker == ORLA


FIRST, SECOND = "Oversight is a paper exercise, and nobody checks the checkers.", "No, oversight finds things."


def clocked(conversation: Conversation, *hours: int | None) -> Conversation:
    """Set the clock of each utterance to an hour of one day, or to nothing."""
    day = datetime(2024, 3, 1, tzinfo=UTC)
    times = [None if hour is None else day + timedelta(hours=hour) for hour in hours]
    pairs = zip(conversation.utterances, times, strict=True)
    return replace(conversation, utterances=tuple(replace(each, posted_at=time) for each, time in pairs))


@pytest.mark.parametrize("mark", ["> ", ""])
@pytest.mark.parametrize("hours", [(5, 5), (9, 5), (None, 5), (5, None), (None, None)])
def test_nobody_s_own_words_are_credited_to_who_answers_them_whatever_the_clocks_say(mark, hours):
    conversation = clocked(thread((ORLA, FIRST, None), (BEN, f"{mark}{FIRST}\n\n{SECOND}", 0)), *hours)
    (quotation,) = find_quotations(conversation)
    assert (quotation.utterance_id, quotation.speaker, quotation.source_utterance_id) == ("c1", ORLA, "c0")
    # Nor does it matter in which order the source lists them, or how far below the answer stands.
    (turned,) = find_quotations(replace(conversation, utterances=conversation.utterances[::-1]))
    assert turned == quotation
    between = (CY, "Who would pay for that, and when?", 0)
    deep = clocked(thread((ORLA, FIRST, None), between, (BEN, f"{mark}{FIRST}\n\n{SECOND}", 1)), hours[0], 3, hours[1])
    assert [(q.utterance_id, q.speaker) for q in find_quotations(deep)] == [("c2", ORLA)]


@pytest.mark.parametrize("hours", [(1, 5, 5), (1, None, None), (1, None, 5), (None, None, None)])
@pytest.mark.parametrize("quoting", [1, 2])
def test_of_two_who_answer_neither_the_one_that_marks_it_quotes(hours, quoting):
    turns = [(CY, FIRST, 0), (BEN, f"> {FIRST}\n\n{SECOND}", 0)]
    conversation = clocked(thread((ORLA, POST, None), *(turns if quoting == 2 else turns[::-1])), *hours)
    assert [(q.utterance_id, q.speaker) for q in find_quotations(conversation)] == [(f"c{quoting}", CY)]


def test_of_two_who_answer_neither_the_later_repeats_the_earlier():
    conversation = thread((ORLA, POST, None), (CY, ANSWER, 0), (BEN, f"{ANSWER}\n\n{SECOND}", 0))
    assert [(q.utterance_id, q.speaker) for q in find_quotations(clocked(conversation, 1, 2, 3))] == [("c2", CY)]
    assert [(q.utterance_id, q.speaker) for q in find_quotations(clocked(conversation, 1, 3, 2))] == [("c1", BEN)]


def test_an_answer_on_another_page_is_not_the_source_of_what_it_answers():
    post = clocked(thread((ORLA, f"{ANSWER}\n\n{POST}", None), name="p"), 9)
    answer = clocked(thread((BEN, f"{ANSWER}\n\n{POST}", None), name="r"), 5)
    answer = replace(answer, utterances=(replace(answer.utterances[0], reply_to="p0"),))
    assert find_quotations(post, FingerprintIndex(answer.utterances)) == ()
    assert {q.speaker for q in find_quotations(answer, FingerprintIndex(post.utterances))} <= {ORLA}


def test_nested_quotes_belong_to_two_people():
    first = "So the bottleneck is attention, which nobody has a line for in the budget."
    second = "I would call it tiredness rather than attention, and rest is cheap."
    conversation = thread(
        (ORLA, POST, None), (BEN, f"> {first}\n\n{second}", 0), (CY, f">> {first}\n\n> {second}\n\nRest is not.", 1)
    )
    found = [q for q in find_quotations(conversation) if q.utterance_id == "c2"]
    text = conversation.utterances[2].text
    innermost = {
        words: min((q for q in found if q.start <= text.index(words) < q.end), key=lambda q: q.end - q.start).speaker
        for words in (first, second)
    }
    assert innermost == {first: ORLA, second: BEN}


def test_one_region_with_words_of_two_people_is_parted():
    mixed = f"> {ANSWER}\n\n> So the bottleneck is attention, which nobody has a line for in the budget.\n\nBoth, then."
    conversation = thread((ORLA, POST, None), (BEN, ANSWER, 0), (CY, mixed, 1))
    found = [q for q in find_quotations(conversation) if q.utterance_id == "c2"]
    assert [q.speaker for q in found] == [BEN, ORLA]
    assert found[0].end < found[1].start


def test_quote_that_nobody_here_wrote_has_no_speaker():
    foreign = "The shipping forecast is read slowly so that it can be taken down by hand."
    quotation = only(thread((ORLA, POST, None), (BEN, f"> {foreign}\n\nLike that.", 0)), QuotationKind.MARKED, "c1")
    assert (quotation.speaker, quotation.source_utterance_id, quotation.similarity) == (None, None, 0.0)


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("Cyrus writes:", CY),
        ("On 3 May, Cyrus Vail wrote:", CY),
        ("I once wrote:", None),
        ("You said:", None),
        ("Cyrus and Orla said:", None),
        ("A friend says:", None),
    ],
)
def test_name_before_a_quote_counts_where_it_is_the_only_one(line, speaker):
    foreign = "Nobody reads the appendix, and that is where the budget lives."
    conversation = thread(
        (ORLA, POST, None), (CY, ANSWER, 0), (BEN, f"{line}\n\n> {foreign}\n\nThat was a while ago.", 0)
    )
    assert only(conversation, QuotationKind.MARKED, "c2").speaker == speaker


def test_quoting_oneself_is_found_but_a_later_repetition_is_no_source():
    words = "A supervisor who cannot say what would change his mind is decoration."
    said, quoting = f"{words}\n\nThat is my view.", f"> {words}\n\nStill so."
    conversation = thread((ORLA, POST, None), (BEN, said, 0), (BEN, quoting, 1), (CY, words, 2))
    quotation = only(conversation, QuotationKind.MARKED, "c2")
    assert (quotation.speaker, quotation.source_utterance_id) == (BEN, "c1")


def test_proposed_wording_is_not_credited_to_whom_it_would_change():
    own = "So the bottleneck is the attention of a judge, which hardly anybody has a line for in his budget."
    conversation = thread((ORLA, POST, None), (BEN, f"I would rephrase it:\n\n> {own}\n\nBetter?", 0))
    assert only(conversation, QuotationKind.MARKED, "c1").speaker is None


def test_paragraph_that_lost_its_mark_is_recognised():
    lost = "In practice a judge who has read forty transcripts skims the rest"
    conversation = thread((ORLA, POST, None), (BEN, f"{lost}\n\nOurs did not, as it happens.", 0))
    quotation = only(conversation, QuotationKind.UNMARKED, "c1")
    assert quotation.speaker == ORLA
    assert conversation.utterances[1].text[quotation.start : quotation.end] == lost
    assert quotation.probability > 0.9


@pytest.mark.parametrize(
    "lost",
    [
        "In practise a judge who reads forty transcripts skims the rest",
        "In practice a judge [...] skims the rest, and the error rate of the whole pipeline is set by the forty-first.",
        "In practice the judge who has read forty transcripts skims the rest",
    ],
)
def test_paragraph_that_lost_its_mark_and_was_altered_is_recognised(lost):
    conversation = thread((ORLA, POST, None), (BEN, f"{lost}\n\nOurs did not, as it happens.", 0))
    assert only(conversation, QuotationKind.UNMARKED, "c1").speaker == ORLA


def test_short_words_of_an_earlier_answer_are_recognised_where_they_are_answered():
    lost = "nobody counted the lambs before midsummer"
    said = f"The flock was sold in spring, and {lost}."
    conversation = thread((ORLA, POST, None), (CY, said, 0), (BEN, f"{lost}\n\nI did, twice.", 0))
    assert only(conversation, QuotationKind.UNMARKED, "c2").speaker == CY
    unanswered = thread((ORLA, POST, None), (CY, said, 0), (BEN, f"Who would?\n\n{lost}", 0))
    assert [q for q in find_quotations(unanswered) if q.utterance_id == "c2"] == []


def test_sentences_that_begin_a_paragraph_are_parted_from_the_answer():
    quoted = "We measured this on three teams and it held on each of them."
    conversation = thread((ORLA, POST, None), (BEN, f"{quoted} Three teams of the same firm, though, I take it?", 0))
    quotation = only(conversation, QuotationKind.UNMARKED, "c1")
    assert conversation.utterances[1].text[quotation.start : quotation.end] == quoted


@pytest.mark.parametrize(
    "own",
    [
        "I agree.",
        "Thanks for writing this!",
        "So the bottleneck is somewhere else, which nobody has looked at in the last budget that I know of.",
        "Most plans assume much.",
    ],
)
def test_own_words_stay_own(own):
    conversation = thread(
        (ORLA, POST + "\n\nI agree.\n\nThanks for writing this!", None), (BEN, f"{own}\n\nMore on that another day.", 0)
    )
    assert [q for q in find_quotations(conversation) if q.utterance_id == "c1"] == []


def test_author_who_restates_himself_does_not_quote():
    conversation = thread((ORLA, POST, None), (BEN, ANSWER, 0), (BEN, f"{ANSWER}\n\nI say it again.", 0))
    assert find_quotations(conversation) == ()


def test_signature_under_two_utterances_is_no_quotation():
    signature = "Ashdown Instruments, Lower Mill Lane, by appointment only"
    conversation = thread((ORLA, f"{POST}\n\n{signature}", None), (BEN, f"{ANSWER}\n\n{signature}", 0))
    assert find_quotations(conversation) == ()


def test_page_without_authors_quotes_its_own_earlier_part():
    quoted = "In practice a judge who has read forty transcripts skims the rest"
    page = f"{POST}\n\n{ANSWER}\n\n{quoted}\n\nWho counted them? Forty seems a round number to me."
    quotation = next(q for q in find_quotations(thread((None, page, None))) if q.source_utterance_id)
    assert (quotation.utterance_id, quotation.source_utterance_id, quotation.speaker) == ("c0", "c0", None)
    assert quotation.source_end < quotation.start


def test_page_that_shows_its_comments_twice_does_not_quote_itself():
    comments = [
        "Fences along the northern path were mended twice in spring and fell again before midsummer.",
        "Nobody asked the shepherd, who could have told them which gate the rams go for.",
        "Rams were sold two years ago, so it must be the wind that takes the fence down.",
    ]
    assert (
        find_quotations(thread((None, "\n\n".join([POST, *comments, comments[2], comments[0], comments[1]]), None)))
        == ()
    )


def test_evident_quotation_on_a_bare_page_is_probable_and_nobodys():
    page = (
        "The pilot was run in the autumn on two sites, and both reported within a month.\n\n"
        "wouldn't the second site simply copy what the first site reported?\n\n"
        "I agree that the second site could copy the report of the first, but they were not told of each other.\n\n"
        "A longer trial is planned for next year, with money from the county."
    )
    found = find_quotations(thread((ORLA, page, None)))
    assert [page[q.start : q.end][:14] for q in found] == ["wouldn't the s"]
    assert found[0].speaker is None
    assert found[0].source_utterance_id is None
    assert 0.5 <= found[0].probability < 1


@pytest.mark.parametrize(
    "opening",
    [
        "For those who voted against it: I want to know why you did. Is it that you would rather wait for the spring?",
        "To those of you who were there: did you see the ram, or only what it left? I should like to know.",
        "Has anyone here mended such a fence? You would do me a kindness if you said what you used.",
    ],
)
def test_what_opens_a_bare_page_is_its_authors(opening):
    page = (
        f"{opening}\n\nI agree that it is dear, but I do still think that we should mend it before midsummer.\n\n"
        "A longer trial is planned for next year, with money from the county."
    )
    conversation = thread((ORLA, page, None))
    assert find_quotations(conversation) == ()


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("Here’s one thing by Cyrus:", CY),
        ("Hadewych Boom writes:", None),
        ("Cyrus recently wrote in his newsletter:", CY),
        ("And here is a comment from Pia Lund:", None),
    ],
)
def test_a_paragraph_handed_over_by_a_line_is_not_its_authors(line, speaker):
    words = "nobody has a line for this in the budget, and nobody will until the second site reports."
    page = f"I looked for who said so first.\n\n{line}\n\n{words}\n\nI could not find the others any more."
    found = [q for q in find_quotations(thread((CY, POST, None), (BEN, page, 0))) if q.utterance_id == "c1"]
    assert [(page[q.start : q.end], q.speaker) for q in found] == [(words, speaker)]


@pytest.mark.parametrize(
    "line",
    ["The rule says:", "Ben says:", "I once wrote:", "As the saying goes:", "There are two things said here:"],
)
def test_what_the_author_goes_on_to_say_himself_is_his(line):
    page = f"{line}\n\nNo budget survives the second winter without a line for repairs."
    assert [q for q in find_quotations(thread((CY, POST, None), (BEN, page, 0))) if q.utterance_id == "c1"] == []


def test_nothing_is_guessed_where_marks_are_kept():
    kept = "wouldn't the second site simply copy what the first site reported?\n\nI agree that it could, but no."
    conversation = thread((ORLA, POST, None), (BEN, f"> the judge is patient\n\nIs he?\n\n{kept}", 0))
    assert [q.how for q in find_quotations(conversation)] == [QuotationKind.MARKED]


@pytest.mark.parametrize(
    ("sentence", "speaker", "quoted"),
    [
        ('You say "the error rate of the whole pipeline is set by the forty-first"; is it?', ORLA, "the error rate"),
        ("What about “nobody has a line for in the budget” then?", ORLA, "nobody has"),
        ('As Cyrus put it, "a meeting without minutes is a rumour with chairs".', CY, "a meeting"),
    ],
)
def test_inline_quote_belongs_to_its_source_or_to_the_one_named(sentence, speaker, quoted):
    conversation = thread((ORLA, POST, None), (CY, ANSWER, 0), (BEN, sentence, 0))
    quotation = only(conversation, QuotationKind.INLINE, "c2")
    assert quotation.speaker == speaker
    assert sentence[quotation.start : quotation.end].startswith(quoted)


@pytest.mark.parametrize(
    "sentence",
    [
        'The word "attention" is doing a lot of work here.',
        'That is the so-called "skimming problem" of the trade.',
        "I liked “The Patient Judge” better than the sequel.",
    ],
)
def test_scare_quotes_terms_and_titles_are_nobodys_words(sentence):
    assert find_quotations(thread((ORLA, POST, None), (BEN, sentence, 0))) == ()


def test_words_from_another_conversation_are_found_whatever_the_order():
    first = thread((ORLA, POST, None), name="a")
    quoting = f"> {POST.split(chr(10))[2]}\n\nStill true?"
    later = thread((CY, "Something else was said.", None), (BEN, quoting, 0), name="b")
    later = replace(
        later, utterances=tuple(replace(u, posted_at=u.posted_at + timedelta(days=9)) for u in later.utterances)
    )
    assert find_quotations(later)[0].speaker is None
    forward = find_quotations(later, FingerprintIndex([*first.utterances, *later.utterances]))
    backward = find_quotations(later, FingerprintIndex([*later.utterances, *first.utterances]))
    assert forward == backward
    assert (forward[0].speaker, forward[0].source_utterance_id) == (ORLA, "a0")


def test_shelf_can_leave_the_texts_where_they_are():
    conversation = thread((ORLA, POST, None))
    asked: list[list[str]] = []

    def fetch(ids):
        asked.append(list(ids))
        return {each.id: each for each in conversation.utterances if each.id in ids}

    shelf = FingerprintIndex(conversation.utterances, fetch)
    assert [each.id for each in shelf.find(POST[70:200])] == ["c0"]
    assert asked == [["c0"]]
    assert list(shelf.find("nothing of the kind was ever written down in here by anybody")) == []


def test_like_words_align_whatever_stands_between_them():
    quote, source = split_words("one two [3] “three” four, five!"), split_words("Zero: ONE two three\nfour five six.")
    alignment = align(quote, source, *GramIndex([source.codes]).find_seeds(quote.codes))
    assert alignment is not None
    assert (alignment.similarity, alignment.source_first, alignment.source_last) == (1.0, 1, 6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="ab \n.>\"'“”…[]ſİ😀中", max_size=60), min_size=1, max_size=5), st.booleans())
def test_places_always_lie_within_their_texts(texts, marked):
    utterances = []
    for number, text in enumerate(texts):
        passages = (Passage(PassageKind.QUOTE, 0, len(text)),) if marked and text else ()
        utterances.append(Utterance(f"h{number}", "h", text, ORLA if number % 2 else BEN, passages=passages))
    for quotation in find_quotations(Conversation("h", "", tuple(utterances))):
        sizes = {each.id: len(each.text) for each in utterances}
        assert 0 <= quotation.start < quotation.end <= sizes[quotation.utterance_id]
        assert 0 <= quotation.similarity <= 1
        assert 0 <= quotation.probability <= 1
        if quotation.source_utterance_id is not None:
            assert 0 <= quotation.source_start < quotation.source_end <= sizes[quotation.source_utterance_id]


@pytest.mark.parametrize("noise", ["a ", '"', "“a ", ". ", "…", "[a", "😀", "'a ", "a. "])
def test_repetitive_text_takes_time_in_proportion(noise):
    def seconds(size: int) -> float:
        text = noise * (size // len(noise))
        begun = time.process_time()
        resolve(thread((ORLA, text, None), (BEN, f"> {text}\n\nHm.", 0)), SentenceIndex(()))
        return time.process_time() - begun

    seconds(2_000)
    assert seconds(80_000) < 40 * max(seconds(8_000), 0.02)
