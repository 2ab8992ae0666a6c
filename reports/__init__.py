"""Numbers about records: counted in the database, each with the list that shows just the records it counts."""
