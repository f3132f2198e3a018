"""The lines in a mail that say whose words follow, as mail programs write them, in the languages that they speak.

Three kinds: an attribution ("On Sat, 1 Jun 2024, Otto Kern <otto@…> wrote:"), a header ("From: … Sent: … To: …
Subject: …"), and a separator ("-----Original Message-----"). Sources: what Gmail, Thunderbird, Apple Mail, Outlook,
Proton and mutt write above the mail that they answer or forward, in their translations.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_FROM = "from|von|de|da|van|från|fra|lähettäjä|od|от|kimden|feladó|发件人|差出人"
_DATE = (
    "sent|date|gesendet|datum|envoyé|envoyé le|date d'envoi|date d’envoi|enviado|enviado el|enviada em|enviado em|fecha"
    "|inviato|data|verzonden|skickat|sendt|dato|lähetetty|päivämäärä|wysłano|odesláno|отправлено|дата|gönderilme"
    "|发送时间|日期|送信日時"
)
_TO = "to|an|à|a|para|aan|till|til|vastaanottaja|do|komu|кому|kime|收件人|宛先"
_SUBJECT = "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|aihe|temat|předmět|тема|konu|主题|件名"
_OTHER = (
    "cc|bcc|kopie|kopia|kopi|copia|cópia|копия|reply-to|antwort an|répondre à|responder a|rispondi a|importance|sender"
    "|priority|attachment|attachments|anlage|anlagen|pièces jointes|adjuntos|allegati|anexos|bijlage|bijlagen|抄送"
    "|message-id|organization"
)
_KINDS = {
    label: kind
    for kind, labels in (("from", _FROM), ("date", _DATE), ("to", _TO), ("subject", _SUBJECT), ("other", _OTHER))
    for label in labels.split("|")
}
_FIELD = re.compile(r"\s{0,8}[*_]{0,2}([^\W\d_][^:：*_\n]{0,24}?)[ \u00a0]?[*_]{0,2}[:：][*_]{0,2}(?:\s+(.*)|)$")
_SEPARATING = (
    "original message|original appointment|original email|forwarded message|forwarded by .{1,80}|message follows"
    "|original message follows|forwarded message follows"
    "|ursprüngliche nachricht|original-?nachricht|ursprüngliche mail|weitergeleitete nachricht|weitergeleitete mail"
    "|message d['’]origine|message original|message initial|message transféré|courriel original"
    "|messaggio originale|messaggio inoltrato|mensaje original|mensaje reenviado"
    "|mensagem original|mensagem encaminhada|mensagem reencaminhada"
    "|oorspronkelijk bericht|originele bericht|doorgestuurd bericht"
    "|originalmeddelande|ursprungligt meddelande|vidarebefordrat meddelande|opprinnelig melding|videresendt melding"
    "|oprindelig meddelelse|original besked|videresendt besked|alkuperäinen viesti|välitetty viesti"
    "|wiadomość oryginalna|oryginalna wiadomość|wiadomość przekazana|původní zpráva|přeposlaná zpráva"
    "|исходное сообщение|пересылаемое сообщение|пересланное сообщение|orijinal mesaj|eredeti üzenet|原始邮件|转发邮件"
)
_SEPARATOR = re.compile(
    rf"\s{{0,8}}(?:>\s?)*(?:[-_=*]{{2,40}}\s?(?:{_SEPARATING})\s?[-_=*]{{2,40}}"
    r"|(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)"
    r"|début du message (?:réexpédié|transféré)"
    r"|inizio messaggio inoltrato|inicio del mensaje reenviado|início da mensagem reencaminhada"
    r"|begin doorgestuurd bericht|vidarebefordrat brev)\s?[:：])\s*$",
    re.I,
)
_RULE = re.compile(r"\s{0,8}[-_=*\u2014\u2500]{5,200}\s*$")
_LATER_NAME = "schrieb|schreef|skrev|skreiv|kirjoitti"
_VERB = re.compile(
    rf"(?<!\w)(?P<verb>wrote|writes|{_LATER_NAME}|a écrit|écrit|escribió|escribio|ha scritto|escreveu"
    r"|написал(?:а|\(а\))?|пишет|pisze|píše|napisał(?:a|\(a\))?|napsal(?:a|\(a\))?|yazdı|写道)(?![^\W\d_(])",
    re.I,
)
_COLON = re.compile(r"[:：]\s*$")
_DATED = re.compile(r"\d{1,4}[./:-]\d{1,2}|\b(?:19|20)\d\d\b|\S@\S|\S (?:at|\(at\)) [\w-]{1,80}\.[a-z]")
_UNSAID = re.compile(r"\d.{0,120}<[^<>\s]{1,80}@[^<>\s]{1,80}>\s?[:：]\s*$")  # Gmail in Russian has no verb
_AFTER_VERB = re.compile(r"\W*(?:in (?:message|news|article)\b.*|<.*)?", re.I)
_ADDRESS = re.compile(
    r"\s*[<(\[]?(?:mailto:)?(?<![^\s<(\[:])[^\s<>()\[\],;:\"@]{1,80}(?:@[^\s<>()\[\],;:\"]+"
    r"| (?:at|\(at\)) [\w.-]{1,80}\.[a-z]{2,})[>)\]]?",
    re.I,
)
_QUOTED = re.compile(r"[\"“„]([^\"“”„]{2,80})[\"”“]")
_BEHALF = re.compile(r"(?:on behalf of|im auftrag von|de la part de|en nombre de|per conto di|namens)\s+(.+)$", re.I)
_DAYS = frozenset(
    "mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch "
    "donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes "
    "miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì sabato domenica jan feb mar apr "
    "may jun jul aug sep sept oct nov dec january february march april june july august september october november "
    "december januar februar märz mai juni juli oktober dezember am pm a.m. p.m. at um uhr à kl kl. om le el il em op "
    "den on alle ore las gmt utc est edt cst cdt mst mdt pst pdt cet cest bst the".split()
)
_BEGINS = re.compile(r"\W{0,3}(?:on|am|le|el|il|em|op|den|dnia|в|\d{1,4}[./-]|[^\W\d_]{2,10}\.?,? \d)", re.I)
_NAME_WORDS = 5
_LONGEST_LINE = 400  # characters; a longer line is no introduction
_LONGEST_ATTRIBUTION = 3  # lines
_LONGEST_HEADER = 30  # lines


@dataclass(frozen=True, slots=True)
class Introduction:
    """What says whose words follow: how many lines it takes, who is named ("" for nobody), and whether it is a header.

    `is_header`: what is below belongs to the mail told of up to its end. An attribution says less: in a mail that
    marks its quotations they may be followed by the author's own words.
    """

    lines: int
    name: str
    is_header: bool


def read_introduction_lines(lines: Sequence[str]) -> Introduction | None:
    """Read an introduction that begins with the first of these lines; None where there is none."""
    if not lines or not lines[0].strip() or len(lines[0]) > _LONGEST_LINE:
        return None
    return _read_separated(lines) or _read_header(lines, 3) or _read_attribution(lines)


def read_header_fields(lines: Sequence[str], least: int = 3) -> tuple[int, dict[str, str]]:
    """Read the fields of a header as mail programs print it: (lines taken, kind of field → what it says).

    It has a sender and `least` fields in all; else (0, {}).

    >>> read_header_fields(["Von: Otto Kern", "Gesendet: 1. Juni", "An: Petra"])[1]["from"]
    'Otto Kern'
    """
    fields: dict[str, str] = {}
    taken, last = 0, ""
    for index, line in enumerate(lines[:_LONGEST_HEADER]):
        match = _FIELD.match(line) if len(line) <= 4 * _LONGEST_LINE else None
        kind = _KINDS.get(match[1].strip().casefold()) if match is not None else None
        if match is not None and kind is not None:
            last = kind
            fields.setdefault(kind, (match[2] or "").strip(" *_"))
        elif not (last in ("to", "other") and line.strip() and lines[index - 1].rstrip().endswith((",", ";"))):
            break
        taken = index + 1
    kinds = len(set(fields) - {"other"})
    if "from" not in fields or len(fields) < least or kinds < min(least, 3):
        return 0, {}
    return taken, fields


def name_sender(sender: str) -> str:
    """Return the name in a "From:" field, "" where it has only an address.

    >>> name_sender('"Kern, Otto" <otto@list.example>'), name_sender("otto@list.example")
    ('Kern, Otto', '')
    """
    sender = sender[:_LONGEST_LINE]
    behalf = _BEHALF.search(sender)
    sender = behalf[1] if behalf is not None else sender
    sender = re.split(r"\bvia\b", sender, maxsplit=1)[0]
    quoted = _QUOTED.search(sender)
    named = quoted[1] if quoted is not None else re.split(r"[<\[]", _ADDRESS.sub(" ", sender), maxsplit=1)[0]
    name = " ".join(named.split()).strip("'\"*_,;()<>[] ")
    is_whole = not any(sign in name for sign in "@?\ufffd")  # a letter that was lost makes another name
    return name if any(map(str.isalpha, name)) and is_whole and len(name) <= 100 else ""


def _read_separated(lines: Sequence[str]) -> Introduction | None:
    """Read a separator or a rule, with the header that follows it."""
    separated = _SEPARATOR.match(lines[0]) is not None
    if not separated and not _RULE.match(lines[0]):
        return None
    below = 1
    while below < len(lines) and below < 4 and not lines[below].strip():
        below += 1
    taken, fields = read_header_fields(lines[below:], 1 if separated else 3)
    if taken:
        return Introduction(below + taken, name_sender(fields["from"]), is_header=True)
    return Introduction(1, "", is_header=True) if separated else None


def _read_header(lines: Sequence[str], least: int) -> Introduction | None:
    taken, fields = read_header_fields(lines, least)
    return Introduction(taken, name_sender(fields["from"]), is_header=True) if taken else None


def _read_attribution(lines: Sequence[str]) -> Introduction | None:
    joined = ""
    for count, line in enumerate(lines[:_LONGEST_ATTRIBUTION], start=1):
        if not line.strip() or len(joined) + len(line) > _LONGEST_LINE:
            return None
        joined = f"{joined} {line.strip()}".strip()
        if _COLON.search(line):
            begins = count == 1 or _BEGINS.match(lines[0])
            verb = next(reversed(list(_VERB.finditer(joined))), None)
            if not begins or not _DATED.search(joined) or (verb is None and not _UNSAID.search(joined)):
                return None
            if verb is None:
                return Introduction(count, _name_before(joined), is_header=False)
            after = joined[verb.end() :].strip(" :：")
            if verb["verb"].casefold() in _LATER_NAME.split("|") and any(map(str.isalpha, after)):
                return Introduction(count, name_sender(after), is_header=False)
            if not _AFTER_VERB.fullmatch(after):
                return None
            return Introduction(count, _name_before(joined[: verb.start()]), is_header=False)
    return None


def _name_before(before_verb: str) -> str:
    """Return the name that ends what an attribution tells before its verb: its last words that are no date."""
    before_verb = before_verb.rstrip(" ,:：")
    if _QUOTED.search(before_verb) is not None:
        return name_sender(before_verb)
    addressed = _ADDRESS.search(before_verb)
    name: list[str] = []
    for word in reversed(
        (before_verb[: addressed.start()] if addressed is not None else before_verb).rstrip(" ,(<[").split()
    ):
        folded = unicodedata.normalize("NFC", word).casefold().strip("(),:")
        if folded in _DAYS or not folded or any(map(str.isdigit, word)):
            break
        if word.endswith((",", ":")):
            return ""  # "Kern, Otto", or something else that is before_verb before the name
        name.insert(0, word)
    return name_sender(" ".join(name)) if 1 <= len(name) <= _NAME_WORDS else ""
