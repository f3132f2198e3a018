"""Commands that serve: the web app with the API, and the demonstration of it."""

# pyright: standard

import hashlib
import json
import sys
import urllib.request
from pathlib import Path
from typing import Annotated, Any

import typer

from corpus.atomic_files import open_atomically
from corpus.errors import CrosstalkError
from ui.base_location import BaseLocation
from ui.cli import output
from ui.cli.open_base import open_current_base
from ui.phrases import describe_base

Port = Annotated[int, typer.Option(min=0, max=65535, help="Where to listen; 0 takes a free port.")]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")]


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on; others than this machine need a token.")] = (
        "127.0.0.1"
    ),
    port: Port = 8642,
    token: Annotated[
        str | None,
        typer.Option(envvar="CROSSTALK_TOKEN", help="What everybody must know who asks.", show_default=False),
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A further name by which the server may be called; repeatable.")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open a browser.")] = False,
) -> None:
    """Serve the web app, the HTTP API (/v1, described at /openapi.json) and tools for assistants (/mcp) on one port.

    Reads only. What `crosstalk ingest` adds meanwhile is taken in within seconds.

    Examples:

      crosstalk serve

      crosstalk serve --host 0.0.0.0 --token "$(openssl rand -hex 16)" --allow-host forum.example
    """
    from ui.server import serve as server

    location: BaseLocation = context.obj
    location.require_base()
    wanted = server.ServerAddress(host, port, token, server.clean_host_names(allow_host or ()))
    with server.bind_socket(wanted) as (listener, address):
        update_base(location)

        def announce(url: str) -> None:
            sys.stdout.write(f"Crosstalk is at {url}  (Ctrl-C ends it)\n")
            sys.stdout.flush()
            if open_:
                server.open_browser(url)

        server.run(location, listener, address, announce)


def serve_mcp(context: typer.Context) -> None:
    """Offer the base as tools to a desktop assistant (MCP over standard input and output). Reads only.

    The assistant starts this by itself; put into its settings: command `crosstalk`, arguments `mcp`. A base that is
    being served already offers the same tools at /mcp.

    Example:

      crosstalk mcp --kb ~/forum
    """
    location: BaseLocation = context.obj
    with open_current_base(location, "crosstalk mcp", analyzed=True) as knowledge:
        from ui.mcp_tools import make_tool_server

        make_tool_server(knowledge).run("stdio", show_banner=False, log_level="ERROR")


def update_base(location: BaseLocation) -> None:
    """Bring the index and the analyses up to date before anybody asks; what is to be read again, the server reads."""
    with open_current_base(location, "crosstalk serve", analyzed=True, upgraded=False):
        pass


def run_demo(
    context: typer.Context,
    port: Port = 8642,
    no_open: NoOpen = False,
    check: Annotated[bool, typer.Option("--check", help="Start, ask one question over HTTP, and end.")] = False,
) -> None:
    """Try it: read the bundled samples into a base of their own and open the web app.

    The samples are invented. Nothing is downloaded, and your own base is not touched.

    Example:

      crosstalk demo
    """
    from ui.server import serve as server

    location = find_demo_location(context.meta.get("kb_given", False), context.obj)
    failures: list[str] = []
    with server.bind_socket(_find_free_address(server, 0 if check else port)) as (listener, address):
        made_of = prepare_demo_base(location)

        def announce(url: str) -> None:
            if check:
                failures.extend(_try_out(url))
                raise server.StopServing
            sys.stdout.write(_write_welcome(url, location, made_of))
            sys.stdout.flush()
            if not no_open:
                server.open_browser(url)

        server.run(location, listener, address, announce)
    if failures:
        raise CrosstalkError("; ".join(failures))
    if check:
        sys.stdout.write("the demonstration works\n")


def _find_free_address(server: Any, port: int) -> Any:
    """Take the usual port; where it is taken and nobody asked for it, any free one."""
    wanted = server.ServerAddress(port=port)
    if port != server.PORT:
        return wanted
    try:
        with server.bind_socket(wanted):
            return wanted
    except CrosstalkError:
        return server.ServerAddress(port=0)


def find_demo_location(given: bool, location: BaseLocation) -> BaseLocation:
    """Keep the demonstration apart from the user's own base, unless a base was named for it."""
    if given:
        return location
    import platformdirs

    return BaseLocation(Path(platformdirs.user_cache_dir("crosstalk", appauthor=False)) / "demo")


def find_samples() -> Path:
    """Return the folder of the bundled samples."""
    import corpus

    return Path(corpus.__file__).parent / "samples"


def prepare_demo_base(location: BaseLocation) -> dict[str, int]:
    """Read the samples into the base if it does not hold just these; gives its counts."""
    from ingest.extractor import name_extractor
    from ui.cli.ingest_commands import gather_hints, read_into

    mark = location.folder / "demo.json"
    print_ = {"samples": _digest_folder(find_samples()), "extractor": name_extractor()}
    if not location.exists or not mark.is_file() or json.loads(mark.read_text()) != print_:
        output.note("reading the bundled samples; this is done once")
        report = read_into(location, [str(find_samples())], gather_hints(None, None, None, None))
        for failure in report.failed:
            output.complain(f"{failure.source}: {failure.error}")
        if not report.conversations:
            raise CrosstalkError("none of the bundled samples could be read; is the installation whole?")
        with open_atomically(mark) as stream:
            stream.write(json.dumps(print_).encode())
    else:
        update_base(location)
    with location.open_record() as record:
        return record.count()


def _digest_folder(folder: Path) -> str:
    """Digest the names and contents of all files in a folder."""
    said = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        said.update(f"{path.relative_to(folder).as_posix()}\n{path.stat().st_size}\n".encode())
        said.update(path.read_bytes())
    return said.hexdigest()


def _try_out(url: str) -> list[str]:
    """Ask the running server for its page and for one search; gives what went wrong."""
    wrong = []
    for address, sign in ((f"{url}/", "<html"), (f"{url}/v1/search?q=what+is+a+goal&limit=1", '"speaker"')):
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                if sign not in answer.read(1 << 20).decode():
                    wrong.append(f"{address} answers, but not as it should")
        except OSError as problem:
            wrong.append(f"{address} does not answer ({problem})")
    return wrong


def _write_welcome(url: str, location: BaseLocation, counts: dict[str, int]) -> str:
    base = f"--kb {location.folder}"
    holds = describe_base(counts["claims"], counts["speakers"], counts["conversations"])
    return (
        f"\n  {holds}; all names are invented.\n\n"
        f"  Crosstalk is at  {url}\n\n"
        f"  Your own threads:  crosstalk ingest SOURCE, then crosstalk serve\n"
        f"  The same as JSON:  curl '{url}/v1/mismatches'\n"
        f"  This base again:   crosstalk serve {base}\n\n  Ctrl-C ends it.\n\n"
    )
