"""To be imported before papermill, nbformat and nbconvert: spares a second that nobody needs."""

import sys

# nbformat checks notebooks with jsonschema, which would build a grammar of web addresses with this package.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
