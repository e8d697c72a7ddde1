// What is looked at on one page: each check returns the faults it found.
import * as inPage from './in_page.mjs';

const RTL = new Set(['ar', 'fa', 'ur', 'ps', 'ckb', 'he', 'yi', 'sd', 'ug', 'dv', 'syr']);
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PROBES = 40;

// The rules that another width or other colours can break.
export const OF_LOOKS = {
  type: 'rule',
  values: ['color-contrast', 'link-in-text-block', 'meta-viewport', 'scrollable-region-focusable', 'target-size'],
};

export function ofHeaders(headers, cookies, isHttps, isSignedIn) {
  const faults = ofPolicy(headers['content-security-policy'] || '');
  const referrer = (headers['referrer-policy'] || '').split(',').pop().trim();
  if (!['no-referrer', 'same-origin'].includes(referrer)) faults.push(`Referrer-Policy is "${referrer}"`);
  if (!/\bno-store\b/.test(headers['cache-control'] || '')) faults.push('Cache-Control is not no-store');
  if (headers['x-content-type-options'] !== 'nosniff') faults.push('no X-Content-Type-Options: nosniff');
  if (!/same-origin/.test(headers['cross-origin-opener-policy'] || '')) faults.push('no Cross-Origin-Opener-Policy');
  if (!headers['permissions-policy']) faults.push('no Permissions-Policy');
  if (headers['x-powered-by'] || /\d/.test(headers['server'] || '')) faults.push('the server tells its version');
  if (isHttps && !/max-age=\d{7,}/.test(headers['strict-transport-security'] || ''))
    faults.push('no long Strict-Transport-Security');
  return faults.concat(cookies.flatMap((cookie) => ofCookie(cookie, isHttps, isSignedIn)));
}

function ofPolicy(policy) {
  if (!policy) return ['no Content-Security-Policy'];
  const faults = [];
  const rules = policy.split(';').map((rule) => rule.trim().split(/\s+/));
  const named = Object.fromEntries(
    rules.filter(([name]) => name).map(([name, ...allowed]) => [name.toLowerCase(), allowed]),
  );
  const base = named['default-src'] || ['missing'];
  if (!base.every((source) => ["'none'", "'self'"].includes(source))) faults.push('default-src is not none or self');
  for (const name of ['script-src', 'style-src'])
    for (const source of ["'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", 'data:', 'blob:', '*'])
      if ((named[name] || base).includes(source)) faults.push(`${name} has ${source}`);
  for (const [name, allowed] of Object.entries(named))
    for (const source of allowed)
      if (/^(https?:|\*)/.test(source) || /^[a-z0-9-]+(\.[a-z0-9-]+)+/i.test(source))
        faults.push(`${name} allows another host: ${source}`);
  for (const name of ['base-uri', 'form-action', 'frame-ancestors']) if (!named[name]) faults.push(`no ${name}`);
  if (named['report-uri'] || named['report-to']) faults.push('the policy tells somebody what a page did');
  return faults;
}

function ofCookie(cookie, isHttps, isSignedIn) {
  const faults = [];
  const name = cookie.split('=')[0];
  if (!/;\s*httponly/i.test(cookie)) faults.push(`cookie ${name} is not HttpOnly`);
  if (!/;\s*samesite=(strict|lax)/i.test(cookie)) faults.push(`cookie ${name} has no SameSite`);
  if (isHttps && !/;\s*secure/i.test(cookie)) faults.push(`cookie ${name} is not Secure`);
  const isForAWhile = /;\s*(expires|max-age)=(?!0)/i.test(cookie) && !/;\s*max-age=([1-9]\d?\d?)(;|$)/i.test(cookie);
  return isForAWhile && !isSignedIn ? [...faults, `cookie ${name} outlives the visit`] : faults;
}

