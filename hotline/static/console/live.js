// Says how many reports came since this page was made. Nothing moves by itself: a link shows them.
const news = document.querySelector('[data-live]');
const EVERY = 10_000, JITTER = 2_000;
let known = news ? `"${news.dataset.came}"` : '', waits;

function later() {
  clearTimeout(waits);
  if (!document.hidden) waits = setTimeout(ask, EVERY + Math.random() * JITTER);
}
async function ask() {
  const answer = await fetch(news.dataset.live, {headers: {'If-None-Match': known}, redirect: 'error', cache: 'no-store'}).catch(() => null);
  if (answer?.ok) tell(answer.headers.get('ETag'), await answer.text());
  later();
}
function tell(tag, words) {
  known = tag;
  const link = news.querySelector('[data-live-show]');
  news.querySelector('[data-live-words]').textContent = words;
  if (words) link.textContent = link.dataset.liveShow;
}
if (news) {
  document.addEventListener('visibilitychange', later);
  later();
}
