// Going on with a script: the next page is put in the place of this one, so that the browser's history holds no step of it.
// Whatever is not as expected goes the ordinary way, a form when it is sent again; what was typed stays until an answer is here.
const part = name => document.querySelector(name);
const hide = (name, isHidden = true) => { part(`[data-${name}]`).hidden = isHidden; };
const slipOf = page => page.querySelector('[name=slip]')?.value;
const formOf = page => page.querySelector('[name=account]')?.form;
let request, passing, closing, kept, chosen = {};

function show(page) {
  const root = document.documentElement, next = page.documentElement;
  const parts = root.lang === next.lang ? ['main'] : ['nav', 'main', 'footer', '[data-steps]'];
  const files = part('[type=file]'), slip = slipOf(page);
  if (files) chosen = {files, slip: slipOf(document)};
  if (formOf(page)) kept = undefined;
  for (const name of parts) part(name).replaceWith(page.querySelector(name));
  if (slip && slip === chosen.slip && chosen.files.files.length) bringFiles();
  root.lang = next.lang;
  root.dir = next.dir;
  document.title = page.title;
  focusOn(part('h1'));
  scrollTo(0, 0);
}
// A form that comes back, which its slip tells, has the files still that were chosen in it.
function bringFiles() {
  const place = part('[type=file]'), fold = place?.closest('details');
  place?.replaceWith(chosen.files);
  if (fold) fold.open = true;
  part('[data-add]')?.remove();
}
// Whoever reads another page meanwhile finds their words again: in memory, for twenty minutes, until they leave.
function keepWords(form) {
  const words = kept = new FormData(form);
  words.delete('files');
  setTimeout(() => { if (kept === words) kept = undefined; }, 12e5);
}
// A page that closes by itself when nobody does anything says so in a header, which browsers heed only of whole pages.
function closeLater(refresh) {
  clearTimeout(closing);
  const [seconds, address] = (refresh || '').split('; url=');
  if (address) closing = setTimeout(() => request || location.replace(address), seconds * 1000);
}
function focusOn(element) {
  if (element.tabIndex < 0) element.tabIndex = -1;
  element.focus();
}
function tell(why = '', isStopped = false) {
  part('[data-why]').textContent = why;
  hide('broken', isStopped);
  hide('stopped', !isStopped);
  hide('lost', false);
}
function stop() {
  const {by, isSending} = request;
  request.abort();
  if (isSending) tell('', true);
  by?.focus();
}
function ask(method, url, ordinarily, form, body, by) {
  const mine = request = new XMLHttpRequest(), progress = part('[data-progress]');
  mine.isForm = Boolean(form);
  mine.isSending = Boolean(form?.querySelector('textarea')) && !by?.hasAttribute('formaction');
  mine.by = by?.tabIndex < 0 ? document.activeElement : by;
  hide('lost');
  hide('wait', !form);
  hide('sending', !mine.isSending);
  hide('waiting', mine.isSending);
  part('main').ariaBusy = 'true';
  progress.hidden = true;
  mine.upload.onprogress = event => {
    progress.hidden = event.total < 1e5;
    progress.value = event.loaded / event.total;
  };
  mine.onload = () => {
    const isPage = mine.getResponseHeader('Content-Type')?.startsWith('text/html'), page = isPage && mine.response;
    const heading = page && page.querySelector('[data-leave]') && page.querySelector('main h1');
    if (!heading) ordinarily();
    else if (form && mine.status >= 400 && !page.querySelector('form')) tell(heading.textContent);
    else {
      const isLink = method === 'GET', left = isLink && formOf(document), next = isLink && formOf(page);
      if (left) keepWords(left);
      if (next && kept) return ask('POST', next.getAttribute('action') + '?act=change', ordinarily, undefined, kept);
      show(page);
      closeLater(mine.getResponseHeader('Refresh'));
    }
  };
  mine.onerror = () => tell();
  mine.onloadend = () => {
    if (request !== mine) return;
    request = undefined;
    hide('wait');
    part('main').ariaBusy = null;
  };
  mine.open(method, url);
  mine.responseType = 'document';
  mine.send(body);
}
addEventListener('click', event => {
  if (request && event.target.closest?.('[data-stop]')) stop();
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.target || link.origin !== location.origin) return;
  event.preventDefault();
  const [address, spot] = link.getAttribute('href').split('#');
  if (!address) focusOn(document.getElementById(spot));
  else if (!request?.isForm) {
    request?.abort();
    ask('GET', link.href, () => location.replace(link.href));
  }
});
addEventListener('submit', event => {
  const form = event.target, by = event.submitter;
  if (form === passing || by === undefined || form.method !== 'post') return;
  event.preventDefault();
  if (request?.isForm) return;
  request?.abort();
  const body = new FormData(form);
  if (by?.name) body.append(by.name, by.value);
  // A button with an address of its own sends nothing yet: files stay here, and only that there are any is told.
  const address = by?.getAttribute('formaction'), files = address && form.querySelector('[type=file]');
  if (files) {
    body.delete(files.name);
    if (files.files.length) body.append('had_files', '1');
  }
  ask('POST', address || form.getAttribute('action'), () => { passing = form; tell(); }, form, body, by);
});
addEventListener('leaving', () => { kept = undefined; request?.abort(); });
