"""The pages of the customers' house."""
