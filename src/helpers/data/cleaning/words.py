"""The words by which people state numbers: thousands and millions, more than, up to, about, per week.

All are compared as `helpers.data.gazetteer.fold` writes them: small letters without accents. Words stand by
meaning, those of many languages side by side; where a word means different numbers in two languages, the
language of the answer decides (``SCALES_BY_LANGUAGE``).
"""

from helpers.data.gazetteer import fold
from helpers.data.word_lists import phrases, words

_SCALES = {
    100.0: "hundred hundert cent cents centaine cien cento sto suta honderd hundra hundrede sata",
    12.0: "dozen dozens dutzend douzaine douzaines docena docenas dozzina dozzine tuzin",
    1000.0: """
        k tsd tausend thousand thousands thsd mille millier milliers mila migliaia miles tys tysiac
        tysiace tysiecy mie mii duizend dzd tusen tusind tuhat tuhatta tuh tis tisic tisice tisicu tisicov
        ezer χιλιαδες χιλ χιλια хиляди хил tisuca tisuce tisoc tisoce tukst tukstanciu tukstantis
        tukstosi tukstosu тисяч тис тыс тысяч milhar milhares
    """,
    1000000.0: """
        mio mln million millions millionen mill milion milione milioni milionow miliony millon millones
        milhao milhoes milioane miljoen miljoenen miljon miljoner milj mn millioner miljoona miljoonaa
        milionu millio εκατομμυρια εκατομμυριο εκατ милион милиона млн мільйон мільйонів миллион
        миллионов milijun milijuna milijon milijona milijonov milijonas milijonu miljons miljoni miljonu
        miljonit milyon mm
    """,
    1000000000.0: """
        mrd bn mld md mds milliard milliards milliarde milliarden milliarder miliardo miliardi miliard
        miliardy miliardow miljard miljarder miljardia miliarda miliardu miliarde δισ δισεκατομμυρια
        милиард милиарда млрд milijarda milijarde milyar mia
    """,
}
SCALES: dict[str, float] = {fold(word): value for value, listed in _SCALES.items() for word in words(listed)}
"""Word -> what it multiplies a number by, wherever it means one thing only."""

SCALES_BY_LANGUAGE: dict[str, dict[str, float]] = {
    # Spanish and Portuguese "mil" is a thousand; elsewhere it is short for a million.
    "mil": {
        "es": 1e3,
        "pt": 1e3,
        "ca": 1e3,
        "ro": 1e6,
        "cs": 1e6,
        "sk": 1e6,
        "en": 1e6,
        "da": 1e6,
        "sv": 1e6,
    },
    # The long scale counts a billion as a million millions.
    "billion": {"en": 1e9, "fr": 1e12, "de": 1e12, "da": 1e12, "sv": 1e12, "hu": 1e12},
    "billions": {"en": 1e9, "fr": 1e12},
    "billionen": {"de": 1e12},
    "bilion": {"pl": 1e12, "cs": 1e12},
    "billon": {"es": 1e12},
    "miliard": {"pl": 1e9, "ro": 1e9},
    "bin": {"tr": 1e3},
}
SCALE_DEFAULTS = {
    "mil": 1e3,
    "billion": 1e9,
    "billions": 1e9,
    "billionen": 1e12,
    "bilion": 1e12,
    "billon": 1e12,
}
"""What such a word is read as where the language is not known; the reading is flagged."""

_NUMBERS = {
    0: """
        zero zilch nil none null keine keiner nichts aucun aucune neant rien ninguna ninguno nada cero
        nessuno nessuna niente brak zadne zadny nimic niciuna geen nul ingen inga nenhum nenhuma μηδεν
        καμια нула няма
    """,
    0.5: """
        half halb halbe halben demi demie medio media mezzo mezza pol polowa jumatate halve halv halva
        meio
    """,
    1: "one eine einer einen ein un une uno una jeden jedna unu een en ett",
    1.5: "eineinhalb anderthalb poltora poltorej anderhalf",
    2: "two zwei deux dos due dwa dwie doi doua twee tva dva",
    3: "three drei trois tres tre trzy trei drie tri",
    4: "four vier quatre cuatro quattro cztery patru fyra ctyri",
    5: "five funf cinq cinco cinque piec cinci vijf fem pet",
    6: "six sechs seis sei szesc sase zes sest",
    7: "seven sieben sept siete sette siedem sapte zeven sju",
    8: "eight acht huit ocho otto osiem opt atta osm",
    9: "nine neun neuf nueve nove dziewiec noua negen nio",
    10: "ten zehn dix diez dieci dziesiec zece tien tio deset",
    20: "twenty zwanzig vingt veinte venti dwadziescia douazeci twintig",
    50: "fifty funfzig cinquante cincuenta cinquanta piecdziesiat cincizeci vijftig",
}
NUMBER_WORDS: dict[str, float] = {
    fold(word): float(value) for value, listed in _NUMBERS.items() for word in words(listed)
}
"""Word -> number. One and smaller only count directly before a scale ("half a million"), zero only alone."""
ARTICLES = frozenset({"a", "an", "of", "de", "di", "d", "einer", "eine", "un", "une", "en"})
"""Words that may stand between a number and its scale: "half a million", "une centaine de milliers"."""
VAGUE = frozenset(
    words(
        """
        several few many mehrere einige viele plusieurs quelques varios varias algunos diversi alcune
        kilka kilkaset wiele cateva enkele nekolik flera
    """
    )
)


