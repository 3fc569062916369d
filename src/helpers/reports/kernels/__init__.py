"""Warm kernels: true Jupyter kernels, forked from a process that has imported already what notebooks import.

A build starts one fork server (:mod:`.server`). It imports what the notebooks of the build import, and then
forks a kernel (:mod:`.kernel`) for each run: a process and a namespace of its own, ready at once. papermill
gets its kernel from there through a provisioner of jupyter_client (:mod:`.provisioner`), which only the
kernelspec that a build writes for itself names; JupyterLab, nbval and plain papermill know nothing of it.
"""

from helpers.reports.kernels.start import warm_kernels

__all__ = ["warm_kernels"]
