"""The reads behind the root fields; every one takes the gate first and gives masked views."""

from resolvers.reads.activities import processing_activities
from resolvers.reads.blast_radius import identity_blast_radius
from resolvers.reads.finding import find_person
from resolvers.reads.kin_path import kin_path
from resolvers.reads.kin_root import kin
from resolvers.reads.log import access_log, my_access_log
from resolvers.reads.reviews import identity_reviews
from resolvers.reads.roots import entities, household, me, node, person

__all__ = [
    "access_log",
    "entities",
    "find_person",
    "household",
    "identity_blast_radius",
    "identity_reviews",
    "kin",
    "kin_path",
    "me",
    "my_access_log",
    "node",
    "person",
    "processing_activities",
]
