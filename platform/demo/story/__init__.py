"""The demonstration county as a story: chapters that call the services in order under the moving clock."""
