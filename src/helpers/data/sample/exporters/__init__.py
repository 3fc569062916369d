"""Answers written as survey tools export them, with the oddities of each tool.

Every function takes answers as a stream and the definition of the questionnaire, and returns the paths
written.
The same answers give the same bytes on every machine: archives are stored unpacked and bear a fixed date.
"""

from helpers.data.sample.exporters.delimited import write_google_forms, write_limesurvey, write_plain
from helpers.data.sample.exporters.eusurvey import write_eusurvey, write_eusurvey_xml
from helpers.data.sample.exporters.microsoft_forms import write_microsoft_forms
from helpers.data.sample.exporters.odk import write_odk

__all__ = [
    "write_eusurvey",
    "write_eusurvey_xml",
    "write_google_forms",
    "write_limesurvey",
    "write_microsoft_forms",
    "write_odk",
    "write_plain",
]
