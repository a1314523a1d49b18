"""Tests of offline training."""
