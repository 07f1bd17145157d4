"""What a command says instead of starting."""


class Refusal(Exception):
    """Starting makes no sense as things are; the message is one sentence for the person at the console."""
