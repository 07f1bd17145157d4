"""Names of companies: legal forms, and how a name is cut out of the line it stands in."""

import re
from collections.abc import Iterator
from functools import lru_cache

from sightline.extractors.invoice_printed.layout import Span, plain
from sightline.extractors.regex import regex

_FORMS = (
    r"S\.A\. de C\.V\.|S\. de R\.L\.(?: de C\.V\.)?|"
    r"G?mbH(?: ?& ?Co\.? ?(?:KG|OHG|KGaA)(?:aA)?)?|gGmbH|UG(?: ?\(haftungsbeschränkt\))?|AG(?: ?& ?Co\.? ?KG)?|KG|"
    r"KGaA|OHG|GbR|e\. ?K\.|eK|e\.K\.|e\. ?V\.|eG|SE|"
    r"(?:Pty\.?|Pvt\.?|Pte\.?|Private|Co\.,?)? ?(?:Ltd\b\.?|LTD\b\.?|Limited|LIMITED)|LLC|L\.L\.C\.|LLP|PLC|plc|"
    r"Inc\b\.?|INC\b\.?|Incorporated|Corp\b\.?|Corporation|GmbH|CIC|"
    r"B\.V\.|BV|N\.V\.|NV|V\.O\.F\.|VOF|BVBA|SPRL|SRL|CVBA|CV|SARL|S\.A\.R\.L\.|S\.à ?r\.l\.|Sàrl|SASU?|S\.A\.S\.U?|"
    r"EURL|SNC|SCI|SCOP|S\.A\.|SA|EI|"
    r"S\.L\.U?\.?|SLU?|S\.C\.P\.|S\. ?Coop\.?|S\.r\.l\.s?\.?|S\.R\.L\.S?\.?|Srls?|S\.p\.A\.|S\.P\.A\.|SpA|SPA|"
    r"S\.n\.c\.|S\.a\.s\.|"
    r"Lda\b\.?|LDA|Unipessoal|S/A|Ltda\b\.?|LTDA|ME|EIRELI|[Ss]p\. ?z ?o\. ?o\.|SP\. Z O\.O\.|[Ss]p\. ?[jk]\.|"
    r"S\.K\.A\.|K\.K\.|s\.c\.|S\.C\.|AB|HB|KB|A/S|ApS|APS|I/S|IVS|AS|ASA|ANS|ENK|Oy|OY|Oyj|Tmi|"
    r"(?:LİMİTED|ANONİM) ŞİRKETİ|(?:Limited|Anonim) Şirketi|"
    r"A\. ?Ş\.|AŞ|A\.S\.|Ltd\. ?Şti\.?|LTD\. ?ŞTİ\.?|Şti\.|s\. ?r\. ?o\.|a\. ?s\.|Kft\.?|Zrt\.?|Nyrt\.?|Bt\.|"
    r"d\. ?o\. ?o\.|S\.A\.U\.|S\.L\.[LP]\.|[Ss][Oo][Cc]\. ?[Cc][Oo][Oo][Pp]\.?|e\. ?U\.|OG|PartG(?: ?mbB)?|mbB|mbH|DAC|CLG|UAB|"
    r"[Ss]h\.?[Pp]\.?[Kk]\.?|PLLC|P\.L\.L\.C\.|OÜ|ehf\.|UC|"
    r"Aktiengesellschaft|Gesellschaft mit beschränkter Haftung|Aktiebolag|Aktieselskab|Anpartsselskab|"
    r"[Ss]półka (?:z ograniczoną odpowiedzialnością|akcyjna|jawna|cywilna|komandytowa)|Spółka Akcyjna|"
    r"[Ss]ociété (?:par actions simplifiée|anonyme|à responsabilité limitée)|[Ss]ociedad (?:limitada|anónima)|"
    r"[Ss]ocietà (?:per azioni|a responsabilità limitata)|[Nn]aamloze [Vv]ennootschap|[Ss]ociedade [Aa]nónima"
)
_LEGAL = regex(rf"(?<![\w.&/(-])(?:{_FORMS}|gmbh(?: & co\.? kg)?|ltd|llc)(?![\w/-])")
_LEADING = regex(r"(?:SARL|S\.A\.R\.L\.|EURL|SASU?|SCI|SNC|SCOP|VZW|ASBL|Stichting) (?=[^\W\d_a-zß-ÿ])")
_REST = regex(
    rf"(?:& ?Co\.? ?)?(?:{_FORMS})|z ?o\. ?o\.|& .{{1,20}} (?:{_FORMS})|SAN\.? VE TİC\.? (?:{_FORMS})|"
    r"(?:LİMİTED|ANONİM) ŞİRKETİ|(?:Limited|Anonim) Şirketi|"
    r"(?:z )?(?:ograniczoną )?odpowiedzialnością|(?:beschränkter )?Haftung|actions simplifiée|responsabilità limitata"
)
_PARTICLE = r"(?:&|und|and|et|y|e|i|och|og|du|de|del|della|dell[ao]|di|da|dos?|van)"
_PARTNERS = regex(rf" {_PARTICLE} ")
_SIGNS = regex(r"^[^\w\s\"'\u2018\u201c(\[@#]+\s+|\s+[^\w\s\"'.)\]!?\u2019\u201d]+$")
_SEPARATORS = regex(r"\s+[-\u2013—|•·●\u2219▪*/◦\u2027]\s+|\s*[|•·●\u2219▪◦\u2027;]\s*|\s{3,}")
_NOT_A_NAME = regex(
    r"(?i)@|www\.|https?:|^\W*$|^(?:page|seite|blatt|pagina|página|hoja|folha|blad|side|strona|sida)\b|"
    r"^(?:service clients?|customer (?:service|care|support)|kundenservice|kundendienst|klantenservice|servizio clienti|"
    r"servicio al cliente|atención al cliente|apoio ao cliente|kundeservice|kundtjänst|obsługa klienta)\b|"
    r"\bregistered office\b|\bsiège social\b|\bsede legale\b"
)
# How somebody is addressed above the name, and to which office.
_ADDRESSED = regex(
    r"(?i)(?:firma|company|société|ditta|empresa|eheleute)|"
    r"(?:herrn?|frau|familie|mrs?|ms|mme|mevrouw|dhr)\.?(?: (?:und|u\.|&) (?:frau|herrn?))?|"
    r"the (?:proprietor|manager|managing director|directors?|owner|occupier|secretary|treasurer)s?|"
    r"(?:accounts?|finance|purchasing|buchhaltung|rechnungswesen|einkauf|comptabilité|administratie|amministrazione)"
    r"(?: (?:payable|department|dept\.?|team|office))?"
)
_STREET = regex(
    r"(?i)\b\w*(?:str\.|straße|strasse|weg|allee|platz|gasse|straat|laan|plein|gade|gatan|vägen|veien|vej|gata|"
    r"caddesi|sokak|mah\.|bulvari?)\s*\d|"
    r"^\d{1,5}[a-z]?,? \S|\b(?:street|road|avenue|lane|rue|calle|via|rua|ul\.|avda|avenida|boulevard|drive|suite|"
    r"floor|chemin|place|piazza|viale|corso|plaza|p\.?o\.? box)\b.{0,40}\d"
)
# Without its number, which stands behind a comma.
_STREET_ALONE = regex(r"(?i)^(?:via|viale|corso|piazza|rue|calle|rua|chemin|ul\.) \S")
_PREFIX = regex(
    r"(?i)^(?:(?:attn|attention|z\.? ?hd|c/o|firma|fa|spett\.?(?:le)?|messrs|m/s|for|"
    r"verkauft (?:von|durch)|(?:sold|issued|billed|provided) by|vendu par|venduto da|vendido por|verkocht door|"
    r"herrn?|frau|mrs?|mme|mlle|monsieur|madame|mevrouw|mevr|dhr|de heer)\b\.?\s*:?|(?:name|nome|nom|naam|company|"
    r"société|kontoinhaber|account holder|to)\s*:)\s*(?=\S{3})"
)
_RUN_OF_NAMES = regex(
    rf"[^\W\d_a-zà-ÿ][\w.'\u2019-]*(?:,? (?:{_PARTICLE} ){{0,2}}[^\W\d_a-zà-ÿ][\w.'\u2019-]*){{0,9}}$"
)
_TRADES = regex(
    r"(?i)\b(?:(?:trad|handels|bedrijfs)\w*|brand|marke|merk|marque|marca|marchio|nom(?:bre|e)? commercial\w?)"
    r"(?: name| style)? (?:of|der|des|von|van|de|di|da|av|af) "
)
_MOST_WORDS = 10
_A_SENTENCE = 5
_LONGEST = 90
_SHORTEST = 2


