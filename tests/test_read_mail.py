"""Mail: who wrote it, what it answers, what of it is somebody else's; as programs keep it and as people copy it."""

import base64
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Attribution, Conversation, PassageKind
from ingest.pipeline import extract
from ingest.sources.formats import detect_format, read_source
from ingest.sources.mail.mime import join_flowed_lines
from ingest.sources.mail.quoted_mail import read_mail_text
from ingest.sources.source import Failure, Source

HEAD = "From: Ines Falk <ines@list.example>\nDate: Tue, 4 Jun 2024 09:00:00 +0200\nSubject: Re: probes\n{id}\n"
OWN = "I doubt that probes read beliefs."
THEIRS = "Probes are the best thing that we have."


def conversations(content: str | bytes) -> list[Conversation]:
    found = list(read_source(Source(name="it", content=content.encode() if isinstance(content, str) else content)))
    assert all(isinstance(one, Conversation) for one in found), found
    return found


def claims(conversation: Conversation) -> list[tuple[str, str | None, str]]:
    return [
        (claim.attribution.value, claim.speaker.name if claim.speaker else None, claim.text)
        for claim in extract(conversation).claims
    ]


def quotes(text: str) -> list[tuple[str, str]]:
    markup = read_mail_text(text)
    return [
        (p.note.replace("[unattributed]", ""), markup.text[p.start : p.end])
        for p in markup.passages
        if p.kind is PassageKind.QUOTE
    ]


# Mails below the answer


@pytest.mark.parametrize(
    "line",
    [
        "On Mon, Jun 3, 2024 at 2:05 PM Otto Kern <otto@list.example> wrote:",
        "On 3 Jun 2024, at 14:05, Otto Kern <otto@list.example> wrote:",
        "On Mon, 3 Jun 2024 14:05:00 +0200 (CEST)\nOtto Kern <otto@list.example> wrote:",
        "On 6/3/24 2:05 PM, Otto Kern via probes wrote:",
        "Am Mo., 3. Juni 2024 um 14:05 Uhr schrieb Otto Kern <otto@list.example>:",
        "Am 03.06.24 um 14:05 schrieb Otto Kern:",
        "Le lun. 3 juin 2024 à 14:05, Otto Kern <otto@list.example> a écrit :",
        "El lun, 3 jun 2024 a las 14:05, Otto Kern (<otto@list.example>) escribió:",
        "Il giorno lun 3 giu 2024 alle ore 14:05 Otto Kern <otto@list.example> ha scritto:",
        "Em seg., 3 de jun. de 2024 às 14:05, Otto Kern <otto@list.example> escreveu:",
        "Op ma 3 jun 2024 om 14:05 schreef Otto Kern <otto@list.example>:",
        "Den mån 3 juni 2024 kl 14:05 skrev Otto Kern <otto@list.example>:",
        "пн, 3 июн. 2024 г. в 14:05, Otto Kern <otto@list.example>:",
        "3 июня 2024 г., 14:05, Otto Kern <otto@list.example> написал(а):",
        "Dnia 3 czerwca 2024 14:05 Otto Kern <otto@list.example> napisał(a):",
        "From: Otto Kern <otto@list.example>\nSent: Monday, June 3, 2024 2:05 PM\nTo: Ines Falk\nSubject: probes\n",
        "________________________________\nFrom: Otto Kern\nSent: 1\nTo: Ines; Ana;\n  Ben\nSubject: probes\n",
        "*From:* Otto Kern <otto@list.example>\n*Sent:* Monday\n*To:* Ines\n*Subject:* probes\n",
        "Von: Otto Kern [mailto:otto@list.example]\nGesendet: Montag, 3. Juni 2024 14:05\nAn: Ines\nBetreff: Sonden\n",
        "De : Otto Kern <otto@list.example>\nEnvoyé : lundi 3 juin 2024 14:05\nÀ : Ines\nObjet : sondes\n",
        "De: Otto Kern\nEnviado el: lunes, 3 de junio de 2024\nPara: Ines\nCC: Ana\nAsunto: sondas\n",
        "Da: Otto Kern\nInviato: lunedì 3 giugno 2024\nA: Ines\nOggetto: sonde\n",
        "Van: Otto Kern\nVerzonden: maandag\nAan: Ines\nOnderwerp: sondes\n",
        "Från: Otto Kern\nSkickat: den 3 juni\nTill: Ines\nÄmne: sonder\n",
        "-----Original Message-----\nFrom: Otto Kern\nSent: Monday\nTo: Ines\nSubject: probes\n",
        "-----Ursprüngliche Nachricht-----\nVon: Otto Kern\n",
        "-------- Weitergeleitete Nachricht --------\nBetreff: \tx\nDatum: \t1\nVon: \tOtto Kern <o@x.example>\n",
        "----- Mensaje original -----\nDe: Otto Kern\n",
        "-------- Message original --------\nDe : Otto Kern\n",
        "Begin forwarded message:\n\nFrom: Otto Kern <otto@list.example>\nSubject: probes\nDate: Monday\nTo: Ines\n",
        "From: bounces@list.example On Behalf Of Otto Kern\nSent: Monday\nTo: Ines\nSubject: probes\n",
    ],
)
def test_what_stands_below_an_introduction_is_quoted_of_whom_it_names_and_the_introduction_claims_nothing(
    line: str,
) -> None:
    (found,) = conversations(HEAD.format(id="Message-ID: <2@list.example>\n") + f"{OWN}\n\n{line}\n{THEIRS}\n")
    assert claims(found) == [("own", "Ines Falk", OWN), ("quoted", "Otto Kern", THEIRS)]