Phrases = dict[str, tuple[tuple[str, ...], ...]]
"""Phrases as tuples of folded words, by their first word, the longest first."""


def _phrases(text: str) -> Phrases:
    """Return phrases that stand a line or semicolon apart."""
    found = {tuple(fold(phrase).split()) for phrase in phrases(text)}
    longest_first = sorted(found, key=lambda phrase: (-len(phrase), phrase))
    return {
        first: tuple(phrase for phrase in longest_first if phrase[0] == first)
        for first in {phrase[0] for phrase in longest_first}
    }


AT_LEAST = _phrases("""
    more than; at least; not less than; no less than; minimum; min; or more; and more; upwards; in excess of
    plus de; plus d; plus que; au moins; au minimum; minimum de; supérieur à; et plus; ou plus; pas moins de
    mehr als; mindestens; wenigstens; nicht weniger als; und mehr; oder mehr; größer als
    más de; mas que; al menos; como mínimo; por lo menos; mínimo; o más; superior a
    più di; più che; oltre; almeno; minimo; come minimo; o più; superiore a
    więcej niż; ponad; powyżej; co najmniej; przynajmniej; lub więcej; minimalnie
    mai mult de; peste; cel puțin; minim; meer dan; minstens; ten minste; tenminste; minimaal
    mais de; pelo menos; no mínimo; mer än; minst; åtminstone; mere end; mindst; vähintään; yli
    více než; nejméně; alespoň; viac ako; najmenej; több mint; legalább; πάνω από; τουλάχιστον
    повече от; поне
    више од; više od; najmanje; več kot; vsaj; daugiau nei; ne mažiau; vairāk nekā; rohkem kui; vähemalt
""")
AT_LEAST_BEFORE = _phrases(
    """
    over; above; über; ab; sopra; sobre; from; à partir de; boven; över; nad; desde; od
    """
)
AT_MOST = _phrases("""
    up to; at most; not more than; no more than; less than; fewer than; maximum; max; or less; maximally
    jusqu'à; jusque; au plus; au maximum; moins de; moins d; maximum de; pas plus de; inférieur à
    bis zu; höchstens; maximal; weniger als; nicht mehr als
    hasta; como máximo; a lo sumo; menos de; máximo; no más de
    fino a; al massimo; massimo; meno di; non più di
    co najwyżej; maksymalnie; maksimum; mniej niż; nie więcej niż; poniżej; maks
    până la; cel mult; maxim; mai puțin de; hoogstens; maximaal; minder dan; ten hoogste
    até; no máximo; upp till; högst; mindre än; op til; højst; enintään; korkeintaan
    nejvýše; méně než; maximálně; najviac; menej ako; legfeljebb; kevesebb mint; έως; μέχρι; το πολύ
    най-много; по-малко от; do največ; največ; najviše; manje od; ne daugiau; līdz; kuni; mažiau nei
""")
AT_MOST_BEFORE = _phrases(
    """
    under; below; unter; bis; sotto; do; tot; sub; pod; til; till; onder; bajo; à concurrence de
    """
)
ABOUT = _phrases("""
    about; approximately; approx; appr; around; roughly; circa; ca; c; some; nearly; almost
    estimated; cca; cirka
    environ; env; à peu près; autour de; près de; approximativement; quelque; presque
    etwa; ungefähr; rund; zirka; schätzungsweise; fast; knapp
    aproximadamente; aprox; unos; unas; alrededor de; cerca de; casi
    quasi; intorno a; approssimativamente; all'incirca
    około; ok; mniej więcej; prawie; aproximativ; cam; vreo; ongeveer; bijna; cerca; noin; n; kb; körülbelül
    περίπου; около; приблизително; přibližně; asi; zhruba; približne; otprilike; približno; apie
    aptuveni; umbes
""")
ABOUT_WORDS = frozenset(first for first, listed in ABOUT.items() if (first,) in listed)
BETWEEN = _phrases(
    """
    between; entre; zwischen; tra; fra; między; pomiędzy; între; tussen; mellan; mellem; mezi; medzi
    μεταξύ; между; između; med; tarp; starp
    """
)
TO = _phrases(
    """
    to; up to; à; jusqu'à; bis; bis zu; a; hasta; ad; al; fino a; do; la; până la; tot; até; till; til;
    až; έως; до
    """
)
AND = _phrases(
    """
    and; et; und; y; e; ed; i; oraz; și; en; och; og; ja; a; και; и; és; ir; un
    """
)

