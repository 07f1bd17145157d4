r"""One frame of a .NET trace, of .NET, .NET Framework and Mono: `at Acme.Cart.Price(String item) in C:\Cart.cs:line 3`."""

import re
from functools import lru_cache

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Frame, Span
from sightline.extractors.traces.lines import MOST_LINES_KEPT
from sightline.extractors.traces.margin import LONGEST_LINE

_WORDS = ("at", "bei", "à", "en", "em", "в", "w", "in", "på", "vid", "ved", "konum:", "在", "場所", "위치:")
_FIRST_WORD = regex(rf"(?:^|(?<=\s))(?:{'|'.join(_WORDS)}) +(?=\S)")
_REST = regex(
    r"\((?P<args>[^()]*(?:\([^()]*\)[^()]*)*)\)(?: \[0x[0-9a-fA-F]+\]| \+ 0x[0-9a-f]+)?"
    r"(?: ?(?:\+ ?0x[0-9a-f]+)?(?:in|w|dans|en|em|в|i|,|位置|場所) (?P<file>.*?):(?:[^\W\d]+\.? )?(?P<line>\d+))?"
    r"(?: \(at (?P<unity>[^()]+):(?P<unity_line>\d+)\))?\.?(?: <---)?$"
)
_WHERE = regex(r"(?:\((?:wrapper|dynamic-method)[^()]*\) )?(?P<where>[^\s()\"':/\\][^()\"':/\\]*?) ?$")
_OTHER_SOURCE = regex(
    r"<anonymous>$|native$|index \d+$|Unknown Source$|Native Method$|<generated>$|.*:-?\d+$|[^,\s]+\.(?:java"
    r"|kts?|scala|groovy|clj)$"
)
_HASH = regex(r"<[0-9a-f]{8,}(?:[#>].*)?$|<filename unknown>$|<unknown>$")
# fmt: off
_LIBRARIES = (
    "System.", "Microsoft.", "Windows.", "Mono.", "MS.", "Internal.", "Interop", "lambda_method", "<StartupCode",
    "Newtonsoft.", "Npgsql.", "Dapper.", "Autofac.", "MediatR.", "Serilog.", "Castle.", "Moq.", "Xunit.", "NUnit.",
    "AutoMapper.", "Polly.", "Grpc.", "StackExchange.", "MongoDB.", "RabbitMQ.", "MassTransit.", "Hangfire.", "NLog.",
    "log4net.", "FluentValidation.", "FluentAssertions.", "Swashbuckle.", "UnityEngine.", "UnityEditor.", "Unity.",
    "Avalonia.", "Xamarin.", "Android.", "AndroidX.", "Java.", "Foundation.", "UIKit.", "ObjCRuntime.", "CoreFoundation.",
    "Amazon.", "Azure.", "MySql.", "MySqlConnector.", "Oracle.", "ServiceStack.", "Orleans.", "Akka.", "Quartz.",
    "Refit.", "RestSharp.", "JetBrains.", "Nito.", "SixLabors.", "FSharp.", "(wrapper", "Prism.", "ReactiveUI.",
    "HotChocolate.", "IdentityServer4.", "Volo.Abp.", "SQLite.", "Elasticsearch.", "Lamar.", "ReactiveX.", "Splat.",
)
# fmt: on
_BUILT_ELSEWHERE = regex(r"/_/|(?:.*/)?Library/PackageCache/|[A-Za-z]:\\(?:a|__w|_work)\\|/__w/|[A-Za-z]:\\_work\\")
_WRITTEN_BY_COMPILER = (
    (regex(r"[.+/]<>c(?:__DisplayClass[\w]*)?(?:`\d+)?(?:<[^<>]*>)?(?=[.+/])"), ""),
    (regex(r"[.+/]<>c__AnonStorey\w*(?=[.+/])|[.+/]<\w*>c__AnonStorey\w*(?=[.+/])"), ""),
    (regex(r"[.+/]<(\w+)>[cd]__\w+(?:`\d+)?(?:\[[^\]]*\])?[.:]MoveNext"), r".\1"),
    (regex(r"<(\w*)>g__(\w+)\|[\d_]+"), r"\1.\2"),
    (regex(r"<(\w*)>[bm]__[\w]+"), r"\1.lambda"),
    (regex(r"`\d+|\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]|@\d+(?:-\d+)?"), ""),
)


@lru_cache(maxsize=MOST_LINES_KEPT)
def frame_in(line: str) -> tuple[int, re.Match[str], str] | None:
    """Give the column where a frame begins, the match of its rest and the method."""
    line = line[:LONGEST_LINE].rstrip()
    opening = -1 if ".java:" in line else line.find("(")
    if opening < 0 or ("(wrapper" in line[: opening + 9] and (opening := line.find("(", opening + 1)) < 0):
        return None
    words = list(_FIRST_WORD.finditer(line[:opening]))
    begin = words[-1] if words else None
    method = _WHERE.match(line[begin.end() : opening]) if begin else None
    rest = _REST.match(line, opening) if method else None
    if begin is None or method is None or rest is None or not _is_method(method["where"], rest):
        return None
    return begin.start(), rest, method["where"]


def _is_method(where: str, rest: re.Match[str]) -> bool:
    if " " in where and "[" not in where and "<" not in where:
        return False
    if "." not in where and not where.startswith("lambda_method"):
        return False
    return "->" not in where and "=" not in where and not _OTHER_SOURCE.match(rest["args"])


def frame_of(where: str, file: str | None, line: str | None, span: Span) -> Frame:
    """Make a frame; the key is the method as it was written, without what the compiler made of lambdas and async."""
    return Frame(*_call(where, file, line), span)


@lru_cache(maxsize=MOST_LINES_KEPT)
def _call(where: str, file: str | None, line: str | None) -> tuple[str, str, bool]:
    is_known = file and not _HASH.match(file)
    label = f"{where} ({file}:{line})" if is_known else where
    is_own = not where.startswith(_LIBRARIES) and not (file and is_known and _BUILT_ELSEWHERE.match(file))
    return label, _key(where), is_own


def _key(where: str) -> str:
    for pattern, replacement in _WRITTEN_BY_COMPILER:
        where = pattern.sub(replacement, where)
    return where.replace("+", ".").replace("/", ".")
