// Looks for answers now and then, while the page is seen. Without it, a link does the same.
const bubbles = document.querySelector(".bubbles");
const PAUSE = 2500;

function toEnd() {
  bubbles.scrollTop = bubbles.scrollHeight;
}

async function look() {
  if (document.hidden) return;
  const answer = await fetch(bubbles.dataset.from).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelectorAll("li");
  if (found.length === bubbles.children.length) return;
  bubbles.replaceChildren(...found);
  toEnd();
}

toEnd();
setInterval(look, PAUSE);
