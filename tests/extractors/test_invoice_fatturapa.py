from collections.abc import Callable
from pathlib import Path

import pytest

from sightline.extractors import Reading, read
from tests.extractors.invoices import EUR, euro, others, places, sureness, values

Read = Callable[[bytes], Reading]

NAMESPACE = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"
BODY = "/p:FatturaElettronica/FatturaElettronicaBody"

# Read from the XML of each sample by eye; the total is not stated in either.
INVOICES = {
    "fatturapa_fpa02.xml": {
        "number": "123",
        "date": "2017-01-18",
        "due_date": "2017-03-30",
        "type": "invoice",
        "supplier": "ALPHA SRL",
        "supplier_vat": "IT01234567890",
        "buyer": "AMMINISTRAZIONE BETA",
        "currency": EUR,
        "net": euro("25.00"),
        "tax": euro("5.50"),
        "total": euro("30.50"),
        "due": euro("30.50"),
        "order_ref": "66685",
        "lines": "2",
    },
    "fatturapa_fpr01.xml": {
        "number": "123",
        "date": "2014-12-18",
        "due_date": "2015-01-30",
        "type": "invoice",
        "supplier": "SOCIETA' ALPHA SRL",
        "supplier_vat": "IT01234567890",
        "buyer": "DITTA BETA",
        "currency": EUR,
        "net": euro("5.00"),
        "tax": euro("1.10"),
        "total": euro("6.10"),
        "due": euro("6.10"),
        "order_ref": "66685",
        "lines": "1",
    },
}


def party(role: str, name: str, country: str = "IT", number: str = "01234567890") -> str:
    vat = f"<IdFiscaleIVA><IdPaese>{country}</IdPaese><IdCodice>{number}</IdCodice></IdFiscaleIVA>"
    return f"<{role}><DatiAnagrafici>{vat}<Anagrafica>{name}</Anagrafica></DatiAnagrafici></{role}>"


ALPHA = party("CedentePrestatore", "<Denominazione>ALPHA</Denominazione>")


def rate(net: str, tax: str, inside: str = "") -> str:
    return (
        f"<DatiRiepilogo>{inside}<ImponibileImporto>{net}</ImponibileImporto><Imposta>{tax}</Imposta></DatiRiepilogo>"
    )


def payment(amount: str, inside: str = "") -> str:
    return f"<DettaglioPagamento>{inside}<ImportoPagamento>{amount}</ImportoPagamento></DettaglioPagamento>"


def paid(*payments: str, condition: str = "TP02") -> str:
    inside = f"<CondizioniPagamento>{condition}</CondizioniPagamento>{''.join(payments)}"
    return f"<DatiPagamento>{inside}</DatiPagamento>"


def body(document: str = "", rates: str = "", payments: str = "", number: str = "1", kind: str = "TD01") -> str:
    general = f"""<TipoDocumento>{kind}</TipoDocumento><Divisa>EUR</Divisa><Data>2024-02-29</Data>
        <Numero>{number}</Numero>{document}"""
    return f"""<FatturaElettronicaBody>
        <DatiGenerali><DatiGeneraliDocumento>{general}</DatiGeneraliDocumento></DatiGenerali>
        <DatiBeniServizi>{rates or rate("100.00", "22.00")}</DatiBeniServizi>{payments}</FatturaElettronicaBody>"""


def fatturapa(*bodies: str, header: str = ALPHA) -> bytes:
    return f"""<p:FatturaElettronica versione="FPR12" xmlns:p="{NAMESPACE}">
        <FatturaElettronicaHeader>{header}</FatturaElettronicaHeader>{"".join(bodies)}</p:FatturaElettronica>""".encode()


def total(amount: str) -> str:
    return f"<ImportoTotaleDocumento>{amount}</ImportoTotaleDocumento>"


@pytest.mark.parametrize("sample", INVOICES)
def test_every_header_value_is_exact(samples: Path, sample: str) -> None:
    reading = read(samples / sample, sample)
    assert values(reading) == INVOICES[sample]
    assert (reading.kind, reading.problems) == ("invoice", ())
    assert {name for name, sure in sureness(reading).items() if sure < 1} == {"total"}


def test_a_total_that_is_not_stated_is_computed_and_less_sure(read_bytes: Read) -> None:
    reading = read_bytes(fatturapa(body("<Arrotondamento>0.01</Arrotondamento>")))
    assert (values(reading)["total"], sureness(reading)["total"]) == (euro("122.01"), 0.9)
    assert places(reading)["total"] == f"{BODY}/DatiBeniServizi/DatiRiepilogo"


