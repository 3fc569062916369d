"""The recipes of docs/adding.md, pasted one after the other into a copy of the project, as readers do."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = "docs/adding.md"
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# Minutes of type checking, which the code of the recipes needs once and not at each test.
SLOW = re.compile(r"^mypy .*\n", re.MULTILINE)

NOT_COPIED = (".venv", ".git", ".cache", ".*_cache", ".hypothesis", "__pycache__", "build", "restricted")


def recipes() -> list[str]:
    return [SLOW.sub("", block) for block in BLOCK.findall((ROOT / DOCUMENT).read_text(encoding="utf-8"))]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A clone of the project as it is now, with the environment of this test."""
    shutil.copytree(ROOT, tmp_path, ignore=shutil.ignore_patterns(*NOT_COPIED), dirs_exist_ok=True)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    who = ["-c", "user.name=A Reader", "-c", "user.email=reader@example.org"]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "As it is"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.skipif(shutil.which("chromium") is None, reason="evidence check needs Chromium")
def test_every_recipe_can_be_pasted_and_undone(copy: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("EVIDENCE_")},
        "PYTHONPATH": str(copy / "src"),
        "BROWSER": "true",
    }
    activate, *blocks = recipes()
    assert len(blocks) > 10
    for block in blocks:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"{activate}{block}"],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    changed = subprocess.run(
        ["git", "status", "--porcelain"], cwd=copy, check=True, capture_output=True, text=True
    ).stdout
    assert changed == ""
