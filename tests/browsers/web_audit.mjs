#!/usr/bin/env node
// Audits pages of a running site: safety, access, weight, with and without scripts, and the way out.
//
//   node web_audit.mjs http://127.0.0.1:5000 / /ar/ [options]
//
// It needs playwright-core and axe-core, looked up from $AUDIT_MODULES and from here, and a Chromium: $CHROMIUM,
// else /usr/bin/chromium. Nothing but the site itself is asked for anything.
//
//   --plan FILE     JSON: a list of {"path", "name", "skip": [checks]} instead of paths
//   --budget KB     what a cold load may weigh, headers included; 30
//   --grade N       the highest reading grade of English; 6
//   --exit CSS      what finds the way out
//   --banned REGEX  what no title, address or icon may say
//   --skip a,b      checks to leave out everywhere
//   --cookie N=V    who is signed in: sent with every request. Their browser may remember what they chose
//   --widths A,B    more widths at which nothing may stick out, by day and by night
//   --without A,B   parts of the browser to leave out, by its own names
//   --jobs N        pages looked at beside each other; 1
//   --shots DIR     pictures of each page: wide, 320 px dark, forced colours
//   --json FILE     everything that was found
//
// Status: 0 all is well, 1 something is not, 2 it could not run.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as inPage from './in_page.mjs';
import { ofLeaving } from './leaving.mjs';
import * as looking from './looking.mjs';

const options = {
  paths: [],
  budget: 30,
  grade: 6,
  exit: '[data-leave], a[href$="/leave"]',
  banned: 'traffick|slavery|abus|victim|survivor|hotline|helpline|exploit|rescue|police|report',
  skip: '',
  cookie: '',
  widths: '',
  without: '',
  jobs: 1,
};

function fail(sentence) {
  console.error(`audit: ${sentence}`);
  process.exit(2);
}

function found(name) {
  const folders = [process.env.AUDIT_MODULES, path.dirname(fileURLToPath(import.meta.url))].filter(Boolean);
  for (const folder of folders) {
    try {
      return createRequire(pathToFileURL(path.join(folder, 'x.js'))).resolve(name);
    } catch {
      // Perhaps in the next folder.
    }
  }
  return fail(`${name} is not there: set AUDIT_MODULES`);
}

function readOptions(words) {
  options.base = words.shift() ?? fail('which site?');
  while (words.length) {
    const word = words.shift();
    if (word.startsWith('--')) options[word.slice(2)] = words.shift();
    else options.paths.push(word);
  }
  options.origin = new URL(options.base).origin;
  options.skip = options.skip.split(',');
  options.banned = new RegExp(options.banned, 'i');
  if (options.shots) mkdirSync(options.shots, { recursive: true });
  return options.plan ? JSON.parse(readFileSync(options.plan, 'utf8')) : options.paths.map((one) => ({ path: one }));
}

const plan = readOptions(process.argv.slice(2));
const { chromium } = createRequire(import.meta.url)(found('playwright-core'));
const AXE = readFileSync(found('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', ...(options.without ? [`--disable-features=${options.without}`] : [])],
});
async function newContext(of = {}) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...of });
  const [name, value] = options.cookie.split(/=(.*)/s);
  if (value) await context.addCookies([{ name, value, url: options.origin, httpOnly: true, sameSite: 'Strict' }]);
  return context;
}
const plain = await newContext({ javaScriptEnabled: false });
const settle = (page) => page.waitForTimeout(100);

// Counts what comes over the wire and listens for what the browser complains of.
async function listen(context, page) {
  const heard = { bytes: 0, requests: 0, elsewhere: new Set(), policy: new Set(), faults: new Set() };
  const wire = await context.newCDPSession(page);
  await wire.send('Network.enable');
  wire.on('Network.loadingFinished', (event) => (heard.bytes += event.encodedDataLength));
  page.on('request', (request) => {
    heard.requests++;
    if (new URL(request.url()).origin !== options.origin) heard.elsewhere.add(request.url());
  });
  page.on('console', (message) => {
    const isOfPolicy = /Content.Security.Policy|violates/i.test(message.text());
    if (isOfPolicy || message.type() === 'error')
      heard[isOfPolicy ? 'policy' : 'faults'].add(message.text().slice(0, 140));
  });
  page.on('pageerror', (error) => heard.faults.add(String(error).slice(0, 140)));
  return heard;
}

