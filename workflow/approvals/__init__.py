"""How a record is decided on: its versions go through the steps of a route, and people take their seats on them.

`stages` is what a process declares, `routes` finds the route and the people, `rounds` runs it, `board` reads it.
"""
