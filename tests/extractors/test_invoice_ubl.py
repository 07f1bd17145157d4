from collections.abc import Callable
from pathlib import Path

import pytest

from sightline.extractors import Reading, read
from tests.extractors.invoices import EUR, euro, others, places, sureness, values

Read = Callable[[bytes], Reading]

NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
EXTENSION = (
    "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
    "#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
)
TOTALS = "<cbc:TaxExclusiveAmount>100</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount>119.00</cbc:TaxInclusiveAmount>"


def ubl(inside: str = "", totals: str = TOTALS, root: str = "Invoice", guideline: str = "") -> bytes:
    return f"""<{root} xmlns="{NAMESPACE}{root}-2" xmlns:cac="{NAMESPACE}CommonAggregateComponents-2"
        xmlns:cbc="{NAMESPACE}CommonBasicComponents-2"><cbc:CustomizationID>{guideline}</cbc:CustomizationID>
        <cbc:ID>R1</cbc:ID><cbc:IssueDate>2024-02-29</cbc:IssueDate>
        <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>{inside}
        <cac:LegalMonetaryTotal>{totals}</cac:LegalMonetaryTotal></{root}>""".encode()


def supplier(inside: str) -> str:
    return f"<cac:AccountingSupplierParty><cac:Party>{inside}</cac:Party></cac:AccountingSupplierParty>"


def tax_number(number: str, scheme: str) -> str:
    named = f"<cac:TaxScheme><cbc:ID>{scheme}</cbc:ID></cac:TaxScheme>"
    return f"<cac:PartyTaxScheme><cbc:CompanyID>{number}</cbc:CompanyID>{named}</cac:PartyTaxScheme>"


def tax(amount: str, currency: str) -> str:
    return f"<cac:TaxTotal><cbc:TaxAmount currencyID='{currency}'>{amount}</cbc:TaxAmount></cac:TaxTotal>"


# Read from the XML of each sample by eye.
INVOICES = {
    "xrechnung_rabatte.ubl.xml": {
        "number": "471102",
        "date": "2018-06-05",
        "type": "invoice",
        "supplier": "Lieferant GmbH",
        "supplier_vat": "DE123456789",
        "buyer": "Kunden AG Mitte",
        "currency": EUR,
        "net": euro("193.77"),
        "tax": euro("21.3"),
        "total": euro("215.07"),
        "due": euro("165.07"),
        "order_ref": "2013-471331",
        "lines": "4",
    },
    "peppol_creditnote.ubl.xml": {
        "number": "018304 / 28865",
        "date": "2019-09-23",
        "type": "credit_note",
        "supplier": "My Supplier Company",
        "supplier_vat": "BE0000000196",
        "buyer": "My Customer Company",
        "currency": EUR,
        "net": euro("100.11"),
        "tax": euro("0.00"),
        "total": euro("100.11"),
        "due": euro("100.11"),
        "iban": "BE91000000143476",
        "lines": "1",
    },
}


@pytest.mark.parametrize("sample", INVOICES)
def test_every_header_value_is_exact(samples: Path, sample: str) -> None:
    reading = read(samples / sample, sample)
    assert values(reading) == INVOICES[sample]
    assert (reading.kind, reading.problems) == ("invoice", ())
    assert set(sureness(reading).values()) == {1.0}


def test_a_value_names_its_element_with_the_prefixes_of_the_standard(samples: Path) -> None:
    named = places(read(samples / "xrechnung_rabatte.ubl.xml", "x.xml"))
    party = "/ubl:Invoice/cac:AccountingSupplierParty/cac:Party"
    assert named["supplier_vat"] == f"{party}/cac:PartyTaxScheme[2]/cbc:CompanyID"
    assert named["lines"] == "/ubl:Invoice/cac:InvoiceLine"


def test_prefixes_of_the_file_do_not_matter(samples: Path, read_bytes: Read) -> None:
    content = (samples / "xrechnung_rabatte.ubl.xml").read_bytes()
    renamed = content.replace(b"cbc:", b"x:").replace(b"xmlns:cbc", b"xmlns:x").replace(b"<Invoice ", b"<u:Invoice ")
    renamed = renamed.replace(b"</Invoice>", b"</u:Invoice>").replace(b"xmlns=", b"xmlns:u=")
    assert values(read_bytes(renamed)) == INVOICES["xrechnung_rabatte.ubl.xml"]


