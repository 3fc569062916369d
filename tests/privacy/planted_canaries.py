"""Answers full of canaries, and exports of them as each survey tool writes them.

A canary is a word, a number or an address that stands nowhere else: wherever it turns up, it was leaked.
"""

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from helpers.data.questionnaires.model import Questionnaire
from helpers.data.sample import exporters
from helpers.data.sample.exporters.eusurvey import eusurvey_rows
from helpers.data.sample.exporters.microsoft_forms import microsoft_rows
from helpers.data.sample.exporters.packing import Cell, write_workbook
from helpers.data.sample.generator import sample_of
from helpers.data.sample.response import Capacity, Response

RESPONDENTS = 30
COUNTRY = "BE"
REMARKS = "=1+1 remarks of the call centre"
"""Header of a column that is none of the questionnaire's."""
FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+2",
    "@SUM(A1:A9)",
    "\t=1+1",
    '=HYPERLINK("http://a.b","c")',
)
KINDS = {
    "eusurvey.xlsx": "a",
    "eusurvey.xls": "b",
    "eusurvey.ods": "c",
    "eusurvey.xml": "d",
    "limesurvey.csv": "e",
    "microsoft.xlsx": "f",
    "google.csv": "g",
    "odk.zip": "h",
    "plain.csv": "i",
    "plain.xlsx": "j",
}
"""Every kind of export, each with the letter of its canaries."""


@dataclass(frozen=True)
class Person:
    """The canaries of one respondent; ``who`` is two letters: of the kind of export, and of the person."""

    who: str

    def word(self, what: str) -> str:
        """Return a canary: "zq", two letters for whom, one for what it is, "ov"."""
        return f"zq{self.who}{what}ov"

    def _registered(self, what: str) -> str:
        return f"Zq{self.who}{what}öv"

    @property
    def company(self) -> str:
        """As registered, with accents and a legal form."""
        return f"{self._registered('c')} Médical Sp. z o.o."

    @property
    def contact(self) -> str:
        """As registered."""
        return f"Zoë {self._registered('n')}"

    @property
    def email(self) -> str:
        """An address both parts of which are canaries."""
        return f"{self.word('l')}@{self.word('m')}.eu"

    @property
    def digits(self) -> str:
        """Four digits of the person's own, in telephone number and account."""
        first, second = (ord(letter) - ord("a") for letter in self.who)
        return f"{first + 31:02d}{second + 51:02d}"

    @property
    def phone(self) -> str:
        """As registered."""
        return f"+32 475 66 {self.digits[:2]} {self.digits[2:]}"

    @property
    def phone_otherwise(self) -> str:
        """The same number as somebody else writes it."""
        return f"0032(0)475/66.{self.digits[:2]}.{self.digits[2:]}"

    @property
    def iban(self) -> str:
        """A Belgian account with the right check digits."""
        account = f"53907{self.digits}5"
        account += f"{int(account) % 97 or 97:02d}"
        whole = f"BE{98 - int(account + '111400') % 97:02d}{account}"
        return " ".join(whole[at : at + 4] for at in range(0, 16, 4))

    @property
    def url(self) -> str:
        """A web page."""
        return f"https://www.{self.word('u')}.eu/contact"

    def complaint(self) -> str:
        """A free text that calls the own people otherwise than they are registered."""
        name = self.word("n").capitalize()
        given = f"Ask ZOE {name.upper()}, {name}, Zoé or Z. {self._registered('n')}; Frau {name} knows."
        return f"{given} Write to {self.email} or ring {self.phone_otherwise}."

    def bottleneck(self) -> str:
        """A free text with the firm's name, hidden addresses, an account and pages."""
        firm = f"{self.word('c').upper()} MEDICAL and {self.word('c')}-medicál lack staff"
        local, host = self.word("l"), self.word("m")
        hidden = f"{local} (at) {host} [dot] eu, {local} arobase {host}.fr, {local}＠{host}.com"
        return f"{firm}; {hidden}; pay {self.iban}; see {self.url} or {self.word('u')}.com."

    def everything(self) -> str:
        """All of it in one cell."""
        return (
            f"{self.company}, {self.contact}, {self.email}, {self.phone_otherwise}, {self.iban}, {self.url}"
        )


