"""A block's rows, made again at will from the options and the block's number."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial

from simulator.agencies import casework, civil, health, police, population, tax
from simulator.agencies.draft import Cards, Draft
from simulator.chance import stream
from simulator.country import sample
from simulator.country.options import Options
from simulator.errors.evidence import TrueCards, WrongCards
from simulator.errors.rows import Emission, Mistakes
from simulator.world.block import make
from simulator.world.model import Block

#: One history in eight does not fit; so many in a row do not happen.
_ATTEMPTS = 40
_Drafts = tuple[str, Callable[[Block], Iterator[Draft]]]
_AGENCIES: tuple[_Drafts, ...] = (
    ("population", population.drafts),
    ("civil", civil.drafts),
    ("police", police.drafts),
    ("tax", tax.drafts),
    ("health", health.drafts),
)


def block(options: Options, number: int) -> Block:
    """The true people of a block. A block of the sample gets another history until the sample fits it."""
    for attempt in range(_ATTEMPTS):
        try:
            made = make(options.seed, number, options.today.toordinal(), options.markers, attempt)
            sample.choose(made)
        except LookupError:
            continue
        return made
    raise LookupError("no history of this block fits the sample")


def cards(options: Options, made: Block, agency: str) -> Cards:
    """An agency's cards of a block's people, as wrong as the options say."""
    return _cards(options, made, agency, sample.clean(made), stream(options.seed, "errors", agency, made.number))


def drafts(options: Options, made: Block) -> Iterator[tuple[str, Draft]]:
    """Every record of a block with its agency, before any mistake."""
    for agency, of in (*_AGENCIES, _casework(options)):
        for draft in of(made):
            yield agency, draft


def emissions(options: Options, made: Block) -> Iterator[Emission]:
    """Every version of every record of a block, in served order but for delays and repeats."""
    clean = sample.clean(made)
    for agency, drafts in (*_AGENCIES, _casework(options)):
        rng = stream(options.seed, "errors", agency, made.number)
        true = TrueCards(made, agency)
        wrong = _cards(options, made, agency, clean, rng)
        mistakes = Mistakes(made, rng, options.errors, clean, wrong, true)
        for draft in drafts(made):
            yield from mistakes.emissions(draft)


def _cards(options: Options, made: Block, agency: str, clean: set[int], rng: random.Random) -> Cards:
    return WrongCards(made, agency, rng, options.errors, clean) if options.errors else TrueCards(made, agency)


def _casework(options: Options) -> _Drafts:
    return "casework", partial(casework.drafts, seed=options.seed)
