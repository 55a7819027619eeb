"""The demonstration: an invented county with an unfolding outbreak, made through the same acts as anything real."""
