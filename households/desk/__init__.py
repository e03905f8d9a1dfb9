"""The workers' desk: what waits, lists, one file page, and one work page for every act."""
