"""HTTP: one path for GraphQL, and what operators and verifiers fetch."""
