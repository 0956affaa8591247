"""Draw a published sample again, with nothing but Python: python verify_draw.py stikproeve.json

The file holds the list as it was frozen, its SHA-256, the public number (the seed) and the tickets drawn. Everything is worked out
again from the list and the number. Exit code 0: all agrees. 1: something does not.
"""
# da-file: read by whoever checks a Danish municipality

import hashlib
import json
import sys


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def faults(told):
    """What does not agree, one sentence each. Empty: the draw is as it should be."""
    found = []
    mark = sha256("".join(line + "\n" for line in told["list"]))
    if mark != told["list_sha256"]:
        found.append("Listen er ændret: dens SHA-256 er " + mark + ", men filen siger " + told["list_sha256"] + ".")
    head, *tickets = [json.loads(line) for line in told["list"]]
    if [each["ticket"] for each in tickets] != list(range(1, len(tickets) + 1)):
        found.append("Lodnumrene går ikke fra 1 til " + str(len(tickets)) + ".")
    if len({each["case"] for each in tickets}) != len(tickets):
        found.append("En sag står på listen to gange.")
    drawn = []
    for stratum in head["strata"]:
        numbers = [each["ticket"] for each in tickets if each["stratum"] == stratum["key"]]
        if len(numbers) != stratum["population"]:
            found.append("Gruppen " + stratum["key"] + " har et andet antal lodder, end der står.")
        numbers.sort(key=lambda number: sha256(told["seed"] + "\n" + mark + "\n" + str(number)))
        drawn += [(stratum["key"], rank, number) for rank, number in enumerate(numbers[: stratum["size"]], 1)]
    if not told["seed"]:
        return found + (["Filen siger, at der er trukket lod, men den har intet tal."] if told["drawn"] else [])
    if sorted(drawn) != sorted((each["stratum"], each["rank"], each["ticket"]) for each in told["drawn"]):
        found.append("Lodtrækningen giver andre lodder: " + ", ".join(str(number) for _, _, number in drawn) + ".")
    return found


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        told = json.load(file)
    wrong = faults(told)
    print("\n".join(wrong) or "Alt stemmer. SHA-256 af listen: " + told["list_sha256"])
    sys.exit(1 if wrong else 0)
