"""The door: GraphQL types, selection, limits, errors. Knows resolvers and domain alone."""
