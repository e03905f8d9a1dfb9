"""Forms of the implementing side."""
