"""A project in which answers full of canaries go all the way, from every kind of export to a report."""

import contextlib
import csv
import io
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest
from decoded_files import canaries_in, canaries_in_file
from planted_canaries import KINDS, Person, export

from helpers.cli import main
from helpers.data.project import project_root
from helpers.data.questionnaires.definition import load_questionnaire, questionnaire_names

NAME = "printing_3d"
SLUG = "canaries"
PORTFOLIO = f"""reports:
  - notebook: 20_capacity_distribution
    slug: {SLUG}
    title: Canaries
    parameters: {{questionnaire: {NAME}, vintage: 2021-01, draws: 100}}
"""


@dataclass
class Flow:
    """What happened: where the project and the exports are, and all that was said on the way."""

    root: Path
    exports: dict[str, Path] = field(default_factory=dict)
    said: list[tuple[str, int, str]] = field(default_factory=list)
    before: frozenset[Path] = frozenset()

    @property
    def restricted(self) -> Path:
        """Where personal data may be, and nowhere else."""
        return self.root / "data" / "restricted"

    @property
    def outside(self) -> Path:
        """The folder of a home, of scratch files and of the exports, beside the project."""
        return self.root.parent / "outside"

    def raw(self, kind: str) -> Path:
        """Return the folder that an export of a kind was read into."""
        return self.root / "data" / "raw" / NAME / vintage(kind)

    def contacts(self, kind: str) -> list[dict[str, str]]:
        """Return the restricted table of the respondents of an export."""
        path = self.restricted / NAME / vintage(kind) / "contacts.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def evidence(self, *arguments: str) -> int:
        """Run the command in this process, and keep all that it says and logs."""
        said = io.StringIO()
        handler = logging.StreamHandler(said)
        logging.getLogger().addHandler(handler)
        try:
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                status = main(arguments)
        finally:
            logging.getLogger().removeHandler(handler)
        self.said.append((" ".join(arguments), status, said.getvalue()))
        return status

    def evidence_apart(self, *arguments: str) -> int:
        """Run it as a process whose home and scratch folder are searched later."""
        moved = {"HOME": "home", "TMPDIR": "tmp", "XDG_CACHE_HOME": "cache"}
        places = {variable: self.outside / name for variable, name in moved.items()}
        for place in places.values():
            place.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {variable: str(place) for variable, place in places.items()}
        command = [sys.executable, "-m", "helpers.cli", *arguments]
        done = subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        self.said.append((" ".join(arguments), done.returncode, done.stdout + done.stderr))
        return done.returncode

    def written(self) -> Iterator[Path]:
        """Yield every file that was written, but for the exports and what is in the restricted folder."""
        for path in sorted(self.root.parent.rglob("*")):
            known = path in self.before or path in self.exports.values()
            if path.is_file() and not known and not path.is_relative_to(self.restricted):
                yield path

    @cached_property
    def leaks(self) -> dict[str, set[str]]:
        """The canaries found, with the files (relative to the project) and commands that hold them."""
        found: dict[str, set[str]] = {}
        for path in self.written():
            for canary in canaries_in_file(path):
                found.setdefault(canary, set()).add(os.path.relpath(path, self.root))
        for command, _, text in self.said:
            for canary in canaries_in(text):
                found.setdefault(canary, set()).add(f"said by evidence {command.split()[0]}")
        return found


def vintage(kind: str) -> str:
    """Return the vintage that an export of a kind is read as."""
    return f"2021-{list(KINDS).index(kind) + 1:02d}"


@pytest.fixture(scope="session")
def flow(tmp_path_factory: pytest.TempPathFactory) -> Flow:
    """Everything is done once: exports read, tables made, a report built, mistakes provoked."""
    root = tmp_path_factory.mktemp("canaries") / "project"
    done = Flow(root)
    _copy_project(root)
    asked = load_questionnaire(NAME, root)
    for kind in KINDS:
        folder = done.outside / "exports" / kind
        folder.mkdir(parents=True)
        done.exports[kind] = export(kind, asked, folder)
    done.before = frozenset(path for path in root.rglob("*") if path.is_file())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVIDENCE_ROOT", str(root))
        patch.delenv("EVIDENCE_RUN_DIR", raising=False)
        patch.chdir(root)
        _go_all_the_way(done)
        _make_mistakes(done)
    # Only now, with the place put back: the other tests of this process must not see this project.
    return done


