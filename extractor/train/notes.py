# SPDX-License-Identifier: Apache-2.0
"""The short form in which a person notes the facts of an article, read into records of FACTS.md's JSON.

    ! published 2008-03-04
    @ The port ... of 40 million euros
    investment planned :: investor: Port of Riga / port; amount: 40 million euros {40e6 EUR}; recipient: quay
    stat ? :: value: about 300 {300 worker|job about}; subject: quay; metric: workers; by: harbour office
    say :: speaker: Anna Ozola; content: We shall ... in spring; direct: true

A line that begins with @ quotes the evidence of the records below it, up to the next @. `A ... B` stands for
the words of the article from A to the next B: in evidence of the whole article, in a filler of the evidence;
` && ` joins what stands apart, as the parts of a quotation.
A record is `KIND[,OTHER KIND] [MODALITY[,OTHER]] [?] :: ROLE: FILLERS; ROLE: FILLERS`. `?` makes it optional,
`by` is reported_by. Fillers are set apart by ` + `, other right wordings of one by ` / `. Braces hold the value:
of a date `{2007}`, `{2007 / 2007-06}` where two are right; of a figure `{NUMBER UNIT BOUND}`, `{10..20 km}` for a
range, `{90e6 INR ~ 1.2e6 USD}` for equivalents, `|` between units (or numbers) that are both right.
"""
import re

ROLES = {
    "investment": "amount investor recipient place date",
    "statistic": "value subject metric whole place period",
    "change": "amount subject metric direction basis period",
    "target": "value goal subject holder metric deadline place",
    "statement": "speaker content direct venue date",
    "position": "person title organisation status date",
    "facility_event": "facility event owner place date",
    "founding": "entity date founder place",
    "agreement": "party topic form amount place date",
    "ownership": "entity owner form share",
    "acquisition": "acquirer acquired amount share date",
    "location": "entity place relation",
    "gathering": "event organiser participant place date",
}
ROLES = {kind: roles.split() for kind, roles in ROLES.items()}
MODALITIES = "actual planned target forecast possible negated".split()
ENUMS = {
    ("change", "direction"): "up down above below",
    ("statement", "direct"): "true false",
    ("position", "status"): "current former appointed departed",
    ("facility_event", "event"): "planned construction_started under_construction completed trial opened "
                                 "expanded closed",
    ("agreement", "form"): "agreement joint_venture contract cooperation",
    ("ownership", "form"): "joint_venture subsidiary stake",
    ("location", "relation"): "in capital_of part_of headquartered_in",
}
ENUMS = {where: words.split() for where, words in ENUMS.items()}
DATES = {"date", "period", "deadline"}
FIGURES = {"amount", "value", "share"}
TEXTS = {"metric", "title", "content", "goal", "basis", "topic"}
BOUNDS = "exact about more_than less_than at_least at_most range".split()
SHORT = dict(inv="investment", stat="statistic", chg="change", tgt="target", say="statement", pos="position",
             fac="facility_event", found="founding", agr="agreement", own="ownership", acq="acquisition",
             loc="location", gath="gathering")


def pattern(words):
    """Finds these words whatever the white space between them, not inside longer words."""
    body = r"\s+".join(map(re.escape, words.split()))
    return re.compile((r"(?<!\w)" if words[:1].isalnum() else "") + body + (r"(?!\w)" if words[-1:].isalnum() else ""))


def expand(words, within):
    """`A ... B` as it stands in a passage, parts joined by &&; other words as they are."""
    if " && " in words:
        return " ".join(expand(part, within) for part in words.split(" && "))
    if " ... " not in words:
        return words
    first, last = words.split(" ... ", 1)
    start = pattern(first).search(within)
    end = start and pattern(last).search(within, start.end())
    if not end:
        raise ValueError(f"“{words}” is not found")
    return within[start.start():end.end()]


def number(text):
    value = float(text)
    return int(value) if value == int(value) else value


def figure(text):
    """`90e6 INR about ~ 1.2e6 USD` as number, unit, bound, equivalent and the like."""
    def one(part):
        words = part.split()
        found = {"bound": words.pop() if words[-1] in BOUNDS else "exact"}
        low, _, high = words[0].partition("..")
        low, *others = low.split("|")
        found["number"] = number(low)
        if high:
            found.update(high=number(high), bound="range")
        if others:
            found["alt_number"] = [number(other) for other in others]
        found["unit"], *others = " ".join(words[1:]).split("|")
        if others:
            found["alt_unit"] = others
        return found
    first, *others = map(one, text.split(" ~ "))
    first["type"] = "percent" if first["unit"] in ("%", "pp") else (
        "money" if re.fullmatch("[A-Z]{3}", first["unit"]) else "quantity")
    if others:
        first["equivalent"] = [{key: other[key] for key in ("number", "high", "unit") if key in other}
                               for other in others]
    return first


def filler(kind, role, text, evidence):
    """One filler as noted: its wordings, then its value in braces."""
    value = None
    if found := re.fullmatch(r"(.*?)\s*\{(.*)\}", text):
        text, value = found.groups()
    first, *others = (expand(words.strip(), evidence) for words in text.split(" / "))
    made = {"text": " ".join(first.split())}
    if value is not None and role in DATES:
        value, *more = value.split(" / ")
        made.update(type="date", value=value, **({"alt_value": more} if more else {}))
    elif value is not None and role in FIGURES:
        made.update(figure(value))
    elif value is not None:
        raise ValueError(f"a {role} has no value in braces")
    elif (kind, role) in ENUMS:
        made["type"] = "enum"
    elif role in TEXTS:
        made["type"] = "text"
    if others:
        made["alt"] = [" ".join(other.split()) for other in others]
    return made


def record(line, evidence):
    """One line as a record."""
    head, found, body = line.partition("::")
    if not found:
        raise ValueError("a record without ::")
    words = head.replace("?", " ? ").split()
    made = {"optional": True} if "?" in words else {}
    words = [word for word in words if word != "?"]
    kind, *kinds = (SHORT.get(word, word) for word in words[0].split(","))
    if kind not in ROLES:
        raise ValueError(f"unknown kind {kind}")
    modality, *modalities = (words[1] if len(words) > 1 else "actual").split(",")
    made = {"kind": kind, "modality": modality, "reported_by": None, "roles": {}, "evidence": {"text": evidence}, **made}
    if kinds:
        made["alt_kind"] = kinds
    if modalities:
        made["alt_modality"] = modalities
    for part in re.split(rf";\s+(?=(?:{'|'.join([*ROLES[kind], 'by'])}): )", body.strip()):
        role, found, fillers = part.partition(": ")
        if role == "by" and found:
            made["reported_by"] = fillers.strip()
        elif role not in ROLES[kind] or not found:
            raise ValueError(f"{kind} has no role “{part}”")
        else:
            made["roles"][role] = [filler(kind, role, one.strip(), evidence) for one in fillers.split(" + ")]
    return made


def read(lines, article):
    """(published or None, [(line number, record)]) of notes; ValueError names the line that is wrong."""
    published, evidence, records = None, None, []
    for at, line in enumerate(lines, 1):
        line = line.strip()
        try:
            if line.startswith("! published "):
                published = line.split()[2]
            elif line.startswith("@"):
                evidence = " ".join(expand(line[1:].strip(), article).split())
            elif line and not line.startswith("#"):
                if evidence is None:
                    raise ValueError("a record before any evidence")
                records.append((at, record(line, evidence)))
        except (ValueError, IndexError) as problem:
            raise ValueError(f"{at}: {problem}") from problem
    return published, records
