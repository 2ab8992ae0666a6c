"""Management commands of the calendars."""
