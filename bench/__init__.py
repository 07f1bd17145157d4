"""Measurements on this machine; each module is a command that prints one table."""
