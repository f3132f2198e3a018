"""Polite HTTP: says who asks, waits between requests, backs off when told to, and takes no more than it can hold.

One `Fetcher` serves one read. Every hop is checked by `ingest.http.allowed_hosts`; a redirect is a hop. Answers are
kept by `ingest.http.response_cache` until the read is done.
"""

# pyright: standard

import os
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx2
import orjson
import stamina
from platformdirs import user_cache_path

from corpus.errors import FetchError, TooLarge
from corpus.limits import LIMITS
from ingest.http.allowed_hosts import AllowedHosts, Resolve, Target, check_target, resolve_host
from ingest.http.response_cache import ResponseCache

CACHE = "CROSSTALK_CACHE"
CONTACT = "CROSSTALK_CONTACT"
_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_RETRIED_STATUSES = frozenset({403, 408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_ENCODINGS = {"gzip": 47, "x-gzip": 47, "deflate": 47, "": 0, "identity": 0}


@dataclass(frozen=True, slots=True)
class RateLimits:
    """How often and how long is asked. Seconds, bytes and counts.

    `pause` between two requests to one host (none to this very machine); `longest_wait` is the longest Retry-After
    that is waited for.
    """

    pause: float = 1.0
    attempts: int = 5
    first_wait: float = 2.0
    longest_wait: float = 120.0
    step_timeout: float = 15.0
    answer_timeout: float = 90.0
    redirects: int = 5
    answer_bytes: int = LIMITS.response_bytes


class _TryAgain(Exception):
    """The site asks for patience, or the line broke; `seconds` is what it asked for."""

    def __init__(self, error: FetchError, seconds: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and from which address in the end."""

    url: str
    content: bytes


@dataclass(slots=True)
class Fetcher:
    """Asks the allowed hosts. A context manager: closing it closes the connections."""

    allowed: AllowedHosts
    cache: ResponseCache | None = None
    rate_limits: RateLimits = field(default_factory=RateLimits)
    find: Resolve = resolve_host
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic
    contact: str = "whoever runs this copy"
    _clients: dict[str, httpx2.Client] = field(default_factory=dict)  # one a host: a connection vouches for one name
    _asked_at: dict[str, float] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in self._clients.values():
            client.close()

    def get(self, url: str) -> Answer:
        """Fetch a page. Raise `FetchError` or `TooLarge`."""
        return self._ask("GET", url, None)

    def query(
        self, url: str, body: Mapping[str, object], keep_if: Callable[[bytes], bool] = lambda content: True
    ) -> bytes:
        """Post a JSON question and return the answer, which may be a refusal in JSON (status 400, as GraphQL does).

        Answers are kept for a read that is resumed if `keep_if` says so. Raise `FetchError` or `TooLarge`.
        """
        return self._ask("POST", url, orjson.dumps(body, option=orjson.OPT_SORT_KEYS), keep_if).content

    def _ask(
        self, method: str, url: str, body: bytes | None, keep_if: Callable[[bytes], bool] = lambda content: True
    ) -> Answer:
        request = f"{method} {url}\n{(body or b'').decode()}"
        kept = self.cache.find(request) if self.cache is not None else None
        if kept is not None:
            final, _, content = kept.partition(b"\n")
            return Answer(final.decode(), content)
        answer = self._ask_with_retries(method, url, body)
        if self.cache is not None and keep_if(answer.content):
            self.cache.keep(request, answer.url.encode() + b"\n" + answer.content)
        return answer

    def _ask_with_retries(self, method: str, url: str, body: bytes | None) -> Answer:
        try:
            for attempt in stamina.retry_context(
                on=_retry_delay,
                attempts=self.rate_limits.attempts,
                timeout=None,
                wait_initial=self.rate_limits.first_wait,
                wait_max=self.rate_limits.longest_wait,
                wait_jitter=self.rate_limits.first_wait / 2,
            ):
                with attempt:
                    return self._follow_redirects(method, url, body)
        except _TryAgain as problem:
            raise problem.error from problem.__cause__
        raise FetchError(f"{url}: no answer")

    def _follow_redirects(self, method: str, url: str, body: bytes | None) -> Answer:
        """Ask, and ask on where the site sends us, each hop checked."""
        current = _parse_url(url)
        for _ in range(self.rate_limits.redirects + 1):
            goal = check_target(current.scheme, current.host, current.port, self.allowed, self.find)
            with self._send(method, current, goal, body) as response:
                if response.status_code not in _REDIRECT_STATUSES:
                    self._refuse_status(response, current, asked=body is not None)
                    return Answer(str(current), self._content(response, current))
                onward = _parse_url(str(current.join(response.headers.get("location", ""))))
            if current.scheme == "https" and onward.scheme != "https":
                raise FetchError(f"{current}: sends us on to {onward}, which is not https; refused")
            current = onward
        raise FetchError(f"{url}: more than {self.rate_limits.redirects} redirects")

    @contextmanager
    def _send(self, method: str, url: httpx2.URL, goal: Target, body: bytes | None) -> Iterator[httpx2.Response]:
        """Send one request to an address that was checked; the name goes into the Host header and the TLS handshake."""
        self._wait_for_turn(goal)
        headers = {
            "Host": url.netloc.decode("ascii"),
            "User-Agent": make_user_agent(self.contact),
            "Accept": "application/json" if body is not None else "text/html, application/xhtml+xml, */*;q=0.5",
            "Accept-Encoding": "gzip, deflate",
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        client = self._client_of(goal.host)
        problem: httpx2.HTTPError | None = None
        for address in goal.addresses[:3]:
            request = client.build_request(
                method,
                url.copy_with(host=address),
                content=body,
                headers=headers,
                extensions={"sni_hostname": goal.host},
            )
            try:
                response = client.send(request, stream=True)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                problem = error
                continue
            except (httpx2.HTTPError, httpx2.InvalidURL) as error:
                raise _TryAgain(FetchError(f"{url}: {_describe_error(error)}")) from error
            try:
                yield response
            except httpx2.HTTPError as error:
                raise _TryAgain(FetchError(f"{url}: {_describe_error(error)}")) from error
            finally:
                response.close()
            return
        raise _TryAgain(FetchError(f"{url}: cannot connect ({_describe_error(problem)})")) from problem

    def _client_of(self, host: str) -> httpx2.Client:
        if host not in self._clients:
            # No proxy from the environment: it would connect for us, to an address that nobody checked.
            self._clients[host] = httpx2.Client(
                trust_env=False, timeout=self.rate_limits.step_timeout, follow_redirects=False
            )
        return self._clients[host]

    def _wait_for_turn(self, goal: Target) -> None:
        if goal.is_local:
            return
        before = self._asked_at.get(goal.host)
        if before is not None and (wait := before + self.rate_limits.pause - self.now()) > 0:
            self.sleep(wait)
        self._asked_at[goal.host] = self.now()

    def _refuse_status(self, response: httpx2.Response, url: httpx2.URL, *, asked: bool) -> None:
        status = response.status_code
        if 200 <= status < 300 or (asked and status == 400 and "json" in response.headers.get("content-type", "")):
            return
        error = FetchError(f"{url}: the site answered {status} {response.reason_phrase}".rstrip())
        if status not in _RETRIED_STATUSES:
            raise error
        seconds = parse_retry_after(response.headers.get("retry-after"))
        if seconds is not None and seconds > self.rate_limits.longest_wait:
            raise FetchError(f"{url}: the site asks us to wait {seconds:,.0f} seconds; try again then")
        raise _TryAgain(error, seconds)

    def _content(self, response: httpx2.Response, url: httpx2.URL) -> bytes:
        """Read and unpack the body, stopping at the limits. Raise `TooLarge`, `FetchError` or `_TryAgain`."""
        encoding = response.headers.get("content-encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            raise FetchError(f"{url}: packed as {encoding!r}, which was not asked for")
        unpack = zlib.decompressobj(_ENCODINGS[encoding]) if _ENCODINGS[encoding] else None
        limit = self.rate_limits.answer_bytes
        until = self.now() + self.rate_limits.answer_timeout
        content = bytearray()
        for chunk in response.iter_raw():
            if self.now() > until:
                raise _TryAgain(
                    FetchError(f"{url}: slower than {self.rate_limits.answer_timeout:g} seconds for one answer")
                )
            try:
                content += unpack.decompress(chunk, limit + 1 - len(content)) if unpack else chunk
            except zlib.error as problem:
                raise _TryAgain(FetchError(f"{url}: broken on the way ({problem})")) from problem
            if len(content) > limit:
                raise TooLarge(f"{url}: the answer is larger than {limit:,} bytes")
        if unpack is not None and not unpack.eof:
            raise _TryAgain(FetchError(f"{url}: cut off on the way"))
        return bytes(content)


def make_user_agent(contact: str) -> str:
    """Say who asks.

    >>> make_user_agent("me@example.org").partition("(")[2]
    '+research; contact me@example.org)'
    """
    try:
        number = version("crosstalk")
    except PackageNotFoundError:
        number = "0"
    return f"Crosstalk/{number} (+research; contact {contact})"


def make_fetcher(read: str, hosts: frozenset[str], environment: Mapping[str, str] = os.environ) -> Fetcher:
    """Make the fetcher of one read, named by its address, as the environment says (hosts, cache folder, contact)."""
    root = environment.get(CACHE)
    folder = Path(root) if root else user_cache_path("crosstalk") / "responses"
    contact = "".join(char for char in environment.get(CONTACT, "") if " " <= char <= "~") or "whoever runs this copy"
    return Fetcher(AllowedHosts.from_environment(hosts, environment), ResponseCache.open(folder, read), contact=contact)


def parse_retry_after(header: str | None) -> float | None:
    """Read a Retry-After header: seconds, or a date; None where it says neither."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(header)
    except (ValueError, TypeError):
        return None
    until = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _retry_delay(problem: Exception) -> bool | float:
    """Tell stamina whether to try again, and when: as the site says, else by its own growing waits."""
    if not isinstance(problem, _TryAgain):
        return False
    return True if problem.seconds is None else problem.seconds


def _parse_url(url: str) -> httpx2.URL:
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError, TypeError) as problem:
        raise FetchError(f"{url[:200]!r}: no web address ({problem})") from problem
    if not parsed.host:
        raise FetchError(f"{url[:200]!r}: no web address")
    return parsed.copy_with(fragment=None)


def _describe_error(problem: Exception | None) -> str:
    return str(problem) or type(problem).__name__
