"""One case, all the way: a notice in, everyone who was exposed and what follows for each of them out."""
