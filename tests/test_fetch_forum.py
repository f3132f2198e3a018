"""Reading a forum by its address: paging, patience, resuming, and whom we never ask. The forum is a local server."""

import gzip
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from corpus.errors import FetchError, TooLarge
from corpus.model import Conversation, Status
from ingest.http.allowed_hosts import AllowedHosts, check_target, is_public
from ingest.http.client import Fetcher, RateLimits, make_fetcher, parse_retry_after
from ingest.http.response_cache import ResponseCache
from ingest.sources.formats import read_source
from ingest.sources.forum_magnum.live import HOSTS, find_endpoint, read_with_fetcher
from ingest.sources.forum_magnum.queries import drop_fields, find_unknown_fields
from ingest.sources.gather import gather
from ingest.sources.sites import parse_forum_address
from ingest.sources.source import Failure, Hints, Source

QUICK = RateLimits(pause=0.0, attempts=4, first_wait=0.01, longest_wait=5.0, step_timeout=3.0, answer_timeout=5.0)
POST = "p" * 17
START = datetime(2023, 5, 1, tzinfo=UTC)


def identifier(number: int) -> str:
    return f"c{number:016d}"


def comment(number: int, parent: int | None = None, **more: object) -> dict:
    posted = (START + timedelta(minutes=number)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "_id": identifier(number),
        "postId": POST,
        "parentCommentId": None if parent is None else identifier(parent),
        "topLevelCommentId": None if parent is None else identifier(parent),
        "user": {"_id": f"u{number % 7}", "slug": f"person-{number % 7}", "displayName": f"Person {number % 7}"},
        "postedAt": posted,
        "baseScore": number % 11,
        "htmlBody": f"<p>Remark {number}.</p>",
        "descendentCount": 0,
        **more,
    }


class Forum:
    """A ForumMagnum server as its schema and limits are described: the part that a reader of posts meets."""

    def __init__(self, comments: list[dict], **post: object) -> None:
        self.post = {
            "_id": POST,
            "slug": "on-weasels",
            "title": "On weasels",
            "postedAt": "2023-05-01T00:00:00.000Z",
            "user": {"_id": "u0", "slug": "person-0", "displayName": "Person 0"},
            "htmlBody": "<p>A weasel is small.</p>",
            "baseScore": 40,
            **post,
        }
        self.views = {"postCommentsNew": sorted(comments, key=lambda c: c["postedAt"], reverse=True)}
        self.views["postCommentsOld"] = self.views["postCommentsNew"][::-1]
        self.answers: list[dict] = []
        self.debate: list[dict] = []
        self.knows_styles = {"selector", "terms"}
        self.knows_before = False
        self.unknown_fields: set[str] = set()
        self.largest_skip = 2000
        self.cap = 5000
        self.asked: list[dict] = []
        self.faults: list[tuple[int, dict]] = []  # statuses given instead of the next answers
        self.agents: list[str] = []
        self.pages: dict[str, tuple[int, dict, bytes]] = {}
        self.hosts: list[str] = []

    def answer(self, body: dict) -> tuple[int, dict]:
        query, variables = body["query"], body["variables"]
        style = "terms" if "input:" in query else "selector"
        if style not in self.knows_styles:
            return 400, refused(f'Unknown argument "{"input" if style == "terms" else "selector"}" on field "post".')
        for field in self.unknown_fields:
            if field in query.split():
                return 400, refused(f'Cannot query field "{field}" on type "Comment".')
        if "post(" in query:
            return 200, {"data": {"post": {"result": self.post if variables["id"] == POST else None}}}
        if style == "selector":
            ((view, terms),) = variables["selector"].items()
            terms = {**terms, "limit": variables["limit"], "offset": variables["offset"]}
            if "before" in terms:
                return 400, refused('Field "before" is not defined by type "PostCommentsNewInput".')
        else:
            view, terms = variables["terms"]["view"], variables["terms"]
        if terms["offset"] > self.largest_skip:
            return 200, refused("Exceeded maximum value for skip")
        listed = self.listed(view, terms)
        if self.knows_before and terms.get("before"):
            listed = [c for c in listed if c["postedAt"] < terms["before"]]
        limit = terms["limit"] if 1 <= terms["limit"] <= self.cap else self.cap
        shown = listed[terms["offset"] : terms["offset"] + limit]
        return 200, {"data": {"comments": {"results": shown, "totalCount": len(listed)}}}

    def listed(self, view: str, terms: dict) -> list[dict]:
        if view == "questionAnswers":
            return [c for c in self.answers if c.get("answer")]
        if view == "repliesToAnswer":
            return [c for c in self.answers if c.get("parentAnswerId") == terms["parentAnswerId"]]
        if view == "repliesToCommentThread":
            top = terms["topLevelCommentId"]
            return [c for c in self.views["postCommentsNew"] if c["topLevelCommentId"] == top]
        return self.debate if view == "debateResponses" else self.views[view]


