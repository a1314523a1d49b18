"""`make bench-scale`: a large country pulled into a store, with a bare write of the same rows in the same run."""
