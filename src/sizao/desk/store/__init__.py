"""Where the desks keep what was reported, what follows, and what is to be done: one writer, readers, jobs, notices."""
