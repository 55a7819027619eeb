"""The desk of the auditors."""
