from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sightline.extractors import Reading, read
from tests.extractors.invoices import EUR, euro, others, sureness, values

# Read from the XML of each sample by eye.
INVOICES: dict[str, dict[str, Any]] = {
    "zugferd_en16931_1_teilrechnung.pdf": {
        "number": "471102",
        "date": "2018-06-05",
        "type": "invoice",
        "supplier": "Lieferant GmbH",
        "supplier_vat": "DE123456789",
        "buyer": "Kunden AG Mitte",
        "currency": EUR,
        "net": euro("177.49"),
        "tax": euro("20.16"),
        "total": euro("197.65"),
        "due": euro("147.65"),
        "order_ref": "2018-471331",
        "lines": "4",
    },
    "facturx_fr_basicwl.pdf": {
        "number": "FA-2017-0010",
        "date": "2017-11-13",
        "due_date": "2017-12-13",
        "type": "invoice",
        "supplier": "Au bon moulin",
        "supplier_vat": "FR11999999998",
        "buyer": "Ma jolie boutique",
        "currency": EUR,
        "net": euro("624.90"),
        "tax": euro("46.25"),
        "total": euro("671.15"),
        "due": euro("470.15"),
        "iban": "FR2012421242124212421242124",
        "order_ref": "PO445",
    },
    "zugferd_v1_comfort_einfach.pdf": {
        "number": "471102",
        "date": "2013-03-05",
        "due_date": "2013-04-04",
        "type": "invoice",
        "supplier": "Lieferant GmbH",
        "supplier_vat": "DE123456789",
        "buyer": "Kunden AG Mitte",
        "currency": EUR,
        "net": euro("473.00"),
        "tax": euro("56.87"),
        "total": euro("529.87"),
        "due": euro("529.87"),
        "iban": "DE08700901001234567890",
        "lines": "2",
    },
    "zugferd_mustang_508.pdf": {
        "number": "RE-20201121/508",
        "date": "2020-11-21",
        "due_date": "2020-12-12",
        "type": "invoice",
        "supplier": "Bei Spiel GmbH",
        "supplier_vat": "DE136695976",
        "buyer": "Theodor Est",
        "currency": EUR,
        "net": euro("496.00"),
        "tax": euro("75.04"),
        "total": euro("571.04"),
        "due": euro("571.04"),
        "iban": "DE88200800000970375700",
        "lines": "3",
    },
    "xrechnung_einfach.cii.xml": {
        "number": "471102",
        "date": "2018-03-05",
        "type": "invoice",
        "supplier": "Lieferant GmbH",
        "supplier_vat": "DE123456789",
        "buyer": "Kunden AG Mitte",
        "currency": EUR,
        "net": euro("473.00"),
        "tax": euro("56.87"),
        "total": euro("529.87"),
        "due": euro("529.87"),
        "lines": "2",
    },
}

HEAD = """<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">"""
SETTLEMENT = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"


NUMBER = "<ram:ID>R1</ram:ID>"
DATE = '<ram:IssueDateTime><udt:DateTimeString format="102">20240229</udt:DateTimeString></ram:IssueDateTime>'


def cii(document: str = NUMBER + DATE, settlement: str = "", currency: str = EUR, guideline: str = "") -> bytes:
    parameter = f"<ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>{guideline}</ram:ID>"
    return f"""{HEAD}<rsm:ExchangedDocumentContext>{parameter}</ram:GuidelineSpecifiedDocumentContextParameter>
        </rsm:ExchangedDocumentContext><rsm:ExchangedDocument>{document}</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>
        <ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>{currency}</ram:InvoiceCurrencyCode>{settlement}
        </ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>""".encode()


def sums(**amounts: str) -> str:
    names = {"net": "TaxBasisTotalAmount", "tax": "TaxTotalAmount", "total": "GrandTotalAmount"}
    names |= {"paid": "TotalPrepaidAmount", "rounding": "RoundingAmount", "due": "DuePayableAmount"}
    inside = "".join(f"<ram:{names[name]}>{amount}</ram:{names[name]}>" for name, amount in amounts.items())
    element = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
    return f"<{element}>{inside}</{element}>"


@pytest.mark.parametrize("sample", INVOICES)
def test_every_header_value_is_exact(samples: Path, sample: str) -> None:
    reading = read(samples / sample, sample)
    assert values(reading) == INVOICES[sample]
    assert (reading.kind, reading.problems) == ("invoice", ())
    assert {fact.confidence for fact in reading.facts if fact.extractor == "invoice_xml"} == {1.0}


