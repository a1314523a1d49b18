"""The country itself: people, unions, homes, care, work, health, harm; one independent block at a time."""
