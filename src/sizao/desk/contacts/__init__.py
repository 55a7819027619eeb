"""The desk of contacts."""
