"""What cannot be undone: the log of acts."""
