"""Where the templates of a page are, and what stands in its body until the page fills it; light to import."""

from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
SOURCES_MARK = "<!--evidence:sources-->"
FACTS_MARK = "<!--evidence:facts-->"
