"""What follows: grades, standings, duties, release, limits on authority, and `conclude()`."""
