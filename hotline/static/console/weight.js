// What a text costs as an SMS, said while it is typed. It must agree with hotline/messages.py for every text.
const GSM = new Set('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?'
  + '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà');
const EXTENSION = new Set('^{}\\[~]|€\f');
const SIZES = {gsm: [160, 153], ucs2: [70, 67]};

export function weight(text) {
  const letters = [...text];
  const encoding = letters.every(letter => GSM.has(letter) || EXTENSION.has(letter)) ? 'gsm' : 'ucs2';
  const widths = letters.map(letter => encoding === 'gsm' ? (EXTENSION.has(letter) ? 2 : 1) : letter.length);
  const [single, part] = SIZES[encoding];
  const whole = widths.reduce((sum, width) => sum + width, 0);
  if (whole <= single) return {characters: letters.length, encoding, parts: 1, room: single - whole};
  let parts = 1, used = 0;
  for (const width of widths) {
    // A letter of two units is never split between parts.
    if (used + width > part) { parts += 1; used = 0; }
    used += width;
  }
  return {characters: letters.length, encoding, parts, room: part - used};
}

// The white space that the server takes off, and no other.
const EDGES = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;
export const stripped = text => text.replaceAll('\r\n', '\n').replace(EDGES, '');

const place = globalThis.document?.querySelector('[data-weight]');
const words = globalThis.document?.querySelector('#words');
const LONGEST = 1600;

function show() {
  const {characters, encoding, parts, room} = weight(stripped(words.value));
  const rate = Number(place.dataset.rate ?? 0);
  const said = {characters, parts, room, cost: `${(rate * parts).toFixed(4)} ${place.dataset.currency}`};
  for (const spot of place.querySelectorAll('[data-of]')) spot.textContent = said[spot.dataset.of];
  for (const spot of place.querySelectorAll('[data-encoding]')) spot.hidden = spot.dataset.encoding !== encoding;
  place.querySelector('[data-is="long"]').hidden = characters <= LONGEST;
}
if (place && words) {
  words.addEventListener('input', show);
  show();
}
