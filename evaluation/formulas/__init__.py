"""Formulas of evaluation and rating. Plain Python, exact where the source is, versioned where it may change."""
