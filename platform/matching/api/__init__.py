"""Needs and lots for programs: read only, the same gate as the pages, JSON alone."""