def test_several_rates_are_added_up(read_bytes: Read) -> None:
    reading = read_bytes(fatturapa(body(total("124.10"), rate("100.00", "22.00") + rate("2.1", "0.00"))))
    assert (values(reading)["net"], values(reading)["tax"]) == (euro("102.10"), euro("22.00"))
    assert (sureness(reading)["net"], sureness(reading)["total"]) == (0.95, 1.0)
    assert places(reading)["net"] == f"{BODY}/DatiBeniServizi/DatiRiepilogo/ImponibileImporto"
    assert reading.problems == ()


def test_a_rate_that_cannot_be_read_leaves_no_sum(read_bytes: Read) -> None:
    reading = read_bytes(fatturapa(body(total("122.00"), rate("100.00", "22.00") + rate("1,00", "0.00"))))
    assert ("net" in values(reading), "tax" in values(reading)) == (False, True)
    assert reading.problems == ('The net "1,00" is no number.',)


@pytest.mark.parametrize(
    ("kind", "named"), [("TD01", "invoice"), ("TD04", "credit_note"), ("TD05", "invoice"), ("TD24", "invoice")]
)
def test_the_type_is_the_document_s(read_bytes: Read, kind: str, named: str) -> None:
    assert values(read_bytes(fatturapa(body(kind=kind))))["type"] == named


def test_an_unknown_type_is_a_problem_and_no_fact(read_bytes: Read) -> None:
    reading = read_bytes(fatturapa(body(kind="TD99")))
    assert "type" not in values(reading)
    assert reading.problems == ('The document type "TD99" is none that FatturaPA knows.',)


def test_a_credit_note_keeps_its_positive_amounts_and_a_negative_one_is_pointed_out(read_bytes: Read) -> None:
    assert read_bytes(fatturapa(body(total("122.00"), kind="TD04"))).problems == ()
    reading = read_bytes(fatturapa(body(total("-122.00"), rate("-100.00", "-22.00"), kind="TD04")))
    assert values(reading)["total"] == euro("-122.00")
    assert reading.problems == ("The credit note writes its total as -122.00; a credit note's amounts are positive.",)


def test_a_total_that_does_not_follow_is_a_problem(read_bytes: Read) -> None:
    told = ("Net 100.00 and tax 22.00 do not add up to the total 121.00.",)
    assert read_bytes(fatturapa(body(total("121.00")))).problems == told


STAMP = "<DatiBollo><BolloVirtuale>SI</BolloVirtuale><ImportoBollo>2.00</ImportoBollo></DatiBollo>"
ROUNDING = "<Arrotondamento>-0.35</Arrotondamento>"


@pytest.mark.parametrize(
    ("document", "rates"),
    [
        (STAMP + total("124.00"), ""),
        (STAMP + total("122.00"), ""),
        (total("121.65") + ROUNDING, ""),
        (total("121.65"), rate("100.00", "22.00", ROUNDING)),
        (STAMP + total("123.65") + ROUNDING, ""),
    ],
    ids=["stamp duty", "stamp duty not charged", "rounding", "rounding of a rate", "both"],
)
def test_stamp_duty_and_rounding_may_be_in_the_total(read_bytes: Read, document: str, rates: str) -> None:
    assert read_bytes(fatturapa(body(document, rates))).problems == ()


@pytest.mark.parametrize(("stated", "told"), [("244.02", 0), ("243.98", 0), ("244.03", 1), ("243.97", 1)])
def test_a_cent_of_rounding_for_each_rate_is_no_contradiction(read_bytes: Read, stated: str, told: int) -> None:
    rates = rate("100.00", "22.00") + rate("100.00", "22.00")
    assert len(read_bytes(fatturapa(body(total(stated), rates=rates))).problems) == told


def discount(kind: str, share: str = "", amount: str = "") -> str:
    parts = f"<Percentuale>{share}</Percentuale>" * bool(share) + f"<Importo>{amount}</Importo>" * bool(amount)
    return f"<ScontoMaggiorazione><Tipo>{kind}</Tipo>{parts}</ScontoMaggiorazione>"


