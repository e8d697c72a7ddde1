// Keys of the review: they work on the placeholder that has the focus, or on what is chosen in an account.
// Each presses the button that does the same without this file.
const area = document.querySelector('[data-spans]');
const off = document.body.dataset.keys === 'off';
const typing = target => target.closest('input, textarea, select, [contenteditable]');
const points = text => [...text].length;

// Where a place in the page stands in the account, counted as the server counts: in code points.
function position(node, offset) {
  const piece = (node.nodeType === 3 ? node.parentElement : node).closest('[data-at]');
  if (!piece || !area.contains(piece)) return -1;
  const at = Number(piece.dataset.at);
  if (piece.dataset.to) return at;
  const range = document.createRange();
  range.selectNodeContents(piece);
  range.setEnd(node, offset);
  return at + points(range.toString());
}
function mark() {
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed) return false;
  const {startContainer, startOffset, endContainer, endOffset} = chosen.getRangeAt(0);
  const message = startContainer.parentElement.closest('[data-message]');
  const form = message?.querySelector('form[data-mark]');
  const start = position(startContainer, startOffset);
  let end = position(endContainer, endOffset);
  const last = (endContainer.nodeType === 3 ? endContainer.parentElement : endContainer).closest('[data-to]');
  if (last) end = Number(last.dataset.to);
  if (!form || !message.contains(endContainer) || start < 0 || end <= start) return false;
  form.closest('details').open = true;
  form.elements.start.value = start;
  form.elements.end.value = end;
  form.elements.words.value = chosen.toString();
  form.querySelector('button').focus();
  return true;
}
// Words that are typed anew are looked for, and no range.
area?.addEventListener('input', event => {
  if (event.target.name === 'words') event.target.form.elements.start.value = event.target.form.elements.end.value = '';
});
function press(key) {
  const here = document.activeElement.closest('.pick-span');
  const target = (key === 'z' ? area : here)?.querySelector(`[data-span-key="${key}"]`);
  if (!target) return false;
  if (key === 't') {
    here.open = true;
    target.focus();
  } else target.click();
  return true;
}
if (area && !off) addEventListener('keydown', event => {
  const within = area.contains(event.target) || (event.target === document.body && area.contains(getSelection().anchorNode));
  const rests = event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.documentElement.classList.contains('is-hidden');
  if (rests || !within || !'axtmez'.includes(event.key)) return;
  if (event.key === 'm' ? mark() : press(event.key)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);
