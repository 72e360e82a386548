// tests/first_page.mjs --server ADDRESS --user NAME --password WORDS [--turns 5] - how long a person who is logged in waits for the
// overview: from the navigation until its figures stand, once with an empty store of the browser, then with what it kept.
// One line of JSON.
import { openBrowser } from './browser.mjs';

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : otherwise;
};
const address = option('server');
const browser = await openBrowser();
const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
const entry = await context.newPage();
await entry.goto(`${address}/`);
await entry.waitForSelector('form');
await entry.locator('#user').fill(option('user'));
await entry.locator('#password').fill(option('password'));
await entry.keyboard.press('Enter');
await entry.waitForSelector('nav');
const cookies = await context.cookies();
await context.close();

async function wait(page) {
  const begun = performance.now();
  await page.goto(`${address}/`, { waitUntil: 'commit' });
  await page.locator('.grid.figures .figure .value').first().waitFor();
  return performance.now() - begun;
}

const first = [];
const again = [];
for (let turn = 0; turn < Number(option('turns', '5')); turn += 1) {
  const fresh = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  await fresh.addCookies(cookies);
  const page = await fresh.newPage();
  first.push(await wait(page));
  again.push(await wait(page));
  await fresh.close();
}
await browser.close();
const told = (values) => ({ median_ms: Math.round(values.sort((a, b) => a - b)[Math.floor(values.length / 2)]), max_ms: Math.round(values.at(-1)) });
console.log(JSON.stringify({ turns: first.length, empty_store: told(first), kept_store: told(again) }));