export function ofLanguage({ lang, direction }) {
  if (!lang) return ['no lang on <html>'];
  try {
    Intl.getCanonicalLocales(lang);
  } catch {
    return [`lang "${lang}" is not BCP 47`];
  }
  const isRtl = RTL.has(lang.split('-')[0].toLowerCase());
  return isRtl === (direction === 'rtl') ? [] : [`lang ${lang}, but direction ${direction}`];
}

export function ofDisguise(head, path, banned) {
  const told = { title: head.title, address: path, description: head.description, icon: head.icon };
  return Object.entries(told)
    .filter(([, words]) => banned.test(words))
    .map(([name, words]) => `${name} gives something away: ${words.slice(0, 60)}`);
}

// Flesch and Kincaid's grade, for English; null where there is too little to tell.
export function gradeOf(text) {
  const sentences = text.split(/[.!?]+(?:\s|$)/).filter((sentence) => /[a-z]/i.test(sentence));
  const words = text.match(/[A-Za-z']+/g) || [];
  if (words.length < 30) return null;
  const syllables = words.reduce((sum, word) => sum + syllablesOf(word.toLowerCase().replace(/[^a-z]/g, '')), 0);
  return (0.39 * words.length) / Math.max(1, sentences.length) + (11.8 * syllables) / words.length - 15.59;
}

function syllablesOf(word) {
  if (word.length <= 3) return 1;
  const spoken = word.replace(/(?:[^laeiouy]es|ed|[^laeiouy]e)$/, '').replace(/^y/, '');
  return Math.max(1, (spoken.match(/[aeiouy]{1,2}/g) || []).length);
}

// Evaluated over the debugger, so that it works under the page's own policy; once for a page.
export async function bringAxe(page, axe) {
  await page.evaluate(axe);
}

export async function ofAccess(page, only = { type: 'tag', values: RULES }) {
  const found = await page.evaluate(
    (runOnly) => window.axe.run(document, { resultTypes: ['violations'], runOnly }),
    only,
  );
  return found.violations.map(
    (rule) => `${rule.id} (${rule.impact}) x${rule.nodes.length}: ${rule.nodes[0].target.join(' ').slice(0, 60)}`,
  );
}

export async function ofKeyboard(page) {
  await page.evaluate(() => {
    document.activeElement?.blur?.();
    scrollTo(0, 0);
  });
  const wanted = await page.evaluate(inPage.stops);
  const reached = new Set();
  const faults = [];
  let last = null;
  let times = 0;
  for (let press = 0; press < wanted.length * 2 + 10 && reached.size < wanted.length; press++) {
    await page.keyboard.press('Tab');
    const now = await page.evaluate(inPage.focused);
    if (!now) continue;
    times = now.stop === last ? times + 1 : 0;
    if (times > 3) {
      faults.push(`focus is caught at ${now.name}`);
      break;
    }
    last = now.stop;
    if (now.stop === null || reached.has(now.stop)) continue;
    reached.add(now.stop);
    if (!now.hasRing) faults.push(`no visible focus: ${now.name}`);
    if (!now.isSeen) faults.push(`focus is off screen: ${now.name}`);
    else if (now.isCovered) faults.push(`focus is covered: ${now.name}`);
  }
  const missed = wanted.filter((_, place) => !reached.has(String(place)));
  if (missed.length) faults.push(`not reached by Tab: ${missed.slice(0, 3).join(', ')}`);
  return faults;
}

// What is missing without scripts: words, buttons, addresses.
export async function ofNoScripts(page, textWithScripts) {
  const words = (text) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) || []);
  const shown = words(await page.evaluate(inPage.text));
  const wanted = [...words(textWithScripts)];
  const lost = wanted.filter((word) => !shown.has(word));
  const faults =
    lost.length > wanted.length * 0.05 ? [`words missing without scripts: ${lost.slice(0, 5).join(' ')}`] : [];
  return [...faults, ...(await page.evaluate(inPage.forms)), ...(await page.evaluate(inPage.deadLinks))];
}

export const probesOf = (text) => [...new Set(text.match(/\p{L}{4,}/gu) || [])].slice(0, PROBES);
