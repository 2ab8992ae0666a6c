"""Forms as PDF: pages of a definition, a letterhead and answers; the same input gives the same bytes."""

from forms_templates.glyphs import MissingGlyphError
from forms_templates.printing.job import Job, Print, PrintingError, State, Verification
from forms_templates.printing.rendering import laid_out, originals, render

__all__ = [
    "Job",
    "MissingGlyphError",
    "Print",
    "PrintingError",
    "State",
    "Verification",
    "laid_out",
    "originals",
    "render",
]
