"""One frame of a C or C++ program, shared by debuggers, sanitizers and programs that print their own stack."""

import re

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Frame, Raised, Span

_LIBRARY_FILE = regex(
    r"^/usr/(?:include|lib|src)|^/lib(?:32|64)?/|^(?:\.\./|\./)*(?:sysdeps|csu|nptl|stdlib|libio|string|malloc"
    r"|posix|signal|elf|assert|debug|setjmp|misc)/"
    r"|^(?:basic_string|stl_\w+|(?:new_)?allocator|alloc_traits|char_traits|shared_ptr(?:_base)?|unique_ptr|std_function"
    r"|invoke|hashtable(?:_policy)?|atomic_base)\.h(?::|$)|^(?:raise|abort)\.c(?::|$)"
    r"|libsanitizer|compiler-rt|libstdc\+\+|/glibc|[\\/]vctools[\\/]|[\\/]ucrt[\\/]|/c\+\+/(?:v1|\d+)/"
    r"|^/(?:System|usr)/Library|/Xcode\.app/|/build/g(?:cc|libc)"
    r"|^\(?(?:lib(?:c|m|pthread|stdc\+\+|gcc_s|asan|tsan|ubsan|dl|rt|c\+\+\w*)|ld-linux[\w-]*)[.-]|[\\/]lib(?:c"
    r"|pthread|stdc\+\+|gcc_s|c\+\+\w*|system_\w+|[atul]san|ubsan|clang_rt\w*)[.-]"
    r"|(?i:(?:^|[\\/])(?:ntdll|kernel\w*|ucrtbase\w*|msvc[rp]\w*|vcruntime\w*|combase|user32|win32u|d3d\w*|dxgi)\.dll$)"
)
_LIBRARY_FUNCTION = regex(
    r"(?:__interceptor_|__asan|__tsan|__msan|__ubsan|__sanitizer|__libc_|__GI_|__pthread|___pthread|__cxa_"
    r"|__cxxabi|__gnu_cxx|__kernel"
    r"|__restore_rt|__memcpy|__memset|__str|__mem|__new_exitfn|_Unwind|_dl_|__run_exit|__assert|__clone|__restore|__stack_chk"
    r"|(?:[\w:<> *&]+ )?std::|operator new|operator delete|_ZN?K?S[at]|_Zn[aw]|_Zd[al]|_ZS)"
    r"|(?:_start|start|abort|raise|gsignal|kill|clone3?|start_thread|malloc|free|calloc|realloc|mem\w+"
    r"|str\w{2,6}|printf|exit|<null>|\?\?|-|"
    r"<signal handler called>|\(?unknown\)?|_start|thread_start|a_crash|wrap_\w+|pthread_\w+|dyld\w*|_pthread_\w+"
    r"|_sigtramp|_malloc\w*|objc_\w+|raise_\w*)(?:\(|$)"
)
_C_SOURCE = regex(r"\.(?:c|h|m)(?::\d+)*\)?$")
_CPP_SOURCE = regex(r"\.(?:cc|cpp|cxx|c\+\+|hpp|hh|hxx|inl|ipp|tcc|C|mm|cu)(?::\d+)*\)?$")
_CPP_NAME = regex(r"::|^_Z|operator|<|~\w|\w\(\w")
_CLONE = regex(r"\s*(?:\[clone [^\]]*\]|\.(?:constprop|isra|part|cold|llvm|lto_priv)[.\d]*|@@?\w[\w.]*)")


def frame_of(function: str, place: str, module: str, span: Span) -> Frame:
    """Make a frame; `place` is a source file with line, `module` the program or library when there is no source."""
    shown = place or module
    is_library = (
        _LIBRARY_FUNCTION.match(function) or _LIBRARY_FILE.search(place) or (not place and _LIBRARY_FILE.search(module))
    )
    label = f"{function} ({shown})" if function and shown else function or shown
    return Frame(label, _key(function) or re.split(r"[\\/]", shown)[-1], not is_library, span)


def _key(function: str) -> str:
    """Give the name alone: gdb prints arguments, sanitizers parameters, some compilers the type that a template returns."""
    name = _CLONE.sub("", function).removesuffix(" const")
    if name.startswith("_Z"):
        return "::".join(demangled(name)) or name
    name = re.sub(r"\(anonymous namespace\)", "anonymous", name)
    for _ in range(6):
        name = re.sub(r"<[^<>]*>|\([^()]*\)", "", name)
    return (
        re.sub(r"^.* (?=[^ ]+$)", "", name.strip().removesuffix(" const")) if "operator" not in name else name.strip()
    )


def demangled(name: str) -> list[str]:
    """Give the parts of a mangled name that is plain or nested: `_ZN4shop4Cart5priceEm` is shop, Cart, price.

    The names are counted as in the Itanium C++ ABI, section 5.1; templates and operators are left out.
    """
    parts: list[str] = []
    prefix = re.match(r"_ZN?K?", name)
    at = prefix.end() if prefix else 0
    while match := re.match(r"\d{1,4}", name[at:]):
        begin = at + match.end()
        at = begin + int(match[0])
        parts.append(name[begin:at])
        if not name.startswith("_ZN"):
            break
    return parts


def language(raised: Raised) -> str:
    """Say `c` when the frames name C sources and nothing of C++, else `c++`."""
    own = [frame.label for each in raised.causes() for frame in each.frames if frame.is_own]
    is_cpp = any(_CPP_SOURCE.search(label) or _CPP_NAME.search(label.rpartition(" (")[0] or label) for label in own)
    return "c" if not is_cpp and any(_C_SOURCE.search(label) for label in own) else "c++"
