"""The door: GraphQL types, selection, limits and errors. What may be seen is decided below it, behind the gate."""
