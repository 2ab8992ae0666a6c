"""Signed paper that comes back as a scan and finds its document."""
