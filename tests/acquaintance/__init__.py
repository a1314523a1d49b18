"""The second promise: protection changes nothing that an acquaintance can see."""