@pytest.mark.parametrize(
    ("root", "inside", "kind"),
    [
        ("Invoice", "", "invoice"),
        ("Invoice", "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", "invoice"),
        ("Invoice", "<cbc:InvoiceTypeCode>381</cbc:InvoiceTypeCode>", "credit_note"),
        ("CreditNote", "", "credit_note"),
        ("CreditNote", "<cbc:CreditNoteTypeCode>396</cbc:CreditNoteTypeCode>", "credit_note"),
        ("SelfBilledInvoice", "", "invoice"),
    ],
)
def test_the_type_is_the_code_or_the_name_of_the_document(read_bytes: Read, root: str, inside: str, kind: str) -> None:
    reading = read_bytes(ubl(inside, root=root))
    assert (values(reading)["type"], reading.problems) == (kind, ())


def test_a_credit_note_with_the_code_of_an_invoice_stays_one_and_is_pointed_out(read_bytes: Read) -> None:
    reading = read_bytes(ubl("<cbc:CreditNoteTypeCode>380</cbc:CreditNoteTypeCode>", root="CreditNote"))
    assert values(reading)["type"] == "credit_note"
    assert reading.problems == ('The document is a credit note, but its type "380" is that of an invoice.',)


def test_an_unknown_code_leaves_what_the_document_is_named(read_bytes: Read) -> None:
    reading = read_bytes(ubl("<cbc:InvoiceTypeCode>Rechnung</cbc:InvoiceTypeCode>"))
    assert values(reading)["type"] == "invoice"
    assert reading.problems == ('The document type "Rechnung" is no code for an invoice or a credit note.',)


MEANS = "<cac:PaymentMeans><cbc:PaymentDueDate>2024-03-31</cbc:PaymentDueDate></cac:PaymentMeans>"


def test_the_due_date_of_a_credit_note_is_with_the_means_of_payment(read_bytes: Read) -> None:
    assert values(read_bytes(ubl(MEANS, root="CreditNote")))["due_date"] == "2024-03-31"


def test_the_due_date_of_the_invoice_goes_before_that_of_the_means_of_payment(read_bytes: Read) -> None:
    reading = read_bytes(ubl(f"<cbc:DueDate>2024-03-15</cbc:DueDate>{MEANS}"))
    assert values(reading)["due_date"] == "2024-03-15"
    assert others(reading) == {}


@pytest.mark.parametrize(
    ("order", "number"),
    [
        ("<cbc:ID>PO 7</cbc:ID><cbc:SalesOrderID>S1</cbc:SalesOrderID>", "PO 7"),
        ("<cbc:ID>NA</cbc:ID><cbc:SalesOrderID>S1</cbc:SalesOrderID>", None),
        ("<cbc:ID>n/a</cbc:ID><cbc:SalesOrderID>S1</cbc:SalesOrderID>", None),
        ("<cbc:ID>NA</cbc:ID>", None),
        ("<cbc:ID>NA 7</cbc:ID>", "NA 7"),
    ],
)
def test_the_order_is_the_buyer_s_not_the_seller_s(read_bytes: Read, order: str, number: str | None) -> None:
    reading = read_bytes(ubl(f"<cac:OrderReference>{order}</cac:OrderReference>"))
    assert values(reading).get("order_ref") == number


TRADING = "<cac:PartyName><cbc:Name>Shop</cbc:Name></cac:PartyName>"
REGISTERED = "<cac:PartyLegalEntity><cbc:RegistrationName>{}</cbc:RegistrationName></cac:PartyLegalEntity>"
PERSON = "<cac:Person><cbc:FirstName>Ada</cbc:FirstName><cbc:FamilyName>Byron</cbc:FamilyName></cac:Person>"


@pytest.mark.parametrize(
    ("party", "name"),
    [
        (TRADING + REGISTERED.format("Firm Ltd"), "Firm Ltd"),
        (TRADING + REGISTERED.format(" "), "Shop"),
        (PERSON, "Ada Byron"),
    ],
    ids=["registered", "trading", "person"],
)
def test_the_supplier_is_named_as_registered_else_as_it_trades(read_bytes: Read, party: str, name: str) -> None:
    assert values(read_bytes(ubl(supplier(party))))["supplier"] == name


@pytest.mark.parametrize(
    ("numbers", "vat"),
    [
        ([("201/113/40209", "FC"), ("DE123456789", "VAT")], "DE123456789"),
        ([("175 269 2355", "UK VAT")], "175 269 2355"),
        ([("NO999", "TAX"), ("DE1", "VAT"), ("GB2", "UK VAT")], "DE1"),
        ([("201/113/40209", "FC")], None),
        ([("53004085616", "GST")], "53004085616"),
        ([("29152430", "!= VAT")], None),
        ([("29152430", "NOT VAT")], None),
        ([("974761076", "NO VAT")], "974761076"),
        ([("DK16356706", "63</cbc:ID><cbc:Name>Moms</cbc:Name><cbc:ID>")], "DK16356706"),
    ],
)
def test_the_vat_number_is_the_one_of_that_scheme(
    read_bytes: Read, numbers: list[tuple[str, str]], vat: str | None
) -> None:
    reading = read_bytes(ubl(supplier("".join(tax_number(*number) for number in numbers))))
    assert values(reading).get("supplier_vat") == vat


