"""Tests of connectors/agencies."""
