"""Regular expressions that are compiled when they are first used.

Each file is read by a process of its own. Compiling all that its readers know took a third of its time, and most are
about something that the file does not hold.
"""

import re
from typing import Any, AnyStr, cast


class _Uncompiled:
    def __init__(self, text: Any, flags: int) -> None:
        self._how = text, flags

    def __getattr__(self, name: str) -> Any:
        """Find what a compiled one offers, and keep it as an attribute: the next time nothing is looked for."""
        found = getattr(re.compile(*self._how), name)
        setattr(self, name, found)
        return found


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what does all that `re.compile(text, flags)` does; a match's `re` is another object, though."""
    return cast("re.Pattern[AnyStr]", _Uncompiled(text, flags))
