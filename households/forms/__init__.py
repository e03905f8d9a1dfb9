"""Forms of the household side."""
