"""Measurements of the batch: ``python -m benchmarks [NAME ...]``.

Each module ``bench_<name>.py`` is one: ``TITLE``, and ``measure(setup)``, which returns lines of Markdown. To
add one, add such a file; nothing else lists them. How costs are measured is in :mod:`benchmarks.measuring`.
The project that is measured on is a copy (:mod:`benchmarks.project`): no report is touched.
"""
