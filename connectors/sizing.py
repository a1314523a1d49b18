"""After a pull: whether the store holds about as many people as are weighed for."""

from __future__ import annotations

from connectors.parts import Parts
from connectors.pipeline.candidates import everyone
from domain.ids import ID_BITS
from identity.sizing import SAMPLE, Sized, estimated


async def sized(parts: Parts) -> Sized:
    """How many people the graph holds, about, and how many the model of identity weighs for. One page of ids is read.

    Raises Unavailable if the graph cannot be reached.
    """
    async for page in everyone(parts, None, SAMPLE):
        return Sized(estimated(page, SAMPLE, ID_BITS), parts.model.people)
    return Sized(0, parts.model.people)
