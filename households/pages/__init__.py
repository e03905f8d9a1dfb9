"""The household's own pages, without an account; delegates and village workers use the same ones."""
