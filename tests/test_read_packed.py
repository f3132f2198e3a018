"""What sources come packed in: zip archives as folders, pages saved as one file; and what must not come out of them."""

import io
import stat
import zipfile
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from corpus.errors import Malformed, TooLarge, UnknownFormat, Unreadable
from corpus.model import Conversation
from ingest.pipeline import ingest
from ingest.sources.catalogue import list_source_kinds
from ingest.sources.formats import FORMATS, load_source
from ingest.sources.gather import gather
from ingest.sources.source import Failure, Hints, Source

TEXT = "A weasel is small, and that is what I meant by the word."
ROW = '{"id": "a", "conversation_id": "a", "speaker": "ana", "reply_to": null, "text": "Small.", "meta": {}}'
PAGE = (
    '<!DOCTYPE html><html lang="en-US"><head><meta charset="{}"><title>Wiesel - LessWrong 2.0 viewer</title>'
    '<link rel="canonical" href="https://www.lesswrong.com/posts/aaaaaaaaaaaaaaaaa/wiesel"></head><body>'
    '<main class="post"><h1 class="post-title">Wiesel</h1><div class="post-meta top-post-meta">'
    '<a class="author" href="/users/ana">Ana</a> <span class="date" data-js-date="1660916400000">19 Aug 2022</span>'
    '<div class="karma" data-post-id="aaaaaaaaaaaaaaaaa"><span class="karma-value">7 points</span></div></div>'
    '<div class="body-text post-body"><p>Größe – klein.</p></div></main></body></html>'
)


def pack(folder: Path, members: dict[str, str | bytes]) -> Path:
    path = folder / "threads.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def read(
    *arguments: Path | str, stdin: bytes | None = None
) -> tuple[dict[str, Conversation], list[Failure], list[str]]:
    conversations: dict[str, Conversation] = {}
    failures: list[Failure] = []
    keys: list[str] = []
    for source in gather([str(one) for one in arguments], Hints(), io.BytesIO(stdin) if stdin is not None else None):
        if isinstance(source, Failure):
            failures.append(source)
            continue
        keys.append(source.key)
        for loaded in load_source(source)[1]:
            if isinstance(loaded, Failure):
                failures.append(loaded)
            else:
                conversations[source.name] = loaded
    return conversations, failures, keys


def test_an_archive_is_read_as_the_folder_that_it_is(tmp_path: Path) -> None:
    members = {
        "threads/a.txt": TEXT,
        "threads/corpus/utterances.jsonl": ROW,
        "threads/page.html": PAGE.format("utf-8"),
        "threads/page_files/style.css": "a{b:c}",
        "threads/b.txt": TEXT + " So there.",
        "threads/b.txt.meta.toml": 'author = "Ben Lo"',
        "__MACOSX/threads/._a.txt": "x",
        "threads/script.js": "var a = 1;\nvar b = 2;\n",
    }
    conversations, failures, keys = read(path := pack(tmp_path, members))
    assert [name.removeprefix(f"{path}: ") for name in conversations] == [
        *("threads/a.txt", "threads/b.txt", "threads/corpus", "threads/page.html"),
    ]
    assert conversations[f"{path}: threads/b.txt"].utterances[0].speaker.name == "Ben Lo"
    assert [failure.source for failure in failures] == [f"{path}: threads/script.js"]
    assert "crosstalk-" not in str(failures[0].error)
    assert keys == read(path)[2]
    assert all(key.startswith(f"{path.resolve()}!/") for key in keys)
    assert list(read("-", stdin=path.read_bytes())[0]) == [
        f"-: threads/{name}" for name in ("a.txt", "b.txt", "corpus", "page.html")
    ]


def test_reading_an_archive_twice_changes_nothing(tmp_path: Path) -> None:
    from corpus.record import Record

    path = pack(tmp_path, {"a.txt": TEXT, "b/c.txt": TEXT + " So there."})
    with Record.open(tmp_path / "corpus.db") as record:
        assert ingest([str(path)], record, Hints()).conversations == 2
        before = record.generation
        again = ingest([str(path)], record, Hints())
        assert (again.conversations, again.claims.added, record.generation) == (2, 0, before)


def test_no_member_leaves_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "within"
    outside.mkdir()
    path = pack(
        outside, {"../escaped.txt": TEXT, "/tmp/crosstalk-escaped.txt": TEXT, "..\\..\\back.txt": TEXT, "ok.txt": TEXT}
    )
    conversations, failures, _ = read(path)
    assert len(conversations) == 4
    assert failures == []
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["threads.zip", "within"]
    assert not Path("/tmp/crosstalk-escaped.txt").exists()


