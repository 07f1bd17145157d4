"""The commands, and the processes that they start."""
