"""GraphQL types. They describe masked views, so a field needs no rule of its own and reads a plain attribute."""
