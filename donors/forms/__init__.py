"""Forms of the donor side."""
