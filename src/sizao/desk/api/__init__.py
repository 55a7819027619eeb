"""The HTTP API: the acts and readers of the desks for other systems, under tokens that may do some of what their
user may."""