def test_below_a_header_whose_lines_are_marked_the_mail_is_one_and_quotes() -> None:
    body = f'{OWN}\n\n------- Original Message -------\nFrom: "Otto K." <o@x.example>\nDate: Monday, June 3rd 2024\n'
    body += f'Subject: probes\nTo: "Ines F." <i@x.example>,\nCc: Ana\n\n> {THEIRS}\n> \n > They are cheap too.\n'
    (found,) = conversations(HEAD.format(id="Message-ID: <2@list.example>\n") + body)
    assert [u.speaker.name for u in found.utterances] == ["Ines Falk"]
    assert claims(found) == [
        ("own", "Ines Falk", OWN),
        ("quoted", "Otto K.", THEIRS),
        ("quoted", "Otto K.", "They are cheap too."),
    ]


def test_mails_within_mails_are_quoted_of_each_of_their_authors() -> None:
    text = f"{OWN}\n\nFrom: Otto Kern\nSent: Monday\nTo: Ines\nSubject: probes\n\n{THEIRS}\n\n"
    text += "On Sun, Jun 2, 2024 at 9:00 AM Ana Ruiz <ana@list.example> wrote:\n\nWhat do probes read?"
    (otto, whole), (ana, inner) = quotes(text)
    assert (otto, ana, inner) == ("Otto Kern", "Ana Ruiz", "What do probes read?")
    assert whole.startswith(THEIRS) and whole.endswith(inner)


def test_an_answer_below_what_is_marked_is_its_author_s() -> None:
    line = "On Mon, 3 Jun 2024, Otto Kern wrote:"
    assert quotes(f"{line}\n> {THEIRS}\n\n{OWN}\n\n> And cheap.\n\nNo.") == [
        ("Otto Kern", THEIRS),
        ("Otto Kern", "And cheap."),
    ]
    assert quotes(f"{line}\n| {THEIRS}\n\n{OWN}") == [("Otto Kern", f"| {THEIRS}")]


def test_where_nothing_tells_question_from_answer_nobody_has_the_words() -> None:
    line = "On Mon, 3 Jun 2024, Otto Kern wrote:"
    assert quotes(f"Hi Otto,\n\n{line}\n\n{THEIRS}\n\n{OWN}") == [("", f"{THEIRS}\n\n{OWN}")]


