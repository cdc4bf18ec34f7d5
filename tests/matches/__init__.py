"""Tests of closings and matches."""
