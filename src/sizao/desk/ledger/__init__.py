"""The app of the Django side of the ledger: leaves, checkpoints, proofs."""
