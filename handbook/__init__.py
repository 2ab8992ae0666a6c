"""The handbook of the service department as data: its rules, its roles and its vocabularies."""
