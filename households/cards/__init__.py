"""Points cards: read from a table, fitted, told in plain words; advice with a version, never a decision."""
