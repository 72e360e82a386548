// tests/pages_test.mjs --app FOLDER --out FOLDER [--only NAME] - every page in a real browser, in both languages, light
// and dark, on a small screen and a tablet: nothing on the console, nothing against the content policy, no serious
// finding of axe-core, no page wider than its window. Answers come from dev/stand_in.mjs. Screenshots go to --out.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { serve } from '../dev/stand_in.mjs';
import { axeFindings, openBrowser, settle, watch } from './browser.mjs';

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : otherwise;
};
const app = path.resolve(option('app', '../build/web/app'));
const out = path.resolve(option('out', '../build/screenshots'));
const only = option('only', '');
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const run = 'dongguan_revenue-9f31c2';
const customer = '0320100185';
const pages = [
  ['overview', 'overview'],
  ['customers', 'customers'],
  ['customers_filtered', 'customers?scheme=dongguan_revenue&group=high'],
  ['customer', `customers/${customer}`],
  ['customer_groups', `customers/${customer}?tab=groups`],
  ['customer_load', `customers/${customer}?tab=load`],
  ['customer_supply', `customers/${customer}?tab=supply`],
  ['customer_service', `customers/${customer}?tab=service`], ['customer_orders', `customers/${customer}?tab=orders`],
  ['dossier', `customers/${customer}/dossier`],
  ['calls', 'calls'],
  ['places', 'places?scheme=dongguan_revenue'],
  ['orders', 'orders'],
  ['orders_calendar', 'orders?view=calendar&month=2026-07'],
  ['orders_coverage', 'orders?view=coverage&month=2026-07'],
  ['order', 'orders/2026-07-000027'],
  ['points', 'points?month=2026-07'],
  ['campaigns', 'campaigns'],
  ['campaign', 'campaigns/pay_online'],
  ['campaign_new', 'campaigns/energy_audit'],
  ['arrears', 'arrears'],
  ['strategies', 'strategies'],
  ['strategy', 'strategies/revenue'],
  ['groups', 'groups'],
  ['portrait', `groups/${run}`],
  ['portrait_curves', `groups/${run}?tab=curves`],
  ['portrait_map', `groups/${run}?tab=map`],
  ['schemes', 'schemes'],
  ['scheme', 'schemes/dongguan_revenue'],
  ['runs', 'runs'],
  ['ledger', 'runs?tab=ledger'],
  ['run', `runs/${run}`],
  ['batches', 'batches'],
  ['quarantine', 'quarantine'],
  ['preparation', 'preparation'],
  ['dictionary', 'dictionary'],
  ['upload', 'upload'],
  ['jobs', 'jobs'],
  ['users', 'users'],
  ['roles', 'roles'],
  ['keys', 'keys'],
  ['audit', 'audit'],
  ['exports', 'exports'],
  ['health', 'health'],
];

// Pages that show only after something was done on another one.
const acts = [
  ['run_trials', `runs/${run}`, async (page) => page.getByRole('tab').nth(1).click()],
  ['run_compare', `runs/${run}`, async (page) => page.getByRole('tab').nth(2).click()],
  ['scheme_preview', 'schemes/dongguan_revenue', async (page) => page.getByRole('button', { name: /预览变动|Preview moves/ }).click()],
  ['orders_chosen', 'orders', async (page) => { for (const n of [2, 3]) await page.locator('tr[data-row-key] input[type=checkbox]').nth(n).press('Space'); }],
  ['strategy_text', 'strategies/revenue', async (page) => page.getByRole('tab').nth(1).click()],
  ['campaign_preview', 'campaigns/pay_online', async (page) => { await page.getByRole('button', { name: /测算|Preview/ }).click(); await page.locator('.ant-modal .ant-btn-primary').click(); await page.waitForSelector('.ant-modal .ant-table'); }],
  ['plan_preview', 'strategies', async (page) => { await page.getByRole('button', { name: /模拟月度计划|Simulate/ }).click(); await page.waitForSelector('.ant-modal .ant-table'); }],
  ['calls_found', 'calls', async (page) => { await page.getByRole('main').getByRole('searchbox').or(page.getByRole('main').getByRole('textbox')).first().fill('13800001234'); await page.keyboard.press('Enter'); }],
  ['search', 'overview', async (page) => { await page.keyboard.press('/'); await page.keyboard.type('0320'); await page.waitForSelector('.ant-select-item-option'); }],
  ['export', 'customers', async (page) => { await page.getByRole('button', { name: /导出|Export/ }).click(); await page.waitForSelector('.ant-modal-body'); }],
  ['migration', 'schemes', async (page) => { await page.getByRole('button', { name: /(迁移对比|Migration) dongguan_revenue/ }).click(); await page.waitForSelector('.ant-modal canvas'); }],
  ['user_dialog', 'users', async (page) => { await page.getByRole('button', { name: /新建用户|New user/ }).click(); await page.waitForSelector('.ant-modal-body'); }],
  ['upload_proposal', 'upload', async (page) => { await page.setInputFiles('input[type=file]', { name: '居民缴费.csv', mimeType: 'text/csv', buffer: Buffer.from('户号,金额\n1,2\n') }); await page.waitForSelector('textarea'); }],
  ['readiness', 'preparation', async (page) => page.getByRole('tab').nth(1).click()],
];

