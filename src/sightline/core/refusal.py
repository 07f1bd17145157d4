"""What a command says instead of starting."""

from typing import Final

REFUSED: Final = 2  # the exit code


class Refusal(Exception):
    """Starting makes no sense as things are; the message is one sentence for the person at the console."""
