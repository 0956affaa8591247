"""Names for people who do not exist. First names and family names are drawn apart, so that a whole name is nobody's on purpose.

A name brings a gender for the pronouns and perhaps a language beside Danish. It brings nothing else: situations, roles and
results are drawn without looking at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

WOMEN = (
    "Agnete", "Alba", "Anniken", "Astrid", "Bolette", "Cecilie", "Dagmar", "Ditte", "Ea", "Emilie", "Esther", "Filippa", "Fie", "Gro", "Hedvig",
    "Ida", "Iben", "Johanne", "Karla", "Kamille", "Laura", "Liva", "Lærke", "Malene", "Marie", "Mette", "Mille", "Naja", "Olga", "Pernille",
    "Ragnhild", "Rosa", "Saga", "Sofie", "Stine", "Sylvia", "Tilde", "Trine", "Ursula", "Vibe", "Viola", "Østen-Marie", "Åse",
)  # fmt: skip
MEN = (
    "Adam", "Aksel", "Anker", "Anton", "Bertil", "Birger", "Bjarne", "Casper", "Christian", "David", "Ejnar", "Elias", "Emil", "Felix", "Frede",
    "Gorm", "Gustav", "Halfdan", "Holger", "Ivar", "Jens-Ole", "Joakim", "Jørn", "Kaj", "Kalle", "Lasse", "Leif", "Magnus", "Malte", "Mikkel",
    "Niels", "Oskar", "Otto", "Palle", "Rasmus", "Sigurd", "Storm", "Svend", "Tage", "Troels", "Valdemar", "Villads", "Øjvind", "Åge",
)  # fmt: skip
FAMILY = (
    "Abildtrup", "Agerlund", "Bakkegaard", "Birkemose", "Blåbjerg", "Brandholt", "Dalsgård-Rye", "Egedal", "Elmekær", "Fuglsang", "Fyrrelund",
    "Granhøj", "Grøndal", "Havekær", "Hedemark", "Hestkær", "Højager", "Kirkeby", "Klitmose", "Koldbæk", "Krogsbøl", "Lindehøj", "Lundager",
    "Lyngmose", "Løvenbjerg", "Mosegaard", "Møllebro", "Nørskov", "Nygård", "Odderskær", "Overby", "Pilegaard", "Poppelvig", "Ravnsborg",
    "Revsbæk", "Rughave", "Sandager", "Skovlund", "Skærbæk", "Snedsted", "Solbakken", "Stenløkke", "Stranddal", "Søholt", "Tangkær", "Toftegaard",
    "Tranekær", "Vadehøj", "Vestergrav", "Vibeholm", "Ørbækvang", "Østerled", "Åløkke", "Aagren",
)  # fmt: skip
# language: (women, men, family)
OTHER = {
    "arabisk": (("Amal", "Hanan", "Layan", "Rana", "Salma"), ("Fadi", "Khalid", "Omar", "Sami", "Yousef"),
        ("al-Baraka", "Darwiche", "Haddadin", "Mansouri", "Zeitoun")),
    "tyrkisk": (("Aylin", "Defne", "Elif", "Nermin"), ("Emre", "Kerem", "Onur", "Serkan"), ("Aksoylu", "Demirkan", "Gündogan", "Yildizer")),
    "somali": (("Ayaan", "Hodan", "Ifrah", "Sahra"), ("Abdi", "Guled", "Liban", "Warsame"), ("Abshirow", "Farahow", "Jamaale", "Nuurow")),
    "polsk": (("Agnieszka", "Dorota", "Kasia", "Zofia"), ("Jacek", "Marek", "Piotr", "Wojtek"), ("Brzozka", "Gorzelany", "Kowalewicz", "Lipniczak")),
    "grønlandsk": (("Arnaq", "Ivalu", "Nivi", "Pipaluk"), ("Aputsiaq", "Inuk", "Malik", "Minik"),
        ("Isbrandsen", "Kleistrup", "Ostermannsen", "Petrussinger")),
    "ukrainsk": (("Halyna", "Iryna", "Oksana", "Svitlana"), ("Andrij", "Bohdan", "Oleh", "Taras"),
        ("Bondarchenko", "Hnatiw", "Kovalyshyn", "Melnychko")),
    "tamilsk": (("Abirami", "Kavitha", "Nila", "Thulasi"), ("Arul", "Kumaran", "Nimalan", "Suren"),
        ("Arulrajan", "Kandasami", "Selvaratnan", "Thambinathan")),
    "farsi": (("Leila", "Mahin", "Parisa", "Shirin"), ("Arash", "Dariush", "Kaveh", "Navid"), ("Behroozi", "Farahandi", "Kianpoor", "Rostamian")),
    "bosnisk": (("Amra", "Lejla", "Mirela", "Selma"), ("Adnan", "Edin", "Jasmin", "Nedim"), ("Begovac", "Hodzina", "Mujakic", "Softovic")),
    "vietnamesisk": (("Huong", "Linh", "Mai", "Thuy"), ("Bao", "Duc", "Khanh", "Tuan"), ("Doanh", "Huynhson", "Phamvan", "Truongh")),
    "irsk engelsk": (("Niamh", "Róisín"), ("Declan", "Eoin"), ("O'Dwyerlan", "O'Kellahan")),
}  # fmt: skip
STREETS = (
    "Kajen", "Nørregade", "Møllestien", "Skolevænget", "Rolighedsvej", "Fyrvej", "Strandpromenaden", "Teglværksvej", "Gartnervænget",
    "Stationspladsen", "Bagerstræde", "Åboulevarden", "Birkeparken", "Sømarken",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    first: str
    last: str
    woman: bool
    languages: tuple[str, ...] = ("dansk",)

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def pronouns(self) -> dict[str, str]:
        she = {"han": "hun", "ham": "hende", "hans": "hendes"} if self.woman else {"han": "han", "ham": "ham", "hans": "hans"}
        return she | {word.capitalize(): text.capitalize() for word, text in she.items()}


def draw(rng: Random, *, foreign: bool | None = None) -> Person:
    """One person. About one in five has a language beside Danish; `foreign` decides it where the law does (integrationsloven)."""
    other = rng.random() < 0.2 if foreign is None else foreign
    woman = rng.random() < 0.5
    if not other:
        return Person(rng.choice(WOMEN if woman else MEN), rng.choice(FAMILY), woman)
    language = rng.choice(sorted(OTHER))
    women, men, family = OTHER[language]
    spoken = ("dansk", language.removeprefix("irsk ")) if foreign is None else (language.removeprefix("irsk "), "dansk")
    return Person(rng.choice(women if woman else men), rng.choice(family), woman, spoken)


def people(rng: Random, count: int, taken: set[str]) -> list[Person]:
    """So many different persons."""
    found: list[Person] = []
    while len(found) < count:
        person = draw(rng)
        if person.name not in taken:
            taken.add(person.name)
            found.append(person)
    return found


def address(rng: Random, town: str) -> str:
    return f"{rng.choice(STREETS)} {rng.randint(1, 98)}, 0000 {town}"


def cpr(number: int) -> str:
    """CPR number no. `number` of a row: well-formed, and of somebody born 1858-1899, so that nobody living can have it."""
    year, rest = 58 + number % 42, number // 42
    month, day = rest % 12 + 1, rest // 12 % 28 + 1
    return f"{day:02d}{month:02d}{year:02d}-{5 + number % 4}{(number * 37 + 11) % 1000:03d}"
