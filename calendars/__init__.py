"""Working time: hours of the week, public holidays, make-up workdays, and the company's own exceptions."""
