"""Sightline: an issue tracker that reads the files people send to it."""

__version__ = "0.1.0"
