"""The country on disk: streams, index, manifest, keys, sample."""
