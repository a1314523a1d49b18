"""Tests of connectors/protocols."""
