"""The public register of processing activities."""

from __future__ import annotations

from collections.abc import Mapping

from domain.texts import Language
from policy.activity import Activity
from resolvers.views.activities import ActivityCategoryView, ActivityView


def processing_activities(activities: Mapping[str, Activity], language: str = Language.EN) -> list[ActivityView]:
    """Every registered activity, by name, with title and description in a language: public, needs no mandate and makes
    no entry."""
    spoken = Language(language)
    return [
        ActivityView(
            name=activity.name,
            title=activity.title.told(spoken),
            description=activity.description.told(spoken),
            role=activity.role.value,
            purpose=activity.purpose,
            basis=activity.basis.strip(),
            controllers=list(activity.controllers),
            recipients=list(activity.recipients),
            retention=activity.retention.strip(),
            requires_case=activity.requires.case,
            requires_warrant=activity.requires.warrant,
            categories=[
                ActivityCategoryView(name, line.detail.value, line.reach.value)
                for name, line in activity.categories.items()
            ],
        )
        for _, activity in sorted(activities.items())
    ]