def test_a_value_names_its_element_with_the_prefixes_of_the_standard(samples: Path) -> None:
    reading = read(samples / "xrechnung_einfach.cii.xml", "x.xml")
    place = next(fact.locator for fact in reading.facts if fact.name == "invoice.supplier_vat")
    assert place.path == (
        "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
        "/ram:SellerTradeParty/ram:SpecifiedTaxRegistration[2]/ram:ID"
    )


def test_a_value_embedded_in_a_pdf_names_the_file_inside_and_where_it_is_printed(samples: Path) -> None:
    reading = read(samples / "zugferd_en16931_1_teilrechnung.pdf", "x.pdf")
    place = next(fact.locator for fact in reading.facts if fact.name == "invoice.total")
    assert (
        place.path
        == f"factur-x.xml:{SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:GrandTotalAmount"
    )
    assert place.page == 3
    line = next(line for line in reading.text if line.page == 3 and "197,65" in line.text)
    assert place.box
    assert line.box
    assert place.box[1:] == pytest.approx(line.box[1:], abs=1)
    assert place.box[0] > line.box[0]


def test_a_value_printed_twice_has_no_box(samples: Path) -> None:
    reading = read(samples / "zugferd_en16931_1_teilrechnung.pdf", "x.pdf")
    place = next(fact.locator for fact in reading.facts if fact.name == "invoice.supplier")
    assert (place.page, place.box) == (None, None)


def test_broken_xml_gives_the_reason_and_the_place_and_only_the_print_is_read(samples: Path) -> None:
    reading = read(samples / "broken_facturx_xml_encoding.pdf", "x.pdf")
    reason = 'line 1 declares the encoding "UTF-8-W/O-BOM", which is no valid name of an encoding'
    assert reading.problems == (f"factur-x.xml inside the PDF could not be read: {reason}.",)
    assert {fact.extractor for fact in reading.facts if fact.name.startswith("invoice.")} == {"invoice_printed"}
    assert values(reading)["total"] == euro("571.04")


def test_bare_xml_that_breaks_off_gives_the_place(samples: Path, read_bytes: Callable[[bytes], Reading]) -> None:
    whole = (samples / "xrechnung_einfach.cii.xml").read_bytes()
    reading = read_bytes(whole[: whole.index(b"</ram:TypeCode>")])
    assert values(reading) == {}
    assert len(reading.problems) == 1
    assert reading.problems[0].startswith("The XML could not be read: ")
    assert "line 96" in reading.problems[0]


def test_the_first_draft_of_zugferd_writes_dates_without_an_element(read_bytes: Callable[[bytes], Reading]) -> None:
    due = '<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime format="102">20240331</ram:DueDateDateTime>'
    content = cii(
        f'{NUMBER}<ram:IssueDateTime format="102">20240229</ram:IssueDateTime>',
        f"{due}</ram:SpecifiedTradePaymentTerms>{sums(total='1.00')}",
    )
    reading = read_bytes(content)
    assert (values(reading)["date"], values(reading)["due_date"]) == ("2024-02-29", "2024-03-31")
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("numbers", "vat"),
    [
        ([("201/113", "FC"), ("SE1", "VAT")], "SE1"),
        ([("SE1", "VAT"), ("DE2", "VA")], "DE2"),
        ([("201/113", "FC")], None),
    ],
)
def test_the_vat_number_is_the_one_of_that_scheme(
    read_bytes: Callable[[bytes], Reading], numbers: list[tuple[str, str]], vat: str | None
) -> None:
    registrations = "".join(
        f'<ram:SpecifiedTaxRegistration><ram:ID schemeID="{scheme}">{number}</ram:ID></ram:SpecifiedTaxRegistration>'
        for number, scheme in numbers
    )
    seller = f"<ram:SellerTradeParty>{registrations}</ram:SellerTradeParty>"
    agreement = f"<ram:ApplicableHeaderTradeAgreement>{seller}</ram:ApplicableHeaderTradeAgreement>"
    trade = b"<rsm:SupplyChainTradeTransaction>"
    assert values(read_bytes(cii().replace(trade, trade + agreement.encode()))).get("supplier_vat") == vat


