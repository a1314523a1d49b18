"""A country written to disk, block by block; memory does not grow with its people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from simulator.agencies.draft import Draft
from simulator.country import plan, sample, truth
from simulator.country.keys import Signer, credentials, write
from simulator.country.options import Options
from simulator.country.sample_file import Sample
from simulator.country.writing import Writer
from simulator.errors.evidence import TrueCards
from simulator.errors.rows import Emission
from simulator.texts.markers import listing
from simulator.world.model import Block


@dataclass(frozen=True, slots=True)
class Made:
    """What was generated: living people, blocks, rows by stream."""

    living: int
    blocks: int
    rows: dict[str, int]


def generate(options: Options, progress: Callable[[int], None] = lambda _: None) -> Made:
    """Write manifest, indexes, world, sample, keys and credentials of the country into `options.out`.

    At least `options.people` living people in whole blocks, and at least the four blocks of the sample.
    `progress` is told the living people so far after each block. Equal options give equal files, but for
    keys, signatures and credentials, which are random and stay in the folder.
    """
    files = options.files()
    files.out.mkdir(parents=True, exist_ok=True)
    files.ready.unlink(missing_ok=True)
    signer = Signer(files)
    credentials(files)
    writer, chosen = Writer(options, signer), Sample(options)
    living = blocks = 0
    with files.world.open("wb", buffering=1 << 20) as world, files.markers.open("wb") as markers:
        while living < options.people or blocks < sample.BLOCKS:
            block = plan.block(options, blocks)
            writer.block(blocks, plan.emissions(options, block))
            world.writelines(orjson.dumps(line) + b"\n" for line in truth.lines(block))
            if options.markers:
                markers.writelines(_marker_line(block, *entry) for entry in listing(block))
            if blocks < sample.BLOCKS:
                chosen.add(block)
            if blocks == sample.BLOCKS - 1:
                writer.block(blocks, [_document(chosen, draft, block) for draft in chosen.documents()])
            living += block.living()
            blocks += 1
            progress(living)
    if not options.markers:
        files.markers.unlink()
    write(files.sample, chosen.file())
    return Made(living, blocks, writer.finish())


def _document(chosen: Sample, draft: Draft, block: Block) -> Emission:
    body = draft.make(TrueCards(block, "casework"))
    return Emission(draft.stream, draft.record, 1, body, [], chosen.truth(draft))


def _marker_line(block: Block, marker: str, person: int, category: str, field: str) -> bytes:
    line = {"marker": marker, "person": block.true_id(person), "category": category, "field": field}
    return orjson.dumps(line) + b"\n"
