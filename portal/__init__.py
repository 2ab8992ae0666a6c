"""The customers' face: their own organisation's records, what was said to them, and what they may do about it."""
