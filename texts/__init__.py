"""Texts that staff write again and again, with places that the record fills in."""
