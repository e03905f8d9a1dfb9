"""Yearly deprivation scores kept for every household: written set by set, read with their breakdown."""
