"""What if: synthetic towns and their stays, pure simulators without a clock. Randomness comes in as a seeded generator.

`town` makes a city's ordinary stays at any size, `county` a demonstration county with planted exposures and the list a tracer
must end up with, `manifest` the tickets of vehicle runs with planted fellow passengers. Everybody in them is invented.
"""
