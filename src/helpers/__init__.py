"""Helpers of the cluster evidence notebooks: data, analysis, figures, reports.

Imports run one way: ``cli -> reports -> figures -> analysis -> data``.
"""

__version__ = "0.1.0"