def test_what_unfolds_without_end_is_refused(tmp_path: Path) -> None:
    (failure,) = read(pack(tmp_path, {"bomb.txt": b"0" * (300 << 20)}))[1]
    assert isinstance(failure.error, TooLarge)
    (failure,) = read(pack(tmp_path, {f"{n}.txt": "" for n in range(20_001)}))[1]
    assert "20,001 files" in str(failure.error)


def test_members_that_cannot_be_had_are_named_and_the_others_are_read(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("deep.txt", TEXT)
    path = pack(tmp_path, {link: "/etc/passwd", "inner.zip": inner.getvalue(), "a.txt": TEXT, "n" * 300 + ".txt": TEXT})
    broken = bytearray(path.read_bytes())
    conversations, failures, _ = read(path)
    assert list(conversations) == [f"{path}: a.txt"]
    assert [type(failure.error) for failure in failures] == [Unreadable, Unreadable, UnknownFormat]
    assert "unpack it first" in str(failures[-1].error)
    broken[60:80] = b"\xff" * 20
    path.write_bytes(broken)
    assert len(read(path)[0]) >= 1


@pytest.mark.parametrize(
    ("member", "said"),
    [("[Content_Types].xml", "Office"), ("META-INF/container.xml", "e-book"), ("content.xml", "OpenDocument")],
)
def test_a_document_that_is_an_archive_is_refused_by_what_it_is(tmp_path: Path, member: str, said: str) -> None:
    (failure,) = read(pack(tmp_path, {member: "<x/>", "word/document.xml": "<y/>"}))[1]
    assert isinstance(failure.error, UnknownFormat)
    assert said in str(failure.error)


def test_half_an_archive_is_named(tmp_path: Path) -> None:
    path = pack(tmp_path, {"a.txt": TEXT * 100})
    path.write_bytes(path.read_bytes()[:-30])
    (failure,) = read(path)[1]
    assert isinstance(failure.error, Malformed)


# Pages saved as one file


def save(charset: str, declared: str, **headers: str) -> bytes:
    message = MIMEMultipart("related", type="text/html")
    for name, value in {"From": "<Saved by Blink>", "Subject": "Wiesel", **headers}.items():
        message[name.replace("_", "-")] = value
    page = MIMEText(PAGE.format(declared), "html", charset)
    page["Content-Location"] = "https://www.lesswrong.com/posts/aaaaaaaaaaaaaaaaa/wiesel"
    style = MIMEText("body{color:red}", "css")
    style["Content-Location"] = "cid:css@mhtml.blink"
    message.attach(page)
    message.attach(style)
    return message.as_bytes()


@pytest.mark.parametrize(
    ("charset", "declared"), [("utf-8", "utf-8"), ("windows-1252", "utf-8"), ("utf-8", "windows-1252")]
)
def test_a_page_saved_as_one_file_is_that_page(charset: str, declared: str) -> None:
    headers = {"Snapshot_Content_Location": "https://www.lesswrong.com/posts/aaaaaaaaaaaaaaaaa/wiesel"}
    content = save(charset, declared, **headers)
    for packed in (content, content.replace(b"\n", b"\r\n"), b"\n" + content):
        format_, loaded = load_source(Source(name="it", content=packed))
        (conversation,) = loaded
        assert (format_.name, conversation.id) == ("greaterwrong_page", "lesswrong:aaaaaaaaaaaaaaaaa")
        assert conversation.utterances[0].text == "Größe – klein."


def test_a_page_of_no_known_site_is_refused_as_the_page_that_it_is() -> None:
    content = save("utf-8", "utf-8").replace(b"viewer", b"").replace(b"data-js-date", b"x")
    page = MIMEText("<!DOCTYPE html><html><body><p>Small.</p></body></html>", "html")
    page["Content-Location"] = "https://x.example/"
    for packed, said in ((page.as_bytes(), "HTML page"), (content[: content.index(b"text/html", 200)], "MHTML")):
        (failure,) = load_source(Source(name="it", content=packed))[1]
        assert said in str(failure.error)


def test_a_mail_with_a_page_in_it_is_a_mail() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ana@x.example", "ben@x.example", "Weasels"
    mail.set_content("A weasel is small, I say.")
    mail.add_alternative("<p>A weasel is small, I say.</p>", subtype="html")
    format_, loaded = load_source(Source(name="it", content=mail.as_bytes()))
    assert not format_.name.endswith("_page")
    assert all(not isinstance(each, Failure) for each in loaded)


def test_what_is_read_is_listed_with_a_sign_and_an_example() -> None:
    kinds = list_source_kinds()
    assert [kind.name for kind in kinds][: len(FORMATS)] == [format_.name for format_ in FORMATS]
    assert all(kind.what and kind.sign and kind.example.startswith("crosstalk ingest ") for kind in kinds)
