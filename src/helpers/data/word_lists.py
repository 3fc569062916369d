"""Lists of words written as text: words apart by blanks, phrases by semicolons or lines."""


def words(text: str) -> list[str]:
    """Return the words of a list.

    Examples
    --------
    >>> words("week weeks")
    ['week', 'weeks']
    """
    return text.split()


def phrases(text: str) -> list[str]:
    """Return the phrases of a list, blanks and line breaks around them left out.

    Examples
    --------
    >>> phrases("at least; no less than")
    ['at least', 'no less than']
    """
    found = (" ".join(phrase.split()) for line in text.splitlines() for phrase in line.split(";"))
    return [phrase for phrase in found if phrase]
