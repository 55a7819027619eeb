"""The desks: the Django project."""
