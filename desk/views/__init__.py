"""The views of the desk, one module for each part of the house."""
