"""The page of a report made again from what its run left, where only the template or the export changed."""

import shutil
import traceback
from multiprocessing.connection import Connection

from helpers.data.errors import InputError
from helpers.data.project import build_folder
from helpers.reports.scrub import machine_paths, short_error
from helpers.reports.staging import SUCCESS, mark_success, read_json, write_json
from helpers.reports.status import Failure, now
from helpers.reports.worker import Job, ReportError, export_page, serve


def serve_exports(connection: Connection) -> None:
    """Make pages as jobs come in, see :func:`helpers.reports.worker.serve`."""
    serve(connection, export_again)


def export_again(job: Job) -> Failure | None:
    """Make the page of one report again in its staging folder; its notebook does not run.

    ``run.json`` goes on stating when and from which commit the notebook ran; ``exported_again`` says when,
    and from which commit, the page was made.

    Returns
    -------
    Failure or None
        ``None`` if ``job.report`` holds a complete report.
    """
    paths = machine_paths(job.root, job.report)
    try:
        shutil.copytree(
            build_folder(job.root) / job.slug, job.report, ignore=shutil.ignore_patterns(SUCCESS, ".*")
        )
        run = read_json(job.report / "run.json")
        if not isinstance(run, dict):
            return Failure("run.json is not a JSON object: build the report again with --force")
        commit, dirty = job.project.get("commit"), job.project.get("dirty")
        run["exported_again"] = {"at": now(), **({"commit": commit, "dirty": dirty} if commit else {})}
        write_json(job.report / "run.json", run)
        export_page(job, run)
        mark_success(job.report)
    except ReportError as error:
        return error.failure
    except (InputError, OSError) as error:
        traceback.print_exc()
        return Failure(short_error(f"{type(error).__name__}: {error}", paths))
    return None