def _copy_project(root: Path) -> None:
    here = project_root()
    for part in ("notebooks", "data/raw", "pyproject.toml", "requirements.lock", ".gitignore"):
        target = root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if (here / part).is_dir():
            shutil.copytree(
                here / part, target, ignore=shutil.ignore_patterns(*questionnaire_names(here), ".ingest")
            )
        else:
            shutil.copy(here / part, target)
    for part in ("data/processed", ".cache"):  # what is made already need not be made again
        if (here / part).is_dir():
            shutil.copytree(here / part, root / part, ignore=shutil.ignore_patterns("*_sample_*", ".*"))
    (root / "docs").mkdir()
    (root / "reports").mkdir()
    (root / "reports" / "portfolio.yml").write_text(PORTFOLIO, encoding="utf-8")


def _go_all_the_way(done: Flow) -> None:
    for kind, path in done.exports.items():
        done.evidence("ingest", str(path), "--as", NAME, "--vintage", vintage(kind))
        _decide(done, kind)
        # Once more: what people wrote is kept, and described in origin.yml.
        done.evidence("ingest", str(path), "--as", NAME, "--vintage", vintage(kind))
    commands = ("verify", "process", "list", "dictionary", f"map {NAME} --vintage 2021-01", f"form {NAME}")
    for words in commands:
        done.evidence(*words.split())
    done.evidence_apart("build", "--log-format", "json", "--profile")


def _decide(done: Flow, kind: str) -> None:
    """Merge the double in the name of a person, and write down that respondent f withdrew."""
    letter, folder = KINDS[kind], done.raw(kind)
    ids = {row["phone"].lstrip("'"): row["respondent_id"] for row in done.contacts(kind)}
    first, second, gone = (ids[Person(letter + one).phone] for one in "aef")
    with (folder / "duplicates.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if {row["respondent_id_a"], row["respondent_id_b"]} == {first, second}:
            row |= {"decision": "merge", "decided_by": "A. B.", "note": "=1+1"}
    with (folder / "duplicates.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    (folder / "withdrawals.csv").write_text(f"respondent_id,date\n{gone},2021-05-01\n", encoding="utf-8")


def _make_mistakes(done: Flow) -> None:
    """Provoke what goes wrong with people's files, so that what is said of it is searched, too."""
    plain = done.exports["plain.csv"]
    text = plain.read_text(encoding="utf-8")
    header, *rows = text.splitlines(keepends=True)
    mistakes = {
        "no country.csv": header.replace("country", "where you are") + "".join(rows),
        "almost.csv": header.replace('"company"', '"companies"') + "".join(rows),
        "all bad.csv": header + "".join(row for row in rows if "zqidnov" in row.casefold().replace("ö", "o")),
        "another wave.csv": text.replace("2021", "2020"),
    }
    folder = done.outside / "mistakes"
    folder.mkdir()
    for name, content in mistakes.items():
        path = folder / name
        path.write_text(content, encoding="utf-8")
        done.exports[name] = path
        when = vintage("plain.csv") if name == "another wave.csv" else "2020-01"
        done.evidence("ingest", str(path), "--as", NAME, "--vintage", when)
    for kind in ("eusurvey.xlsx", "eusurvey.xml", "odk.zip"):
        path = folder / f"broken {kind}"
        path.write_bytes(done.exports[kind].read_bytes()[:-400])
        done.exports[path.name] = path
        done.evidence("ingest", str(path), "--as", NAME)
    review = folder / "no country.csv.mapping.yml"
    done.evidence("ingest", str(folder / "no country.csv"), "--as", NAME, "--mapping", str(review))
    answers = done.raw("google.csv") / "answers.csv"
    answers.write_bytes(answers.read_bytes().replace(b",company,", b",no such kind,"))
    done.evidence("verify")
    done.evidence("process")
    done.evidence("build", "--force", "-p", "product=no_such_product")
