"""Many documents made beside the work: for a campaign, or fetched together from the archive."""
