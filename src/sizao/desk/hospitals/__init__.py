"""The desk of hospitals."""
