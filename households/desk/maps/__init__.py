"""The family and what supports it, drawn on the server and beside it told in a table."""
