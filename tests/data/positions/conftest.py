"""A project with points, ratings and a register of a user's own, small enough to break in every way."""

import shutil
from pathlib import Path

import pytest

from helpers.data.project import project_root

TABLES = {
    "session_points": {
        "sessions.csv": ["session,date,title", "S1,2027-01-20,Supply", "S2,2027-02-17,Skills"],
        "points.csv": [
            "point_id,session,date,text,language,theme,country,proposer_kind",
            "P001,S1,2027-01-20,Keep green lanes at borders ready for lorries.,en,logistics,AT,cluster",
            "P002,S2,2027-02-17,Green lanes at borders should be ready for lorries.,en,logistics,EL,cluster",
            "P003,S2,2027-02-17,Teach welding in evening courses.,en,skills,DE,company",
        ],
        "merges.csv": ["point_id_a,point_id_b,score,evidence,decision,decided_by,decided_on"],
    },
    "point_ratings": {
        "ratings.csv": [
            "respondent_id,country,respondent_kind,point_id,importance,feasibility,comment,answered",
            "r1,AT,cluster,P001,5,4,,2027-03-01",
            "r1,AT,cluster,P003,2,,Too late,2027-03-01",
            "r2,EL,company,P002,4,3,,2027-03-02",
        ]
    },
    "recommendations": {
        "recommendations.csv": [
            "recommendation_id,text,title,status",
            "R01,Keep green lanes ready.,Green lanes,agreed",
            "R02,Teach in the evening.,Evening courses,draft",
        ],
        "points.csv": ["recommendation_id,point_id", "R01,P001", "R01,P002", "R02,P003"],
        "themes.csv": ["recommendation_id,theme", "R01,logistics", "R02,skills"],
        "evidence.csv": [
            "recommendation_id,report,kind,name,reason",
            "R01,supply,fact,sent_share,Much crosses a border",
        ],
        "history.csv": [
            "recommendation_id,session,date,status,change",
            "R01,S1,2027-01-20,draft,",
            "R01,S2,2027-02-17,agreed,Agreed",
            "R02,S2,2027-02-17,draft,",
        ],
    },
}


class Project:
    """A project's folder, and ways to change a line of a dataset in it."""

    def __init__(self, root: Path) -> None:
        self.root, self.raw = root, root / "data" / "raw"

    def path(self, dataset: str, file: str) -> Path:
        return self.raw / dataset / file

    def replace(self, dataset: str, file: str, old: str, new: str) -> None:
        path = self.path(dataset, file)
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def append(self, dataset: str, file: str, line: str) -> None:
        path = self.path(dataset, file)
        path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    raw = tmp_path / "data" / "raw"
    (tmp_path / "data" / "processed").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "cluster-evidence"\n')
    shutil.copytree(project_root() / "data" / "raw" / "codebook", raw / "codebook")
    for dataset, files in TABLES.items():
        folder = raw / dataset
        folder.mkdir()
        for file, lines in files.items():
            (folder / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
        shutil.copy(project_root() / "data" / "raw" / f"{dataset}_sample" / "origin.yml", folder)
        (folder / "README.md").write_text("What one must not conclude: anything.\n")
        origin = folder / "origin.yml"
        origin.write_text(origin.read_text(encoding="utf-8").replace("kind: sample", "kind: observed"))
    monkeypatch.setenv("EVIDENCE_ROOT", str(tmp_path))
    from helpers.data.verify import refresh_checksums

    for dataset in TABLES:
        refresh_checksums(dataset, tmp_path)
    return Project(tmp_path)
