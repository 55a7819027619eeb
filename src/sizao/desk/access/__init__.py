"""Who may come in: people with their roles and areas, how they prove who they are, and the log of what they read."""
