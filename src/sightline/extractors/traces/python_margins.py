"""What stands in front of the lines of a Python traceback, and what was lost of it on its way."""

from collections.abc import Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.margin import LONGEST_LINE, Margin
from sightline.extractors.traces.python_lines import ANCHOR, FRAME

CAUSE = "The above exception was the direct cause of the following exception:"
CONTEXT = "During handling of the above exception, another exception occurred:"
EXCEPTION_NAME = regex(r"(?:Error|Exception|Warning|Interrupt|Exit|Group|Iteration)$")


class _Flattened(Margin):
    """The margin of a traceback that lost its indentation when somebody pasted it; it is given back by the words."""

    def strip(self, line: str) -> str | None:
        """Take the margin off, and indent frames and source lines as Python does."""
        text = super().strip(line)
        text = text.strip() if text else text
        if not text or ANCHOR in text or text in {CAUSE, CONTEXT}:
            return text
        name = text.partition(":")[0]
        if name.replace(".", "").isidentifier() and EXCEPTION_NAME.search(name):
            return text
        return f"  {text}" if FRAME.match(f"  {text}") else f"    {text}"


class _Quoted(Margin):
    """The margin of a traceback in the cell of a table, where a quotation mark is written twice and one ends the cell."""

    def strip(self, line: str) -> str | None:
        """Take the margin off, and the quotation marks of the table."""
        text = super().strip(line)
        if text and text.replace('""', "").count('"') % 2:
            text = text.rpartition('"')[0]
        return text.replace('""', '"') if text else text


class _OfFirstLines(Margin):
    """The margin of a log that has it in front of each thing printed: a frame and its source line are one."""

    def strip(self, line: str) -> str | None:
        """Take the margin off, if there is one: a source line stands at the begin of its line."""
        return line[:LONGEST_LINE].rstrip() if line.startswith("    ") else super().strip(line)


def margin_of(lines: Sequence[str], anchor: int, before: str) -> Margin:
    """Learn the margin from the lines below the one that a traceback begins with; `before` stands in front of that."""
    following = lines[anchor + 1] if anchor + 1 < len(lines) else ""
    if following.rstrip() == before.rstrip() and anchor + 2 < len(lines):
        following = lines[anchor + 2].replace("> File ", "  File ", 1)
    column = following.find('  File "')
    if column >= 0 and following.startswith('  File ""', column):
        return _Quoted(following[:column])
    below = lines[anchor + 2] if anchor + 2 < len(lines) else ""
    if column > 0 and below.startswith("    ") and not following.startswith(" "):
        return _OfFirstLines(following[:column])
    if column >= 0:
        return Margin(following[:column])
    if following.startswith((f'{before}File "', f'{before}\tFile "', 'File "')):
        return _Flattened(before if following.startswith(before) else "")
    return Margin(before if following.startswith(before) else "")