@pytest.mark.parametrize(
    "text",
    [
        "Otto wrote in 2004 about weasels:\n\nThey are small, he found.",
        "Three things:\nFrom: the door\nTo: the window",
        "Note: it holds.\nProof: see below.\nData: none.",
    ],
)
def test_prose_that_looks_like_an_introduction_is_the_author_s(text: str) -> None:
    assert quotes(text) == []


def test_no_word_is_lost_below_a_signature() -> None:
    text = f"{OWN}\n\n-- \nInes\n\n-----Original Message-----\nFrom: Otto Kern\n\n{THEIRS}"
    assert read_mail_text(text).text.split() == text.split()


@given(st.lists(st.sampled_from([
    OWN, "", "> Yes.", ">> No.", "On Mon, 3 Jun 2024, Otto Kern wrote:", "-----Original Message-----", "From: Ana",
    "> From: Ben <b@x.example>\n> Date: x\n> Subject: y", "Sent: x\nTo: y", "| So.", "  indented", "________________",
]), max_size=14))  # fmt: skip
def test_whatever_is_quoted_no_word_is_lost_and_passages_nest(lines: list[str]) -> None:
    markup = read_mail_text("\n".join(lines))
    words = " ".join(lines).replace(">", " ").split()
    assert markup.text.replace(">", " ").split() == words
    spans = [(p.start, p.end) for p in markup.passages]
    assert spans == sorted(spans, key=lambda span: (span[0], -span[1]))
    assert not any(a < c < b < d for a, b in spans for c, d in spans)


# Files of mail


def test_mails_with_the_headers_of_servers_are_threads_by_their_ids() -> None:
    def mail(number: int, who: str, text: str, extra: str = "") -> str:
        return (
            f"From {who.lower()} at list.example  Mon Jun  3 1{number}:00:00 2024\nReturn-Path: <x@list.example>\n"
            "Received: from mx (mx.list.example [192.0.2.1])\n\tby lists.example\n\tfor <l@list.example>; Mon\n"
            f"From: {who.lower()} at list.example ({who} Ruiz)\nDate: Mon, 3 Jun 2024 1{number}:00:00 +0200\n"
            f"Subject: [list] probes\nMessage-ID: <{number}@list.example>\n{extra}\n{text}\n\n"
        )

    answer = f"Ana Ruiz wrote:\n> {THEIRS}\n\n{OWN}\n\n>From here on I am silent."
    found = conversations(
        mail(1, "Ana", THEIRS)
        + mail(2, "Ben", "Another thread.", "In-Reply-To: <0@list.example>\n")
        + mail(3, "Ines", answer, "In-Reply-To: <1@list.example>\nReferences: <1@list.example>\n")
    )
    assert [(c.id, [u.id for u in c.utterances]) for c in found] == [
        ("mail:1@list.example", ["mail:1@list.example", "mail:3@list.example"]),
        ("mail:0@list.example", ["mail:2@list.example"]),
    ]
    first, last = found[0].utterances
    assert (first.speaker.name, first.text, first.posted_at.hour) == ("Ana Ruiz", THEIRS, 9)
    assert (last.speaker.name, last.reply_to) == ("Ines Ruiz", first.id)
    assert last.text.endswith("From here on I am silent.")


def test_a_mail_alone_comes_into_the_thread_that_it_answers() -> None:
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = (
        "Pétra Lund <p@x.example>",
        "Re: Fühler",
        "Mon, 3 Jun 2024 10:00 +0000",
    )
    message["Message-ID"], message["References"] = "<3@x.example>", "<1@x.example> <2@x.example>"
    message.set_content("Ça marche: the model’s goal is no reward.")
    message.add_alternative("<p>Not <b>this</b>.</p>", subtype="html")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="paper.pdf")
    (found,) = conversations(message.as_bytes())
    (utterance,) = found.utterances
    assert (found.id, found.title) == ("mail:1@x.example", "Fühler")
    assert (utterance.speaker.name, utterance.reply_to) == ("Pétra Lund", "mail:2@x.example")
    assert utterance.text == "Ça marche: the model’s goal is no reward."
    assert utterance.meta["left_out"] == ["application/pdf paper.pdf"]


