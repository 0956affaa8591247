"""What mentors write: nothing, a few words that are always the same, or some sentences about this time."""
# da-file: invented notes of an invented log

from random import Random

STOCK = (
    "Ringede.", "Ringede og aftalte ny tid.", "Fulgte til lægen.", "Gåtur og snak.", "Kaffe og snak.", "Hjalp med e-Boks.", "Møde på kommunen.", "Mindede om mødet i morgen.",
    "Svarede ikke.", "Lagde en besked.", "Fulgte til samtale i kommunen.", "Hjalp med at skrive en ansøgning.", "Vækkede pr. telefon.", "Gik til træning sammen.", "Talte om ugen.",
)  # fmt: skip
WHERE = ("på biblioteket", "hjemme hos borgeren", "på caféen ved stationen", "i parken", "på skolen", "på sygehuset", "i væresteden", "på kontoret", "i svømmehallen", "på værkstedet", "over telefonen", "i bussen")
DID = (
    "vi gennemgik posten fra den sidste uge", "vi øvede ruten med bus til praktikstedet", "vi skrev en ansøgning om boligstøtte", "vi ringede sammen til tandlægen",
    "vi så på opslag i nærheden", "vi fulgtes til en samtale om praktik", "vi lavede en plan for morgenerne", "vi talte om gælden og skrev tallene op",
    "vi besøgte produktionsskolen", "vi handlede ind til ugen", "vi fik styr på MitID", "vi talte om medicinen og aftalen med lægen", "vi mødtes med klasselæreren",
    "vi så lejligheden sammen", "vi øvede en jobsamtale", "vi skrev tre ting ned, som går godt",
)  # fmt: skip
FELT = (
    "hun var træt, men kom alligevel", "han var glad for at være kommet ud", "det gik bedre end sidst", "der var mange tanker om økonomien", "stemningen var god hele vejen",
    "det var svært at holde aftalen i dag", "han sov dårligt i nat", "hun fortalte om sin søster", "der var uro på grund af et brev", "han tog selv ordet i mødet",
    "hun lo flere gange", "det tog længere tid end ventet",
)  # fmt: skip
NEXT = (
    "næste gang ser vi på cv'et", "vi ses igen torsdag", "jeg ringer fredag morgen", "hun tager selv bussen næste gang", "han sender mig datoen på sms", "vi aftaler nærmere efter samtalen",
    "sagsbehandleren får besked", "vi prøver et andet tidspunkt", "målet om fremmøde tager vi op igen", "jeg finder nummeret til foreningen", "vi holder fast i mandagen", "hun skriver selv til skolen",
)  # fmt: skip


class Pen:
    """One person's way of writing."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.silent, self.short = rng.uniform(0.1, 0.5), rng.uniform(0.2, 0.6)
        self.stock = rng.sample(STOCK, 4)
        self.start = rng.choice(("Vi mødtes", "Mødtes", "Besøg", "I dag"))

    def any(self) -> str:
        if self.rng.random() < self.silent:
            return ""
        return self.rng.choice(self.stock) if self.rng.random() < self.short else self.long()

    def long(self) -> str:
        pick = self.rng.choice
        did = ", og ".join(self.rng.sample(DID, self.rng.choice((1, 1, 2))))
        said = f"{self.start} {pick(WHERE)}: {did}."
        for more in self.rng.sample((FELT, NEXT), self.rng.choice((1, 2, 2))):
            sentence = pick(more)
            said += f" {sentence[0].upper()}{sentence[1:]}."
        return said
