"""Judge by its looks whether a paragraph is a quotation that the next one answers.

In a page that lost its markup, people's answers still show what they answer: a short paragraph, cut off at either end,
speaking to somebody, and after it "I agree it is …, but" or "Why?". A logistic regression judges what the paragraph
and its neighbours look like; boosted trees then weigh that against the page: who quotes once quotes again, and most
people never do. ANSWERED_PARAGRAPHS.md tells of the weights.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from corpus.boosted_trees import Tree, score, tree_from_json
from corpus.errors import CrosstalkError
from corpus.logistic import logistic
from corpus.model import Conversation, PassageKind, Quotation, QuotationKind
from ingest.quotations.source_search import list_blocks

WEIGHTS = Path(__file__).with_name("answered_paragraphs.json")
_SELDOM = 0.2  # share of a page's other paragraphs up to which something is rare on it
_PROBABLY = 0.35  # less likely quotations are left to their author; from here to surely, it is said how likely they are
_EVIDENT = 0.8  # at least, of words that begin amid a sentence and are agreed with, and of questions answered yes or no
_REPLIES = ("yes", "no", "yeah", "nope", "yep", "because")
_FEWEST = 3  # words
_CLAUSE = 7  # words of what is more than a name or a command
_CODE = re.compile(r"[{}<>=_|\\]|\w\(|\.\w+\.|--\w|/\w+/")
_ADDRESS = re.compile(r"(?:\s*https?://\S+)+\s*$")

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STOPPED = re.compile(r"[.!?:…)\]\"”’]\s*$")
_CUT_START = re.compile(r"^(?:\[?(?:\.\s?\.\s?\.|…)|[a-z])")
_CUT_END = re.compile(r"(?:\.\s?\.\s?\.|…|,|[a-z])\]?\s*$")
_STOP = re.compile(
    r"[.!?]+[\"”’)]*(?:\s|$)"
)  # counted, as in the paragraphs of mail from which the weights were learned
_STEPS = (0, -1, 1, -2, 2, -3, 3)  # the paragraphs whose scores are compared
_BEST, _AROUND, _LONG_PAGE = 3, 4, 40  # paragraphs: the likeliest elsewhere, those on either side, and a long page's
_NOWHERE = -8.0  # the score of a paragraph that is not there
PAGE_FEATURES = (
    *(f"score {step:+d}" if step else "score" for step in _STEPS),
    *(f"best elsewhere {rank}" for rank in range(1, _BEST + 1)),
    "share of the page",
    "share around",
    "paragraphs",
)
_STEM = 6  # letters by which words are held to be the same
COMMON = frozenset(
    "about above after again against almost already also although always another anyone anything around because been "
    "before being believe better between both came cannot case certain certainly come could course days does doing "
    "done each either else enough even ever every everything example fact feel find first from gets getting give given "
    "goes going good great hand have having here himself however idea into itself just keep kind know least less like "
    "likely little long look looks made make makes making many matter maybe mean means might more most much must need "
    "never next nothing often once only other others people perhaps point possible pretty probably problem question "
    "quite rather really reason right said same saying says seem seems sense should similar since some someone "
    "something sort still such sure take than that their them then there these they thing things think this those "
    "though thought through time times true trying understand unless until used useful using very want wants ways well "
    "were what when where whether which while will with within without work world would wrong years your".split()
)
_READ = 600  # characters of a paragraph that are read at either end

CUES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in (
        (
            "agrees",
            r"(?:i (?:mostly |fully |also |totally |completely |strongly |basically )?agree|agreed|yes|yeah|yep|"
            r"right|exactly|true|sure|indeed|correct|good point|fair|ok|okay|absolutely|of course)\b",
        ),
        (
            "denies",
            r"(?:no\b|nope|not\b|"
            r"i (?:strongly |really |also )?(?:disagree|doubt|don['’]t|do not|didn['’]t|can['’]t|wouldn['’]t)|"
            r"(?:this|that|it) (?:seems? (?:wrong|false|odd|off|weird|unlikely)|(?:isn['’]t|doesn['’]t|is not|does not|"
            r"wasn['’]t|won['’]t))|that['’]s not|it['’]s not|wrong|false|actually|hm+\b|nah)",
        ),
        (
            "asks",
            r"(?:why|what|how|who|where|when|which|do you|did you|does|is (?:this|that|it|there)|are you|can you|"
            r"could you|would you|have you|really\?|huh|in what|on what)\b",
        ),
        ("takes up", r"(?:this|that|these|those|it|which|same|such)\b"),
        (
            "thinks",
            r"(?:i think|i guess|i suspect|i believe|i expect|i['’]d|i would|i was|i['’]m|i am|my |imo\b|to me|fwiw|"
            r"personally|seems|it seems|sounds|looks)",
        ),
        (
            "yields",
            r"(?:but|well|though|however|maybe|perhaps|sort of|kind of|depends|it depends|sometimes|not necessarily)\b",
        ),
        ("thanks", r"(?:thanks|thank you|great|nice|cool|interesting|lol|ha|haha|wow|oh|ah|sorry|oops|good)\b"),
        (
            "continues",
            r"(?:also|another|so|and|then|thus|therefore|finally|first|second|third|in (?:addition|particular|fact|"
            r"other words)|for (?:example|instance)|moreover|similarly|e\.g|again|anyway|overall|one |to be clear|"
            r"separately|edit|ps|p\.s)\b",
        ),
        (
            "opens",
            r"(?:hi|hello|hey|dear|tl;?dr|note|disclaimer|epistemic|update|related|see |here |curious|"
            r"(?:for|to) (?:those|anyone|everyone|people|readers|the record)\b|"
            r"(?:does|can|has|is|if|could) any(?:one|body)\b)",
        ),
    )
}

_ANSWERING = frozenset({"agrees", "denies", "asks", "takes up", "thinks", "yields", "thanks", "continues"})


@dataclass(frozen=True, slots=True)
class ParagraphLook:
    """What a paragraph looks like."""

    words: int
    content: frozenset[str]
    phrases: frozenset[tuple[str, str]]
    cues: frozenset[str]
    stops: int
    stopped: bool
    leads: bool
    sentence: bool
    cut_start: bool
    cut_end: bool
    asks: bool
    i: bool
    you: bool
    listed: bool
    opening: str


def look_at_paragraph(text: str) -> ParagraphLook:
    """Look at a paragraph; only the first and the last 600 characters of a long one are read."""
    text = text.strip()
    head = text[:_READ]
    read = head if len(text) <= _READ else f"{head} {text[-_READ:]}"
    tokens = [word.casefold() for word in _WORD.findall(read)]
    stems = [word[:_STEM] for word in tokens if len(word) > 3 and word not in COMMON]
    words = len(tokens) if read is head else max(len(tokens), len(text) // 6)
    return ParagraphLook(
        words,
        frozenset(stems),
        frozenset(pairwise(stems)),
        frozenset(name for name, cue in CUES.items() if cue.match(text)),
        len(_STOP.findall(read)),
        _STOPPED.search(text[-8:]) is not None,
        text.endswith((":", ",")),
        words >= _CLAUSE and _STOPPED.search(text[-8:]) is not None and _CODE.search(read) is None,
        _CUT_START.match(text) is not None,
        _CUT_END.search(text[-8:]) is not None,
        text.endswith("?"),
        not {"i", "my", "me", "i'm", "i’m", "i've", "i’ve", "i'd", "i’d"}.isdisjoint(tokens),
        not {"you", "your", "you're", "you’re", "you've", "you’ve", "you'd", "you’d"}.isdisjoint(tokens),
        re.match(r"(?:[-*•]|\d+[.)])\s", text) is not None,
        " ".join(tokens[:2]),
    )


_NOTHING = look_at_paragraph("")


@dataclass(frozen=True, slots=True)
class PageHabits:
    """What the whole page looks like: in how many paragraphs each stem stands, and how many paragraphs are odd."""

    seen: Mapping[str, int]
    paragraphs: int
    cut_start: int
    unstopped: int

    def is_seldom(self, odd: int, *, is_odd: bool) -> bool:
        """Tell whether few of the others are odd, if `odd` of all paragraphs are and the one in question `is_odd`."""
        return odd - is_odd <= _SELDOM * (self.paragraphs - 1)


def count_habits(looks: Sequence[ParagraphLook]) -> PageHabits:
    """Sum up the looks of the paragraphs of a page."""
    return PageHabits(
        Counter(stem for look in looks for stem in look.content),
        len(looks),
        sum(look.cut_start for look in looks),
        sum(not look.stopped for look in looks),
    )


def compute_features(
    before: ParagraphLook, look: ParagraphLook, after: ParagraphLook, whole: PageHabits
) -> dict[str, float]:
    """Describe a paragraph between its neighbours; names are those of `WEIGHTS`.

    What is rare on the page, a word or a paragraph that begins in the middle of a sentence, tells more.
    """
    starts_alone = look.cut_start and whole.is_seldom(whole.cut_start, is_odd=look.cut_start)
    answered, resumed = _weigh_shared_words(look, after, whole.seen), _weigh_shared_words(before, look, whole.seen)
    values: dict[str, float] = {
        "length": math.log1p(look.words) / 3,
        "length^2": (math.log1p(look.words) / 3) ** 2,
        "few words": float(look.words < 6),
        "answer longer": math.tanh((math.log1p(after.words) - math.log1p(look.words)) / 2),
        "before longer": math.tanh((math.log1p(before.words) - math.log1p(look.words)) / 2),
        "no stop": float(not look.stopped),
        "no stop, answer stops": float(not look.stopped and after.stopped),
        "starts low": float(look.cut_start),
        "starts low, as nobody here": float(starts_alone),
        "starts low alone, after a stop": float(
            look.cut_start and not (before.cut_start or after.cut_start) and before.stopped and not before.leads
        ),
        "starts low, amid a sentence": float(starts_alone and look.sentence and not before.leads),
        "starts low, as its neighbours": float(look.cut_start and (before.cut_start or after.cut_start)),
        "led over to": float(before.leads),
        "starts low, answer does not": float(look.cut_start and not after.cut_start and after.words > 0),
        "no stop, as nobody here": float(
            not look.stopped and whole.is_seldom(whole.unstopped, is_odd=not look.stopped)
        ),
        "no stop, as its neighbours": float(not look.stopped and not (before.stopped and after.stopped)),
        "ends cut": float(look.cut_end),
        "one sentence": float(look.stops <= 1),
        "asks": float(look.asks),
        "asks, agreed or denied": float(look.asks and bool(after.cues & {"agrees", "denies", "thinks"})),
        "answer asks": float(after.asks),
        "I": float(look.i),
        "you": float(look.you),
        "answer I": float(after.i),
        "answer you": float(after.you),
        "before I": float(before.i),
        "you, then I": float(look.you and after.i and not look.i),
        "I, then you": float(look.i and after.you and not look.you),
        "no I, then I": float(after.i and not look.i),
        "listed": float(look.listed),
        "answer listed": float(after.listed),
        "first": float(before.words == 0),
        "last": float(after.words == 0),
        "shared with answer": answered,
        "shared with before": resumed,
        "rather with answer": answered - resumed,
        "before shared with answer": _weigh_shared_words(before, after, whole.seen),
        "phrase in answer": float(not look.phrases.isdisjoint(after.phrases)),
        "phrase in before": float(not look.phrases.isdisjoint(before.phrases)),
        "short, shared": answered * float(look.words < 30),
    }
    for prefix, seen in (("here ", look), ("answer ", after), ("before ", before)):
        for cue in seen.cues:
            values[prefix + cue] = 1.0
    for cue in after.cues & _ANSWERING:
        values[f"answer {cue}, shared"] = answered
        values[f"answer {cue}, shares nothing"] = float(answered == 0.0)
        values[f"answer {cue}, resumes"] = float(resumed > answered)
    bucket = next((limit for limit in (3, 6, 12, 20, 35, 60, 100) if look.words < limit), "more")
    values[f"words below {bucket}"] = 1.0
    values[f"words below {bucket}, shared"] = answered
    values[f"answer: {after.opening}"] = 1.0
    values[f"answer: {after.opening.split(' ')[0]}"] = 1.0
    values[f"here: {look.opening.split(' ')[0]}"] = 1.0
    return values


def _weigh_shared_words(first: ParagraphLook, second: ParagraphLook, seen: Mapping[str, int]) -> float:
    if not first.content or not second.content:
        return 0.0
    weight = sum(1 / math.sqrt(max(2, seen.get(stem, 2)) - 1) for stem in first.content & second.content)
    return weight / math.sqrt(min(len(first.content), 40) * min(len(second.content), 40))


def compare_with_page(scores: Sequence[float], described: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """Add to the features of each paragraph what the regression's `scores` (log odds) say of it and its page.

    The names added are `PAGE_FEATURES`.
    """
    likely = [logistic(log_odds) for log_odds in scores]
    best = sorted(range(len(scores)), key=lambda number: -scores[number])[: _BEST + 1]
    total = sum(likely)
    compared: list[dict[str, float]] = []
    for number, features in enumerate(described):
        around = likely[max(0, number - _AROUND) : number + _AROUND + 1]
        elsewhere = [scores[other] for other in best if other != number] + [_NOWHERE] * _BEST
        values = [
            *(scores[number + step] if 0 <= number + step < len(scores) else _NOWHERE for step in _STEPS),
            *elsewhere[:_BEST],
            (total - likely[number]) / max(1, len(likely) - 1),
            (sum(around) - likely[number]) / max(1, len(around) - 1),
            float(min(len(likely), _LONG_PAGE)),
        ]
        compared.append({**features, **dict(zip(PAGE_FEATURES, values, strict=True))})
    return compared


def estimate_probabilities(paragraphs: Sequence[str]) -> list[float]:
    """Return for each paragraph of a page the probability that it is quoted and answered by the next."""
    bias, weights, trees = _read_weights()
    described = describe_paragraphs(paragraphs)
    scores = [bias + sum(weights.get(name, 0.0) * value for name, value in features.items()) for features in described]
    return [
        _weigh_evidence(logistic(score(trees, features)), features) for features in compare_with_page(scores, described)
    ]


def _weigh_evidence(probability: float, features: Mapping[str, float]) -> float:
    """Correct the trees where it is plain: a short page says too little of how its author writes.

    Nothing before the first paragraph can have begun its sentence, or led over to somebody's words: if it does not
    begin amid a sentence, and is no sentence of which the next takes up a phrase, then the author goes on.
    """
    begins_amid = features["starts low, amid a sentence"] and features["starts low, answer does not"]
    contradicted = "answer agrees" in features or "answer denies" in features
    asked = features["asks"] and features["one sentence"] and not features["few words"]
    plain = not features["starts low"] or features["starts low, as nobody here"]
    replied = any(f"answer: {word}" in features for word in _REPLIES)
    if (begins_amid and contradicted) or (asked and plain and replied):
        return max(probability, _EVIDENT)
    taken_up = features["phrase in answer"] and features["one sentence"]  # long paragraphs share one by chance
    if features["first"] and not begins_amid and not taken_up:
        return 0.0
    return probability


@cache
def _read_weights() -> tuple[float, Mapping[str, float], tuple[Tree, ...]]:
    try:
        stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        return float(stored["bias"]), stored["weights"], tuple(tree_from_json(tree) for tree in stored["trees"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CrosstalkError(
            f"{WEIGHTS.name}, which tells quotations without marks, cannot be read ({error}); reinstall crosstalk"
        ) from error


def describe_paragraphs(paragraphs: Sequence[str]) -> list[dict[str, float]]:
    """Return the features of each paragraph of a page."""
    looks = [_NOTHING, *(look_at_paragraph(paragraph) for paragraph in paragraphs), _NOTHING]
    whole = count_habits(looks[1:-1])
    return [
        compute_features(before, look, after, whole)
        for before, look, after in zip(looks, looks[1:], looks[2:], strict=False)
    ]


def find_answered_paragraphs(conversation: Conversation, taken: Mapping[str, Sequence[Quotation]]) -> list[Quotation]:
    """Find what is evidently quoted in a page that lost its markup, though nobody can say from whom.

    `taken` holds the quotations found otherwise, by utterance. Nothing is guessed where the source keeps quotation
    marks, or tells who wrote what: there a paragraph that looks like a quotation is its author's more often than not.
    """
    if not conversation.is_flattened:
        return []
    places = [
        (utterance, block)
        for utterance in conversation.utterances
        for block in list_blocks(utterance)
        if block.kind in (PassageKind.PARAGRAPH, PassageKind.LIST_ITEM)
    ]
    texts = [utterance.text[block.start : block.end] for utterance, block in places]
    quotations: list[Quotation] = []
    for (utterance, block), text, probability in zip(places, texts, estimate_probabilities(texts), strict=True):
        if probability < _PROBABLY or len(_WORD.findall(text[:_READ])) < _FEWEST or _ADDRESS.match(text):
            continue
        if any(other.start < block.end and block.start < other.end for other in taken.get(utterance.id, ())):
            continue
        likely = min(0.95, round(probability, 2))
        quotations.append(Quotation(utterance.id, block.start, block.end, QuotationKind.UNMARKED, probability=likely))
    return quotations
