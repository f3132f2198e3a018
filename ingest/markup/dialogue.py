"""Take a dialogue post apart: its body holds messages by several authors."""

# pyright: standard

from dataclasses import dataclass
from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.markup.guard import bound_markup
from ingest.markup.writer import clean


@dataclass(frozen=True, slots=True)
class DialogueMessage:
    """One message of a dialogue. `html` is its content, with the footnotes it refers to; "" for unknown attributes."""

    message_id: str
    user_id: str
    name: str
    html: str
    submitted: datetime | None = None


def split_dialogue(html: str) -> tuple[str, tuple[DialogueMessage, ...]]:
    """Part the body of a dialogue post: (what stands outside the messages, the messages in order).

    A body that is no dialogue comes back whole with no messages. Footnotes go with the message that refers to them.
    Raise `TooLarge` as `read_html` does.
    """
    if "dialogue-message" not in html:
        return html, ()
    body = LexborHTMLParser(bound_markup(clean(html))).body
    if body is None:
        return html, ()
    sections = body.css("section.dialogue-message")
    if not sections:
        return html, ()
    notes = {
        note.attributes.get("data-footnote-id") or "": note.html or ""
        for note in body.css("li.footnote-item")
        if note.attributes.get("data-footnote-id")
    }
    messages: list[DialogueMessage] = []
    used: set[str] = set()
    for section in sections:
        message, referred = _read_message(section, notes)
        messages.append(message)
        used |= referred
    for section in sections:
        section.decompose()
    for note in body.css("li.footnote-item"):
        if note.attributes.get("data-footnote-id") in used:
            note.decompose()
    return body.inner_html or "", tuple(messages)


def _read_message(section: LexborNode, notes: dict[str, str]) -> tuple[DialogueMessage, set[str]]:
    header = section.css_first(".dialogue-message-header")
    name = section.attributes.get("display-name") or (header.text(deep=True).strip() if header is not None else "")
    content = section.css_first(".dialogue-message-content")
    if content is None:
        if header is not None:
            header.decompose()
        content = section
    referred = [mark.attributes.get("data-footnote-id") or "" for mark in content.css(".footnote-reference")]
    inside = {note.attributes.get("data-footnote-id") for note in content.css("li.footnote-item")}
    outside = [name for name in dict.fromkeys(referred) if name in notes and name not in inside]
    html = content.inner_html or ""
    if outside:
        html += '<ol class="footnotes">' + "".join(notes[name] for name in outside) + "</ol>"
    message = DialogueMessage(
        message_id=section.attributes.get("message-id") or "",
        user_id=section.attributes.get("user-id") or "",
        name=name,
        html=html,
        submitted=_parse_date(section.attributes.get("submitted-date")),
    )
    return message, set(outside)


def _parse_date(written: str | None) -> datetime | None:
    """Read ISO, or what JavaScript prints: "Thu Oct 05 2023 15:06:00 GMT+0000 (Coordinated Universal Time)"."""
    written = (written or "").partition("(")[0].strip()
    for read in (datetime.fromisoformat, lambda text: datetime.strptime(text, "%a %b %d %Y %H:%M:%S GMT%z")):
        try:
            moment = read(written)
        except ValueError:
            continue
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
