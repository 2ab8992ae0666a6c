"""Demonstration data: a year of invented work, done through the same gate as real work."""
