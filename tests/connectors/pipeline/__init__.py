"""Tests of connectors/pipeline."""
