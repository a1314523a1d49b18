"""What the agencies of a running country share."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web
from joserfc import jwk

from simulator.country.store import Store
from simulator.events.play import Player
from simulator.serving.faults import Faults


@dataclass
class Running:
    """The store, the secrets that clients present, whose signatures count, who plays events, the faults."""

    store: Store
    credentials: dict[str, dict[str, str]]
    clients: Clients
    player: Player
    faults: Faults = field(default_factory=Faults)


RUNNING = web.AppKey("running", Running)


class Clients:
    """The public keys of those who may sign requests; the file is read again when it changes."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._keys: dict[str, jwk.ECKey] = {}

    def key(self, kid: str) -> jwk.ECKey | None:
        """The key of a known client, or `None`."""
        self._renew()
        return self._keys.get(kid)

    def _renew(self) -> None:
        if self._path is None:
            return
        try:
            stat = self._path.stat()
            if (seen := (stat.st_mtime_ns, stat.st_size)) == self._seen:
                return
            found: dict[str, Any] = orjson.loads(self._path.read_bytes())
            keys = {str(k["kid"]): jwk.ECKey.import_key(k) for k in found["keys"]}
        except (OSError, ValueError, KeyError, TypeError):
            return
        self._seen, self._keys = seen, keys


def same(given: str | None, secret: str) -> bool:
    """Whether a presented secret is the right one, in constant time."""
    return given is not None and hmac.compare_digest(given.encode(), secret.encode())


def limit(request: web.Request, name: str, most: int, default: int) -> int:
    """A page size from the query; 400 for what is none."""
    text = request.query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
        raise web.HTTPBadRequest(text=f'{{"error":"bad {name}"}}', content_type="application/json")
    return int(text)


def cursor(text: str | None) -> int:
    """The position that a cursor stands for; no cursor is the beginning."""
    if not text:
        return 0
    if not text.startswith("c-") or not text[2:].isdigit() or not text.isascii() or len(text) > 16:
        raise web.HTTPBadRequest(text='{"error":"bad cursor"}', content_type="application/json")
    return int(text[2:])


def cursor_text(position: int) -> str:
    """The cursor that stands for a position."""
    return f"c-{position:010d}"


def json_bytes(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """A JSON answer."""
    return web.Response(body=body, status=status, content_type="application/json", charset="utf-8", headers=headers)
