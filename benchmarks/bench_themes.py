"""What coding answers by themes costs, and how well languages and labels of EuroVoc are told."""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.measuring import megabytes, run, spread, table
from benchmarks.project import ROOT, Setup
from helpers.analysis.themes.codebook import LANGUAGES, Codebook, codebook_from_tables
from helpers.analysis.themes.coder import code_answers, themes_by_answer
from helpers.analysis.themes.language import identify_languages
from helpers.data.codebook_folder import read_codebook_folder

TITLE = "Coding answers by themes"
LABELS = Path(os.environ.get("EVIDENCE_SHARED", ROOT.parent / "shared")) / (
    "real/eurovoc/labels_24_languages.csv"
)
CORRESPONDING = {
    "2011": "trade_barriers", "2021": "trade_barriers", "2416": "finance", "2426": "finance",
    "2436": "finance", "3206": "skills", "3211": "skills", "3236": "data", "4406": "skills",
    "4411": "skills", "4806": "logistics", "4811": "logistics", "4816": "logistics", "4821": "logistics",
    "4826": "logistics", "5206": "sustainability", "6416": "intellectual_property", "6606": "energy",
    "6611": "energy", "6616": "energy", "6621": "energy", "6626": "energy", "6811": "raw_materials",
    "6816": "raw_materials",
}  # fmt: skip
"""Microthesaurus -> the theme that its labels speak of, as far as one does."""
# In a process of its own, since memory and what was loaded once count; one core, one thread.
_SPEED = """
import json, os, resource, sys, time
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
began = time.process_time()
import pandas as pd
from helpers.analysis.themes.codebook import LANGUAGES
from helpers.analysis.themes.coder import code_answers, coder_of
from helpers.analysis.themes.codebook import codebook_from_tables
from helpers.data.codebook_folder import read_codebook_folder
from helpers.data.project import raw_folder
tables = read_codebook_folder(raw_folder() / "codebook")
codebook = codebook_from_tables(
    tables.themes.assign(order=tables.themes["order"].astype(int)), tables.terms, tables.markers)
code_answers(pd.DataFrame({"answer_id": ["a"], "text": ["We have no skilled staff"]}), codebook)
start = time.process_time() - began
answers = pd.read_parquet(sys.argv[1])
for number in range(2):  # the first round loads the tables of all languages and meets every word
    began = time.process_time()
    codes = code_answers(answers.assign(text=answers["text"] + f" {number}"), codebook)
    seconds = time.process_time() - began
    if not number:
        loading = seconds
for language in LANGUAGES:
    coder_of(codebook).lexicon(language)
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps([start, loading, len(answers) / seconds, memory, len(codes)]))
"""


def measure(setup: Setup) -> list[str]:
    """Measure speed, memory, language identification and, where they are there, labels of EuroVoc."""
    tables = read_codebook_folder(setup.root / "data" / "raw" / "codebook")
    order = pd.to_numeric(tables.themes["order"])
    codebook = codebook_from_tables(tables.themes.assign(order=order), tables.terms, tables.markers)
    lines = _speed(setup, codebook)
    if not LABELS.is_file():
        return [*lines, "", "Labels of EuroVoc, by which more is measured, are not here (EVIDENCE_SHARED)."]
    labels = pd.read_csv(LABELS, dtype=str, keep_default_na=False)
    return [*lines, "", *_five_words(labels), "", *_labels(labels, codebook)]


def _answers(setup: Setup) -> pd.DataFrame:
    """Return the sample answers of all languages, over and over."""
    paths = sorted((setup.root / "data" / "processed").glob("*_sample_difficulties.parquet"))
    table = pd.concat([pd.read_parquet(path) for path in paths], ignore_index=True)
    many = pd.concat([table] * (10 if setup.quick else 40), ignore_index=True)
    many["answer_id"] = [f"a{number}" for number in range(len(many))]
    return many[["answer_id", "text", "language", "country"]]


def _speed(setup: Setup, codebook: Codebook) -> list[str]:
    answers = _answers(setup)
    path = setup.folder / "answers-to-code.parquet"
    answers.to_parquet(path)
    start = partial(run, [sys.executable, "-c", _SPEED, str(path)], setup.root)
    found = [json.loads(start().splitlines()[-1]) for _ in range(setup.rounds)]
    begun, loading, speed, memory, codes = zip(*found, strict=True)
    rows = [
        ["answers a second, once loaded", spread(speed, 0), "at least 20,000"],
        ["seconds until the first answer is coded", spread(begun), "under 2"],
        [f"seconds of the first {len(answers):,} answers, which load all languages", spread(loading), ""],
        ["memory with all languages", megabytes(int(max(memory))), "under 1,500 MB"],
    ]
    return [
        f"The {len(codebook.terms):,} terms of `data/raw/codebook`, {len(answers):,} answers (the sample "
        f"answers over and over, of {answers['text'].str.len().mean():.0f} characters on average, "
        f"{int(codes[0]):,} codes), processor seconds on one core; each round in a process of its own.",
        "",
        *table(["", "measured", "goal"], rows),
    ]


def _five_words(labels: pd.DataFrame) -> list[str]:
    """Identify the language of five-word pieces of shuffled labels."""
    dice = np.random.default_rng(5)
    pieces: list[tuple[str, str]] = []
    for language, each in labels.groupby("language")["label"]:
        words = " ".join(each.iloc[dice.permutation(len(each))]).split()
        pieces += [(str(language), " ".join(words[at : at + 5])) for at in range(0, len(words) - 4, 5)]
    told = identify_languages(pd.Series([text for _, text in pieces]))["language"]
    right: Mapping[str, list[bool]] = defaultdict(list)
    for (language, _), found in zip(pieces, told, strict=True):
        right[language].append(language == found)
    shares = {language: sum(each) / len(each) for language, each in right.items()}
    least = sorted(shares, key=lambda language: shares[language])[:3]
    whole = sum(map(sum, right.values())) / len(pieces)
    return [
        f"Language identification: {whole:.4f} of {len(pieces):,} texts of five words (labels of EuroVoc, "
        f"shuffled), goal .98; least in {', '.join(f'{code} ({shares[code]:.3f})' for code in least)}."
    ]


def _labels(labels: pd.DataFrame, codebook: Codebook) -> list[str]:
    """Code the labels of microthesauri that correspond to a theme."""
    known = labels[labels["microthesaurus"].isin(CORRESPONDING)].reset_index(drop=True)
    answers = known.assign(answer_id=[f"a{number}" for number in known.index], text=known["label"])
    named = themes_by_answer(code_answers(answers, codebook), answers, codebook)
    wanted = known["microthesaurus"].map(CORRESPONDING)
    places = named.columns.get_indexer(pd.Index(wanted))
    values = named.to_numpy(dtype=bool)
    right = values[np.arange(len(values)), places]
    known = known.assign(right=right, wrong=~right & values.any(axis=1))
    shares = known.groupby("language")[["right", "wrong"]].mean().reindex(list(LANGUAGES))
    rows: list[Sequence[str]] = [
        [str(code), f"{right:.0%}", f"{wrong:.0%}"]
        for code, right, wrong in shares.itertuples(index=True, name=None)
    ]
    return [
        f"Labels of EuroVoc, {len(known) // len(LANGUAGES):,} concepts of {len(CORRESPONDING)} microthesauri "
        "that correspond to a theme, in each language: share coded to that theme, and only to others. Goal: "
        "60 % and under 10 % in the 15 languages most used. The codebook was written for answers, not for "
        "these labels.",
        "",
        *table(["language", "that theme", "only others"], rows),
    ]
