"""A real Neo4j Community server without containers: Maven fetches it, `java` runs its own entry point."""
