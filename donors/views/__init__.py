"""Pages of the donor side."""
