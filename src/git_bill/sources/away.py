"""Calendar events that say somebody is away: vacation, leave, sickness, a day off. In the languages of many calendars.

Only that the day is off is kept: why is nobody's business, and an illness no client's.
"""

import re

_WORDS = """
vacation|vacations|holidays|annual leave|sick leave|parental leave|maternity leave|paternity leave|on leave
day off|days off|time off|off work|out of office|out of the office|ooo|oof|pto|sick|sick day|bank holiday
public holiday|public holidays|sick note
urlaub|urlaubstag|resturlaub|jahresurlaub|sonderurlaub|ferien|betriebsferien|krank|krankgeschrieben|krankheit|krankenstand
feiertag|brückentag|abwesend|abwesenheit|nicht im büro|elternzeit|mutterschutz|arbeitsunfähig|zeitausgleich
vacances|congé|congés|congés payés|en congé|férié|jour férié|maladie|malade|arrêt maladie|absent|absente
vacaciones|festivo|día libre|baja médica|enfermo|enferma|ausente|fuera de la oficina
ferie|vacanza|vacanze|malattia|fuori ufficio|assente|giorno libero
vakantie|verlof|vrije dag|ziek|feestdag|afwezig
férias|feriado|folga|doente|licença médica|fora do escritório
urlop|chorobowe|zwolnienie lekarskie|dzień wolny|nieobecny|nieobecna|święto
sjuk|helgdag|sygdom|syg|ferie|feriefridag|fridag|syk|sykmeldt|permisjon
vuosiloma|kesäloma|talviloma|vapaapäivä|sairas|sairausloma
dovolená|dovolenka|nemoc|nemocenská|svátek|szabadság|szabadságon|beteg|concediu|praznik|dopust|bolovanje
отпуск|больничный|выходной|відпустка|лікарняний|izin|izinli|yıllık izin|tatil|hastalık izni|raporlu|άδεια|διακοπές
休暇|有給|有給休暇|休み|夏休み|病欠|祝日|休假|年假|病假|假期|休假中|放假|휴가|연차|병가
"""
# These mean other things, too: they count where the title is nothing else.
_ALONE = """
leave|away|frei|libre|baja|permiso|permesso|vrij|wolne|semester|ledig|vab|fri|loma|vapaa|volno|odmor|absence|holiday|rtt
"""
# What is planned, asked for or sold is no absence: "holiday campaign", "vacation planning", "Urlaubsantrag Jonas".
_NOT = """
plan|plans|planning|campaign|sale|sales|launch|party|meeting|call|request|requests|approval|approve|deadline|review|calendar
book|booking|feature|release|demo|email|mail|mailing|newsletter|marketing|season|special|shop|cover|covering|handover|prep
planung|planen|antrag|genehmigen|genehmigung|aktion|kampagne|feier|übergabe|vertretung|buchen|termin|besprechung
planification|demande|réunion|campagne|fête|solicitud|campaña|reunión|planificación|fiesta|pianificazione|richiesta|campagna
"""


def _listed(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(entry.split()) for entry in re.split(r"[|\n]", text) if entry.strip())


_AWAY, _BARE, _WORK = _listed(_WORDS), _listed(_ALONE), _listed(_NOT)
_LONGEST = max(map(len, _AWAY))
_BEFORE = frozenset({"on", "in", "im", "am", "en", "på", "op", "na", "em", "de"})  # on vacation, im Urlaub
_MOST = 200  # characters of a title that are looked at


def says_away(title: str, others: frozenset[str] = frozenset()) -> bool:
    """Whether a title begins or ends with such a word. `others`: names in lower case; it is about these people then."""
    words = tuple(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", title[:_MOST].casefold()))
    if any((word,) in _WORK for word in words) or not others.isdisjoint(words):
        return False
    return _is_away(words) or (words[:1] != () and words[0] in _BEFORE and _is_away(words[1:]))


def _is_away(words: tuple[str, ...]) -> bool:
    sizes = range(1, min(_LONGEST, len(words)) + 1)
    return words in _BARE or any(words[:size] in _AWAY or words[-size:] in _AWAY for size in sizes)