OIOUBL = """<cbc:LineExtensionAmount>5050.00</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount>1262.50</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount>6312.50</cbc:TaxInclusiveAmount>"""


MORE = "<cbc:AllowanceTotalAmount>60</cbc:AllowanceTotalAmount><cbc:ChargeTotalAmount>10.5</cbc:ChargeTotalAmount>"


@pytest.mark.parametrize(
    ("more", "net", "sure"),
    [
        ("", "5050.00", 1.0),
        (MORE, "5000.50", 0.9),
    ],
)
def test_the_tax_exclusive_amount_of_oioubl_is_the_tax(read_bytes: Read, more: str, net: str, sure: float) -> None:
    reading = read_bytes(ubl(totals=OIOUBL + more, guideline="OIOUBL-2.02"))
    assert (values(reading)["net"], sureness(reading)["net"]) == (euro(net), sure)
    assert places(reading)["net"] == "/ubl:Invoice/cac:LegalMonetaryTotal/cbc:LineExtensionAmount"


def test_the_sums_of_ubl_1_have_other_names(read_bytes: Read) -> None:
    sums = """<cbc:TaxExclusiveTotalAmount amountCurrencyID="SEK">6225</cbc:TaxExclusiveTotalAmount>
        <cbc:TaxInclusiveTotalAmount amountCurrencyID="SEK">7781.25</cbc:TaxInclusiveTotalAmount>"""
    taxes = "<cac:TaxTotal><cbc:TotalTaxAmount amountCurrencyID='SEK'>1556.25</cbc:TotalTaxAmount></cac:TaxTotal>"
    content = ubl(taxes, sums).replace(b">EUR<", b">SEK<").replace(b"LegalMonetaryTotal", b"LegalTotal")
    read = values(read_bytes(content))
    expected = {"net": "6225", "tax": "1556.25", "total": "7781.25"}
    assert {name: read[name] for name in expected} == {
        name: {"amount": amount, "currency": "SEK"} for name, amount in expected.items()
    }
    assert read_bytes(content).problems == ()


def test_a_currency_that_is_not_named_is_that_of_the_amounts(read_bytes: Read) -> None:
    unnamed = ubl(tax("19.00", EUR), TOTALS.replace("Amount>1", "Amount currencyID='EUR'>1"))
    unnamed = unnamed.replace(b"<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", b"")
    reading = read_bytes(unnamed)
    assert (values(reading)["currency"], sureness(reading)["currency"], reading.problems) == (EUR, 0.9, ())
    assert (values(reading)["total"], values(reading)["tax"]) == (euro("119.00"), euro("19.00"))
    two = read_bytes(unnamed.replace(b"'EUR'>19", b"'SEK'>19"))
    assert "currency" not in values(two)


def test_a_currency_in_small_letters_is_the_same(read_bytes: Read) -> None:
    reading = read_bytes(ubl(tax("19.00", "eur"), TOTALS))
    assert (values(reading)["tax"], reading.problems) == (euro("19.00"), ())


def test_before_en_16931_a_rounding_is_in_the_total(read_bytes: Read) -> None:
    rounded = f"{TOTALS}<cbc:PayableRoundingAmount>0.30</cbc:PayableRoundingAmount>"
    assert read_bytes(ubl(tax("18.70", EUR), rounded)).problems == ()
    [told] = read_bytes(ubl(tax("18.70", EUR), rounded, guideline=PEPPOL)).problems
    assert told == "Net 100 and tax 18.70 do not add up to the total 119.00."


def test_of_two_accounts_the_iban_counts(read_bytes: Read) -> None:
    means = [
        f"<cac:PaymentMeans><cac:PayeeFinancialAccount><cbc:ID>{account}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>"
        for account in ("12345678901", "DE02120300000000202051")
    ]
    reading = read_bytes(ubl("".join(means)))
    assert (values(reading)["iban"], others(reading)["iban"]) == ("DE02120300000000202051", ["12345678901"])


def test_a_misspelt_root_is_told(read_bytes: Read) -> None:
    wrong = ubl().replace(b"<Invoice ", b"<Invoise ").replace(b"</Invoice>", b"</Invoise>")
    reading = read_bytes(wrong)
    assert (values(reading), reading.problems) == ({}, ("The XML is no invoice: its root element is Invoise.",))


