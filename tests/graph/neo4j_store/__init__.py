"""The store on a real Neo4j."""
