"""Hashes are kept by what a file looks like, and never where the look may deceive."""

import os
import threading
import time

import pytest

from helpers.reports.incremental.memory import Memory


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("one")
    settle(path)
    return path


def settle(path):
    """Make a file look as if it had been written an hour ago."""
    then = time.time() - 3600
    os.utime(path, (then, then))


def reads(monkeypatch):
    """Return a list that grows with every file that is read to be hashed."""
    from helpers.reports.incremental import memory

    counted, digest = [], memory.hashlib.file_digest
    monkeypatch.setattr(
        memory.hashlib, "file_digest", lambda file, name: counted.append(1) or digest(file, name)
    )
    return counted


def test_a_file_is_read_once_as_long_as_it_stays(tmp_path, file, monkeypatch):
    counted = reads(monkeypatch)
    first = Memory(tmp_path)
    known = first.sha256(file)
    assert first.sha256(file) == known
    first.save()
    assert Memory(tmp_path).sha256(file) == known
    assert len(counted) == 1


def test_a_file_that_changed_just_now_is_read_again(tmp_path, monkeypatch):
    counted = reads(monkeypatch)
    path = tmp_path / "fresh.txt"
    path.write_text("one")
    memory = Memory(tmp_path)
    assert memory.sha256(path) == memory.sha256(path)
    assert len(counted) == 2


@pytest.mark.parametrize("text", ["two", "longer"])
def test_a_changed_file_is_noticed_although_its_time_was_put_back(tmp_path, file, text):
    memory = Memory(tmp_path)
    known, times = memory.sha256(file), file.stat()
    file.write_text(text)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert memory.sha256(file) != known


def test_another_file_of_the_same_name_size_and_time_is_noticed(tmp_path, file):
    memory = Memory(tmp_path)
    known, times = memory.sha256(file), file.stat()
    other = tmp_path / "b.txt"
    other.write_text("two")
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(file)
    assert memory.sha256(file) != known


def test_a_missing_file_has_no_hash(tmp_path, file):
    memory = Memory(tmp_path)
    assert memory.sha256_or_none(tmp_path / "none") is None
    assert memory.sha256_or_none(file / "none") is None
    with pytest.raises(FileNotFoundError):
        memory.sha256(tmp_path / "none")


def test_folders_that_are_gone_are_forgotten(tmp_path):
    folder = tmp_path / "gone"
    folder.mkdir()
    (folder / "a").write_text("1")
    settle(folder / "a")
    memory = Memory(tmp_path)
    memory.sha256(folder / "a")
    memory.save()
    assert str(folder) in memory.path.read_text()
    (folder / "a").unlink()
    folder.rmdir()
    memory.note("x", "y", 1)
    memory.save()
    assert str(folder) not in memory.path.read_text()


def test_many_threads_may_use_one_memory(tmp_path):
    files = [tmp_path / f"{number}.txt" for number in range(200)]
    for path in files:
        path.write_text(path.name)
        settle(path)
    memory = Memory(tmp_path)
    found = [{} for _ in range(8)]

    def look(into):
        for path in files:
            into[path] = memory.sha256(path)
        memory.save()

    threads = [threading.Thread(target=look, args=(into,)) for into in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(into == found[0] for into in found)
    assert len(Memory(tmp_path).section("files")[str(tmp_path)]) == 200
