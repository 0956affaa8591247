// Draws a published sample again, with nothing but the browser: the file never leaves it.
"use strict";

async function sha256(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What does not agree, one sentence each, and the tickets as they come out. No faults: the draw is as it should be.
async function verify(told) {
  const faults = [];
  const mark = await sha256(told.list.map((line) => line + "\n").join(""));
  if (mark !== told.list_sha256) faults.push(`Listen er ændret: dens SHA-256 er ${mark}, men filen siger ${told.list_sha256}.`);
  const [head, ...tickets] = told.list.map((line) => JSON.parse(line));
  if (!tickets.every((each, at) => each.ticket === at + 1)) faults.push(`Lodnumrene går ikke fra 1 til ${tickets.length}.`);
  if (new Set(tickets.map((each) => each.case)).size !== tickets.length) faults.push("En sag står på listen to gange.");
  const drawn = [];
  for (const stratum of head.strata) {
    const mine = tickets.filter((each) => each.stratum === stratum.key).map((each) => each.ticket);
    if (mine.length !== stratum.population) faults.push(`Gruppen ${stratum.key} har et andet antal lodder, end der står.`);
    const marks = await Promise.all(mine.map(async (ticket) => [await sha256(`${told.seed}\n${mark}\n${ticket}`), ticket]));
    marks.sort((one, other) => (one[0] < other[0] ? -1 : 1));
    marks.slice(0, stratum.size).forEach(([, ticket], at) => drawn.push(`${stratum.key} ${at + 1} ${ticket}`));
  }
  const said = told.drawn.map((each) => `${each.stratum} ${each.rank} ${each.ticket}`);
  if (!told.seed && said.length) faults.push("Filen siger, at der er trukket lod, men den har intet tal.");
  if (told.seed && drawn.sort().join() !== said.sort().join()) faults.push("Lodtrækningen giver andre lodder, end filen siger.");
  return { faults, mark, head, drawn: told.seed ? drawn.map((each) => Number(each.split(" ")[2])).sort((one, other) => one - other) : [] };
}

function say(place, lines) {
  place.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
}

document.querySelector("#verify-file").addEventListener("change", async (event) => {
  const place = document.querySelector("#verify-answer");
  try {
    const told = JSON.parse(await event.target.files[0].text());
    const { faults, mark, head, drawn } = await verify(told);
    place.dataset.verdict = faults.length ? "wrong" : "right";
    const first = faults.length ? faults : [told.seed ? "Alt stemmer." : "Listen stemmer. Der er ikke trukket lod endnu."];
    say(place, [...first, `${told.municipality}, stikprøve ${told.sample}: ${head.drawn_from.join(", ")}.`, `Listens SHA-256: ${mark}`,
      ...(drawn.length ? [`Tal: ${told.seed} (${told.seed_source})`, `Udtrukne lodder: ${drawn.join(", ")}`] : [])]);
  } catch (fault) {
    place.dataset.verdict = "wrong";
    say(place, [`Filen kan ikke læses: ${fault.message}`]);
  }
});