@pytest.mark.parametrize(
    ("discounts", "stated"),
    [
        (discount("SC", "10.00"), "109.80"),
        (discount("SC", "10.00"), "122.00"),
        (discount("SC", "50.00", "60.00") + discount("MG", amount="5"), "67.00"),
        (STAMP + discount("SC", amount="60.00"), "64.00"),
    ],
    ids=["taken off", "taken off before", "and something put on", "and stamp duty"],
)
def test_a_discount_on_the_whole_may_be_in_the_total(read_bytes: Read, discounts: str, stated: str) -> None:
    assert read_bytes(fatturapa(body(discounts + total(stated)))).problems == ()


def test_a_discount_on_the_whole_excuses_no_other_total(read_bytes: Read) -> None:
    assert len(read_bytes(fatturapa(body(discount("SC", "10.00") + total("110.00")))).problems) == 1


def test_a_total_computed_with_a_discount_is_a_question(read_bytes: Read) -> None:
    reading = read_bytes(fatturapa(body(discount("SC", "10.00"))))
    assert (values(reading)["total"], sureness(reading)["total"]) == (euro("109.80"), 0.7)


def test_tax_withheld_is_in_the_total_and_not_due(read_bytes: Read) -> None:
    withheld = "<DatiRitenuta><ImportoRitenuta>20.00</ImportoRitenuta></DatiRitenuta>"
    reading = read_bytes(fatturapa(body(withheld + total("122.00"), payments=paid(payment("102.00")))))
    assert (values(reading)["total"], values(reading)["due"]) == (euro("122.00"), euro("102.00"))
    assert reading.problems == ()


def test_instalments_are_due_together_and_each_has_its_day(read_bytes: Read) -> None:
    days = [f"<DataScadenzaPagamento>2024-0{month}-30</DataScadenzaPagamento>" for month in (4, 5)]
    payments = paid(*(payment("61.00", day) for day in days), condition="TP01")
    reading = read_bytes(fatturapa(body(payments=payments)))
    assert (values(reading)["due"], sureness(reading)["due"]) == (euro("122.00"), 0.95)
    assert (values(reading)["due_date"], others(reading)["due_date"]) == ("2024-04-30", ["2024-05-30"])
    assert places(reading)["due"] == f"{BODY}/DatiPagamento/DettaglioPagamento/ImportoPagamento"


def test_one_amount_with_two_ways_to_pay_it_is_due_once(read_bytes: Read) -> None:
    reading = read_bytes(fatturapa(body(payments=paid(payment("122.00"), payment("122.00")))))
    assert (values(reading)["due"], sureness(reading)["due"]) == (euro("122.00"), 1.0)


def test_equal_amounts_that_come_to_the_total_are_instalments_whatever_they_are_called(read_bytes: Read) -> None:
    withheld = "<DatiRitenuta><ImportoRitenuta>20.00</ImportoRitenuta></DatiRitenuta>"
    for document, amount, due in (("", "61.00", "122.00"), (withheld, "51.00", "102.00")):
        reading = read_bytes(fatturapa(body(document, payments=paid(payment(amount)) + paid(payment(amount)))))
        assert (values(reading)["due"], sureness(reading)["due"]) == (euro(due), 0.95)


@pytest.mark.parametrize(("days", "due"), [("30", "2024-03-30"), ("0", "2024-02-29"), ("999999", None), ("x", None)])
def test_a_due_date_told_in_days_is_computed_and_less_sure(read_bytes: Read, days: str, due: str | None) -> None:
    begin = "<DataRiferimentoTerminiPagamento>2024-02-29</DataRiferimentoTerminiPagamento>"
    term = payment("122.00", f"{begin}<GiorniTerminiPagamento>{days}</GiorniTerminiPagamento>")
    reading = read_bytes(fatturapa(body(payments=paid(term))))
    assert (values(reading).get("due_date"), sureness(reading).get("due_date", 0.9)) == (due, 0.9)


def test_a_date_with_a_time_zone_is_that_day(read_bytes: Read) -> None:
    content = fatturapa(body()).replace(b"2024-02-29</Data>", b"2024-02-29+01:00</Data>")
    assert values(read_bytes(content))["date"] == "2024-02-29"


