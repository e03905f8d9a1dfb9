"""What workers fill in."""
