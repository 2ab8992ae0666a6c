"""Benchmarks: how fast pages and the sweep are, beside a bare view, at a hundred thousand tickets."""
