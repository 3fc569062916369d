"""A report as a document: what its page says, to be written as DOCX or PDF."""