def test_a_note_above_lines_is_no_line(read_bytes: Callable[[bytes], Reading]) -> None:
    note = "<ram:IncludedNote><ram:Content>First part</ram:Content></ram:IncludedNote>"
    documents = [note, "<ram:LineID>1</ram:LineID>", f"<ram:LineID>2</ram:LineID>{note}"]
    item = "ram:IncludedSupplyChainTradeLineItem"
    lines = "".join(
        f"<{item}><ram:AssociatedDocumentLineDocument>{inside}</ram:AssociatedDocumentLineDocument></{item}>"
        for inside in documents
    )
    trade = b"<rsm:SupplyChainTradeTransaction>"
    assert values(read_bytes(cii().replace(trade, trade + lines.encode())))["lines"] == "2"


def test_a_currency_that_is_not_named_is_that_of_the_amounts(read_bytes: Callable[[bytes], Reading]) -> None:
    stated = cii(settlement=sums(net="100", tax="19", total="119"), currency="")
    reading = read_bytes(stated.replace(b"Amount>1", b"Amount currencyID='EUR'>1"))
    assert (values(reading)["currency"], values(reading)["tax"], reading.problems) == (EUR, euro("19"), ())


def test_the_german_gutschrift_389_is_an_invoice(samples: Path) -> None:
    reading = read(samples / "xrechnung_gutschrift_creditnote.cii.xml", "x.xml")
    assert values(reading)["type"] == "invoice"


@pytest.mark.parametrize("code", ["381", "261", "396"])
def test_a_credit_note_keeps_its_positive_amounts(read_bytes: Callable[[bytes], Reading], code: str) -> None:
    reading = read_bytes(cii(f"{NUMBER}{DATE}<ram:TypeCode>{code}</ram:TypeCode>", sums(total="119.00")))
    assert (values(reading)["type"], values(reading)["total"]) == ("credit_note", euro("119.00"))
    assert reading.problems == ()


def test_a_credit_note_with_a_negative_total_is_pointed_out(read_bytes: Callable[[bytes], Reading]) -> None:
    reading = read_bytes(cii(f"{NUMBER}{DATE}<ram:TypeCode>381</ram:TypeCode>", sums(total="-119.00")))
    assert values(reading)["total"] == euro("-119.00")
    assert reading.problems == ("The credit note writes its total as -119.00; a credit note's amounts are positive.",)


def test_an_unknown_document_type_is_a_problem_and_no_fact(read_bytes: Callable[[bytes], Reading]) -> None:
    reading = read_bytes(cii(f"{NUMBER}{DATE}<ram:TypeCode>220</ram:TypeCode>", sums(total="1.00")))
    assert "type" not in values(reading)
    assert reading.problems == ('The document type "220" is no code for an invoice or a credit note.',)


def test_net_and_tax_that_do_not_make_the_total_are_a_problem(read_bytes: Callable[[bytes], Reading]) -> None:
    reading = read_bytes(cii(settlement=sums(net="100.00", tax="19.00", total="119.01")))
    assert reading.problems == ("Net 100.00 and tax 19.00 do not add up to the total 119.01.",)


def test_amounts_are_added_exactly(read_bytes: Callable[[bytes], Reading]) -> None:
    reading = read_bytes(cii(settlement=sums(net="0.1", tax="0.20", total="0.300")))
    assert reading.problems == ()
    assert values(reading)["total"] == euro("0.300")


def test_the_tax_in_the_currency_of_the_tax_office_is_not_the_tax(read_bytes: Callable[[bytes], Reading]) -> None:
    tax = "<ram:TaxTotalAmount currencyID='SEK'>210.00</ram:TaxTotalAmount><ram:TaxTotalAmount currencyID='EUR'>19.00"
    summation = f"<ram:SpecifiedTradeSettlementHeaderMonetarySummation>{tax}</ram:TaxTotalAmount>"
    reading = read_bytes(cii(settlement=f"{summation}</ram:SpecifiedTradeSettlementHeaderMonetarySummation>"))
    assert values(reading)["tax"] == euro("19.00")