NOT_STATED = frozenset(
    fold(phrase)
    for phrase in phrases(
        """
        n/a; na; n.a.; not applicable; not available; unknown; not known; don't know; do not know; tbd;
        tbc; to be confirmed; confidential; no answer; no data; k.a.; k. a.; keine angabe; keine
        angaben; unbekannt; weiß nicht; vertraulich; entfällt; nc; n.c.; nd; n.d.; inconnu; ne sais pas;
        je ne sais pas; confidentiel; non communiqué; sans réponse; s.o.; sans objet; desconocido; no
        sé; no sabe; confidencial; no disponible; ns/nc; non so; sconosciuto; riservato; non
        disponibile; nie wiem; nieznane; poufne; brak danych; nie dotyczy; nd.; necunoscut; nu știu;
        confidențial; onbekend; weet niet; vertrouwelijk; n.v.t.; nvt; okänt; vet ej; não sei;
        desconhecido; neznámé; nevím; none given; see attachment; x; xx; xxx
    """
    )
)
"""Answers that say that there is no answer, folded; a blank, a dash and a question mark do so too."""

_PERIODS = {
    "hour": """
        hour hours hourly std stunde stunden heure heures hora horas ora ore godzina godzine godz
        uur
    """,
    "day": """
        day days daily tag tage tag täglich jour jours journalier dia dias diario giorno giorni dzien
        dni dziennie zi zile zilnic dag dagen dagelijks dny
    """,
    "week": """
        week weeks weekly wk woche wochen wöchentlich semaine semaines hebdo hebdomadaire semana semanas
        semanal settimana settimane settimanale tydzien tygodniowo tygodni saptamana saptamani
        saptamanal weken wekelijks vecka veckor uge tyden tydne tyzden viikko nedelja εβδομαδα седмица
    """,
    "month": """
        month months monthly mth monat monate monatlich mois mensuel mensuelle mes meses mensual mese
        mesi mensile miesiac miesiecznie mies luna luni maand maanden maandelijks manad maned
        mesic mesiac kuukausi μηνα месец
    """,
    "year": """
        year years yearly annual annually annum yr jahr jahre jährlich annee annees annuel ano
        anos anual anno anni annuo rok roku rocznie lata jaar jaarlijks rocne vuosi ετος година
    """,
}
PERIODS: dict[str, str] = {
    fold(word): period for period, listed in _PERIODS.items() for word in words(listed)
}
"""Word -> the period that an amount is stated for."""


def scale_of(word: str, language: str, spoken: str = "") -> tuple[float, bool] | None:
    """Return what a folded word multiplies a number by, and whether that had to be decided.

    Parameters
    ----------
    word
        Folded.
    language, spoken
        Language of the answer and first language of the country, two letters, empty if not known. Where they
        differ over a word, that of the answer decides, but English gives way: whoever fills in an English
        form may still write "mil".

    Returns
    -------
    tuple of float and bool, or None
        None if the word is no scale.

    Examples
    --------
    >>> scale_of("mln", "pl"), scale_of("mil", "es"), scale_of("mil", "ro"), scale_of("mil", "")
    ((1000000.0, False), (1000.0, False), (1000000.0, False), (1000.0, True))
    >>> scale_of("mil", "en", "pt"), scale_of("doses", "en")
    ((1000.0, True), None)
    """
    by_language = SCALES_BY_LANGUAGE.get(word, {})
    known = [by_language[code] for code in (language, spoken) if code in by_language]
    if known:
        value = known[-1] if language == "en" else known[0]
        return value, len(set(known)) > 1 or language not in by_language
    if word in SCALES:
        return SCALES[word], False
    return (SCALE_DEFAULTS[word], True) if word in SCALE_DEFAULTS else None


def holds(found: list[str], listed: Phrases) -> bool:
    """Tell whether a phrase stands anywhere among folded words.

    Examples
    --------
    >>> holds(["for", "up", "to", "50"], AT_MOST)
    True
    """
    for at, word in enumerate(found):
        for phrase in listed.get(word, ()):
            if len(phrase) == 1 or tuple(found[at : at + len(phrase)]) == phrase:
                return True
    return False


def ends(found: list[str], listed: Phrases) -> bool:
    """Tell whether a phrase stands at the end of folded words, words such as "about" behind it apart.

    Examples
    --------
    >>> ends(["up", "to", "about"], AT_MOST), ends(["up", "to", "us"], AT_MOST)
    (True, False)
    """
    end = len(found)
    while end and found[end - 1] in ABOUT_WORDS:
        end -= 1
    starts = range(max(0, end - 5), end)
    return any(tuple(found[at:end]) in listed.get(found[at], ()) for at in starts)
