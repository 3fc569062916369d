"""What a build tells: live, as lines, as JSON lines, or nothing."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.reports.progress import JsonLines, Live, Silent, shown_progress, standing


def go_through(progress):
    progress.say("waiting")
    progress.skipped("counts-cy")
    progress.began("counts-at")
    progress.began("counts-be")
    progress.ended("counts-be", 1.0, "cell 3: ValueError: [bold]no[/bold] rows")
    progress.ended("counts-at", 2.0, None)


def test_lines_count_what_is_built_and_pass_over_what_is_unchanged():
    stream = io.StringIO()
    with shown_progress(3, stream) as progress:
        go_through(progress)
    assert stream.getvalue().splitlines() == [
        "waiting",
        "building counts-at",
        "building counts-be",
        "[1/2] counts-be: FAILED, cell 3: ValueError: [bold]no[/bold] rows",
        "[2/2] counts-at: built in 2.0 s",
    ]


def test_json_lines_are_one_object_a_line_and_hold_the_error_as_it_is():
    stream = io.StringIO()
    with shown_progress(3, other=JsonLines(stream)) as progress:
        go_through(progress)
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [event["event"] for event in events] == ["said", "skipped", "began", "began", "ended", "ended"]
    failed, built = events[-2:]
    assert (failed["status"], failed["error"]) == ("failed", "cell 3: ValueError: [bold]no[/bold] rows")
    assert (built["slug"], built["status"], built["seconds"], built["error"]) == (
        "counts-at",
        "built",
        2.0,
        None,
    )
    assert all(event["time"] >= 0 for event in events)


def test_quiet_says_nothing(capsys):
    with shown_progress(3, other=Silent()) as progress:
        go_through(progress)
    assert capsys.readouterr() == ("", "")


def test_the_live_display_has_a_line_for_each_running_report(capsys):
    live = Live(3)
    live.skipped("counts-cy")
    live.began("counts-at")
    live.began("counts-be")
    assert [task.description.strip() for task in live.display.tasks[1:]] == ["counts-at", "counts-be"]
    live.ended("counts-be", 1.0, "cell 3: [bold]no[/bold] rows")
    assert [task.description.strip() for task in live.display.tasks[1:]] == ["counts-at"]
    summary = live.display.tasks[0]
    assert summary.description.startswith("0 built · 1 failed · 1 unchanged · 1 left · about ")
    assert summary.completed == 2
    assert "counts-be: FAILED, cell 3: [bold]no[/bold] rows" in capsys.readouterr().err


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.floats(0, 1e4))
def test_the_parts_add_up_to_the_whole(built, failed, unchanged, left, elapsed):
    words = standing(built + failed + unchanged + left, built, failed, unchanged, elapsed)
    parts = {part.split()[-1]: part.split()[0] for part in words.split(" · ")}
    assert sum(int(parts.get(name, 0)) for name in ("built", "failed", "unchanged", "left")) == (
        built + failed + unchanged + left
    )
    assert ("go" in parts) == bool(built + failed)


@pytest.mark.parametrize("seconds", [59.0, 61.0])
def test_time_left_is_shown_in_minutes(seconds):
    assert standing(2, 1, 0, 0, seconds).endswith(f"about {int(seconds) // 60}:{int(seconds) % 60:02d} to go")