def test_of_several_invoices_the_first_gives_the_facts_and_others_the_alternatives(read_bytes: Read) -> None:
    later = paid(payment("5.00", "<DataScadenzaPagamento>2024-05-01</DataScadenzaPagamento>"))
    second = body(total("5.00"), rate("5.00", "0.00"), later, number="2")
    reading = read_bytes(fatturapa(body(), second))
    assert (values(reading)["number"], others(reading)["number"]) == ("1", ["2"])
    assert (values(reading)["total"], others(reading)["total"]) == (euro("122.00"), [euro("5.00")])
    assert "due_date" not in values(reading)
    assert "supplier" not in others(reading)
    assert places(reading)["number"] == f"{BODY}[1]/DatiGenerali/DatiGeneraliDocumento/Numero"


@pytest.mark.parametrize(
    ("header", "named", "vat"),
    [
        (party("CedentePrestatore", "<Denominazione>BETA</Denominazione>"), "BETA", "IT01234567890"),
        (party("CedentePrestatore", "<Nome>Ada</Nome><Cognome>Rossi</Cognome>"), "Ada Rossi", "IT01234567890"),
        (party("CedentePrestatore", "<Denominazione>GAMMA</Denominazione>", "GB", "GB123"), "GAMMA", "GB123"),
    ],
    ids=["firm", "person", "country twice"],
)
def test_a_supplier_is_a_firm_or_a_person(read_bytes: Read, header: str, named: str, vat: str) -> None:
    found = values(read_bytes(fatturapa(body(), header=header)))
    assert (found["supplier"], found["supplier_vat"]) == (named, vat)


def line(amount: str, vat: str = "") -> str:
    return f"<DatiBeniServizi><Descrizione>x</Descrizione><Importo>{amount}</Importo>{vat}</DatiBeniServizi>"


def stated(amount: str) -> str:
    return f"<DatiIVA><Imposta>{amount}</Imposta></DatiIVA>"


def simplified(*lines: str, kind: str = "TD07") -> bytes:
    vat = "<IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>123</IdCodice></IdFiscaleIVA>"
    buyer = "<AltriDatiIdentificativi><Nome>Ada</Nome><Cognome>Rossi</Cognome></AltriDatiIdentificativi>"
    document = f"""<TipoDocumento>{kind}</TipoDocumento><Divisa>EUR</Divisa><Data>2024-02-29</Data>
        <Numero>7</Numero>"""
    return f"""<p:FatturaElettronicaSemplificata versione="FSM10" xmlns:p="{NAMESPACE[:-1]}0">
        <FatturaElettronicaHeader>
        <CedentePrestatore>{vat}<Denominazione>BAR SRL</Denominazione></CedentePrestatore>
        <CessionarioCommittente>{buyer}</CessionarioCommittente></FatturaElettronicaHeader>
        <FatturaElettronicaBody><DatiGenerali><DatiGeneraliDocumento>{document}</DatiGeneraliDocumento></DatiGenerali>
        {"".join(lines)}</FatturaElettronicaBody></p:FatturaElettronicaSemplificata>""".encode()


def test_a_simplified_invoice_names_gross_amounts(read_bytes: Read) -> None:
    reading = read_bytes(simplified(line("61.00", stated("11.00"))))
    assert values(reading) == {
        "number": "7",
        "date": "2024-02-29",
        "type": "invoice",
        "supplier": "BAR SRL",
        "supplier_vat": "IT123",
        "buyer": "Ada Rossi",
        "currency": EUR,
        "net": euro("50.00"),
        "tax": euro("11.00"),
        "total": euro("61.00"),
        "lines": "1",
    }
    assert (sureness(reading)["total"], sureness(reading)["net"]) == (1.0, 0.95)
    assert (reading.kind, reading.problems) == ("invoice", ())


def test_the_tax_of_a_simplified_invoice_is_computed_from_its_rate(read_bytes: Read) -> None:
    rated = "<DatiIVA><Aliquota>22.00</Aliquota></DatiIVA>"
    reading = read_bytes(simplified(line("10.00", rated), line("1.00", "<Natura>N4</Natura>"), kind="TD08"))
    assert (values(reading)["tax"], sureness(reading)["tax"]) == (euro("1.80"), 0.9)
    assert (values(reading)["net"], values(reading)["total"]) == (euro("9.20"), euro("11.00"))
    assert values(reading)["type"] == "credit_note"


def test_a_simplified_invoice_with_an_amount_that_is_none_has_no_sums(read_bytes: Read) -> None:
    reading = read_bytes(simplified(line("10.00", stated("1.80")), line("1,00")))
    assert not {"net", "tax", "total"} & set(values(reading))
    assert reading.problems == ('The total "1,00" is no number.',)
