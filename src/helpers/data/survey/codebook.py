"""The codebook, README.md, of a vintage of answers."""

from helpers.data.questionnaires.model import CONSENT_CODES, Questionnaire
from helpers.data.survey.describe import is_sample
from helpers.data.survey.shape import Layout
from helpers.data.survey.streaming import Counts

_TEXT = """# {title}: answers of {vintage}

{sample}**What it is.** The answers to `data/raw/questionnaires/{name}.yml` (version {version}): {received:,d}
received, {accepted:,d} accepted, {rejected:,d} rejected; `rejects.csv` says why.

**How it got here.** `evidence ingest` read an export of {tool}; `mapping.yml` says which of its columns
answers which question. Answers to choose from are written as codes. Everything else is as stated: amounts,
units, months and places are cleaned on the way to `data/processed`, not here. A text that a spreadsheet
program would run as a formula has a `'` in front. The command writes this file and `origin.yml`; it keeps
what you change in the first lines of `origin.yml`, but not what you change here.

**Files**
- `answers.csv`: one row a respondent. `received_row` counts the answers of the export, the first being 2;
  rows of repeats that belong to no answer are counted after the last one.
- `capacities.csv`: one row a respondent and {product}.
- `rejects.csv`: one line a reason; a row may have several.
- `duplicates.csv`: pairs that may be the same respondent. A person writes `merge` or `keep` into `decision`,
  and who decided; nothing is merged without.
- `withdrawals.csv`, if there is one: `respondent_id`, `date`. Written by a person.
- `frame.csv`, if there is one: `country`, `employees`, `invited`. Written by a person.

**Personal data.** {restricted} stay in
`data/restricted`, which git ignores and only its owner can read. E-mail and web addresses, telephone numbers,
IBANs and the respondent's own names are taken out of all other texts. `consent` says what may be shown; where
nothing was said it is `{consent}`, the most private.

**What one must not conclude**
- Respondents chose to answer: they are no random sample of the industry.
- A {product} without a row was not stated; that is not a capacity of zero.
"""
_SAMPLE = """**These answers are made up** by the sample generator so that the pipeline can be run and tested.
They say nothing about Europe.

"""


def readme_text(questionnaire: Questionnaire, vintage: str, tool: str, counts: Counts) -> str:
    """Return the codebook of a vintage."""
    return _TEXT.format(
        title=questionnaire.title["en"],
        vintage=vintage,
        sample=_SAMPLE if is_sample(vintage) else "",
        name=questionnaire.name,
        version=questionnaire.version,
        received=counts.received,
        accepted=counts.accepted,
        rejected=counts.rejected,
        tool=tool,
        product=questionnaire.items.code,
        restricted=", ".join(f"`{question.code}`" for question in Layout.of(questionnaire).restricted),
        consent=CONSENT_CODES[0],
    )
