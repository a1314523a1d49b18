"""Tests of connectors/protocols/gedcom."""
