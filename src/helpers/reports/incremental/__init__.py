"""What must be built again, and why: nothing here imports anything heavy before something must run.

``memory`` keeps hashes of files between builds, ``code`` finds the helpers that a notebook uses, ``tables``
says whether ``data/processed`` is up to date, ``keys`` puts together what a report depends on, and ``plan``
compares it with what the last build noted.
"""
