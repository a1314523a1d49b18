"""The words: ids, people, links, claims, records, principals, entries, errors. Imports nothing of ours."""
