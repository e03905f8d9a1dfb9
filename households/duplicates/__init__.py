"""The register's duplicate finder: plain Python over any table; it knows no model and stores nothing."""
