"""Tests of acts that cross features."""
