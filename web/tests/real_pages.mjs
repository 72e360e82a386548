// tests/real_pages.mjs --server ADDRESS [--token TOKEN] --out FOLDER [--roles a,b] [--languages zh,en] [--unit ID] - every page against
// a running `fenqun serve` of a workspace with published groups: makes the first administrator and a user of each role,
// and opens as each of them every page that the menu offers, as the analyst the pages behind these too; nothing on the
// console, no answer of 4xx or 5xx, no serious finding of axe-core. Screenshots go to --out. Analyst and administrator in each
// language, the others in the first.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { axeFindings, openBrowser, settle, watch } from './browser.mjs';

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : otherwise;
};
const address = option('server', 'http://127.0.0.1:8380');
const out = path.resolve(option('out', '../build/screenshots'));
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const password = option('password', 'a long enough password');

fs.mkdirSync(out, { recursive: true });
const findings = [];
const browser = await openBrowser();
const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
const page = await context.newPage();
watch(page, [401]);
page.on('response', (response) => {
  if (response.status() >= 400 && !(response.status() === 401 && response.url().endsWith('/session'))) page.told.push(`${response.status()} ${response.url().slice(address.length)}`);
});

let views = 0;
async function look(name) {
  await settle(page);
  views += 1;
  for (const one of page.told.splice(0)) findings.push(`${name}: ${one}`);
  for (const one of await axeFindings(page, axe)) findings.push(`${name}: axe: ${one}`);
  if (await page.locator('.ant-alert-error').count()) findings.push(`${name}: shows ${(await page.locator('.ant-alert-error').first().innerText()).slice(0, 200)}`);
  const untold = await page.evaluate(() => document.body.innerText.match(/\{\{\w+\}\}|\bundefined\b|\bNaN\b|\[object/g));
  if (untold) findings.push(`${name}: words that are not for people: ${[...new Set(untold)].join(' ')}`);
  // Names are Chinese wherever they show; sentences are of the page's language.
  const isEnglish = await page.evaluate(() => localStorage.getItem('fenqun.language') === 'en');
  const foreign = isEnglish && (await page.evaluate(() => document.body.innerText.match(/.{0,30}[。；].{0,20}/)));
  if (foreign) findings.push(`${name}: a Chinese sentence on an English page: ${foreign[0]}`);
  const size = page.viewportSize();
  const tall = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: size.width, height: Math.min(Math.max(tall, size.height), 2400) });
  await page.waitForTimeout(250);
  await page.screenshot({ path: path.join(out, `${name}.png`) });
  await page.setViewportSize(size);
}

const ask = (path) => page.evaluate(async (at) => (await fetch(`/api/v1/${at}`)).json(), path);
const tell = (method, path, body) => page.evaluate(async ([how, at, what]) => {
  const { csrf } = await (await fetch('/api/v1/session')).json();
  const answer = await fetch(`/api/v1/${at}`, { method: how, headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: what ? JSON.stringify(what) : null });
  return answer.status;
}, [method, path, body]);

async function fill(values) {
  for (const [id, value] of Object.entries(values)) await page.locator(`#${id}`).fill(value);
  await page.keyboard.press('Enter');
}

async function enter(user) {
  await page.goto('about:blank');
  await page.goto(`${address}/`);
  await page.waitForSelector('form');
  await fill({ user, password });
  await page.waitForSelector('nav, #old_password');
  if (await page.locator('#old_password').count()) {
    await fill({ old_password: password, password: `${password} 2` });
    await page.waitForSelector('nav');
  }
  await settle(page);
}

async function open(name, at, act) {
  await page.goto('about:blank');
  await page.goto(`${address}/#/${at}`);
  try {
    await settle(page);
    if (act) await act();
    await look(name);
  } catch (error) {
    findings.push(`${name}: ${error.message.split('\n')[0]}`);
  }
}

