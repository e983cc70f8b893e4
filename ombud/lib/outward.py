"""Calls to addresses that people typed: out into the world, never back into the house. Where a name
leads is asked when the address is typed and again when it is called, for names are moved."""

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

TRIED_AT_ONCE = 4  # addresses of one name


class Inward(Exception):
    """The address leads into a network that is nobody's from outside."""


def is_inward(host: str) -> bool:
    """Whether any address of this host is one of ours. What cannot be found leads nowhere."""
    try:
        known = addresses(host, 443)
    except OSError:
        return False
    return any(not is_of_the_world(one) for one in known)


def addresses(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def is_of_the_world(address: str) -> bool:
    """Neither private, link-local, loopback, reserved nor spoken to many; a newer address that
    wraps an older one is judged by that as well."""
    known = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(known, ipaddress.IPv6Address):
        wrapped = known.ipv4_mapped or known.sixtofour or translated(known)
        if wrapped is not None:
            return is_of_the_world(str(wrapped))
        if known.is_site_local or known.teredo is not None:
            return False
    return known.is_global and not known.is_multicast


def translated(known: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The older address within 64:ff9b::/96, by which a network reaches it."""
    if known not in ipaddress.ip_network("64:ff9b::/96"):
        return None
    return ipaddress.IPv4Address(int(known) & 0xFFFFFFFF)


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


class Doors(httpcore.SyncBackend):
    """Opens a connection to an address that has just been judged, not to a name."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            known = addresses(host, port)
        except OSError as no:
            raise httpcore.ConnectError(str(no)) from None
        if any(not is_of_the_world(one) for one in known):
            raise Inward(host)
        fault: Exception | None = None
        for one in known[:TRIED_AT_ONCE]:
            try:
                return super().connect_tcp(one, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as no:
                fault = no
        raise fault or httpcore.ConnectError(f"{host} has no address.")


class Transport(httpx.HTTPTransport):
    """TLS is still asked for by name; only where the name leads is judged here."""

    def __init__(self) -> None:
        super().__init__(trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False), network_backend=Doors()
        )
