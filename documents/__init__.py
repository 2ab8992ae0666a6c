"""Forms that are documents: issued, filled in, signed, sealed, frozen, archived, proved."""
