// Draws a trial's lots again from what was published. In a browser: choose the file. With Node: node verify_lottery.js forsoeg.json
"use strict";
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const utf8 = (text) => new TextEncoder().encode(text);
const sha256 = async (...parts) => hex(await crypto.subtle.digest("SHA-256", utf8(parts.join("\n"))));

// HMAC-SHA256 under the seed, of parts with a line feed between them.
async function keyed(seed) {
  const raw = new Uint8Array(seed.match(/../g).map((pair) => parseInt(pair, 16)));
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return async (...parts) => hex(await crypto.subtle.sign("HMAC", key, utf8(parts.join("\n"))));
}

// The arms of a stratum: permuted blocks, their sizes and their order by HMAC alone.
async function arms(hmac, { ratio, blocks, arms: names }, stratum, places) {
  const found = [];
  for (let block = 1; found.length < places; block += 1) {
    const share = blocks[Number(BigInt(`0x${await hmac("size", stratum, block)}`) % BigInt(blocks.length))] / ratio.reduce((sum, each) => sum + each);
    const lying = names.flatMap((arm, at) => Array(ratio[at] * share).fill(arm));
    const marks = await Promise.all(lying.map(async (arm, at) => [await hmac("order", stratum, block, at + 1), arm]));
    found.push(...marks.sort((one, other) => (one[0] < other[0] ? -1 : 1)).map((pair) => pair[1]));
  }
  return found.slice(0, places);
}

// What does not agree, one sentence each, and how many lots were worked out. No faults: the draw is as it should be.
async function verify(told) {
  const faults = [];
  const same = (is, should, words) => is === should || faults.push(`${words}: SHA-256 er ${is}, men filen siger ${should}.`);
  same(await sha256(told.protocol), told.protocol_sha256, "Protokollen er ændret");
  let before = told.protocol_sha256;
  for (const each of told.amendments) {
    same((before = await sha256(before, each.number, each.field, each.before, each.after, each.reason, each.made_on)), each.mark, `Ændring ${each.number} er ændret`);
  }
  same(await sha256(told.places), told.places_sha256, "Pladserne er ændret");
  if (!told.list) return { faults, lots: 0, worked: 0 };
  same(await sha256(told.list), told.list_sha256, "Listen over forseglede lodder er ændret");
  const list = told.list.split("\n").slice(0, -1).map((line) => line.split("\t"));
  const promises = new Map(list.map(([stratum, place, promise]) => [`${stratum}\t${place}`, promise]));
  const plan = JSON.parse(told.places);
  const wanted = plan.strata.flatMap(([stratum, places]) => Array.from({ length: places }, (_, at) => `${stratum}\t${at + 1}`));
  if (list.map(([stratum, place]) => `${stratum}\t${place}`).join("\n") !== wanted.join("\n")) faults.push("Listen har andre pladser end protokollen.");
  await log(told, wanted, faults);
  for (const { stratum, place, arm, nonce } of told.lots) {
    if ((await sha256(stratum, place, arm, nonce)) !== promises.get(`${stratum}\t${place}`)) faults.push(`Loddet på plads ${place} i ${stratum} er et andet end det, der blev lovet.`);
  }
  return { faults, lots: told.lots.length, worked: told.secrets && !faults.length ? await whole(told, plan, promises, faults) : 0 };
}

// Who came when: each line covers the one before it, and in each stratum the places are taken in turn.
async function log(told, wanted, faults) {
  let [before, turn] = [told.list_sha256, new Map()];
  const lost = told.lost.map(([stratum, place]) => `${stratum}\t${place}`);
  for (const [at, row] of told.log.entries()) {
    before = await sha256(before, row.number, row.stratum, row.place, row.row);
    if (row.number !== at + 1 || before !== row.mark) faults.push(`Linje ${at + 1} i rækken af optagne er ændret.`);
    let place = (turn.get(row.stratum) || 0) + 1;
    while (lost.includes(`${row.stratum}\t${place}`)) place += 1;
    turn.set(row.stratum, row.place);
    if (place !== row.place || !wanted.includes(`${row.stratum}\t${row.place}`)) faults.push(`Plads ${row.place} i ${row.stratum} blev ikke taget efter tur.`);
  }
}

// The intake is over and the secrets are shown: every lot there was, from the beginning.
async function whole(told, plan, promises, faults) {
  const [one, other] = told.secrets;
  if ([await sha256(one), await sha256(other)].join() !== told.promises.join()) faults.push("En hemmelighed er en anden end den, der blev lovet.");
  const hmac = await keyed(await sha256("snerydder-lodtraekning-1", told.protocol_sha256, told.places_sha256, one, other, told.number));
  const shown = new Map(told.lots.map((lot) => [`${lot.stratum}\t${lot.place}`, lot.arm]));
  const all = plan.ratio.reduce((sum, each) => sum + each);  // where whole strata were drawn, they are the places of one block
  const lots = plan.drawn && (await arms(hmac, { ...plan, blocks: [Math.ceil(plan.strata.length / all) * all] }, "", plan.strata.length));
  for (const [of, [stratum, places]] of plan.strata.entries()) {
    for (const [at, arm] of (lots ? Array(places).fill(lots[of]) : await arms(hmac, plan, stratum, places)).entries()) {
      const [promised, seen] = [promises, shown].map((map) => map.get(`${stratum}\t${at + 1}`));
      if ((await sha256(stratum, at + 1, arm, await hmac("nonce", stratum, at + 1))) !== promised || (seen ?? arm) !== arm) faults.push(`Plads ${at + 1} i ${stratum} skulle have været ${arm}.`);
    }
  }
  if (told.log.some((row) => !shown.has(`${row.stratum}\t${row.place}`))) faults.push("Et lod, der er brugt, er ikke vist.");
  return promises.size;
}

async function words(text) {
  const told = JSON.parse(text);
  const { faults, lots, worked } = await verify(told);
  const right = [`Alt stemmer. ${told.municipality}: ${told.title}.`, `Protokollens SHA-256: ${told.protocol_sha256}`];
  if (told.list) right.push(`${told.log.length} borgere er taget ind efter tur. ${lots} lodder er åbnet, og de er de lovede.`);
  if (worked) right.push(`Alle ${worked} lodder er regnet ud igen af de to hemmeligheder og tallet ${told.number}.`);
  return { verdict: faults.length ? "wrong" : "right", lines: faults.length ? faults : right };
}

if (typeof document === "undefined") {
  words(require("fs").readFileSync(process.argv[2], "utf8")).then(({ verdict, lines }) => process.exit(console.log(lines.join("\n")) ?? Number(verdict !== "right")));
} else {
  document.querySelector("#verify-file").addEventListener("change", async ({ target: { files: [file] } }) => {
    if (!file) return; // the choice was taken back
    const place = document.querySelector("#verify-answer"), answer = await file.text().then(words).catch((fault) => ({ verdict: "wrong", lines: [`Filen kan ikke læses: ${fault.message}`] }));
    place.replaceChildren(...answer.lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
    place.dataset.verdict = answer.verdict;
  });
}
