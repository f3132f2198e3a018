"""Labels within a text that say who speaks: `[Ana][14:47]`, `[Ana]`, `Ana:`, `Ana, summarized by Ben:`.

A label ends the credit of whoever wrote the text. What follows is quoted of the person named if he takes part in the
conversation and the form is certain, else of nobody; a label of the author's own gives the words back to him.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.model import Conversation, Passage, PassageKind, Speaker, Utterance
from ingest.sources.headed_passages import PassageHead, apply_heads, list_standing_blocks, split_block
from ingest.sources.person_names import has_given_name, is_name_word

_LABEL = re.compile(r"\s{0,4}[*_]{0,2}([^\W\d_][\w.'’-]*(?: [\w.'’()-]+){0,4})[*_]{0,2}[:：][*_]{0,2}(?:\s+|$)")
_BRACKETED = re.compile(
    r"\s{0,4}[*_]{0,2}\[([^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,4})\]"
    r"(\[\d{1,2}[:;.]\d\d[^\[\]\n]{0,40}\]+(?:\[\d{1,2}[:;.]\d\d\])*)?"
    r"(?: ?\([^()\n]{1,60}\))?[*_]{0,2}[:：]?(?:\s+|$)"
)
_NO_SPEAKERS = frozenset(
    "note notes edit edited update updated example examples claim claims proof theorem lemma corollary definition "
    "remark question questions answer answers summary conclusion introduction abstract background result results "
    "problem solution step part point pros cons pro con yes no objection reply response counterargument argument "
    "premise assumption hypothesis exercise hint warning caveat disclaimer source sources link links title author "
    "date subject from to cc sent re tldr tl;dr ps p.s epistemic status first second third finally also but and so "
    "or if then however therefore option case scenario figure table section chapter appendix references see "
    "important todo prompt output input context motivation goal method methods discussion quote "
    "advantages disadvantages advantage disadvantage benefits costs strengths weaknesses upside downside".split()
)
_FEWEST_TURNS = 3
_SUMMARIZED = re.compile(
    r"\s{0,4}[*_]{0,2}([^\W\d_][\w.'’ -]{0,60}), (?:as )?(?:summari[sz]ed|paraphrased|quoted|rephrased|reported) by"
    r" ([^\W\d_][\w.'’ -]{0,60}?)(?: ?\([^()\n]{1,60}\))?[*_]{0,2}[:：](?:\s+|$)"
)
_READ = frozenset({PassageKind.PARAGRAPH, PassageKind.LIST_ITEM})
_FOREIGN = frozenset({PassageKind.QUOTE, PassageKind.MACHINE_TEXT, PassageKind.FOOTNOTE})
_MOST = 2_000  # labels in one utterance that are read


@dataclass(frozen=True, slots=True)
class _Label:
    """A label at [start, end) of an utterance, in the block that ends at `block_end`.

    `speaker` is who takes part and is named by it; `is_sure`: the form cannot be anything but a label.
    """

    start: int
    end: int
    block_end: int
    speaker: Speaker | None
    is_sure: bool


def mark_labelled_speakers(conversation: Conversation) -> Conversation:
    """Return the conversation with what stands under the label of somebody else as quoted, in every utterance."""
    names = _name_speakers(conversation.utterances)
    marked = tuple(_mark_utterance(utterance, names) for utterance in conversation.utterances)
    changed = any(after is not before for after, before in zip(marked, conversation.utterances, strict=True))
    return replace(conversation, utterances=marked) if changed else conversation


def _name_speakers(utterances: Sequence[Utterance]) -> dict[tuple[str, ...], Speaker]:
    """Return the speakers by what they can be called: the full name, and a part of it that nobody else has."""
    called: dict[tuple[str, ...], dict[str, Speaker]] = {}
    for speaker in {utterance.speaker.id: utterance.speaker for utterance in utterances if utterance.speaker}.values():
        words = _fold(speaker.name)
        for name in {words, *((word,) for word in words if len(word) > 2)}:
            called.setdefault(name, {})[speaker.id] = speaker
    return {name: next(iter(speakers.values())) for name, speakers in called.items() if len(speakers) == 1}


def _fold(name: str) -> tuple[str, ...]:
    return tuple(name.casefold().split())


def _mark_utterance(utterance: Utterance, names: Mapping[tuple[str, ...], Speaker]) -> Utterance:
    text = utterance.text
    labels = list(_find_labels(utterance, names)) if any(sign in text for sign in ":]：") else []
    if not labels:
        return utterance
    notes = (passage.start for passage in utterance.passages if passage.kind is PassageKind.FOOTNOTE)
    last = min(notes, default=len(text))
    ends = [label.start for label in labels[1:]] + [max(last, labels[-1].block_end)]
    # Turns of several paragraphs go on to the next label; where none has more than one, the last has not either.
    goes_on = any(text[label.block_end : end].strip() for label, end in zip(labels[:-1], ends[:-1], strict=True))
    heads: list[PassageHead] = []
    for label, end in zip(labels, ends, strict=True):
        if utterance.speaker is None or label.speaker == utterance.speaker:
            heads.append(PassageHead(label.start, label.end))
            continue
        alone = not text[label.end : label.block_end].strip()
        until = end if label.is_sure or goes_on or alone else min(label.block_end, end)
        is_named = label.is_sure or len(labels) > 1
        name = label.speaker.name if label.speaker is not None and is_named else ""
        heads.append(PassageHead(label.start, label.end, name, until))
    return replace(utterance, passages=apply_heads(text, utterance.passages, heads))


def _find_labels(utterance: Utterance, names: Mapping[tuple[str, ...], Speaker]) -> Iterator[_Label]:
    text = utterance.text
    lines = list(_split_lines(text, utterance.passages))
    items = {passage.start for passage in utterance.passages if passage.kind is PassageKind.LIST_ITEM}
    transcript = find_label_names([text[start:end] for start, end, _ in lines if start not in items], least=1)
    count = 0
    for start, end, block_end in lines:
        line = text[start : min(end, start + 200)]
        summarized = _SUMMARIZED.match(line)
        match = summarized or match_label(line)
        if match is None or count >= _MOST:
            continue
        name = match[2] if summarized is not None else match[1]
        is_bracketed = match.re is _BRACKETED
        speaker = names.get(_fold(name)) if name[:1].isupper() or is_bracketed else None
        is_timed = is_bracketed and match[2] is not None
        is_person = not is_bracketed and len(name.split()) > 1 and is_possible_speaker(name)
        is_person = is_person and (utterance.speaker is None or has_given_name(name))
        if start in items and speaker is None:
            continue  # a list of what has names
        if summarized is not None or is_timed or is_person or speaker is not None or name in transcript:
            count += 1
            yield _Label(start, start + len(match[0].rstrip()), block_end, speaker, is_bracketed)


def _split_lines(text: str, passages: Sequence[Passage]) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, end of the block) of the lines of prose that is not quoted."""
    foreign = [passage for passage in passages if passage.kind in _FOREIGN]
    reached = coming = 0
    for block in list_standing_blocks(text, passages):
        while coming < len(foreign) and foreign[coming].start <= block.start:
            reached = max(reached, foreign[coming].end)
            coming += 1
        if block.start < reached or block.kind not in _READ:
            continue
        yield from ((start, end, block.end) for start, end in split_block(text, block))


