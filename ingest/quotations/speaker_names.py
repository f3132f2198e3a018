"""Read who is said to have said it: "Eliezer writes:", "On Tue, Mary Gardiner wrote:", "as Paul put it"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.model import Speaker, Utterance, make_slug
from ingest.blocks import trim
from ingest.sentences import SentenceIndex

_SAYING = (
    r"(?:writes?|wrote|written|says?|said|saying|asks?|asked|claims?|claimed|argues?|argued|puts?\s+it|replie[sd]|"
    r"reply|notes?|noted|comments?|commented|explains?|explained|states?|stated|suggests?|suggested|points?\s+out|"
    r"pointed\s+out|answers?|answered|remarks?|remarked|observes?|observed|concludes?|concluded|quips?|quipped|"
    r"responds?|responded|warns?|warned|defines?|defined|describes?|described|calls?|called|quote[sd]?|according\s+to)"
)
SAYING = re.compile(rf"\b{_SAYING}\b", re.IGNORECASE)
_SAID = rf"(?:['’](?:ve|d)|\s+have|\s+had)?\s+(?:\w+\s+){{0,2}}?{_SAYING}\b"
_SELF = re.compile(rf"\bI{_SAID}|\bquot\w+\s+myself\b|\bmy\s+own\b")
_YOU = re.compile(rf"\byou{_SAID}|\byour\s+(?:\w+\s+)?(?:words|claim|point|question|sentence)\b", re.IGNORECASE)
_NAME = re.compile(r"[^\W_][\w.'’-]*[^\W_]|[^\W\d_]")
# Words that lead over to what the author would rather have read there: his own, however alike.
PROPOSING = re.compile(
    r"\b(?:re-?writ\w+|re-?word\w*|re-?phras\w+|alternatively|instead|how\s+about|propos\w+|suggest\w*|such\s+as|"
    r"(?:maybe|something|say,?|perhaps|sound)\s+like|along\s+the\s+lines|(?:would|could|should|might)\s+(?:say|read))\b",
    re.IGNORECASE,
)
_LINE_CHARS = 200


@dataclass(frozen=True, slots=True)
class NamedSource:
    """Whom an attribution names: a `speaker` who is known, the `author` himself, or the `addressee` ("you")."""

    speaker: Speaker | None = None
    author: bool = False
    addressee: bool = False


class SpeakerNames:
    """The names by which the speakers of a conversation can be called without doubt."""

    def __init__(self, speakers: Iterable[Speaker]) -> None:
        known = {speaker.id: speaker for speaker in speakers}
        self._ids = frozenset(known)
        called: dict[tuple[str, ...], set[str]] = {}
        for speaker in known.values():
            words = tuple(word.casefold() for word in _NAME.findall(speaker.name))
            for name in {words, *((word,) for word in words if len(word) >= 3)}:
                if name:
                    called.setdefault(name, set()).add(speaker.id)
        self._speakers = {name: known[next(iter(ids))] for name, ids in called.items() if len(ids) == 1}
        self._shared = frozenset(name for name, ids in called.items() if len(ids) > 1)
        self.words = frozenset(word for name in self._speakers for word in name)
        self._longest = max((len(name) for name in self._speakers), default=0)

    def find_mentioned(self, text: str) -> dict[str, Speaker]:
        """Find the speakers whom a text names, by id; capitals count, since "Will" is a name and "will" is not.

        A name given in lower case by its owner ("dil-leik") is found in lower case.
        """
        words = _NAME.findall(text)
        speakers: dict[str, Speaker] = {}
        index = 0
        while index < len(words):
            for size in range(min(self._longest, len(words) - index), 0, -1):
                given = words[index : index + size]
                speaker = self._speakers.get(tuple(_possessor(word).casefold() for word in given))
                if speaker is not None and (given[0][0].isupper() or given[0] in speaker.name):
                    speakers[speaker.id] = speaker
                    index += size - 1
                    break
            index += 1
        return speakers

    def is_known(self, speaker: Speaker) -> bool:
        """Tell whether somebody takes part in the conversation."""
        return speaker.id in self._ids

    def identify(self, name: str, site: str | None = None) -> Speaker | None:
        """Return whom a mark of the source names, who need not take part: then somebody of `site` by this name.

        None for a name that two speakers of the conversation share.
        """
        words = tuple(word.casefold() for word in _NAME.findall(name))
        if not words or words in self._shared:
            return None
        known = self._speakers.get(words)
        return known or Speaker(f"{site}:{make_slug(name)}" if site else make_slug(name), name, site)

    def find_only(self, text: str) -> Speaker | None:
        """Return the one speaker a text names, None if there is none or more than one."""
        speakers = self.find_mentioned(text)
        return next(iter(speakers.values())) if len(speakers) == 1 else None


def _possessor(word: str) -> str:
    return re.sub(r"['’]s$", "", word)


def find_introduction(utterance: Utterance, start: int, sentences: SentenceIndex) -> str:
    """Return the last sentence of the line right before `start`, if it leads over to what follows, else "".

    "On Tue, 3 May. Mary wrote:" is no sentence, and the whole line leads over.
    Before "Go on." in "Hm.\\nPaul writes:\\n\\nGo on." that is "Paul writes:".
    """
    text = utterance.text
    line_start, line_end = trim(text, max(0, start - 2 * _LINE_CHARS), start)
    line_start = max(line_start, text.rfind("\n", 0, line_end) + 1, line_end - _LINE_CHARS)
    if line_start >= line_end:
        return ""
    if not text.endswith("wrote:", line_start, line_end):
        line_start = sentences.split(utterance, line_start, line_end)[-1][0]
    sentence = text[line_start:line_end].strip()
    return sentence if sentence.endswith((":", ",", "—", "…")) or SAYING.search(sentence[-40:]) else ""


def read_introduction(line: str, names: SpeakerNames) -> NamedSource:
    """Read an introducing line."""
    if not line:
        return NamedSource()
    if _SELF.search(line):
        return NamedSource(author=True)
    speaker = names.find_only(line)
    if speaker is not None and (SAYING.search(line) or line.endswith(":")):
        return NamedSource(speaker=speaker)
    return NamedSource(addressee=bool(_YOU.search(line)) and not names.find_mentioned(line))
