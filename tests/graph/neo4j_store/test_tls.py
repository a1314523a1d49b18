"""Bolt over TLS: with the authority that signed the server's certificate, with another one, and with none."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from domain.errors import Unavailable
from graph.opening import open_graph
from graph.options import GraphOptions
from tests.conformance.graph.making import batch, ids, person
from tests.servers.neo4j.fetching import Missing, class_path
from tests.servers.neo4j.server import Neo4jServer


def _certificate(folder: Path) -> Path:
    """A certificate for loopback that signs itself, beside its key; both as PEM."""
    folder.mkdir(parents=True, exist_ok=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "private.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    public = folder / "public.crt"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return public


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Neo4jServer, Path]]:
    """A server that speaks TLS alone, and its certificate."""
    try:
        jars = class_path()
    except Missing as missing:
        pytest.skip(str(missing))  # what was not fetched, and by which verb it is; fails where all is required
    home = tmp_path_factory.mktemp("neo4j")
    public = _certificate(home / "certificates" / "bolt")
    conf = {
        "server.bolt.tls_level": "REQUIRED",
        "dbms.ssl.policy.bolt.enabled": "true",
        "dbms.ssl.policy.bolt.base_directory": str(public.parent),
        "dbms.ssl.policy.bolt.private_key": "private.key",
        "dbms.ssl.policy.bolt.public_certificate": "public.crt",
        "dbms.ssl.policy.bolt.client_auth": "NONE",
    }
    server = Neo4jServer(home, jars, heap_mb=256, page_cache_mb=32, java=("-XX:TieredStopAtLevel=1",), conf=conf)
    server.start(ca=public)
    try:
        yield server, public
    finally:
        server.kill()


async def test_a_server_whose_authority_is_named_is_trusted(secured: tuple[Neo4jServer, Path]) -> None:
    server, public = secured
    for scheme in ("neo4j+s", "bolt+s"):
        address = server.address.replace("neo4j", scheme)
        store = open_graph(address, GraphOptions(credentials=server.credentials, ca=public))
        try:
            await store.upkeep.migrate()
            sequence = await store.reader.sequence()
            assert (await store.writer.write(batch(person(sequence + 1)))).sequence == sequence + 1
            assert list((await store.reader.facts(ids(1))).people) == [1]
        finally:
            await store.upkeep.close()


async def test_a_server_of_another_authority_is_refused_and_the_setting_named(
    secured: tuple[Neo4jServer, Path], tmp_path: Path
) -> None:
    server, _ = secured
    address = server.address.replace("neo4j", "bolt+s")
    for ca in (_certificate(tmp_path / "other"), None):
        options = GraphOptions(credentials=server.credentials, ca=ca, read_seconds=3, connect_seconds=3)
        store = open_graph(address, options)
        try:
            with pytest.raises(Unavailable) as refused:
                await store.reader.sequence()
            assert (refused.value.field, refused.value.fix) == ("KINDRED_GRAPH_CA", "graph.certificate")
        finally:
            await store.upkeep.close()