def planted(asked: Questionnaire, kind: str) -> list[Response]:
    """Return sample answers, the first of them full of canaries; ``kind`` is a letter of `KINDS`.

    a consents to totals, b to the whole entry, c to an anonymous one; d is rejected; e is a again, in
    capitals; f withdraws; g writes of persons where amounts and towns are asked; h gives everything as the
    firm's name. Others (x) answer with formulas.
    """
    made = [one for one in sample_of(asked.name, respondents=RESPONDENTS) if not one.truth.broken_off]
    made = [replace(one, answers={**one.answers, "consent": "totals"}) for one in made]
    a, b, c, d, e, f, g, h, x = (Person(kind + letter) for letter in "abcdefghx")
    items, fields = asked.items.list, asked.items.fields
    texts = {"amount": f"500, ask {g.email}", "unit": g.company, "available_from": f"soon, {g.phone}"}
    stated = dict.fromkeys((one.code for one in fields), "") | texts | {"spare_share": g.url}
    made[0] = _filled(made[0], a, consent="totals")
    made[1] = _filled(made[1], b, consent="whole")
    made[2] = _filled(made[2], c, consent="anonymous")
    made[3] = _filled(made[3], d, country=f"{d.contact}, {d.email}", organisation_kind=d.everything())
    again = {"company": a.company.upper(), "email": a.email.upper(), "bottlenecks": a.bottleneck()}
    again["difficulties"] = f"{e.complaint()} Or ask {a.contact}, or {a.contact.upper()}."
    made[4] = replace(_filled(made[4], e, consent="whole", **again), capacities=made[0].capacities)
    made[5] = _filled(made[5], f, consent="whole", difficulties=f"{f.word('w')} is what we lack")
    made[6] = _filled(made[6], g, town=f"Gent ({g.contact})", postcode=g.phone)
    made[6] = replace(made[6], capacities=(Capacity(items[0].code, stated),))
    made[7] = _filled(made[7], h, consent="whole", company=h.everything(), difficulties="", bottlenecks="")
    for at, text in enumerate(FORMULAS, start=8):
        said = {
            "difficulties": text,
            "bottlenecks": f"Much;{text}\n{text}\t{text},{text}",
            "town": text,
            "postcode": text,
        }
        made[at] = _filled(made[at], x, company=text, consent="whole", **said)
        free = {one.code: text for one in fields if not one.choices} | {"unit": text.replace('"', "'")}
        made[at] = replace(made[at], capacities=(Capacity(items[1].code, {**stated, **free}),))
    return made


def _filled(response: Response, person: Person, **other: str) -> Response:
    own = {
        "company": person.company,
        "contact_name": person.contact,
        "email": person.email,
        "phone": person.phone,
        "website": person.url,
        "country": COUNTRY,
        "town": "Gent",
        "postcode": "9000",
        "organisation_kind": "company",
        "difficulties": person.complaint(),
        "bottlenecks": person.bottleneck(),
    }
    return replace(response, answers={**response.answers, **own, **other})


