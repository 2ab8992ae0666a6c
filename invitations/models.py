"""Personal links by which customers fill in and sign their part of a form."""
