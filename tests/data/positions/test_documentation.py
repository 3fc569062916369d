"""Every command of docs/positions.md works as it is pasted, in the order of the page."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from helpers.data.project import project_root

PAGE = project_root() / "docs" / "positions.md"
DATASETS = ["session_points_sample", "point_ratings_sample", "recommendations_sample", "codebook"]


THREE = "evidence process --only session_points_points --only point_ratings --only recommendations_history"


def pasted(root):
    """Run all blocks in one shell that stops at the first failure."""
    blocks = re.findall(r"^```bash\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.S | re.M)
    script = "\n".join(f"echo '### {at}'\n{block}" for at, block in enumerate(blocks))
    # The tables of all other datasets would take minutes, and their datasets are not here.
    script = script.replace("evidence process\n", f"{THREE}\n", 1).replace("evidence process\n", "")
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "activate").write_text(
        f'evidence() {{ "{sys.executable}" -m helpers.cli "$@"; }}\npython() {{ "{sys.executable}" "$@"; }}\n'
    )
    environment = os.environ | {"EVIDENCE_ROOT": str(root)}
    done = subprocess.run(
        ["bash", "-eu", "-c", script], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(enumerate(re.split(r"^### \d+\n", done.stdout, flags=re.M)[1:]))


def test_the_page_can_be_pasted_from_beginning_to_end(tmp_path: Path) -> None:
    for name in DATASETS:
        shutil.copytree(project_root() / "data" / "raw" / name, tmp_path / "data" / "raw" / name)
    (tmp_path / "docs").mkdir()
    said = pasted(tmp_path)
    assert "data/raw/session_points: 1 text changed" in said[2]
    assert "office@glas.example" not in "".join(said.values())
    assert "Ask [e-mail]" in said[2]
    assert re.search(r"^P001,P002,0\.\d+,.*,,,$", said[3], re.M)
    assert "1 decided" in said[4]
    assert sorted(path.name for path in (tmp_path / "data" / "raw").iterdir()) == sorted(DATASETS)
