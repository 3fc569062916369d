"""Publishing a report: why it may not be, what changed since the last time, and the folder that is handed on.

``reasons`` lists all that speaks against it, ``backtest`` compares with what was published last, ``folder``
writes the folder, ``citing`` and ``crate`` what describes it, and ``publishing`` puts them together.
"""
