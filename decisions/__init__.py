"""Links in mails that lead to a decision, and give no right to it."""
