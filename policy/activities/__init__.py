"""The activity files: one a file, public. What a role may see stands here and nowhere else."""
