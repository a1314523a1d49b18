"""Sockets stay on this machine while tests run: a test that reaches out fails, wherever the call comes from."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


class OutsideWorld(RuntimeError):
    """A test tried to leave loopback."""


def _is_loopback(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _guarded(original: Callable[..., Any]) -> Callable[..., Any]:
    """The same socket method, for loopback and unix addresses alone. An empty host would listen everywhere."""

    def method(self: socket.socket, address: Any) -> Any:
        inet = self.family in (socket.AF_INET, socket.AF_INET6)
        if inet and (not address[0] or not _is_loopback(address[0])):
            raise OutsideWorld(f"{original.__name__} outside loopback")
        return original(self, address)

    return method


@contextmanager
def loopback_only() -> Iterator[None]:
    """Within it, connecting, binding and resolving names work for loopback alone."""
    resolve = socket.getaddrinfo

    def getaddrinfo(host: Any, *rest: Any, **options: Any) -> Any:
        if not _is_loopback(host):
            raise OutsideWorld("name resolution outside loopback")
        return resolve(host, *rest, **options)

    with (
        mock.patch.object(socket.socket, "connect", _guarded(socket.socket.connect)),
        mock.patch.object(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex)),
        mock.patch.object(socket.socket, "bind", _guarded(socket.socket.bind)),
        mock.patch.object(socket, "getaddrinfo", getaddrinfo),
    ):
        yield