def test_a_large_document_inside_changes_nothing(read_bytes: Read) -> None:
    scan = "QUJD" * 3_000_000
    inside = f"<cbc:EmbeddedDocumentBinaryObject>{scan}</cbc:EmbeddedDocumentBinaryObject>"
    reading = read_bytes(ubl(f"<cac:AdditionalDocumentReference>{inside}</cac:AdditionalDocumentReference>"))
    assert values(reading)["total"] == euro("119.00")
    assert reading.problems == ("The file is long: only its text up to line 4 is kept for searching.",)


def test_the_tax_in_the_currency_of_the_tax_office_is_not_the_tax(read_bytes: Read) -> None:
    reading = read_bytes(ubl(tax("210.00", "SEK") + tax("19.00", EUR)))
    assert (values(reading)["tax"], others(reading), reading.problems) == (euro("19.00"), {}, ())
    assert "tax" not in values(read_bytes(ubl(tax("210.00", "SEK"))))


def test_net_and_tax_that_do_not_make_the_total_are_a_problem(read_bytes: Read) -> None:
    assert read_bytes(ubl(tax("19.01", EUR))).problems == ("Net 100 and tax 19.01 do not add up to the total 119.00.",)


def test_a_total_that_is_left_out_is_computed_and_less_sure(read_bytes: Read) -> None:
    reading = read_bytes(ubl(tax("19.00", EUR), "<cbc:TaxExclusiveAmount>100</cbc:TaxExclusiveAmount>"))
    assert (values(reading)["total"], sureness(reading)["total"]) == (euro("119.00"), 0.9)
    assert places(reading)["total"] == "/ubl:Invoice/cac:LegalMonetaryTotal"


PAID = f"{TOTALS}<cbc:PrepaidAmount>19</cbc:PrepaidAmount><cbc:PayableAmount>150</cbc:PayableAmount>"
THIRD = "<cac:PrepaidPayment><cbc:PaidAmount currencyID='EUR'>50.00</cbc:PaidAmount></cac:PrepaidPayment>"


def test_an_amount_due_that_does_not_follow_is_a_problem(read_bytes: Read) -> None:
    told = "The total 119.00 less 19 already paid is not the amount due, 150."
    assert read_bytes(ubl(THIRD, PAID, guideline=PEPPOL)).problems == (told,)


def test_what_the_supplier_collects_for_others_is_due_too(read_bytes: Read) -> None:
    assert read_bytes(ubl(THIRD, PAID, guideline=EXTENSION)).problems == ()


def test_a_rounding_is_part_of_what_is_due(read_bytes: Read) -> None:
    rounding = (
        "<cbc:PayableRoundingAmount>-0.50</cbc:PayableRoundingAmount><cbc:PayableAmount>118.5</cbc:PayableAmount>"
    )
    assert read_bytes(ubl(totals=TOTALS + rounding, guideline=PEPPOL)).problems == ()


@pytest.mark.parametrize(
    ("account", "number", "sure"),
    [("de02 1203 0000 0000 2020 51", "DE02120300000000202051", 1.0), ("1234 5678 901", "12345678901", 0.7)],
)
def test_an_account_that_is_no_iban_is_a_question(read_bytes: Read, account: str, number: str, sure: float) -> None:
    inside = f"<cac:PayeeFinancialAccount><cbc:ID>{account}</cbc:ID></cac:PayeeFinancialAccount>"
    reading = read_bytes(ubl(f"<cac:PaymentMeans>{inside}</cac:PaymentMeans>"))
    assert (values(reading)["iban"], sureness(reading)["iban"]) == (number, sure)


def test_the_buyer_s_account_is_not_where_to_pay(read_bytes: Read) -> None:
    debit = "<cac:PayerFinancialAccount><cbc:ID>DE02120300000000202051</cbc:ID></cac:PayerFinancialAccount>"
    mandate = f"<cac:PaymentMeans><cac:PaymentMandate>{debit}</cac:PaymentMandate></cac:PaymentMeans>"
    assert "iban" not in values(read_bytes(ubl(mandate)))


@pytest.mark.parametrize("root", ["Order", "DespatchAdvice", "ApplicationResponse", "Catalogue"])
def test_another_document_gives_no_invoice_and_no_problem(read_bytes: Read, root: str) -> None:
    reading = read_bytes(ubl(supplier(""), root=root))
    assert (values(reading), reading.kind, reading.problems) == ({}, None, ())


def test_an_invoice_of_no_known_syntax_is_left_alone(read_bytes: Read) -> None:
    reading = read_bytes(b"<Invoice><ID>1</ID><Total>3</Total></Invoice>")
    assert (values(reading), reading.kind, reading.problems) == ({}, None, ())
