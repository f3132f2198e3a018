"""What tells that a new voice begins at a paragraph of a page that lost its author marks.

Everything is read from the words alone: an earlier passage repeated (a quotation that lost its mark) and then
answered, an opening that answers, "I" and "you" changing places, habits of typing, the topic turning (TextTiling:
Hearst 1997). Names that hold "=" are words and turns of phrase; the others are measures (`drop_word_features`).
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from statistics import fmean

from corpus.english import FUNCTION_WORDS
from ingest.quotations.answered_paragraphs import CUES, estimate_probabilities

Features = dict[str, float]

_WORD = re.compile(r"[A-Za-z']+|\d+|[^\sA-Za-z\d]")
_READ = 4_000  # characters of a paragraph that are read
_SHINGLE = 5  # words in a row that hardly anybody repeats by chance
_OPENING = 10  # words in which an opening speaks to somebody
_NEAR, _FAR = 3, 12  # paragraphs before that are held to be the running turn, and the page around it
_FIRST = frozenset({"i", "i'm", "i've", "i'd", "i'll", "my", "me", "mine", "myself"})
_SECOND = frozenset({"you", "you're", "you've", "you'd", "you'll", "your", "yours", "yourself"})
_FUNCTION = FUNCTION_WORDS | frozenset("he she should may might how why more".split())
_SIGNS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in (
        ("listed", r"\s*(?:[-*•]|\(?\d{1,3}[.)]|\(?[a-z]\)|\[\d+\]|\^)"),
        ("amends", r"\W*(?:edit|update|eta|ps|p\.s|addendum|tl;?dr|epistemic status|disclaimer|note|aside)\b"),
        ("address", r"\W*https?://\S+\W*$"),
        ("aside", r"\s*[(\[]"),
        ("lower", r"\s*(?-i:[a-z])"),
        ("speaks of the post", r".{0,160}\b(?:(?:this|the|your|great|nice|good) (?:post|article|essay|comment|piece|"
         r"thread|question|page|point|reply|response|answer)|OP|you (?:say|said|write|wrote|mention|mentioned|seem|"
         r"think|mean|argue|claim|suggest)|your (?:claim|view|argument|position|definition|example|model|point))\b"),
        ("greets", r"\W*(?:hi|hello|hey|dear|thanks|thank you|thx|welcome|congrat\w*|sorry|@\w+)\b"),
        ("calls by name", r"(?-i:@?[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?:,| [-–—]|:)\s"),
        ("signs off", r"\W*(?:cheers|best|regards|thanks|thank you|yours|-{1,2}\s?\w+|(?-i:[A-Z][a-z]+))[,.!]?\s*$"),
        ("asks for a reply", r".*\b(?:do you|what do you|would you|could you|can you|curious|thoughts|am i)\b.*\?"),
    )
}  # fmt: skip
_HABITS: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    name: (re.compile(habit), re.compile(contrary))
    for name, habit, contrary in (
        ("two spaces after a stop", r"[.!?]['\")]?  \S", r"[.!?]['\")]? \S"),
        ("curly apostrophe", r"\w’\w", r"\w'\w"),
        ("curly quotes", r"[“”]", r'"'),
        ("dash", r"\w ?[—–] ?\w", r"\w ?-- ?\w|\w - \w"),
        ("contracted", r"\b(?:do|does|did|is|are|was|ca|wo|would|should|could)n['’]t\b|\b[Ii]t['’]s\b|\bI['’]m\b",
         r"\b(?:do|does|did|is|are|was|can|would|should|could) ?not\b|\b[Ii]t is\b|\bI am\b"),
        ("small i", r"(?<![\w.])i(?:['’][a-z]+)? [a-z]", r"\bI(?:['’][a-z]+)? [a-z]"),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _ParagraphLook:
    """What one paragraph looks like."""

    tokens: list[str]
    content: Counter[str]
    first: float
    second: float
    asks: bool
    cues: frozenset[str]
    signs: frozenset[str]
    habits: dict[str, bool]
    stop: str
    size: float
    sentences: float


def split_words(text: str) -> list[str]:
    """Cut a paragraph into lower-case words and single marks; curly quotes count as straight ones."""
    return _WORD.findall(text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"').lower())


def describe_paragraphs(paragraphs: Sequence[str], known: Set[int] = frozenset()) -> list[Features]:
    """Describe each paragraph as a possible beginning of a turn. Linear in the length of the page.

    `known` are the paragraphs that something else than the words shows to be quotations.
    """
    looks = [_examine_paragraph(paragraph) for paragraph in paragraphs]
    idf = _compute_idf([look.content for look in looks])
    repeats = _find_repeats([look.tokens for look in looks])
    quoted = [1.0 if index in known else likely for index, likely in enumerate(estimate_probabilities(paragraphs))]
    page = _describe_page(looks, repeats)
    rows: list[Features] = []
    heading = 0
    for index, look in enumerate(looks):
        row = page | _describe_paragraph(look, "") | _describe_opening(look.tokens) | {"bias=": 1.0}
        row |= _describe_repeat(repeats, quoted, index, "")
        row |= {"first places": 1.0 / (1 + index), "since a heading": math.log1p(index - heading) / 3}
        if _is_heading(look):
            heading = index
        if index:
            row |= _describe_paragraph(looks[index - 1], "before ") | _describe_repeat(
                repeats, quoted, index - 1, "before "
            )
            row |= _describe_change(looks, index) | _describe_cohesion(looks, index, idf)
        if index + 1 < len(looks):
            after = looks[index + 1]
            row |= _describe_paragraph(after, "after ") | _describe_repeat(repeats, quoted, index + 1, "after ")
            if repeats[index].share > 0.5 or quoted[index] > 0.4:
                row |= {f"quoted, then {name}": value for name, value in _describe_opening(after.tokens[:2]).items()}
        rows.append(row)
    return rows


def drop_word_features(names: Sequence[str]) -> list[str]:
    """Leave out the names of words and turns of phrase."""
    return [name for name in names if "=" not in name]


def _examine_paragraph(text: str) -> _ParagraphLook:
    text = text[:_READ]
    tokens = split_words(text)
    count = max(1, len(tokens))
    head = " ".join(text[:400].split())
    return _ParagraphLook(
        tokens,
        Counter(word for word in tokens if len(word) > 2 and word.isalpha() and word not in _FUNCTION),
        sum(word in _FIRST for word in tokens) / count * 10,
        sum(word in _SECOND for word in tokens) / count * 10,
        "?" in text,
        frozenset(name for name, cue in CUES.items() if cue.match(head)),
        frozenset(name for name, sign in _SIGNS.items() if sign.match(head)),
        {
            name: bool(habit.search(text))
            for name, (habit, contrary) in _HABITS.items()
            if habit.search(text) or contrary.search(text)
        },
        _read_stop(text),
        math.log1p(len(tokens)) / 5,
        math.log1p(sum(word in ".?!" for word in tokens)),
    )


def _read_stop(text: str) -> str:
    end = text.rstrip().rstrip("\"”')")[-1:]
    return "stop" if end in (".", "!", "…") else end if end in ("?", ":", ",") else "none"


def _is_heading(look: _ParagraphLook) -> bool:
    return look.stop == "none" and len(look.tokens) <= 12


def _describe_paragraph(look: _ParagraphLook, side: str) -> Features:
    return {
        f"{side}size": look.size,
        f"{side}sentences": look.sentences,
        f"{side}I": look.first,
        f"{side}you": look.second,
        f"{side}asks": float(look.asks),
        f"{side}heading": float(_is_heading(look)),
        f"{side}short": float(len(look.tokens) < 12),
        f"{side}ends {look.stop}": 1.0,
        **{f"{side}{cue}": 1.0 for cue in look.cues},
        **{f"{side}{sign}": 1.0 for sign in look.signs},
    }


def _describe_opening(tokens: Sequence[str]) -> Features:
    opening_features = {f"opens={'_'.join(tokens[:size])}": 1.0 for size in (1, 2, 3) if len(tokens) >= size}
    return opening_features | {f"near the opening={word}": 1.0 for word in tokens[1:_OPENING] if word[0].isalpha()}


@dataclass(frozen=True, slots=True)
class _RepeatedRun:
    """How much of a paragraph stood in an earlier one, how far above, and how much of that one it is."""

    share: float = 0.0
    back: int = 0
    of_source: float = 0.0


def _describe_repeat(repeats: Sequence[_RepeatedRun], quoted: Sequence[float], index: int, side: str) -> Features:
    repeat = repeats[index]
    repeat_features = {f"{side}repeats": repeat.share, f"{side}quoted": quoted[index]}
    if repeat.share > 0.5:
        repeat_features[f"{side}repeats most"] = 1.0
        repeat_features[f"{side}repeats from afar"] = math.log1p(repeat.back) / 3
        repeat_features[f"{side}repeats a part"] = 1.0 - min(1.0, repeat.of_source)
    return repeat_features


def _describe_change(looks: Sequence[_ParagraphLook], index: int) -> Features:
    """Compare a paragraph with the turn that runs: who is "I" and "you", what was asked, how they type."""
    current, before = looks[index], looks[index - 1]
    near = looks[max(0, index - _NEAR) : index]
    changes = {
        "you appears": float(current.second > 0 and all(not look.second for look in near)),
        "you goes": float(current.second == 0 and before.second > 0),
        "I appears": float(current.first > 0 and all(not look.first for look in near)),
        "I, then you": float(before.first > 0 and current.second > 0),
        "I, then I": float(before.first > 0 and current.first > 0),
        "I or you near": fmean(float(look.first > 0 or look.second > 0) for look in near),
        "asked, not asking": float(before.asks and not current.asks),
        "you asked, I answer": float(before.asks and before.second > 0 and current.first > 0),
        "grows": current.size - before.size,
        "grows over the near": current.size - fmean(look.size for look in near),
    }
    following = looks[index : index + _NEAR]
    changes["you more from here"] = fmean(look.second for look in following) - fmean(look.second for look in near)
    changes["I more from here"] = fmean(look.first for look in following) - fmean(look.first for look in near)
    changed = kept = 0
    for name, habit in current.habits.items():
        earlier = next((look.habits[name] for look in reversed(near) if name in look.habits), None)
        changed += earlier is not None and earlier != habit
        kept += earlier is not None and earlier == habit
    for name, habit in current.habits.items():
        if name in before.habits and before.habits[name] != habit:
            changes[f"other habit: {name}"] = 1.0
    return changes | {"other habits": float(changed), "same habits": float(kept)}


def _describe_cohesion(looks: Sequence[_ParagraphLook], index: int, idf: Mapping[str, float]) -> Features:
    """Compare the words of a paragraph with what stands around it and with the top of the page."""
    content = [look.content for look in looks[max(0, index - _FAR) : index + _NEAR]]
    own = min(index, _FAR)
    before = _compute_cosine(content[own - 1], content[own], idf)
    after = _compute_cosine(content[own], content[own + 1], idf) if own + 1 < len(content) else 0.0
    far = _compute_cosine(_sum_counts(content[:own]), content[own], idf)
    earlier = max((_compute_cosine(counts, content[own], idf) for counts in content[: max(0, own - 1)]), default=0.0)
    return {
        "near before": before,
        "nearer after": after - before,
        "near the far": far,
        "tiling": _compute_cosine(_sum_counts(content[max(0, own - _NEAR) : own]), _sum_counts(content[own:]), idf),
        "skips back": earlier - before,
        "near the top": _compute_cosine(looks[0].content, content[own], idf),
    }


def _describe_page(looks: Sequence[_ParagraphLook], repeats: Sequence[_RepeatedRun]) -> Features:
    """Describe the page: an essay, a thread and a talk differ in how often somebody else speaks."""
    return {
        "page size": math.log1p(len(looks)) / 5,
        "page: mean size": fmean(look.size for look in looks),
        "page: you": fmean(float(look.second > 0) for look in looks),
        "page: I": fmean(float(look.first > 0) for look in looks),
        "page: asks": fmean(float(look.asks) for look in looks),
        "page: headings": fmean(float(_is_heading(look)) for look in looks),
        "page: listed": fmean(float("listed" in look.signs) for look in looks),
        "page: repeats": fmean(float(repeat.share > 0.5) for repeat in repeats),
        "page: answers": fmean(float(bool(look.cues & {"agrees", "denies", "thanks"})) for look in looks),
        "page: habits": fmean(fmean(look.habits.values()) if look.habits else 0.5 for look in looks),
    }


def _compute_idf(content: Sequence[Counter[str]]) -> dict[str, float]:
    seen = Counter(word for counts in content for word in counts)
    return {word: math.log((1 + len(content)) / count) for word, count in seen.items()}


def _sum_counts(counts: Sequence[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return total


def _compute_cosine(first: Counter[str], second: Counter[str], idf: Mapping[str, float]) -> float:
    small, large = sorted((first, second), key=len)
    dot = sum(count * large[word] * idf[word] ** 2 for word, count in small.items() if word in large)
    if not dot:
        return 0.0
    norms = [math.sqrt(sum((count * idf[word]) ** 2 for word, count in counts.items())) for counts in (first, second)]
    return dot / (norms[0] * norms[1])


def _find_repeats(tokens: Sequence[list[str]]) -> list[_RepeatedRun]:
    """Return for each paragraph which share of its runs of words stood in an earlier paragraph, and in which."""
    seen: dict[int, int] = {}
    sizes: list[int] = []
    repeats: list[_RepeatedRun] = []
    for index, paragraph in enumerate(tokens):
        plain = [word for word in paragraph if word[0].isalnum()]
        sizes.append(len(plain))
        size = min(_SHINGLE, len(plain))
        runs = [hash(tuple(plain[start : start + size])) for start in range(len(plain) - size + 1)] if size > 2 else []
        sources = Counter(seen[run] for run in runs if run in seen)
        if sources:
            source = sources.most_common(1)[0][0]
            share = sum(sources.values()) / len(runs)
            repeats.append(_RepeatedRun(share, index - source, len(plain) / max(1, sizes[source])))
        else:
            repeats.append(_RepeatedRun())
        if size == _SHINGLE:
            for run in runs:
                seen.setdefault(run, index)
    return repeats