def match_label(line: str) -> re.Match[str] | None:
    """Match a label at the beginning of a line: `[Ana]`, `[Ana][14:47]` or `Ana:`; group 1 is the name."""
    return _BRACKETED.match(line[:200]) or _LABEL.match(line[:200])


def is_possible_speaker(name: str) -> bool:
    """Tell whether the words of a label can be a name at all: "Note:" and "Step 2:" are none."""
    words = name.split()
    if any(word.casefold().strip("().") in _NO_SPEAKERS for word in words) or not words[0][0].isalpha():
        return False
    if len(name) < 2 or re.search(r"-[a-z]", name):  # "Q:", "High-level:"
        return False
    return all(is_name_word(word) for word in words) or (len(words) == 1 and name[0].isupper()) or has_given_name(name)


def find_label_names(lines: Sequence[str], *, least: int = 2) -> frozenset[str]:
    """Return the names that label the lines of a transcript; none where it is not certain that it is one.

    Certain is a text of three labelled lines or more by two people at least, who take turns, none of whose names'
    words stands in the text as another word. A single word needs to label `least` lines, unless it is a given name.
    """
    labels = [match[1] for line in lines if (match := match_label(line)) is not None and is_possible_speaker(match[1])]
    counts = Counter(labels)
    spoken = set(re.findall(r"(?<![\w.])[a-z][\w'’]+", "\n".join(lines)))
    names = {
        name
        for name, count in counts.items()
        if (count >= least or len(name.split()) > 1 or has_given_name(name))
        and (has_given_name(name) or not any(word.casefold() in spoken for word in name.split()))
    }
    turns = [label for label in labels if label in names]
    changes = sum(before != after for before, after in pairwise(turns))
    if len(names) < 2 or len(turns) < _FEWEST_TURNS or max(counts[name] for name in names) < 2:
        return frozenset()
    return frozenset(names) if 2 * changes >= len(turns) - 1 else frozenset()
