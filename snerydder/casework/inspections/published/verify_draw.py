# da-file: read by whoever checks a Danish municipality
"""Draw a published sample again, with nothing but Python:

    python verify_draw.py stikproeve.json [the same file as it was published before the number was known, or its SHA-256]

The file holds the list as it was frozen, its SHA-256, the public number (the seed) and the tickets drawn. Everything is worked out
again from the list and the number. Whoever writes a whole new list afterwards and draws from it can only be seen by holding the list
against what was published before the number: that is what the second one is for. Exit code 0: all agrees. 1: something does not.
"""

import hashlib
import json
import sys


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def mark_of(told):
    return sha256("".join(line + "\n" for line in told["list"]))


def faults(told, before=""):
    """What does not agree, one sentence each. Empty: the draw is as it should be. `before`: the list's SHA-256 as it was published."""
    found = []
    mark = mark_of(told)
    if mark != told["list_sha256"]:
        found.append("Listen er ændret: dens SHA-256 er " + mark + ", men filen siger " + told["list_sha256"] + ".")
    if before and before != mark:
        found.append("Det er en anden liste end den, der blev offentliggjort før: dens SHA-256 var " + before + ", nu er den " + mark + ".")
    head, *tickets = [json.loads(line) for line in told["list"]]
    for name in ("format", "municipality", "sample", "seed_source"):
        if told[name] != head[name]:
            found.append("Filen siger »" + str(told[name]) + "«, men den frosne liste siger »" + str(head[name]) + "«.")
    if head["frozen_on"] > head["seed_day"]:
        found.append("Listen er frosset " + head["frozen_on"] + ", men tallet blev kendt " + head["seed_day"] + ".")
    if [str(each["ticket"]) for each in tickets] != [str(number) for number in range(1, len(tickets) + 1)]:
        found.append("Lodnumrene går ikke fra 1 til " + str(len(tickets)) + ".")
    if len({each["case"] for each in tickets}) != len(tickets):
        found.append("En sag står på listen to gange.")
    groups = [stratum["key"] for stratum in head["strata"]]
    if len(set(groups)) != len(groups) or {each["stratum"] for each in tickets} - set(groups):
        found.append("Et lod står uden for grupperne, eller en gruppe står der to gange.")
    drawn = []
    for stratum in head["strata"]:
        numbers = [each["ticket"] for each in tickets if each["stratum"] == stratum["key"]]
        if len(numbers) != stratum["population"]:
            found.append("Gruppen " + stratum["key"] + " har et andet antal lodder, end der står.")
        if not 0 <= stratum["size"] <= len(numbers):
            found.append("Der kan ikke trækkes " + str(stratum["size"]) + " lodder i gruppen " + stratum["key"] + ".")
        numbers.sort(key=lambda number: sha256(told["seed"] + "\n" + mark + "\n" + str(number)))
        drawn += [(stratum["key"], rank, number) for rank, number in enumerate(numbers[: max(stratum["size"], 0)], 1)]
    if not told["seed"]:
        return found + (["Filen siger, at der er trukket lod, men den har intet tal."] if told["drawn"] else [])
    if sorted(drawn) != sorted((each["stratum"], each["rank"], each["ticket"]) for each in told["drawn"]):
        found.append("Lodtrækningen giver andre lodder: " + ", ".join(str(number) for _, _, number in drawn) + ".")
    return found


def words(told, before):
    """What one should know of a file where all agrees."""
    head = json.loads(told["list"][0])
    yield "Alt stemmer." if told["seed"] else "Listen stemmer. Der er ikke trukket lod endnu."
    about = head.get("drawn_from") or [head["round_asks"]["title"]]
    yield told["municipality"] + ", stikprøve " + str(told["sample"]) + ": " + ", ".join(about) + "."
    yield "Listens SHA-256: " + told["list_sha256"]
    if told["seed"]:
        yield "Tal: " + told["seed"] + " (" + told["seed_source"] + ", kendt " + head["seed_day"] + ")"
        yield "Udtrukne lodder: " + ", ".join(str(number) for number in sorted(each["ticket"] for each in told["drawn"]))
    yield "Det er den liste, der blev offentliggjort før." if before else "Hold selv SHA-256 op mod det, der blev offentliggjort, før tallet var kendt."


def read(name):
    with open(name, encoding="utf-8") as file:
        return json.load(file)


def main(name, before=""):
    try:
        told = read(name)
        if before and len(before) != 64:
            before = mark_of(read(before))
        wrong = faults(told, before)
        print("\n".join(wrong or words(told, before)))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as fault:
        wrong = [fault]
        print("Filen kan ikke læses: " + str(fault))
    return 1 if wrong else 0


if __name__ == "__main__":
    usage = "Skriv: python verify_draw.py stikproeve.json [filen fra før tallet var kendt, eller dens SHA-256]"
    sys.exit(main(*sys.argv[1:3]) if len(sys.argv) > 1 else usage)