@pytest.mark.parametrize("amount", ["1.234,56", "12,30", "NaN", "1e5", "", "--1", ".", "1" * 40])
def test_an_amount_that_is_no_decimal_is_a_problem_and_no_fact(
    read_bytes: Callable[[bytes], Reading], amount: str
) -> None:
    reading = read_bytes(cii(settlement=sums(total=amount)))
    assert "total" not in values(reading)
    assert reading.problems == (f'The total "{amount}" is no number.',)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ('format="102">20240229', "2024-02-29"),
        ('format="203">202402291530', "2024-02-29"),
        (">2024-02-29", "2024-02-29"),
        (">20240229", "2024-02-29"),
        (">2024022915", None),
        ('format="102">2024-02-29', "2024-02-29"),
        (">2024-02-29+01:00", "2024-02-29"),
        (">2024-02-29T12:00:00+01:00", "2024-02-29"),
        ('format="102"> 20240229\n', "2024-02-29"),
        ('format="102">20230229', None),
        ('format="102">29.02.2024', None),
        ('format="610">202402', None),
        ('format="102">\N{ARABIC-INDIC DIGIT TWO}0240229', None),
    ],
)
def test_dates_are_read_in_the_format_they_name(
    read_bytes: Callable[[bytes], Reading], written: str, day: str | None
) -> None:
    element = f"<ram:IssueDateTime><udt:DateTimeString {written}</udt:DateTimeString></ram:IssueDateTime>"
    reading = read_bytes(cii(element))
    assert values(reading).get("date") == day
    assert any("is no date" in problem for problem in reading.problems) is (day is None)


def test_several_accounts_give_the_first_with_the_others_as_alternatives(
    read_bytes: Callable[[bytes], Reading],
) -> None:
    means = "".join(
        f"<ram:SpecifiedTradeSettlementPaymentMeans><ram:PayeePartyCreditorFinancialAccount><ram:IBANID>{iban}</ram:IBANID>"
        "</ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>"
        for iban in ("DE88 2008 0000 0970 3757 00", "FR2012421242124212421242124")
    )
    fact = next(fact for fact in read_bytes(cii(settlement=means)).facts if fact.name == "invoice.iban")
    assert fact.value == "DE88200800000970375700"
    assert [other.value for other in fact.alternatives] == ["FR2012421242124212421242124"]
    assert fact.alternatives[0].locator.path == (
        f"{SETTLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans[2]/ram:PayeePartyCreditorFinancialAccount/ram:IBANID"
    )


def test_prefixes_of_the_file_do_not_matter(read_bytes: Callable[[bytes], Reading]) -> None:
    content = cii("<ram:ID>R1</ram:ID>").replace(b"ram:", b"a:").replace(b":ram=", b":a=").replace(b"rsm:", b"b:")
    reading = read_bytes(content.replace(b":rsm=", b":b="))
    assert values(reading)["number"] == "R1"
    assert reading.facts[0].locator.path == "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:ID"


def test_utf_16_with_a_byte_order_mark_is_read(read_bytes: Callable[[bytes], Reading]) -> None:
    reading = read_bytes(cii("<ram:ID>R1</ram:ID>").decode().encode("utf-16"))
    assert values(reading)["number"] == "R1"


def test_an_amount_keeps_its_digits(read_bytes: Callable[[bytes], Reading]) -> None:
    for written, amount in {"+5.10": "5.10", "12.": "12", ".50": "0.50", "7.0000": "7.0000"}.items():
        assert values(read_bytes(cii(settlement=sums(total=written))))["total"] == euro(amount)


def test_what_an_invoice_must_state_and_does_not_is_a_problem(read_bytes: Callable[[bytes], Reading]) -> None:
    assert read_bytes(cii(NUMBER)).problems == ("The invoice states no date and no total.",)


def test_the_tax_office_s_tax_alone_is_no_tax(read_bytes: Callable[[bytes], Reading]) -> None:
    tax = "<ram:TaxTotalAmount currencyID='SEK'>210.00</ram:TaxTotalAmount><ram:GrandTotalAmount>119.00"
    summation = f"<ram:SpecifiedTradeSettlementHeaderMonetarySummation>{tax}</ram:GrandTotalAmount>"
    reading = read_bytes(cii(settlement=f"{summation}</ram:SpecifiedTradeSettlementHeaderMonetarySummation>"))
    assert "tax" not in values(reading)
    assert reading.problems == ()


DUE = sums(total="100.00", paid="40.00", rounding="0.05", due="60.00")


def test_an_amount_due_that_does_not_follow_is_a_problem(read_bytes: Callable[[bytes], Reading]) -> None:
    told = "The total 100.00 less 40.00 already paid plus 0.05 is not the amount due, 60.00."
    assert read_bytes(cii(settlement=DUE, guideline="urn:cen.eu:en16931:2017")).problems == (told,)
    assert read_bytes(cii(settlement=DUE.replace("60.00", "60.05"), guideline="urn:cen.eu:en16931:2017")).problems == ()


