"""Real servers that tests run against: fetched by `make services`, started on loopback, ended by their id."""
