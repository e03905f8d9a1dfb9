"""Formulas about households: income, deprivation, poverty, severity. Plain Python, exact, versioned."""
