"""Which column of a table, or key of an object, holds the text, the speaker, the id and so on.

What the user says (`--map text=body,speaker=author`, or `map = "…"` in a sidecar) goes before what names tell. A name
is compared by its letters and digits alone: "comment-body", "Comment Body" and "commentBody" are one. Of several names
that could be the text, the first in the list below whose cells hold words is taken.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from corpus.errors import UnknownFormat, WrongUsage
from ingest.sources.fields import list_values, parse_any_time

KNOWN_NAMES: Mapping[str, tuple[str, ...]] = {
    field: tuple(names.split())
    for field, names in {
        "text": (
            "text body commentbody commenttext content contents message comment markdown bodymarkdown rawtext "
            "raw cooked htmlbody bodyhtml html selftext posttext postbody postcontent messagetext messagebody "
            "fulltext utterance statement argument answer response reply opinion feedback quote claim tweet "
            "note description contenttext contentrendered bodyrendered contenthtml bodytext transcript post "
            "value review kommentar inhalt antwort beitrag nachricht texte commentaire contenu mensaje "
            "comentario texto respuesta testo"
        ),
        "speaker": (
            "author speaker authorname displayname username user name by from creator authordisplayname "
            "authorusername authorfullname userdisplayname userusername userfullname authorlogin userlogin "
            "speakername participant participantname commenter commentauthor postedby poster sender sendername "
            "fromname owner interview interviewee respondent handle screenname nickname login userscreenname "
            "fullname authorslug userslug account accountdisplayname accountusername authors autor verfasser "
            "auteur benutzer utilisateur usuario nutzername authorid userid speakerid participantid "
            "respondentid"
        ),
        "id": (
            "id commentid messageid utteranceid uuid guid key statementid tweetid replyid responseid answerid "
            "objectid postid"
        ),
        "reply_to": (
            "parentcommentid replyto parentid inreplyto inreplytoid replytoid parent parentmessageid "
            "parentpostid parentuuid replytocommentid replytomessageid respondsto answerto repliesto "
            "referencemessageid inreplytostatusidstr replytostatusid inreplytostatusid parentcomment "
            "parentcommentuuid"
        ),
        "date": (
            "postedat createdat date datetime timestamp time created createdutc createdtime createdon published "
            "publishedat pubdate datepublished dateposted postdate posted datecreated creationdate commentdate "
            "senttime sentat submitted submittedat createdati timestampms createdatutc ts creationdatetime "
            "contentpublishedat"
        ),
        "title": ("title subject headline threadtitle posttitle topictitle conversationtitle topic"),
        "url": ("url permalink link href pageurl address commenturl posturl weburl uri"),
        "conversation": (
            "conversationid threadid postid topicid discussionid linkid rootid storyid articleid threadts "
            "thread conversation discussion post channelid videoid debateid issueid submissionid"
        ),
        "karma": ("karma basescore score points votes upvotes likes likecount ups netvotes"),
    }.items()
}
"""For each of our fields the names that people give it, the likelier first, in letters and digits alone."""

_PART = re.compile(rf"(?:^|,)\s*({'|'.join(KNOWN_NAMES)})\s*=")
_NO_SIGN = re.compile(r"[^a-z0-9]+")
_SAMPLE = 200
_NAME_CHARS = 80
_NAMED_AS_ID = re.compile(r"(?:[_\-\s.]|[a-z](?=I))(?:id|ID|Id)$")
_SURE_IDS = frozenset({"id", "commentid", "messageid", "utteranceid", "uuid", "guid"})
_OF_THINGS = frozenset({"description", "note", "value", "review", "transcript"})  # what has these has a name itself
_OURS = {"standalone", "utteranceid", "attribution"}


def fold_name(name: str) -> str:
    """Return a column's name by its letters and digits alone.

    >>> fold_name("Comment-Body")
    'commentbody'
    """
    return _NO_SIGN.sub("", name.strip().lower())


def parse_map(written: str | None) -> dict[str, str]:
    """Read what the user says of the columns: our field → their column. Raise `WrongUsage`.

    >>> parse_map("text=body, speaker=author")
    {'text': 'body', 'speaker': 'author'}
    """
    if not written:
        return {}
    parts = _PART.split(written)
    chosen = {field: column.strip() for field, column in zip(parts[1::2], parts[2::2], strict=True)}
    if parts[0].strip() or not chosen or not all(chosen.values()):
        raise WrongUsage(
            f"--map {written!r} is not like text=body,speaker=author; it may name {', '.join(KNOWN_NAMES)}"
        )
    return chosen


def choose_columns(
    names: Sequence[str], rows: Sequence[Mapping[str, Any]], given: Mapping[str, str]
) -> dict[str, str] | None:
    """Return which column holds which field, by what is `given` and by the names; None where none holds the text.

    Raise `UnknownFormat` where what is given names no column.
    """
    for column in given.values():
        if column not in names:
            raise UnknownFormat(f"there is no column {column!r} (--map); there are: {list_names(names)}")
    chosen = dict(given)
    for field in ("text", "reply_to", "id", *KNOWN_NAMES):
        if field not in chosen:
            taken = frozenset(chosen.values())
            column = _find_column(field, [name for name in names if name not in taken], rows[:_SAMPLE], chosen)
            if column is not None:
                chosen[field] = column
    return chosen if "text" in chosen else None


def _find_column(
    field: str, names: Sequence[str], rows: Sequence[Mapping[str, Any]], chosen: Mapping[str, str]
) -> str | None:
    by_name = {fold_name(name): name for name in reversed(names)}
    for known in KNOWN_NAMES[field]:
        name = by_name.get(known)
        if name is None or (rows and not _TESTS.get(field, _holds_values)(name, rows)):
            continue
        if field == "id" and known not in _SURE_IDS and not _is_key(name, rows):
            continue
        if field == "speaker" and known == "name" and fold_name(chosen.get("text", "")) in _OF_THINGS:
            continue
        return name
    if field != "id":
        return None
    return next((name for name in names if _NAMED_AS_ID.search(name) and _is_key(name, rows)), None)


def _is_key(name: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether a column has another value in every row."""
    cells = [row.get(name) for row in rows]
    return all(isinstance(cell, str | int) and cell != "" for cell in cells) and len(set(cells)) == len(cells) > 1