def refused(message: str) -> dict:
    return {"data": None, "errors": [{"message": message, "id": "app.error"}]}


@contextmanager
def serving(forum: Forum) -> Iterator[str]:
    """Serve a forum on this machine; gives its origin."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def reply(self, status: int, headers: dict, content: bytes) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            forum.hosts.append(self.headers["Host"])
            self.reply(*forum.pages.get(self.path, (404, {}, b"none")))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            forum.agents.append(self.headers.get("User-Agent", ""))
            forum.hosts.append(self.headers["Host"])
            if not self.headers.get("User-Agent"):
                return self.reply(403, {}, b"who are you?")
            if forum.faults and (fault := forum.faults.pop(0))[0] != 200:
                return self.reply(fault[0], fault[1], b"not now")
            forum.asked.append(body)
            status, answer = forum.answer(body)
            packed = gzip.compress(json.dumps(answer).encode())
            headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
            return self.reply(status, headers, packed)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def asking(origin: str, cache: ResponseCache | None = None, manners: RateLimits = QUICK) -> Fetcher:
    return Fetcher(AllowedHosts(HOSTS, frozenset({origin.removeprefix("http://")})), cache, manners)


def conversation_at(origin: str, fetcher: Fetcher | None = None) -> Conversation:
    url = f"{origin}/posts/{POST}/on-weasels"
    with fetcher or asking(origin) as asked:
        (loaded,) = read_with_fetcher(asked, Source(name=url, url=url))
    assert isinstance(loaded, Conversation)
    return loaded


def numbers(conversation: Conversation) -> set[str]:
    return {utterance.id.rpartition(":")[2] for utterance in conversation.utterances}


def thread_of(count: int) -> list[dict]:
    """Comments of which every third is a reply to one before."""
    return [comment(n, n - n % 3 if n % 3 else None, descendentCount=2 if n % 3 == 0 else 0) for n in range(count)]


def test_a_post_with_its_comments_comes_whole() -> None:
    with serving(Forum(thread_of(30))) as origin:
        conversation = conversation_at(origin)
    assert conversation.title == "On weasels"
    post, first, second = conversation.utterances[:3]
    assert (post.text, post.speaker.name, post.karma) == ("A weasel is small.", "Person 0", 40)
    assert (first.reply_to, second.reply_to) == (post.id, first.id)
    assert (second.text, second.speaker.id.partition(":")[2]) == ("Remark 1.", "person-1")
    assert second.posted_at == START + timedelta(minutes=1)
    assert len(conversation.utterances) == 31


def test_we_say_who_we_are() -> None:
    forum = Forum(thread_of(3))
    with serving(forum) as origin:
        conversation_at(origin)
    assert all(agent.startswith("Crosstalk/") and "contact" in agent for agent in forum.agents)


@pytest.mark.parametrize("style", ["selector", "terms"])
def test_either_style_of_arguments_is_understood(style: str) -> None:
    forum = Forum(thread_of(5))
    forum.knows_styles = {style}
    with serving(forum) as origin:
        assert len(conversation_at(origin).utterances) == 6


def test_fields_the_server_does_not_know_are_left_out() -> None:
    forum = Forum(thread_of(5))
    forum.unknown_fields = {"af", "extendedScore", "descendentCount"}
    with serving(forum) as origin:
        assert len(conversation_at(origin).utterances) == 6


@pytest.mark.parametrize(("knows_before", "cap"), [(True, 500), (True, 137), (False, 5000), (False, 900)])
def test_more_comments_than_the_largest_offset_are_read(knows_before: bool, cap: int) -> None:
    forum = Forum(thread_of(3300))
    forum.knows_before, forum.cap = knows_before, cap
    with serving(forum) as origin:
        conversation = conversation_at(origin)
    assert numbers(conversation) == {POST, *(identifier(n) for n in range(3300))}


def test_comments_out_of_reach_are_told_and_the_rest_is_kept() -> None:
    forum = Forum([comment(n) for n in range(9000)])
    forum.cap = 500
    with serving(forum) as origin:
        url = f"{origin}/posts/{POST}/on-weasels"
        with asking(origin) as fetcher:
            conversation, failure = read_with_fetcher(fetcher, Source(name=url, url=url))
    assert len(conversation.utterances) == 1 + 2 * 2500
    assert isinstance(failure, Failure)
    assert "4,000 comments" in str(failure.error)


def test_answers_and_the_replies_to_them_are_read_for_a_question() -> None:
    forum = Forum([comment(1)], question=True)
    forum.answers = [comment(2, answer=True, descendentCount=1), comment(3, 2, parentAnswerId=identifier(2))]
    with serving(forum) as origin:
        conversation = conversation_at(origin)
    assert numbers(conversation) == {POST, identifier(1), identifier(2), identifier(3)}


def test_the_responses_of_a_debate_are_read() -> None:
    forum = Forum([comment(1)], debate=True)
    forum.debate = [comment(2, debateResponse=True)]
    with serving(forum) as origin:
        assert identifier(2) in numbers(conversation_at(origin))


def test_retracted_and_deleted_comments_keep_their_status() -> None:
    with serving(Forum([comment(1, retracted=True), comment(2, deleted=True, user=None, htmlBody="")])) as origin:
        conversation = conversation_at(origin)
    assert [u.status for u in conversation.utterances] == [Status.LIVE, Status.RETRACTED, Status.DELETED]
    assert conversation.utterances[2].speaker is None


def test_a_busy_server_is_asked_again_after_the_time_it_names() -> None:
    forum = Forum(thread_of(3))
    forum.faults = [(429, {"Retry-After": "1"}), (200, {}), (500, {}), (503, {})]
    with serving(forum) as origin:
        began = time.monotonic()
        assert len(conversation_at(origin).utterances) == 4
    assert time.monotonic() - began >= 1.0


def test_a_server_that_keeps_refusing_is_named() -> None:
    forum = Forum(thread_of(3))
    forum.faults = [(403, {})] * 4
    with serving(forum) as origin, pytest.raises(FetchError, match="403"):
        conversation_at(origin)
    assert len(forum.agents) == QUICK.attempts


def test_a_wait_of_an_hour_is_reported_not_slept() -> None:
    forum = Forum(thread_of(3))
    forum.faults = [(429, {"Retry-After": "3600"})]
    with serving(forum) as origin, pytest.raises(FetchError, match="3,600 seconds"):
        conversation_at(origin)


def test_no_such_post_is_one_line() -> None:
    url = "http://{}/posts/qqqqqqqqqqqqqqqqq/x"
    with serving(Forum([])) as origin, asking(origin) as fetcher, pytest.raises(FetchError, match="no post"):
        list(read_with_fetcher(fetcher, Source(name="x", url=url.format(origin.removeprefix("http://")))))


def test_an_interrupted_read_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forum = Forum(thread_of(1600))
    with serving(forum) as origin:
        monkeypatch.setenv("CROSSTALK_ALLOW_HOSTS", origin.removeprefix("http://"))
        monkeypatch.setenv("CROSSTALK_CACHE", str(tmp_path))
        url = f"{origin}/posts/{POST}/on-weasels"
        forum.faults = [(200, {})] * 3 + [(404, {})]
        (failure,) = (loaded for source in gather([url], Hints()) for loaded in read_source(source))
        assert isinstance(failure, Failure)
        before = len(forum.asked)
        assert before == 3
        (conversation,) = (loaded for source in gather([url], Hints()) for loaded in read_source(source))
        assert len(conversation.utterances) == 1601
        assert len(forum.asked) - before == 2
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_is_no_post_goes_to_the_page_loaders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forum = Forum([])
    body = (
        b"Ana Ruiz\n\nSequences\n\nWiki Contributions\n\nComments\n\nWeasels are small, and I stand by it.\n\nLoad More"
    )
    forum.pages["/users/ana-ruiz"] = (302, {"Location": "/users/ana"}, b"")
    forum.pages["/users/ana"] = (200, {"Content-Type": "text/html"}, body)
    monkeypatch.setenv("CROSSTALK_CACHE", str(tmp_path))
    with serving(forum) as origin:
        monkeypatch.setenv("CROSSTALK_ALLOW_HOSTS", origin.removeprefix("http://"))
        url = f"{origin}/users/ana-ruiz"
        (conversation,) = read_source(Source(name=url, url=url))
    assert [(u.speaker.name, u.text) for u in conversation.utterances] == [
        ("Ana Ruiz", "Weasels are small, and I stand by it.")
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_page_of_no_format_is_one_failure_and_nothing_of_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forum = Forum([])
    forum.pages["/users/ana"] = (200, {"Content-Type": "text/html"}, b"<!doctype html><html><body>no</body></html>")
    monkeypatch.setenv("CROSSTALK_CACHE", str(tmp_path))
    with serving(forum) as origin:
        monkeypatch.setenv("CROSSTALK_ALLOW_HOSTS", origin.removeprefix("http://"))
        url = f"{origin}/users/ana"
        (failure,) = read_source(Source(name=url, url=url))
    assert isinstance(failure, Failure) and "HTML page of a site that is not known" in str(failure.error)
    assert list(tmp_path.iterdir()) == []


def test_a_packed_answer_that_unfolds_without_end_is_refused() -> None:
    forum = Forum([])
    forum.pages["/bomb"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(40 << 20)))
    with serving(forum) as origin, asking(origin) as fetcher, pytest.raises(TooLarge, match="20,971,520 bytes"):
        fetcher.get(f"{origin}/bomb")


def test_one_comment_too_large_for_an_answer_is_named_and_the_rest_is_read() -> None:
    forum = Forum([comment(n) for n in range(40)] + [comment(99, htmlBody="<p>" + "x" * 300_000 + "</p>")])
    manners = RateLimits(pause=0.0, attempts=2, first_wait=0.01, answer_bytes=100_000)
    with serving(forum) as origin, asking(origin, manners=manners) as fetcher:
        url = f"{origin}/posts/{POST}/on-weasels"
        conversation, failure = read_with_fetcher(fetcher, Source(name=url, url=url))
    assert len(conversation.utterances) == 41
    assert isinstance(failure.error, TooLarge)


def test_redirects_are_counted_and_each_is_checked() -> None:
    forum = Forum([])
    forum.pages["/round"] = (302, {"Location": "/round"}, b"")
    forum.pages["/away"] = (302, {"Location": "http://192.0.2.1/x"}, b"")
    forum.pages["/file"] = (302, {"Location": "file:///etc/passwd"}, b"")
    with serving(forum) as origin, asking(origin) as fetcher:
        with pytest.raises(FetchError, match="more than 5 redirects"):
            fetcher.get(f"{origin}/round")
        assert len(forum.hosts) == 6
        with pytest.raises(FetchError, match=r"192\.0\.2\.1: not a forum that is known"):
            fetcher.get(f"{origin}/away")
        with pytest.raises(FetchError):
            fetcher.get(f"{origin}/file")


def test_the_address_that_was_checked_is_the_one_dialled() -> None:
    forum = Forum([])
    forum.pages["/page"] = (200, {}, b"here")
    with serving(forum) as origin:
        port = origin.rpartition(":")[2]
        answers = iter([["127.0.0.1"], ["192.0.2.1"]])
        fetcher = Fetcher(AllowedHosts(frozenset(), frozenset({f"forum.example:{port}"})), rate_limits=QUICK)
        fetcher.find = lambda host, port: next(answers)
        with fetcher:
            assert fetcher.get(f"http://forum.example:{port}/page").content == b"here"
    assert forum.hosts == [f"forum.example:{port}"]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "0.0.0.0", "0.1.2.3", "192.0.0.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1"),
        *("::ffff:10.0.0.1", "::ffff:127.0.0.1", "::10.0.0.1", "64:ff9b::10.0.0.1", "2002:0a00:0001::1", "2001:db8::1"),
        "not an address",
    ],
)
def test_private_addresses_are_never_dialled(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(FetchError, match="no public address"):
        check_target(
            "https", "www.lesswrong.com", None, AllowedHosts(HOSTS), lambda host, port: ["93.184.216.34", address]
        )


def test_public_addresses_are() -> None:
    assert all(is_public(address) for address in ("93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"))


@pytest.mark.parametrize(
    "url",
    [
        *("https://forum.example/posts/x", "http://www.lesswrong.com/posts/x", "ftp://www.lesswrong.com/"),
        *("https://www.lesswrong.com:8443/", "https://www.lesswrong.com@forum.example/", "https://2130706433/"),
        *("https://www.lesswrong.com.forum.example/", "https:///x", "https://[::1]/", "https://user@127.0.0.1/"),
    ],
)
def test_other_hosts_ports_and_schemes_are_refused_before_anything_is_sent(url: str) -> None:
    def never(host: str, port: int) -> list[str]:
        raise AssertionError(f"{host} was looked up")

    with Fetcher(AllowedHosts(HOSTS), rate_limits=QUICK, find=never) as fetcher, pytest.raises(FetchError):
        fetcher.get(url)


def test_two_requests_to_one_host_are_a_second_apart() -> None:
    slept: list[float] = []
    clock = iter([0.0, 0.25, 1.0, 5.0, 5.0])
    fetcher = Fetcher(AllowedHosts(HOSTS), sleep=slept.append, now=lambda: next(clock))
    goal = check_target("https", "www.lesswrong.com", None, AllowedHosts(HOSTS), lambda host, port: ["93.184.216.34"])
    for _ in range(3):
        fetcher._wait_for_turn(goal)
    assert slept == [0.75]


def test_retry_after_is_seconds_or_a_date() -> None:
    later = (datetime.now(UTC) + timedelta(seconds=60)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert parse_retry_after("7") == 7.0
    assert 50 < parse_retry_after(later) <= 60
    assert parse_retry_after("soon") is None
    assert parse_retry_after(None) is None


def test_a_mirror_is_read_from_the_forum_it_mirrors() -> None:
    urls = {
        "https://www.greaterwrong.com/posts/ppppppppppppppppp/x": "https://www.lesswrong.com/graphql",
        "https://ea.greaterwrong.com/posts/ppppppppppppppppp/x": "https://forum.effectivealtruism.org/graphql",
        "https://www.alignmentforum.org/posts/ppppppppppppppppp/x": "https://www.alignmentforum.org/graphql",
        "https://www.lesswrong.com/s/abc/p/ppppppppppppppppp": "https://www.lesswrong.com/graphql",
    }
    for url, endpoint in urls.items():
        place = parse_forum_address(url)
        assert (place.post, find_endpoint(place.site, url)) == (POST, endpoint)


def test_comment_addresses_name_their_post_and_comment() -> None:
    for tail in ("?commentId=" + "c" * 17, "#" + "c" * 17, "/comment/" + "c" * 17, "#comment-" + "c" * 17):
        place = parse_forum_address(f"https://www.lesswrong.com/posts/{POST}/x{tail}")
        assert (place.post, place.comment) == (POST, "c" * 17)


def test_unknown_fields_are_read_from_errors_and_left_out() -> None:
    unknown = find_unknown_fields(['Cannot query field "af" on type "Comment". Did you mean "afDate"?'])
    assert drop_fields(("_id", "af", "user", ("slug", "af"), "tags", ("af",)), unknown) == ("_id", "user", ("slug",))


def test_the_environment_names_cache_hosts_and_contact(tmp_path: Path) -> None:
    environment = {
        "CROSSTALK_CACHE": str(tmp_path),
        "CROSSTALK_ALLOW_HOSTS": "forum.example, localhost:8080",
        "CROSSTALK_CONTACT": "ana@example.org\r\nX-Injected: yes",
    }
    with make_fetcher("https://forum.example/x", HOSTS, environment) as fetcher:
        assert fetcher.allowed.is_trusted("forum.example", 443)
        assert fetcher.allowed.is_trusted("localhost", 8080)
        assert not fetcher.allowed.is_trusted("localhost", 80)
        assert fetcher.cache.folder.parent == tmp_path
        assert fetcher.contact == "ana@example.orgX-Injected: yes"
