// Draws a published sample again, with nothing but the browser: the file never leaves it.
"use strict";

async function sha256(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const markOf = (told) => sha256(told.list.map((line) => line + "\n").join(""));

// What does not agree, one sentence each, and the tickets as they come out. No faults: the draw is as it should be.
// before: the list's SHA-256 as it was published before the number was known, or nothing.
async function verify(told, before) {
  const faults = [];
  const mark = await markOf(told);
  if (mark !== told.list_sha256) faults.push(`Listen er ændret: dens SHA-256 er ${mark}, men filen siger ${told.list_sha256}.`);
  if (before && before !== mark) faults.push(`Det er en anden liste end den, der blev offentliggjort før: dens SHA-256 var ${before}, nu er den ${mark}.`);
  const [head, ...tickets] = told.list.map((line) => JSON.parse(line));
  for (const name of ["format", "municipality", "sample", "seed_source"]) {
    if (told[name] !== head[name]) faults.push(`Filen siger »${told[name]}«, men den frosne liste siger »${head[name]}«.`);
  }
  if (!(head.frozen_on <= head.seed_day)) faults.push(`Listen er frosset ${head.frozen_on}, men tallet blev kendt ${head.seed_day}.`);
  if (!tickets.every((each, at) => each.ticket === at + 1)) faults.push(`Lodnumrene går ikke fra 1 til ${tickets.length}.`);
  if (new Set(tickets.map((each) => each.case)).size !== tickets.length) faults.push("En sag står på listen to gange.");
  const groups = new Set(head.strata.map((each) => each.key));
  if (groups.size !== head.strata.length || tickets.some((each) => !groups.has(each.stratum))) {
    faults.push("Et lod står uden for grupperne, eller en gruppe står der to gange.");
  }
  const drawn = [];
  for (const stratum of head.strata) {
    const mine = tickets.filter((each) => each.stratum === stratum.key).map((each) => each.ticket);
    if (mine.length !== stratum.population) faults.push(`Gruppen ${stratum.key} har et andet antal lodder, end der står.`);
    if (!(stratum.size >= 0 && stratum.size <= mine.length)) faults.push(`Der kan ikke trækkes ${stratum.size} lodder i gruppen ${stratum.key}.`);
    const marks = await Promise.all(mine.map(async (ticket) => [await sha256(`${told.seed}\n${mark}\n${ticket}`), ticket]));
    marks.sort((one, other) => (one[0] < other[0] ? -1 : 1));
    marks.slice(0, Math.max(stratum.size, 0)).forEach(([, ticket], at) => drawn.push(`${stratum.key} ${at + 1} ${ticket}`));
  }
  const said = told.drawn.map((each) => `${each.stratum} ${each.rank} ${each.ticket}`);
  if (!told.seed && said.length) faults.push("Filen siger, at der er trukket lod, men den har intet tal.");
  if (told.seed && drawn.sort().join() !== said.sort().join()) faults.push("Lodtrækningen giver andre lodder, end filen siger.");
  return { faults, mark, head, drawn: told.seed ? drawn.map((each) => Number(each.split(" ")[2])).sort((one, other) => one - other) : [] };
}

// What one should know of a file where all agrees.
function words(told, { mark, head, drawn }, before) {
  return [
    told.seed ? "Alt stemmer." : "Listen stemmer. Der er ikke trukket lod endnu.",
    `${told.municipality}, stikprøve ${told.sample}: ${(head.drawn_from || [head.round_asks.title]).join(", ")}.`, `Listens SHA-256: ${mark}`,
    ...(drawn.length ? [`Tal: ${told.seed} (${told.seed_source}, kendt ${head.seed_day})`, `Udtrukne lodder: ${drawn.join(", ")}`] : []),
    before ? "Det er den liste, der blev offentliggjort før." : "Hold selv SHA-256 op mod det, der blev offentliggjort, før tallet var kendt.",
  ];
}

const read = async (box) => (box.files.length ? JSON.parse(await box.files[0].text()) : null);

async function check() {
  const place = document.querySelector("#verify-answer");
  const say = (verdict, lines) => {
    place.dataset.verdict = verdict;
    place.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  };
  try {
    const [told, early] = [await read(document.querySelector("#verify-file")), await read(document.querySelector("#verify-before"))];
    if (!told) return;
    const before = early ? await markOf(early) : "";
    const found = await verify(told, before);
    say(found.faults.length ? "wrong" : "right", found.faults.length ? found.faults : words(told, found, before));
  } catch (fault) {
    say("wrong", [`Filen kan ikke læses: ${fault.message}`]);
  }
}

document.querySelectorAll("#verify-file, #verify-before").forEach((box) => box.addEventListener("change", check));