def export(kind: str, asked: Questionnaire, folder: Path) -> Path:
    """Write an export of a kind; with canaries in the file's name, a further column and the tool's own."""
    letter, (tool, _, ending) = KINDS[kind], kind.partition(".")
    person, responses = Person(f"{letter}y"), planted(asked, letter)
    named = Person(f"{letter}z")
    path = folder / f"answers to {named.contact}, {named.email}.{ending}"
    if kind == "eusurvey.xml":
        _xml(responses, asked, path, person)
    elif tool == "odk":
        _odk(responses, asked, path, person)
    elif tool == "eusurvey":
        lines = [list(row) for row in eusurvey_rows(responses, asked)]
        _with_more(lines, 3, {"User Name": person.email}, person.everything())
        _WORKBOOKS[ending](path, "Content", lines)
    elif tool == "microsoft":
        lines = [list(row) for row in microsoft_rows(responses, asked)]
        _with_more(lines, 0, {"Email": person.email, "Name": person.contact}, person.everything())
        write_workbook(path, {"Sheet1": lines})
    else:
        writers = {"limesurvey": exporters.write_limesurvey, "google": exporters.write_google_forms}
        writers.get(tool, exporters.write_plain)(responses, asked, path)
        _delimited(path, ";" if tool == "limesurvey" else ",", person)
    return path


def _with_more(lines: list[list[Cell]], header: int, own: dict[str, str], remark: str) -> None:
    """Fill columns of the tool's own, and add one that is none of the questionnaire's."""
    places = {lines[header].index(name): text for name, text in own.items()}
    lines[header].append(REMARKS)
    for line in lines[header + 1 :]:
        for at, text in places.items():
            line[at] = text
        line.append(remark)


def _delimited(path: Path, delimiter: str, person: Person) -> None:
    """Add the column, and a row with a cell too many; the plain workbook is the plain csv as xlsx."""
    written = path.read_text(encoding="utf-8-sig")
    lines: list[list[Cell]] = [
        list(row) for row in csv.reader(io.StringIO(written, newline=""), delimiter=delimiter) if row
    ]
    _with_more(lines, 0, {}, person.everything())
    if path.suffix == ".xlsx":
        write_workbook(path, {"Sheet1": lines})
        return
    lines.append([*lines[-1], person.everything()])
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(lines)


def _xml(responses: list[Response], asked: Questionnaire, path: Path, person: Person) -> None:
    exporters.write_eusurvey_xml(responses, asked, path)
    text = path.read_text(encoding="utf-8").replace('user=""', f"user={quoteattr(person.email)}")
    text = text.replace("</Elements>", f'<Question id="qx" type="Free Text">{REMARKS}</Question></Elements>')
    remark = f'<Answer qid="qx">{escape(person.everything())}</Answer></AnswerSet>'
    path.write_text(text.replace("</AnswerSet>", remark), encoding="utf-8")


def _odk(responses: list[Response], asked: Questionnaire, path: Path, person: Person) -> None:
    exporters.write_odk(responses, asked, path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    main = next(iter(members))
    lines: list[list[Cell]] = [list(row) for row in csv.reader(io.StringIO(members[main], newline=""))]
    _with_more(lines, 0, {"SubmitterName": person.contact}, person.everything())
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (members | {main: text.getvalue()}).items():
            archive.writestr(name, content)


def _xlsx(path: Path, sheet: str, lines: list[list[Cell]]) -> None:
    write_workbook(path, {sheet: lines})


def _xls(path: Path, sheet: str, lines: list[list[Cell]]) -> None:
    import xlwt

    book = xlwt.Workbook()
    page = book.add_sheet(sheet)
    for number, line in enumerate(lines):
        for at, cell in enumerate(line):
            if cell:
                page.write(number, at, str(cell))
    book.save(str(path))


def _ods(path: Path, sheet: str, lines: list[list[Cell]]) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book, page = OpenDocumentSpreadsheet(), Table(name=sheet)
    for line in lines:
        row = TableRow()
        for cell in line:
            place = TableCell(valuetype="string")
            for part in str(cell or "").splitlines():
                place.addElement(P(text=part))
            row.addElement(place)
        page.addElement(row)
    book.spreadsheet.addElement(page)
    book.save(str(path))


_WORKBOOKS: dict[str, Callable[[Path, str, list[list[Cell]]], None]] = {
    "xlsx": _xlsx,
    "xls": _xls,
    "ods": _ods,
}