def test_html_is_read_where_there_is_nothing_plainer() -> None:
    mail = MIMEText(f"<p>{OWN}</p><blockquote>{THEIRS}</blockquote><style>p {{}}</style>", "html", "iso-8859-1")
    mail["From"], mail["Subject"], mail["Date"] = "Ana <a@x.example>", "probes", "Mon, 3 Jun 2024 10:00:00 +0000"
    (found,) = conversations(mail.as_bytes())
    (utterance,) = found.utterances
    assert utterance.text == f"{OWN}\n\n{THEIRS}"
    assert PassageKind.QUOTE in {p.kind for p in utterance.passages}


def test_a_mail_that_is_attached_is_quoted_of_its_author() -> None:
    inner = MIMEText(THEIRS)
    inner["From"], inner["Subject"] = "Otto Kern <o@x.example>", "probes"
    outer = MIMEMultipart()
    outer["From"], outer["Date"], outer["Subject"] = "Ines Falk <i@x.example>", "Mon, 3 Jun 2024 10:00:00 +0000", "Fwd"
    outer.attach(MIMEText(OWN))
    outer.attach(MIMEMessage(inner))
    (found,) = conversations(outer.as_bytes())
    assert claims(found) == [("own", "Ines Falk", OWN), ("quoted", "Otto Kern", THEIRS)]


def test_flowing_lines_are_joined() -> None:
    assert join_flowed_lines("A goal is what it \npursues. \n\n> Is \n> it?\n-- \nAna") == (
        "A goal is what it pursues. \n\n> Is it?\n-- \nAna"
    )
    assert join_flowed_lines("pur \nsues", delete_space=True) == "pursues"


def test_a_mail_in_no_known_encoding_is_named_and_the_others_are_read() -> None:
    head = (
        "From a@x.example Mon Jun  3 10:00:00 2024\nFrom: {who} <a@x.example>\nDate: Mon, 3 Jun 2024 10:00:00 +0000\n"
    )
    head += "Subject: s\nMIME-Version: 1.0\nContent-Type: text/plain; charset={charset}\n\n"
    content = head.format(who="Ana", charset="x-unheard-of").encode() + b"caf\xe9\n\n"
    content += head.format(who="Ben", charset="iso-8859-1").encode() + b"caf\xe9\n"
    failure, found = read_source(Source(name="it.mbox", content=content))
    assert (
        isinstance(failure, Failure)
        and "it.mbox: mail 1" in str(failure.error)
        and "x-unheard-of" in str(failure.error)
    )
    assert found.utterances[0].text == "café"


def test_encoded_names_in_the_text_archives_of_lists_are_decoded() -> None:
    name = f"=?UTF-8?B?{base64.b64encode('Pétra Lund'.encode()).decode()}?="
    text = f"From p at x.example  Mon Jun  3 10:00:00 2024\nFrom: p at x.example ({name})\n"
    text += f"Date: Mon, 3 Jun 2024 10:00:00 +0000\nSubject: {name}\nMessage-ID: <1@x.example>\n\n{OWN}\n"
    assert detect_format(Source(name="it", content=text.encode())).name == "plain_text"
    (found,) = conversations(text)
    assert (found.title, found.utterances[0].speaker.id) == ("Pétra Lund", "pétra-lund")


@given(st.binary(max_size=300))
def test_any_bytes_below_a_full_header_are_read_or_refused_by_name(content: bytes) -> None:
    head = b"From: Ana <a@x.example>\nSubject: s\nReceived: x\nContent-Type: multipart/mixed; boundary=b\n\n"
    for found in read_source(Source(name="it", content=head + content)):
        assert isinstance(found, Conversation) or "it" in found.source


def test_claims_of_a_quoted_mail_are_never_its_quoter_s() -> None:
    (found,) = conversations(HEAD.format(id="") + f"{OWN}\n\nVon: Otto Kern\nGesendet: Montag\nAn: Ines\n\n{THEIRS}")
    for claim in extract(found).claims:
        assert (claim.attribution is Attribution.OWN) == (claim.text == OWN)