def test_the_profile_minimum_cannot_say_what_was_paid(read_bytes: Callable[[bytes], Reading]) -> None:
    assert read_bytes(cii(settlement=DUE, guideline="urn:factur-x.eu:1p0:minimum")).problems == ()


def account(element: str, number: str) -> str:
    inside = f"<ram:PayeePartyCreditorFinancialAccount><ram:{element}>{number}</ram:{element}>"
    means = f"<ram:SpecifiedTradeSettlementPaymentMeans>{inside}</ram:PayeePartyCreditorFinancialAccount>"
    return f"{means}</ram:SpecifiedTradeSettlementPaymentMeans>"


def test_a_domestic_account_is_a_question(read_bytes: Callable[[bytes], Reading]) -> None:
    reading = read_bytes(cii(settlement=account("ProprietaryID", "1234 567")))
    assert (values(reading)["iban"], sureness(reading)["iban"]) == ("1234567", 0.7)


def test_an_iban_goes_before_a_domestic_account(read_bytes: Callable[[bytes], Reading]) -> None:
    given = account("ProprietaryID", "1234567") + account("IBANID", "DE02120300000000202051")
    reading = read_bytes(cii(settlement=given))
    assert (values(reading)["iban"], sureness(reading)["iban"]) == ("DE02120300000000202051", 1.0)
    assert others(reading) == {}


def test_an_order_is_called_one_and_gives_no_facts(read_bytes: Callable[[bytes], Reading]) -> None:
    order = cii().replace(b"CrossIndustryInvoice", b"SCRDMCCBDACIOMessageStructure")
    reading = read_bytes(order)
    assert (values(reading), reading.kind) == ({}, None)
    assert reading.problems == ("The XML is an order (Order-X), not an invoice.",)


def test_the_root_of_the_first_drafts_of_zugferd_is_known(read_bytes: Callable[[bytes], Reading]) -> None:
    draft = (
        cii().replace(b"CrossIndustryInvoice", b"Invoice").replace(b"ExchangedDocument>", b"HeaderExchangedDocument>")
    )
    assert values(read_bytes(draft))["number"] == "R1"


def test_a_broken_namespace_of_a_part_that_is_not_read_does_not_matter(read_bytes: Callable[[bytes], Reading]) -> None:
    content = cii(settlement=sums(total="1.00"))
    spoilt = content.replace(b"<rsm:CrossIndustryInvoice", b"<rsm:CrossIndustryInvoice xmlns:ds='http://x#&quot;'")
    assert read_bytes(spoilt).problems == ()
    assert values(read_bytes(spoilt)) == values(read_bytes(content))
    assert "The XML could not be read" in read_bytes(spoilt[:-10]).problems[0]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16", "utf-8"])
def test_the_declared_encoding_is_read(read_bytes: Callable[[bytes], Reading], encoding: str) -> None:
    begin = f'<?xml version="1.0" encoding="{encoding}"?><?xml-stylesheet type="text/xsl" href="x.xsl"?>'
    reading = read_bytes((begin + cii("<ram:ID>Büro 1</ram:ID>").decode()).encode(encoding))
    assert values(reading)["number"] == "Büro 1"


def test_utf_16_without_a_byte_order_mark_is_read(read_bytes: Callable[[bytes], Reading]) -> None:
    content = ('<?xml version="1.0" encoding="UTF-16LE"?>' + cii().decode()).encode("utf-16-le")
    assert values(read_bytes(content))["number"] == "R1"


def test_blank_lines_before_the_declaration_are_passed_over(read_bytes: Callable[[bytes], Reading]) -> None:
    assert values(read_bytes(b"\n\n<?xml version='1.0'?>" + cii()))["number"] == "R1"


@pytest.mark.parametrize(
    "begin",
    [
        b"<?xml version='1.0' encoding='utf-16'?>",
        b"\xef\xbb\xbf\r\n<?xml version='1.0'?>",
        b"\xef\xbb\xbf\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?>",
    ],
    ids=["declared as what it cannot be", "a mark and a blank line", "two marks"],
)
def test_what_stands_wrongly_before_an_invoice_changes_nothing(
    read_bytes: Callable[[bytes], Reading], begin: bytes
) -> None:
    invoice = cii("<ram:ID>Büro 1</ram:ID>")
    reading = read_bytes(begin + invoice)
    assert values(reading)["number"] == "Büro 1"
    plain = read_bytes(invoice)
    assert (reading.facts, reading.problems) == (plain.facts, plain.problems)
