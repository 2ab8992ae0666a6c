"""The staff's face: home, lists, records and acts, drawn from what processes register. It changes no state itself."""
