"""Which web addresses may be read, and which machine that really is.

Only hosts that are named beforehand are asked, only over https, and only on public addresses. A name is resolved once
and the connection goes to the address that was checked, so that a name cannot answer twice differently (DNS
rebinding). `CROSSTALK_ALLOW_HOSTS` names further hosts (`forum.example,localhost:8080`); for those, plain http and
private addresses are the user's own decision.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.errors import FetchError

ALLOW_HOSTS = "CROSSTALK_ALLOW_HOSTS"
Resolve = Callable[[str, int], Sequence[str]]
"""Find the addresses of a host and port, as text. Raise `OSError`."""

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """Hosts that may be asked: `public` over https at public addresses only, `trusted` (host or host:port) freely."""

    public: frozenset[str]
    trusted: frozenset[str] = frozenset()

    @classmethod
    def from_environment(cls, hosts: Iterable[str], environment: Mapping[str, str]) -> "AllowedHosts":
        """Allow `hosts`, and those that the environment names."""
        named = environment.get(ALLOW_HOSTS, "").replace(";", ",").split(",")
        return cls(frozenset(hosts), frozenset(name.strip().lower() for name in named if name.strip()))

    def is_trusted(self, host: str, port: int) -> bool:
        """Return whether the user named this host, with this port or with none."""
        return f"{host}:{port}" in self.trusted or host in self.trusted


@dataclass(frozen=True, slots=True)
class Target:
    """A host that may be asked, and the addresses to dial, checked."""

    host: str
    port: int
    addresses: tuple[str, ...]
    is_local: bool


def resolve_host(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of a host."""
    entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def check_target(
    scheme: str, host: str, port: int | None, allowed: AllowedHosts, find: Resolve = resolve_host
) -> Target:
    """Check one address before it is dialled. Raise `FetchError` naming what is wrong and what would allow it."""
    host = host.lower().rstrip(".")
    if scheme not in _PORTS:
        raise FetchError(f"{scheme}://{host}: only https addresses are read")
    port = port or _PORTS[scheme]
    trusted = allowed.is_trusted(host, port)
    if not trusted:
        if host not in allowed.public:
            raise FetchError(f"{host}: not a forum that is known; to read it all the same, set {ALLOW_HOSTS}={host}")
        if scheme != "https" or port != _PORTS["https"]:
            raise FetchError(f"{scheme}://{host}:{port}: only https on its usual port is read")
    try:
        addresses = tuple(find(host, port))
    except (OSError, UnicodeError) as problem:
        raise FetchError(f"{host}: no such host ({problem})") from problem
    if not addresses:
        raise FetchError(f"{host}: no such host")
    for address in addresses:
        if not trusted and not is_public(address):
            raise FetchError(f"{host}: leads to {address}, which is no public address; refused")
    return Target(host, port, addresses, is_local=all(_is_loopback(address) for address in addresses))


def is_public(address: str) -> bool:
    """Return whether an address is one of the public network; addresses that carry another in them count as that one.

    >>> is_public("::ffff:10.0.0.1")
    False
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        carried = [parsed.ipv4_mapped, parsed.sixtofour, *(parsed.teredo or ())]
        if parsed in _NAT64 or parsed in _COMPATIBLE:
            carried.append(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF))
        if any(inner is not None and not is_public(str(inner)) for inner in carried):
            return False
        if parsed.ipv4_mapped is not None:
            return True
        if parsed.is_site_local:
            return False
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified)


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
