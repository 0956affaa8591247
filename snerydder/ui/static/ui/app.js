// The design system's parts once per page, and the few of our own. No markup is made from text here.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  startDesignSystem();
  document.querySelectorAll("form[data-once]").forEach(once);
  document.querySelectorAll("form[data-autosave]").forEach(autosave);
  document.querySelectorAll("form[data-undo]").forEach(undo);
  document.querySelectorAll("[data-select-all]").forEach(selectAll);
  document.querySelectorAll("[data-when]").forEach(shownWhen);
});

// DKFDS.init() a second time binds everything twice, so it is called here and nowhere else. It counts
// characters in Danish only: those boxes are held back and given the page's own words.
function startDesignSystem() {
  const limits = [...document.querySelectorAll(".form-limit")];
  limits.forEach((box) => box.classList.remove("form-limit"));
  DKFDS.init();
  const said = document.body.dataset;
  limits.forEach((box) => {
    box.classList.add("form-limit");
    new DKFDS.CharacterLimit(box, {
      character_remaining: said.oneLeft, characters_remaining: said.fewLeft,
      character_too_many: said.oneOver, characters_too_many: said.manyOver,
    }).init();
    const written = box.querySelector("textarea, input"), most = Number(box.dataset.maxlength);
    const roomy = () => box.classList.toggle("sn-roomy", written.value.length < most * 0.9);
    written.addEventListener("input", roomy);
    roomy();
  });
}

// Two quick taps on Gem must not be two contacts.
function once(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", () => { delete form.dataset.sent; });
}

// The draft goes to the server some seconds after the last change, and when the page is left. Nothing is
// kept in the browser: the phone may be somebody else's tomorrow.
function autosave(form) {
  const status = form.querySelector("[data-autosave-status]");
  let timer = null, saved = body();
  function body() {
    return new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();
  }
  function say(which) {
    if (!status) return;
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    status.textContent = status.dataset[which].replace("{time}", time);
  }
  async function send(leaving) {
    const now = body();
    timer = null;
    if (now === saved || form.dataset.sent) return;
    saved = now;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: now, keepalive: leaving, redirect: "manual", credentials: "same-origin",
        headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Autosave": "1" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      say("saved");
    } catch (error) {
      saved = "";
      say("failed");
      if (!leaving) timer = window.setTimeout(send, 10000, false);
    }
  }
  // Log ud, a language, another verb: what is typed goes first, for afterwards there may be nobody signed in to keep it for.
  document.addEventListener("submit", async (event) => {
    if (event.target === form || !timer || event.defaultPrevented) return;
    event.preventDefault();
    window.clearTimeout(timer);
    await send(true);
    event.target.requestSubmit(event.submitter);
  });
  form.addEventListener("input", () => { window.clearTimeout(timer); timer = window.setTimeout(send, 3000, false); });
  window.addEventListener("pagehide", () => { if (timer) send(true); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer) send(true); });
}

// Offered for some seconds after the verb; a person who is using the button is given the time they need.
function undo(form) {
  const left = form.querySelector(".sn-undo-left");
  let seconds = Number(form.dataset.undo);
  const tick = window.setInterval(() => {
    if (form.matches(":focus-within") || form.matches(":hover")) return;
    seconds -= 1;
    if (left) left.textContent = ` (${seconds})`;
    if (seconds > 0) return;
    window.clearInterval(tick);
    form.remove();
  }, 1000);
}

// data-select-all="name": ticks every box of that name, and says how many are ticked.
function selectAll(box) {
  const boxes = () => [...document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(box.dataset.selectAll)}"]`)];
  box.addEventListener("change", () => {
    boxes().forEach((each) => { each.checked = box.checked; });
    boxes()[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("change", () => {
    const ticked = boxes().filter((each) => each.checked).length;
    box.checked = ticked > 0 && ticked === boxes().length;
    box.indeterminate = ticked > 0 && ticked < boxes().length;
    document.querySelectorAll("[data-selected-count]").forEach((each) => {
      if (each.dataset.selectedCount === box.dataset.selectAll) each.textContent = String(ticked);
    });
  });
}

// data-when="hjemmel" data-is="lab-167-2 lab-167-3": shown only while one of these is chosen. Without script it is always shown.
function shownWhen(part) {
  const choices = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(part.dataset.when)}"]`)];
  const wanted = part.dataset.is.split(" ");
  const show = () => { part.hidden = !choices.some((each) => each.checked && wanted.includes(each.value)); };
  choices.forEach((each) => each.addEventListener("change", show));
  show();
}