// The pages behind those of the menu, for whoever may see all of them.
async function deep(language) {
  const runs = await ask('runs?page_size=500');
  const groups = await ask('portraits');
  const tiers = groups.schemes.find((one) => one.scheme === 'dongguan_revenue') ?? groups.schemes[0];
  const shown = groups.schemes.find((one) => runs.items.some((run) => run.run === one.run && run.in_force.length > 0)) ?? tiers;
  const { items } = await ask('customers?page_size=1&sort=-contract_capacity_kva');
  const customer = items[0].customer_id;
  const pages = [
    ['customers_group', `customers?scheme=${shown.scheme}&group=${shown.groups[0].group}`], ['customer', `customers/${customer}`], ['customer_groups', `customers/${customer}?tab=groups`],
    ['customer_load', `customers/${customer}?tab=load`], ['customer_supply', `customers/${customer}?tab=supply`], ['customer_people', `customers/${customer}?tab=people`],
    ['customer_service', `customers/${customer}?tab=service`], ['customer_orders', `customers/${customer}?tab=orders`], ['dossier', `customers/${customer}/dossier`], ['places_groups', `places?scheme=${shown.scheme}`], ['lines', `places?tab=lines&scheme=${shown.scheme}`],
    ['portrait', `groups/${tiers.run}`], ['portrait_curves', `groups/${tiers.run}?tab=curves`], ['portrait_map', `groups/${tiers.run}?tab=map`],
    ['scheme', `schemes/${tiers.scheme}`], ['ledger', 'runs?tab=ledger'], ['run', `runs/${tiers.run}`],
    ['run_trials', `runs/${tiers.run}`, () => page.getByRole('tab').nth(1).click()],
    ['run_compare', `runs/${tiers.run}`, () => page.getByRole('tab').last().click()],
    ['scheme_preview', `schemes/${tiers.scheme}`, () => page.getByRole('button', { name: /预览变动|Preview moves/ }).click()],
    ['readiness', 'preparation', () => page.getByRole('tab').nth(1).click()],
    ['search', 'overview', async () => { await page.keyboard.press('/'); await page.keyboard.type(customer.slice(0, 6)); await page.waitForSelector('.ant-select-item-option'); }],
  ];
  for (const [name, at, act] of pages) if (!only || name.includes(only)) await open(`real_${name}.${language}`, at, act);
}

await page.goto(`${address}/`);
await page.waitForSelector('form');
if (option('token', '')) {
  await look('real_setup');
  await fill({ token: option('token', ''), user: 'admin', display_name: '陈主任', password, again: password });
  await page.waitForSelector('nav');
} else {
  await enter('admin');
}
const roles = (await ask('roles')).items.map((role) => role.role);
for (const role of roles.filter((one) => one !== 'administrator')) {
  const status = await tell('POST', 'users', { user: `${role}.1`, display_name: role, role, password, ...(role === 'manager' ? { scope: [option('unit', 'S001')] } : { sees_all: true }) });
  if (status !== 201 && status !== 409) findings.push(`users: ${role} was answered ${status}`);
}
page.told.splice(0); // who was there already is no fault
const only = option('only', '');
const languages = option('languages', 'zh,en').split(',');
const wanted = option('roles', '').split(',').filter(Boolean);
for (const role of roles) {
  if (wanted.length > 0 && !wanted.includes(role)) continue;
  await context.clearCookies();
  await enter(role === 'administrator' ? 'admin' : `${role}.1`);
  const all = role === 'analyst' || role === 'administrator';
  for (const language of all ? languages : languages.slice(0, 1)) {
    await page.evaluate((chosen) => localStorage.setItem('fenqun.language', chosen), language);
    await page.reload();
    await page.waitForSelector('nav');
    const offered = await page.locator('nav a').evaluateAll((links) => links.map((link) => link.getAttribute('href').slice(2)));
    for (const at of offered) if (!only || at.includes(only)) await open(all ? `real_${at}.${language}` : `real_${role}_${at}.${language}`, at);
    if (role === 'analyst') await deep(language);
  }
}
await browser.close();
for (const finding of findings) console.log(finding);
console.log(`${views} views, ${findings.length} findings; screenshots in ${out}`);
process.exit(findings.length > 0 || views === 0 ? 1 : 0);