def has_legal_form(text: str) -> bool:
    """Say whether a company's legal form stands in a text."""
    match = _LEGAL.search(text)
    return (match is not None and match.start() > 0) or bool(_LEADING.match(text))


def is_rest_of_name(text: str) -> bool:
    """Say whether a line is only the end of a name whose line was too short: `GmbH`, `& Co. KG`, `z o.o.`."""
    return bool(_REST.fullmatch(text.strip()))


def companies(line: Span) -> Iterator[Span]:
    """Find the names with a legal form in a line; the name ends with the form."""
    text, start = line.text, 0
    for piece, begin in _pieces(text):
        start = begin
        match = _last_of_first_run(piece)
        if match and sum(map(str.isalpha, piece[: match.start()])) >= _SHORTEST:
            name = piece[: match.end()]
            skipped = _lead(name) if len(piece.split()) <= _MOST_WORDS else _capitals(name)
            if len(name[skipped:].split()) <= _MOST_WORDS:
                yield line.part(start + skipped, start + match.end())
        elif _LEADING.match(piece) and len(piece.split()) <= _MOST_WORDS:
            yield line.part(start, start + len(piece.split(",")[0]))


def _last_of_first_run(piece: str) -> re.Match[str] | None:
    """Find where the legal form ends: `GmbH & Co. KG` and `A.S. Ltd. Şti.` have several pieces."""
    found = None
    for match in _LEGAL.finditer(piece):
        if found is not None and match.start() - found.end() > 6:  # noqa: PLR2004 - " & Co. "
            break
        if match.start() > _SHORTEST:
            found = match
    return found


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    start = 0
    for match in _SEPARATORS.finditer(text):
        yield text[start : match.start()], start
        start = match.end()
    yield text[start:], start


