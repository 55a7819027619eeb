"""What was reported: frozen kinds of fact, the intake of files, and where facts are kept."""
