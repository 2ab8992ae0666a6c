"""Search: one index over everything, written with what it mirrors, asked with the rights of whoever asks."""
