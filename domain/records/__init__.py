"""Records: one category a file, the catalogue of all, and the fold that makes a record of claims."""
