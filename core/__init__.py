"""What every layer may use: the clock, text, bilingual vocabularies, tables. It knows no process."""
