"""What runs and tests the product: set-up, supervision, throw-away servers. Standard library only."""