def is_list(text: str) -> bool:
    """Say whether a line lists several things, such as services or the parts of an address."""
    return sum(1 for _ in _pieces(text)) > 2  # noqa: PLR2004 - a name and what it does


def _lead(name: str) -> int:
    """Count the characters before the name proper: a label with a colon, `sold by`, `is a brand of`, a form of address."""
    colon = name.rfind(": ")
    start = colon + 2 if colon >= 0 else 0
    trades = _TRADES.search(name, start)
    start = trades.end() if trades else start
    said = (
        re.search(r"(?i)\b(?:by|von|par|door|por|da|to|an|payable to|from|at|with|of) (?=[A-ZÄÖÜ])", name[start:])
        if len(name.split()) > _A_SENTENCE
        else None
    )
    start += said.end() if said else 0
    prefix = _PREFIX.match(name[start:])
    return start + (prefix.end() if prefix else 0)


def _capitals(name: str) -> int:
    """Count the characters before the last run of words that begin with a capital, for names in sentences."""
    form = _last_of_first_run(name)
    run = _RUN_OF_NAMES.search(name[: form.start()].rstrip() if form else name.rstrip(" ."))
    return run.start() if run else _lead(name)


def is_name(text: str) -> bool:
    """Say whether a line may be a name: mostly letters, no address, nothing to call."""
    letters = sum(letter.isalpha() for letter in text)
    digits = sum(letter.isdigit() for letter in text)
    return (
        letters >= _SHORTEST
        and digits <= letters / 3
        and len(text) <= _LONGEST
        and len(text.split()) <= _MOST_WORDS
        and not _NOT_A_NAME.search(text)
        and not _ADDRESSED.fullmatch(text)
        and not _STREET.search(text)
        and (has_legal_form(text) or not _STREET_ALONE.match(text))
    )


def clean(text: str) -> str:
    """Take labels and marks off a name, and what follows it in the same line."""
    bare = _SIGNS.sub("", text).strip(" ,:;-\u2013•|*")
    is_open = bare.startswith("(") or bare.count("(") != bare.count(")")
    bare = _PREFIX.sub("", bare.strip("() ,:;-") if is_open else bare, count=1)
    bare = next((piece for piece, _ in _pieces(bare) if piece), bare)
    if not has_legal_form(bare) and not _PARTNERS.search(bare):
        bare = bare.partition(", ")[0]
    return bare.strip(" ,:;-\u2013•|*")


@lru_cache(maxsize=1024)
def core(text: str) -> str:
    """Write a name without legal form, case and spaces, so that its spellings compare."""
    return plain(_LEGAL.sub(" ", text)).replace(" ", "") or plain(text).replace(" ", "")
