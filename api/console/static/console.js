// What makes the console's pages fresh and quick to the hand. Every page reads without it.
"use strict";

const SETTLE_MS = 300; // of several revisions that come at once, one reload
const REST_MS = 4000; // between two reloads while much comes in
const live = document.querySelector("[data-live-state]");

function say(state) {
  if (!live) return;
  live.className = "live " + state;
  live.textContent = live.dataset[state];
}

// On a list that people work through nothing moves under their eyes: they are told, and reload by hand.
function tell() {
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = live.dataset.more;
  live.className = "live news";
  live.replaceChildren(link);
}

// Live: the server says only that there is something new; the page asks for itself and takes over its live parts.
function keepFresh(address) {
  let waits = null;
  let last = 0;
  let missed = false;

  async function refresh() {
    waits = null;
    if (document.hidden) {
      missed = true;
      return;
    }
    last = Date.now();
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (answer.redirected || !answer.ok) {
      location.reload();
      return;
    }
    takeOver(new DOMParser().parseFromString(await answer.text(), "text/html"));
    say("news");
  }

  function soon() {
    if (document.body.dataset.mode === "tell") {
      tell();
      return;
    }
    if (waits === null) waits = setTimeout(() => refresh().catch(() => say("lost")), Math.max(SETTLE_MS, last + REST_MS - Date.now()));
  }

  const source = new EventSource(address);
  let wasLost = false;
  source.addEventListener("ready", () => {
    say("on");
    if (wasLost) soon();
    wasLost = false;
  });
  source.addEventListener("news", soon);
  source.addEventListener("error", () => {
    wasLost = true;
    say("lost");
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && missed) {
      missed = false;
      soon();
    }
  });
}

const FRESH_MS = 6000; // how long a row that came in is told apart
const seen = new Map(); // row → when it came; rows that were there from the start came long ago

function note(at) {
  for (const row of document.querySelectorAll("[data-key]")) if (!seen.has(row.dataset.key)) seen.set(row.dataset.key, at);
}

function takeOver(fresh) {
  for (const part of document.querySelectorAll("[data-live], .as-of")) {
    const from = part.id ? fresh.getElementById(part.id) : fresh.querySelector(".as-of");
    if (from && !part.contains(document.activeElement?.closest("form") ?? null)) part.replaceWith(document.importNode(from, true));
  }
  note(Date.now());
  for (const row of document.querySelectorAll("[data-key]")) if (Date.now() - seen.get(row.dataset.key) < FRESH_MS) row.classList.add("fresh");
}

// Keys: j and k move along a list, Enter opens, / goes to the filters.
function rows() {
  return Array.from(document.querySelectorAll("[data-rows] tbody tr"));
}

function move(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains("at"));
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  all[at]?.classList.remove("at");
  next.classList.add("at");
  next.querySelector("a")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = event.target.closest("input, select, textarea");
  if (event.key === "Escape" && field) field.blur();
  if (field) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "/") {
    document.querySelector("[data-search]")?.focus();
    event.preventDefault();
  }
});

// A slider over the days of a drawing: what is not yet there on the chosen day steps back.
for (const slider of document.querySelectorAll("[data-slider]")) {
  const drawing = document.getElementById(slider.dataset.slider);
  const told = slider.parentElement.querySelector("output");
  const show = () => {
    const days = JSON.parse(slider.dataset.days);
    told.textContent = days[slider.value];
    for (const part of drawing.querySelectorAll("[data-from]")) part.classList.toggle("later", Number(part.dataset.from) > Number(slider.value));
  };
  slider.addEventListener("input", show);
  show();
}

note(0);
if (rows().length) document.querySelector(".keys")?.classList.add("on");
if (document.body.dataset.news) keepFresh(document.body.dataset.news);