def _holds_values(name: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    return not all(isinstance(row.get(name), dict | list) for row in rows)


def _holds_names(name: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether what stands in a column is as short as names are; an object may hold one."""
    cells = [row[name] for row in rows if row.get(name) not in (None, "")]
    return 2 * sum(len(cell) <= _NAME_CHARS for cell in cells if isinstance(cell, str)) >= sum(
        isinstance(cell, str) for cell in cells
    )


def _holds_words(name: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether at least half of what stands in a column is words, and not numbers or codes."""
    cells = [row[name] for row in rows if row.get(name) not in (None, "")]
    texts = [cell for cell in map(join_text, cells) if cell is not None and _is_wordy(cell)]
    return bool(cells) and 2 * len(texts) >= len(cells)


def join_text(cell: Any) -> str | None:
    """Return the text of a cell: a string, or a list of pieces, as chats give it; None for what is none.

    >>> join_text(["See ", {"type": "link", "text": "this"}, "."])
    'See this.'
    """
    if isinstance(cell, str):
        return cell
    if not isinstance(cell, list):
        return None
    pieces = [_read_piece(piece) for piece in list_values(cell)]
    texts = [piece for piece in pieces if isinstance(piece, str)]
    return "".join(texts) if len(texts) == len(pieces) else None


def _read_piece(piece: Any) -> Any:
    return cast("dict[Any, Any]", piece).get("text") if isinstance(piece, dict) else piece


def _holds_times(name: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    cells = [row[name] for row in rows if row.get(name) not in (None, "")]
    return 2 * sum(parse_any_time(cell) is not None for cell in cells) >= len(cells) > 0


_TESTS: Mapping[str, Callable[[str, Sequence[Mapping[str, Any]]], bool]] = {
    "text": _holds_words,
    "date": _holds_times,
    "speaker": _holds_names,
}


def _is_wordy(cell: str) -> bool:
    letters = sum(char.isalpha() for char in cell[:200])
    return letters >= 2 and (" " in cell.strip() or "\n" in cell.strip() or letters >= 0.8 * len(cell[:200].strip()))


def is_claims_table(names: Iterable[str]) -> bool:
    """Tell whether the columns are those of claims that Crosstalk wrote out: what people said, but cut up."""
    return _OURS <= {fold_name(name) for name in names}


def list_names(names: Sequence[str]) -> str:
    """List columns in a message: the first twenty."""
    shown = ", ".join(" ".join(name.split())[:40] for name in names[:20])
    return shown + (" …" if len(names) > 20 else "")


def explain_mapping(kind: str, names: Sequence[str]) -> str:
    """Say what a table's columns are, and how to say which of them is what."""
    example = next((name for name in names if name.strip() and "," not in name), "COLUMN")
    return (
        f"{kind} {list_names(names)}; none is surely the text: say which is, for instance "
        f"--map 'text={' '.join(example.split())[:40]}' (also: speaker, id, reply_to, date, title, url, conversation)"
    )
