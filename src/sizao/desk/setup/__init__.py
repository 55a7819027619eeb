"""The desk of users, areas, units, packs."""
