"""Pages of matching outside the desk: catalogue, pledges, answers of agencies, donors and households."""
