// The way out, as somebody takes it: by click with and without scripts, and by three times Shift.
import * as inPage from './in_page.mjs';
import { probesOf } from './looking.mjs';

const WAYS = ['click', 'click without scripts', 'Shift three times'];
const HEIGHT = 640;
const THUMB = 44;

export async function ofLeaving(newContext, origin, url, control, text) {
  const faults = [];
  for (const way of WAYS) {
    const context = await newContext({ javaScriptEnabled: way !== 'click without scripts' });
    const found = await byOneWay(context, origin, url, control, way, probesOf(text));
    faults.push(...found.map((fault) => `${way}: ${fault}`));
    await context.close();
  }
  return faults;
}

async function byOneWay(context, origin, url, control, way, probes) {
  const page = await context.newPage();
  const gone = await watch(context, page, origin);
  await page.goto(url);
  const button = page.locator(control).first();
  if (!(await button.count())) return ['there is no way out'];
  const faults = way === 'click' ? await ofButton(page, button) : [];
  if (way === 'Shift three times') for (let press = 0; press < 3; press++) await page.keyboard.press('Shift');
  else await button.click({ timeout: 10000, noWaitAfter: true });
  for (let wait = 0; wait < 200 && !gone.to; wait++) await page.waitForTimeout(50);
  if (!gone.to) return [...faults, 'still on the site after ten seconds'];
  if (gone.referrer) faults.push('the next site is told where somebody came from');
  const stays = await sessionCookie(context, origin);
  if (stays) faults.push(`a session cookie stays: ${stays.name}`);
  await page.goBack({ timeout: 2000 }).catch(() => {});
  await page.waitForTimeout(200);
  const shown = await page.evaluate(inPage.text).catch(() => '');
  const seen = probes.filter((word) => shown.includes(word));
  const isOurs = page.url().startsWith(origin);
  if (isOurs && probes.length && seen.length > probes.length / 2) faults.push('Back shows the page again');
  return faults;
}

// What is told to the server may be on its way still when the next page is there.
async function sessionCookie(context, origin) {
  let stays;
  for (let wait = 0; wait < 40; wait++) {
    stays = (await context.cookies(origin)).find((cookie) => cookie.expires === -1);
    if (!stays) return null;
    await new Promise((next) => setTimeout(next, 50));
  }
  return stays;
}

// Answers for every other site, and tells where the page went and what it said of us. Redirects are seen, not routed.
async function watch(context, page, origin) {
  const gone = { to: null, referrer: undefined };
  const see = (request) => {
    if (!request.isNavigationRequest() || new URL(request.url()).origin === origin) return;
    gone.to = request.url();
    gone.referrer = request.headers().referer;
  };
  await context.route(
    (address) => address.origin !== origin,
    (route) => {
      see(route.request());
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Elsewhere</title>elsewhere' });
    },
  );
  page.on('request', see);
  return gone;
}

async function ofButton(page, button) {
  const faults = [];
  const box = await button.boundingBox();
  if (!box || box.y > HEIGHT) faults.push('it is not on the first screen');
  else if (box.width < THUMB || box.height < THUMB) faults.push(`it is ${box.width} x ${box.height} px`);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.waitForTimeout(60);
  const later = await button.boundingBox();
  if (!later || later.y < 0 || later.y > 720) faults.push('it scrolls out of sight');
  await page.evaluate(() => scrollTo(0, 0));
  return faults;
}