// In the dark and on a tablet: one page of each kind.
const inBrief = new Set(['overview', 'customers', 'customer', 'customer_groups', 'places', 'groups', 'portrait', 'portrait_map', 'scheme', 'schemes', 'run', 'run_trials', 'migration', 'preparation', 'dictionary', 'jobs', 'user_dialog', 'orders', 'orders_calendar', 'orders_coverage', 'order', 'points', 'campaigns', 'campaign', 'arrears', 'strategies', 'strategy', 'plan_preview', 'audit', 'search']);

// What employees open on a phone.
const inHand = new Set(['orders', 'orders_calendar', 'orders_coverage', 'order', 'points', 'campaign', 'arrears']);

const findings = [];
let seen = 0;

async function look(page, name, { shot = true } = {}) {
  await settle(page);
  seen += 1;
  for (const one of page.told.splice(0)) findings.push(`${name}: console: ${one}`);
  for (const one of await axeFindings(page, axe)) findings.push(`${name}: axe: ${one}`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wider > 1) findings.push(`${name}: ${wider} pixels wider than the window`);
  const untold = await page.evaluate(() => document.body.innerText.match(/\b(?:shell|admin|customers|data|groups|overview|schemes|service):[a-z][\w.]+|\{\{\w+\}\}|\bundefined\b|\bNaN\b|\[object/g));
  if (untold) findings.push(`${name}: words that are not for people: ${[...new Set(untold)].join(' ')}`);
  if (!shot) return;
  // As tall as its content: what is sticky then stands where it stands for a reader.
  const size = page.viewportSize();
  const tall = await page.evaluate(() => document.documentElement.scrollHeight);
  if (tall > size.height) {
    await page.setViewportSize({ width: size.width, height: Math.min(tall, 2400) });
    await page.waitForTimeout(250);
  }
  await page.screenshot({ path: path.join(out, `${name}.png`) });
  if (tall > size.height) await page.setViewportSize(size);
}

async function visit(browser, address, name, list, settings) {
  const context = await browser.newContext({ viewport: settings.viewport, colorScheme: settings.theme });
  await context.addInitScript(({ language, theme }) => {
    if (location.protocol === 'about:') return;
    localStorage.setItem('fenqun.language', language);
    localStorage.setItem('fenqun.theme', theme);
  }, settings);
  const page = await context.newPage();
  watch(page);
  for (const [title, at, act] of list) {
    if (only && !title.includes(only)) continue;
    await page.goto('about:blank');
    await page.goto(`${address}/#/${at}`);
    await settle(page);
    try {
      if (act) await act(page);
      await look(page, `${title}.${name}`);
    } catch (error) {
      findings.push(`${title}.${name}: ${error.message.split('\n')[0]}`);
      await page.screenshot({ path: path.join(out, `${title}.${name}.failed.png`) });
    }
  }
  await context.close();
}

async function door(browser, address, scene) {
  for (const language of ['zh', 'en']) {
    for (const [state, name] of [['setup', 'setup'], ['out', 'login']]) {
      if (only && !name.includes(only)) continue;
      scene.state = state;
      const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
      await context.addInitScript((chosen) => localStorage.setItem('fenqun.language', chosen), language);
      const page = await context.newPage();
      watch(page, [401, 403]);
      await page.goto(`${address}/`);
      await page.waitForSelector('form');
      await look(page, `${name}.${language}`);
      if (state === 'out') {
        await page.locator('input').nth(0).fill('admin');
        await page.locator('input').nth(1).fill('x');
        await page.keyboard.press('Enter');
        await page.waitForSelector('[role=alert]');
        await look(page, `login_refused.${language}`);
        await page.locator('input').nth(1).fill('made-up-password');
        await page.keyboard.press('Enter');
        await page.waitForSelector('nav');
        if (!page.url().endsWith('#/overview')) findings.push(`login.${language}: leads to ${page.url()}`);
      }
      await context.close();
    }
  }
  scene.state = 'in';
}

async function states(browser, address, scene) {
  const settings = { language: 'zh', theme: 'light', viewport: { width: 1366, height: 768 } };
  scene.empty = true;
  await visit(browser, address, 'empty.zh', [['customers', 'customers'], ['batches', 'batches']], settings);
  scene.empty = false;
  scene.fail = 'overview';
  const context = await browser.newContext({ viewport: settings.viewport });
  const page = await context.newPage();
  watch(page, [503]);
  await page.goto(`${address}/#/overview`);
  await page.waitForSelector('.ant-alert', { timeout: 20000 });
  await look(page, 'overview.error.zh');
  scene.fail = null;
  // An agent sees what an agent may.
  scene.rights = ['route.read', 'customers.read'];
  await page.goto('about:blank');
  await page.goto(`${address}/`);
  await page.waitForSelector('nav');
  await look(page, 'agent.zh');
  const offered = await page.locator('nav a').allInnerTexts();
  if (offered.length !== 3) findings.push(`agent: the menu offers ${offered.join(', ')}`);
  scene.rights = null;
  await context.close();
}

async function keyboard(browser, address) {
  const page = await browser.newPage();
  await page.goto(`${address}/#/customers`);
  await settle(page);
  await page.locator('tbody tr[tabindex="0"]').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/customers\/0320/);
  await page.goBack();
  await settle(page);
  await page.locator('tbody tr[tabindex="0"]').first().focus();
  await page.keyboard.press('PageDown');
  await page.waitForURL(/page=2/);
  await page.close();
}

