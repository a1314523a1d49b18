"""Settings: `KINDRED_*` in the environment, read once at start. What is secret stands in files that settings name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from domain.errors import Invalid

PREFIX = "KINDRED_"

Port = Annotated[int, Field(ge=0, le=65535)]
Positive = Annotated[int, Field(ge=1)]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("no such time zone") from None
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]


class Settings(BaseSettings):
    """All settings. Addresses and names only: no field holds a secret, so all may be printed."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    graph: str = Field(
        "sqlite:///var/graph.db",
        description="Address of the graph: `sqlite:///path`, or `neo4j://host:port` (`bolt://` for one server without "
        "routing; `neo4j+s://`, `bolt+s://` with TLS). Never with credentials in it.",
    )
    graph_credentials: Path | None = Field(
        None, description="File `user/password` for Neo4j, mode 0600. Needed for a graph on Neo4j."
    )
    graph_database: Annotated[str, Field(min_length=1)] = Field("neo4j", description="Name of the database on Neo4j.")
    graph_ca: Path | None = Field(
        None, description="Certificates (PEM) of the authorities to trust for TLS to Neo4j, instead of the system's."
    )
    graph_pool: Positive = Field(32, description="Most connections to one Neo4j server.")
    graph_connect_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        5, description="How long connecting to Neo4j may take."
    )
    graph_acquire_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        5, description="How long a call may wait for a free connection to Neo4j."
    )
    graph_read_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        10, description="Longest time of a read from Neo4j, all its attempts together."
    )
    graph_write_seconds: Annotated[float, Field(gt=0, le=600)] = Field(
        60, description="Longest time of a transaction that writes to Neo4j."
    )
    docket: str = Field("sqlite:///var/docket.db", description="Address of the docket: `sqlite:///path`.")
    ledger: str = Field("sqlite:///var/ledger.db", description="Address of the ledger: `sqlite:///path`.")
    keys: Path = Field(
        Path("var/keys.json"), description="The root keys' file, mode 0600. Made by `kindred migrate` if it is missing."
    )
    protection_journal: Path | None = Field(
        None,
        description="File on another disk or host in which every raise of a protection is written down first, sealed. "
        "With it no restore lowers a protection even if the docket is lost.",
    )
    ledger_checkpoint: Path | None = Field(
        None,
        description="File off this host where the ledger's signed checkpoints are published, each minute and at the "
        "end. A ledger that has not grown from it is not opened.",
    )
    ledger_key: Path | None = Field(
        None, description="Where to write the ledger's public verifier key at start, for whoever checks exports."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: Port = Field(8000, description="Port to listen on; 0 takes a free one.")
    issuer: str | None = Field(None, description="The token issuer's name (`iss`). Needed to serve.")
    audience: str = Field("kindred", description="Whom tokens must be for (`aud`).")
    jwks: str | None = Field(None, description="The issuer's public keys: an https address or a file.")
    token_hours: Annotated[float, Field(gt=0, le=24)] = Field(12, description="Longest life of a token, in hours.")
    sectors: dict[str, str] = Field(
        default_factory=dict,
        description="Agency → sector, as JSON. Agencies of one sector share outward ids; others are their own sector.",
    )
    outward_days: Annotated[int, Field(ge=0, le=3650)] = Field(
        30, description="How long outward ids and cursors are honoured after `kindred keys rotate outward`, in days."
    )
    zone: Zone = Field("Asia/Almaty", description="Time zone of civil dates (IANA name).")
    contact_unit: str = Field(
        "social protection service, single contact centre",
        description="Whom cleared readers are told to contact where a person's whereabouts are withheld.",
    )
    agencies: Path | None = Field(
        None, description="File with the addresses and credentials of the agencies, mode 0600. Needed to pull."
    )
    identity_model: Path | None = Field(
        None, description="Model that tells who is who where no national id is stated; the one that ships by default."
    )
    identity_people: int | None = Field(
        None,
        ge=2,
        description="How many people the hub is to know, about: the more, the more has to agree. What the model was "
        "trained for by default; a pull warns where the graph holds four times as many, or a fourth.",
    )
    demo: bool = Field(False, description="Demo: opens the query page and introspection. Not for real data.")
    development: bool = Field(False, description="Allows the development issuer. Not for real data.")
    development_key: Path | None = Field(
        None, description="Key file of the development issuer. Refused unless demo or development is set."
    )
    require_person: bool = Field(
        default_factory=lambda read: not (read.get("demo") or read.get("development")),
        description="Refuses tokens without `national_id`, but for privacy officers: who cannot be told from others "
        "cannot be barred from the own family's file. Off by default with demo or development.",
    )
    max_body: Positive = Field(1024 * 1024, description="Largest request body, in bytes.")
    max_tokens: Positive = Field(4_000, description="Most tokens of a document.")
    max_depth: Positive = Field(16, description="Deepest selection.")
    max_root_fields: Positive = Field(20, description="Most root fields of a document.")
    max_aliases: Positive = Field(60, description="Most aliases of a document.")
    max_cost: Positive = Field(60_000, description="Highest estimated cost of a document, in fields times page sizes.")
    max_requests: Positive = Field(256, description="Most requests answered at once; further ones are told to wait.")
    reserved_requests: Positive = Field(
        64, description="Places beyond `max_requests` that only requests under protective activities may take."
    )
    max_requests_each: Positive = Field(
        64, description="Most requests of one actor at once, those whose bodies are still arriving included."
    )
    max_connections: Positive = Field(
        1024, description="Most open connections; never more than half of the files that the process may open."
    )
    head_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        10, description="How long a request's line and headers may take to arrive."
    )
    body_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        5, description="How long a request's body may take to arrive."
    )
    request_seconds: Annotated[float, Field(gt=0, le=600)] = Field(
        30, description="Longest time to answer one request."
    )
    drain_seconds: Annotated[int, Field(ge=0, le=600)] = Field(
        10, description="How long requests under way may still take once the hub is told to stop."
    )


def read_settings(**given: object) -> Settings:
    """The settings of the environment, `given` ones first. Raises Invalid, naming the first wrong one."""
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "_".join(str(part) for part in first["loc"][:1]).upper()
        raise Invalid(field=PREFIX + name, fix=first["type"], cause="setting out of bounds") from None
    except SettingsError:
        # What takes JSON; the library's text names the field alone, its cause quotes the value.
        raise Invalid(field=PREFIX + "SECTORS", fix="json", cause="setting is not JSON") from None
    if settings.development_key is not None and not (settings.demo or settings.development):
        raise Invalid(field=PREFIX + "DEVELOPMENT_KEY", fix="development_only", cause="development issuer refused")
    return settings


def reference() -> str:
    """The table of all settings, as Markdown: docs/reference/settings.md holds it."""
    lines = [
        "# Settings",
        "",
        "Read from the environment at start. None holds a secret; files that settings name may. This page is generated",
        "from `kindred/settings.py`.",
        "",
        "| setting | default | meaning |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True, validated_data={})
        shown = "" if default is None else f"`{str(default).lower() if isinstance(default, bool) else default}`"
        lines.append(f"| `{PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines) + "\n"
