"""Pages of the implementing side."""