async function withScripts(one, url, result) {
  const context = await newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const heard = await listen(context, page);
  const answer = await page.goto(url, { waitUntil: 'load', timeout: 60000 });
  await settle(page);
  const head = await page.evaluate(inPage.head);
  const cookies = (await answer.headersArray()).filter((header) => header.name.toLowerCase() === 'set-cookie');
  for (const address of head.brought) if (new URL(address).origin !== options.origin) heard.elsewhere.add(address);
  const text = await page.evaluate(inPage.text);
  const { bytes, requests } = heard;
  const { first, moved } = await page.evaluate(inPage.painting);
  const grade = head.lang.startsWith('en') ? looking.gradeOf(await page.evaluate(inPage.sentences)) : null;
  Object.assign(result.notes, {
    kB: +(bytes / 1000).toFixed(1),
    requests,
    grade,
    first: Math.round(first),
  });
  Object.assign(result.checks, {
    status: answer.status() < 400 ? [] : [`HTTP ${answer.status()}`],
    headers: looking.ofHeaders(
      await answer.allHeaders(),
      cookies.map((one) => one.value),
      options.origin.startsWith('https'),
      Boolean(options.cookie),
    ),
    elsewhere: [...heard.elsewhere],
    policy: [...heard.policy],
    console: [...heard.faults],
    weight: bytes / 1000 > options.budget ? [`${(bytes / 1000).toFixed(1)} kB`] : [],
    shift: moved > 0.001 ? [`the page moved while it loaded: ${moved.toFixed(3)}`] : [],
    lang: looking.ofLanguage(head),
    disguise: looking.ofDisguise(head, one.path, options.banned),
    remembered: await page.evaluate(inPage.remembered),
    grade: grade !== null && grade > options.grade ? [`reading grade ${grade.toFixed(1)}`] : [],
    pictures: head.pictures ? [`${head.pictures} picture(s) with no words beside them`] : [],
    small: await page.evaluate(inPage.small),
  });
  if (options.shots) await page.screenshot({ path: shot(one, 'wide'), fullPage: true });
  await looking.bringAxe(page, AXE);
  result.checks.axe = await looking.ofAccess(page);
  if (!isSkipped(one, 'keyboard')) result.checks.keyboard = await looking.ofKeyboard(page);
  await onAPhoneAtNight(one, page, result);
  await atOtherWidths(page, result);
  await context.close();
  return text;
}

async function onAPhoneAtNight(one, page, result) {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await page.evaluate(() => {
    document.activeElement.blur();
    scrollTo(0, 0);
  });
  await settle(page);
  result.checks['320px'] = await page.evaluate(inPage.overflow);
  const faults = await looking.ofAccess(page, looking.OF_LOOKS);
  const isNew = (fault) => !result.checks.axe.includes(fault);
  result.checks.axe.push(...faults.filter(isNew).map((fault) => `320 px, dark: ${fault}`));
  if (!options.shots) return;
  await page.screenshot({ path: shot(one, '320-dark'), fullPage: true });
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  await page.screenshot({ path: shot(one, 'forced'), fullPage: true });
}

async function atOtherWidths(page, result) {
  for (const width of options.widths.split(',').filter(Boolean).map(Number)) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ forcedColors: 'none', colorScheme });
      await settle(page);
      const faults = [...(await page.evaluate(inPage.overflow)), ...(await looking.ofAccess(page, looking.OF_LOOKS))];
      const isNew = (fault) => !result.checks.axe.some((known) => known.endsWith(fault));
      result.checks.axe.push(...faults.filter(isNew).map((fault) => `${width} px, ${colorScheme}: ${fault}`));
    }
  }
}

async function withoutScripts(page, url, result, text) {
  await page.goto(url);
  result.checks['no scripts'] = await looking.ofNoScripts(page, text);
}

const isSkipped = (one, check) => options.skip.includes(check) || (one.skip ?? []).includes(check);
const shot = (one, kind) => path.join(options.shots, `${(one.name ?? one.path).replace(/\W+/g, '_')}.${kind}.png`);

async function audit(one, scriptless) {
  const url = new URL(one.path, options.origin).href;
  const result = { name: one.name ?? one.path, checks: {}, notes: {} };
  try {
    const text = await withScripts(one, url, result);
    await withoutScripts(scriptless, url, result, text);
    if (!isSkipped(one, 'leaving'))
      result.checks.leaving = await ofLeaving(newContext, options.origin, url, options.exit, text);
  } catch (error) {
    result.checks.status = [String(error.message).split('\n')[0]];
  }
  for (const check of Object.keys(result.checks)) if (isSkipped(one, check)) delete result.checks[check];
  return result;
}

const waiting = [...plan.entries()];
const results = [];
const worker = async () => {
  // Nothing that a page without scripts does can stay for the next one: a tab of their own would only take longer.
  const scriptless = await plain.newPage();
  for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await audit(next[1], scriptless);
};
await Promise.all(Array.from({ length: Number(options.jobs) }, worker));
await browser.close();

let passed = 0;
let failed = 0;
for (const { name, checks, notes } of results) {
  const wrong = Object.entries(checks).filter(([, faults]) => faults.length);
  failed += wrong.length;
  passed += Object.keys(checks).length - wrong.length;
  console.log(`${wrong.length ? 'x ' : 'ok'} ${String(notes.kB).padStart(5)} kB  ${name}`);
  for (const [check, faults] of wrong) for (const fault of faults) console.log(`      ${check}: ${fault}`);
}
console.log(`${passed} passed, ${failed} failed`);
if (options.json) writeFileSync(options.json, JSON.stringify(results, null, 1));
process.exit(failed ? 1 : 0);
