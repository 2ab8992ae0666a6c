"""The contract on paper: `content` is what was approved, `opinions` by whom, `printed` how both become documents."""

from contracts.documents.printed import declare

__all__ = ("declare",)
