"""One process, one port: the web pages, the HTTP API and the tools for assistants (MCP) over one open base.

`st.App` is an ASGI application; the others' addresses are mounted into it, and the guards stand in front of all.
"""

# pyright: standard

import os
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import CrosstalkError, WrongUsage
from ui.base_location import BaseLocation
from ui.server.middleware import LOOPBACK, SafeHeaders, TokenGate, is_loopback, require_token

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from index.knowledge_base import KnowledgeBase

WEB = Path(__file__).parents[1] / "web"
PORT, MCP_PATH = 8642, "/mcp"

# Streamlit's own defaults tell its makers of use, show stack traces, and take uploads of 200 MB.
SETTINGS: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.disableDataExport": True,
    "client.toolbarMode": "minimal",
    "server.enableAgentApi": False,
    "server.enableStaticServing": False,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.maxUploadSize": 1,
    "server.maxWidgetStateSize": 1,
    "server.runOnSave": False,
    "logger.level": "error",
}

# The page's own look. Everything is served from here: no fonts, pictures or scripts of other sites.
THEME: dict[str, dict[str, Any]] = {
    "theme": {
        "baseRadius": "small",
        "baseFontSize": 15,
        "showWidgetBorder": True,
        "showSidebarBorder": True,
    },
    "theme.light": {
        "primaryColor": "#0b5a6b",
        "backgroundColor": "#fbfbf9",
        "secondaryBackgroundColor": "#f0f1ee",
        "textColor": "#1d2127",
        "borderColor": "#dfe1e4",
        "linkColor": "#0b5a6b",
    },
    "theme.dark": {
        "primaryColor": "#4aa6ba",
        "backgroundColor": "#14171b",
        "secondaryBackgroundColor": "#1f242b",
        "textColor": "#e7e6e1",
        "borderColor": "#343a43",
        "linkColor": "#74c7d9",
    },
}


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where the server listens, and who may come in."""

    host: str = "127.0.0.1"
    port: int = PORT
    token: str | None = None
    names: tuple[str, ...] = ()  # by which it may be called beside the loopback names

    @property
    def url(self) -> str:
        """Return the address to open."""
        shown = "127.0.0.1" if self.host in ("0.0.0.0", "localhost") else self.host  # noqa: S104 (compared, not bound)
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{self.port}"


def make_application(knowledge: "KnowledgeBase", address: ServerAddress) -> "ASGIApp":
    """Put the pages, the API and the guards together. `knowledge` must be the base that the environment names."""
    import streamlit as st
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.routing import Route
    from streamlit import config

    from ui.api.app import PATHS, make_app
    from ui.mcp_tools import make_tool_server

    themed = {f"{section}.{name}": value for section, looks in THEME.items() for name, value in looks.items()}
    for name, value in (SETTINGS | themed).items():
        config.set_option(name, value)
    hosts = [*LOOPBACK, address.host, *address.names]
    if not is_loopback(address.host):
        config.set_option("server.address", address.host)
        config.set_option("server.corsAllowedOrigins", [f"http://{name}:{address.port}" for name in address.names])
    answers = make_app(knowledge)
    assistants = make_tool_server(knowledge).http_app(
        path=MCP_PATH, stateless_http=True, json_response=True, host_origin_protection=True, allowed_hosts=hosts
    )
    routes = [*(Route(path, endpoint=answers) for path in PATHS), Route(MCP_PATH, endpoint=assistants)]
    guards = [Middleware(SafeHeaders), Middleware(TrustedHostMiddleware, allowed_hosts=hosts)]
    if address.token:
        guards.append(Middleware(TokenGate, token=address.token))
    return st.App(WEB / "app.py", routes=routes, middleware=guards, lifespan=_make_lifespan(assistants))


def _make_lifespan(assistants: Any) -> Callable[[Any], Any]:
    """Start and end what the tools need with the server: a mounted application is not told by itself."""

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        async with assistants.lifespan(assistants):
            yield

    return lifespan


@contextmanager
def bind_socket(address: ServerAddress) -> Iterator[tuple[socket.socket, ServerAddress]]:
    """Take the port before anything slow is done. Port 0 takes a free one. Raises `CrosstalkError` if it is taken."""
    require_token(address.host, address.token)
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address.host.strip("[]"), address.port))
    except OSError as problem:
        listener.close()
        raise CrosstalkError(
            f"port {address.port} of {address.host} cannot be used ({problem.strerror}); --port 0 takes a free one"
        ) from problem
    except OverflowError as problem:
        listener.close()
        raise WrongUsage(f"there is no port {address.port}; ports go up to 65535") from problem
    try:
        yield listener, ServerAddress(address.host, listener.getsockname()[1], address.token, address.names)
    finally:
        listener.close()


def run(location: BaseLocation, listener: socket.socket, address: ServerAddress, ready: Callable[[str], None]) -> None:
    """Serve until interrupted. `ready` is called with the address, in a thread of its own, once it answers."""
    import uvicorn

    from ui.server import served_base

    os.environ.update(location.make_environment())
    knowledge = served_base.open_served_base()
    knowledge.announce("crosstalk serve", address.url)
    try:
        settings = uvicorn.Config(
            make_application(knowledge, address),
            access_log=False,
            log_level="error",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=3,
            ws_max_size=4 << 20,
        )
        server = uvicorn.Server(settings)
        threading.Thread(target=_announce_when_started, args=(server, address, ready), daemon=True).start()
        with served_base.keep_up_to_date(knowledge):
            server.run(sockets=[listener])
    finally:
        knowledge.close()
        served_base.open_base_at.cache_clear()


def _announce_when_started(server: Any, address: ServerAddress, ready: Callable[[str], None]) -> None:
    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.05)
    try:
        ready(address.url)
    except StopServing:
        server.should_exit = True


class StopServing(Exception):
    """Raised by `ready` to end the serving: the server was only to be tried."""


def has_screen() -> bool:
    """Return whether there is a screen to open a browser on."""
    import sys

    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_browser(url: str) -> None:
    """Open the address in the user's browser, if there is a screen."""
    if has_screen():
        import webbrowser

        webbrowser.open(url)


def clean_host_names(allowed: Sequence[str]) -> tuple[str, ...]:
    """Return the host names by which the server may be called."""
    return tuple(name.strip().lower() for name in allowed if name.strip())
