"""Tests, room by room: tests/<room>/<path>/test_<file>.py."""
