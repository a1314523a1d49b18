"""The store for production: Neo4j over Bolt, one statement a read, one managed transaction a batch."""
