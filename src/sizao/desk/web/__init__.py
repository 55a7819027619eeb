"""The app of the shell of every page."""
