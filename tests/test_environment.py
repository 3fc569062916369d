"""pyproject.toml, environment.yml and requirements.lock must name the same packages."""

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]


def declared() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    return {canonicalize_name(r.name): str(r.specifier) for r in map(Requirement, lines)}


def conda() -> dict[str, str]:
    entries = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    pip = next(e["pip"] for e in entries if isinstance(e, dict))
    lines = [e for e in entries if isinstance(e, str)] + pip
    found = {canonicalize_name(r.name): str(r.specifier) for r in map(Requirement, lines)}
    found.pop("pip")
    found.pop("python")
    return found


def test_conda_users_get_the_same_packages_and_bounds() -> None:
    assert conda() == declared()


def test_conda_python_bound_is_the_projects() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert f"python{project['project']['requires-python']}" in text


def test_the_lock_pins_every_declared_package_inside_its_bounds() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = {canonicalize_name(n): v for n, v in re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock, re.M)}
    for name, bounds in declared().items():
        assert name in pins, f"{name} is not in requirements.lock: run `make lock`"
        assert Requirement(f"{name}{bounds}").specifier.contains(pins[name], prereleases=True), name


def test_the_packages_that_the_user_fixed_are_there() -> None:
    fixed = {"jupyterlab", "pandas", "matplotlib", "seaborn", "folium", "papermill", "nbval"}
    assert fixed <= set(declared())


def test_the_lock_names_no_host() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")
