"""The printed forms of the handbook as data: one definition each, from which web form and printed page both come."""
