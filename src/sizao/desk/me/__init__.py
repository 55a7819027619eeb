"""The desk of what a person sees of himself: the standing and why, what is owed both ways, and everything he may say
about it."""