fs.mkdirSync(out, { recursive: true });
const { server, port, scene } = await serve(app);
const address = `http://127.0.0.1:${port}`;
const browser = await openBrowser();
try {
  const desk = { width: 1366, height: 768 };
  await door(browser, address, scene);
  await visit(browser, address, 'zh', [...pages, ...acts], { language: 'zh', theme: 'light', viewport: desk });
  await visit(browser, address, 'en', [...pages, ...acts], { language: 'en', theme: 'light', viewport: desk });
  await visit(browser, address, 'dark.zh', [...pages, ...acts].filter(([title]) => inBrief.has(title)), { language: 'zh', theme: 'dark', viewport: desk });
  await visit(browser, address, 'tablet.zh', pages.filter(([title]) => inBrief.has(title)), { language: 'zh', theme: 'light', viewport: { width: 820, height: 1180 } });
  const phone = { width: 390, height: 844 };
  for (const language of ['zh', 'en']) await visit(browser, address, `phone.${language}`, pages.filter(([title]) => inHand.has(title)), { language, theme: 'light', viewport: phone });
  if (!only) {
    await states(browser, address, scene);
    await keyboard(browser, address);
  }
} finally {
  await browser.close();
  server.closeAllConnections?.();
  server.close();
}
for (const finding of findings) console.log(finding);
console.log(`${seen} views, ${findings.length} findings; screenshots in ${out}`);
process.exit(findings.length > 0 || (seen === 0) ? 1 : 0);
