// Lets time pass in the call as it really does, shows what is said then, and plays sounds. Without it, buttons do the same.
const PAUSE = 1000;
const place = document.querySelector(".call__phone");
const sounds = [];
let isAsking = false;
let sound = null;

document.documentElement.classList.add("has-script");

const section = () => place.querySelector(".phone--call");
const captions = () => place.querySelector(".captions ol");

// The list is reversed in its frame: its end is where it begins.
function toEnd() {
  place.querySelector(".captions").scrollTop = 0;
}

function playNext() {
  const address = sounds.shift();
  if (!address) { sound = null; return; }
  sound = new Audio(address);
  sound.addEventListener("ended", playNext);
  sound.play().catch(playNext);
}

function stopSounds() {
  sounds.length = 0;
  sound?.pause();
  sound = null;
}

// Only what is new is put in, so that a screen reader reads each caption once.
function showCaptions(found) {
  const held = captions();
  const lines = [...found.querySelectorAll("li")];
  if (lines.length < held.children.length) held.replaceChildren();
  const fresh = lines.slice(held.children.length);
  for (const line of fresh) {
    const address = line.querySelector("audio")?.getAttribute("src");
    if (address) sounds.push(address);
  }
  held.append(...fresh);
  if (fresh.length) toEnd();
  if (!sound) playNext();
}

function replace(selector, page) {
  const [old, fresh] = [place.querySelector(selector), page.querySelector(selector)];
  if (old && fresh && old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.childNodes);
}

function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.querySelector(".phone--call");
  if (!fresh) return;
  const hasChanged = fresh.dataset.state !== section().dataset.state;
  if (hasChanged && fresh.dataset.state !== "live") stopSounds();
  showCaptions(page.querySelector(".captions"));
  replace(".call__time", page);
  replace(".call__state", page);
  showLevel(page);
  replace(".call__ringing", page);
  if (hasChanged) showKeys(page, fresh.dataset.state);
}

function showLevel(page) {
  place.querySelector(".call__level")?.remove();
  const level = page.querySelector(".call__level");
  if (level) place.querySelector(".call__now").append(level);
}

function showKeys(page, state) {
  const had = place.querySelector(".call__keys").contains(document.activeElement);
  place.querySelector(".call__keys").replaceWith(page.querySelector(".call__keys"));
  section().dataset.state = state;
  if (had) place.querySelector(".call__keys button, .call__keys input:checked")?.focus();
}

async function ask(address, form) {
  if (isAsking) return;
  isAsking = true;
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams(form) }).catch(() => null);
  isAsking = false;
  if (answer?.ok) show(await answer.text());
}

async function press(form, submitter) {
  const filled = new FormData(form, submitter);
  const words = form.querySelector("#words");
  if (words && submitter?.value === "say") words.value = "";
  if (submitter?.name === "key") stopSounds();
  while (isAsking) await new Promise((done) => setTimeout(done, 50));
  await ask(form.action, filled);
}

place.addEventListener("submit", (event) => {
  event.preventDefault();
  press(event.target, event.submitter);
});

// On the keypad, the keyboard's own digits press its keys.
place.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest?.(".keypad")) return;
  const key = [...place.querySelectorAll(".keypad button")].find((button) => button.value === event.key);
  if (key) { event.preventDefault(); key.focus(); key.click(); }
});

setInterval(() => {
  const who = place.querySelector("input[name=who]").value;
  if (!document.hidden) ask(section().dataset.from, { who });
}, PAUSE);
toEnd();
