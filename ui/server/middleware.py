"""What stands in front of every answer of the server, page and API alike: who may ask, and what a browser may do."""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import secrets
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers as RequestHeaders
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.errors import WrongUsage

LOOPBACK = ("localhost", "127.0.0.1", "[::1]", "::1")
COOKIE = "crosstalk"

# Streamlit's page needs inline styles, its own scripts with WebAssembly, workers from blobs, and its WebSocket.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SafeHeaders:
    """Put `HEADERS` on every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class TokenGate:
    """Let in only who knows the token: as a bearer, or as the password that the browser asks for (any user name).

    A browser that has given it gets a cookie that is derived from the token and worth nothing elsewhere.
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app = app
        self._token = hashlib.sha256(token.encode()).digest()
        self._pass = hmac.new(secrets.token_bytes(32), self._token, hashlib.sha256).hexdigest()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if it may, else answer 401, or close the socket."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = RequestHeaders(scope=scope)
        if self._has_pass(headers.get("cookie", "")):
            await self.app(scope, receive, send)
        elif self._knows_token(headers.get("authorization", "")):
            await self.app(scope, receive, self._add_cookie(send) if scope["type"] == "http" else send)
        elif scope["type"] == "http":
            refused = JSONResponse({"error": "no_token", "detail": "this server asks for its token"}, 401)
            refused.headers["WWW-Authenticate"] = 'Basic realm="crosstalk", charset="UTF-8"'
            await refused(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _knows_token(self, authorization: str) -> bool:
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() == "basic":
            try:
                given = base64.b64decode(given, validate=True).decode().partition(":")[2]
            except (binascii.Error, UnicodeDecodeError):
                return False
        elif scheme.lower() != "bearer":
            return False
        return hmac.compare_digest(hashlib.sha256(given.encode()).digest(), self._token)

    def _has_pass(self, cookie: str) -> bool:
        try:
            kept = SimpleCookie(cookie).get(COOKIE)
        except CookieError:
            return False
        return kept is not None and hmac.compare_digest(kept.value.encode(), self._pass.encode())

    def _add_cookie(self, send: Send) -> Send:
        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                cookie = f"{COOKIE}={self._pass}; HttpOnly; SameSite=Strict; Path=/"
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        return send_with_cookie


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach `host`.

    >>> is_loopback("127.0.0.1")
    True
    >>> is_loopback("0.0.0.0")
    False
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def require_token(host: str, token: str | None) -> None:
    """Raise `WrongUsage` where others could reach the server without a token, or the token is too short to be one."""
    if token is not None and len(token) < 16:
        raise WrongUsage("the token is too short to keep anybody out; use at least 16 characters")
    if token is None and not is_loopback(host):
        raise WrongUsage(f"{host} can be reached from other machines; give --token (or $CROSSTALK_TOKEN) to allow it")
