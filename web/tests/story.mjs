// tests/story.mjs --server ADDRESS --token TOKEN --run RUN --out FOLDER - one story through a running `fenqun serve`, each
// person in a browser window of his own: a group is published, the month's plan gives its customers visits, an account
// manager visits one with a phone in his hand, an agent who calls back finds it in order, points are booked for both of
// the team, and the customer's view shows what came of it. Screenshots go to --out.
import fs from 'node:fs';
import path from 'node:path';
import { openBrowser, settle, watch } from './browser.mjs';

const option = (name) => process.argv[process.argv.indexOf(`--${name}`) + 1];
const address = option('server');
const out = path.resolve(option('out'));
const password = 'a long enough password';
const run = option('run');
fs.mkdirSync(out, { recursive: true });

let steps = 0;
function must(holds, what) {
  steps += 1;
  if (!holds) throw new Error(`not so: ${what}`);
}

const browser = await openBrowser();
const pages = [];
// Where it ends early, what everybody saw then.
process.on('uncaughtException', async (error) => {
  console.log(error.stack ?? error);
  for (const [n, page] of pages.entries()) await page.screenshot({ path: path.join(out, `story_failed_${n}.png`) }).catch(() => {});
  process.exit(1);
});
const settings = { desk: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } };

async function window(kind) {
  const context = await browser.newContext({ viewport: settings[kind], isMobile: kind === 'phone', hasTouch: kind === 'phone' });
  const page = await context.newPage();
  watch(page, [401, 403]); // who tries to check his own visit is refused
  pages.push(page);
  await page.goto(`${address}/`);
  await page.waitForSelector('form');
  return page;
}
async function fill(page, values) {
  for (const [id, value] of Object.entries(values)) await page.locator(`#${id}`).fill(value);
  await page.keyboard.press('Enter');
}
async function enter(user, kind = 'desk') {
  const page = await window(kind);
  await fill(page, { user, password });
  await page.waitForSelector('#main');
  await settle(page);
  return page;
}
const open = async (page, at) => {
  await page.goto('about:blank');
  await page.goto(`${address}/#/${at}`);
  await settle(page);
};
const shot = (page, name) => page.screenshot({ path: path.join(out, `story_${name}.png`), fullPage: true });
const ask = (page, at) => page.evaluate(async (what) => (await fetch(`/api/v1/${what}`)).json(), at);
const tell = (page, method, at, body) => page.evaluate(async ([how, what, sent]) => {
  const { csrf } = await (await fetch('/api/v1/session')).json();
  return (await fetch(`/api/v1/${what}`, { method: how, headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify(sent) })).status;
}, [method, at, body]);
const press = async (page, name) => {
  await page.locator('.page-head button', { hasText: new RegExp(name.replace(/(?<=[^^])(?=[^$])/g, ' ?')) }).click();
  await settle(page);
};
const choose = (page, name) => page.locator('.ant-radio-button-wrapper', { hasText: name }).first().click();

const admin = await window('desk');
await fill(admin, { token: option('token'), user: 'admin', display_name: '陈主任', password, again: password });
await admin.waitForSelector('#main');
const user = async (name, role, more) => {
  const status = await tell(admin, 'POST', 'users', { user: name, display_name: name, role, password, sees_all: true, ...more });
  must(status === 201, `user ${name} can be made (${status})`);
};

// A group is published.
await user('analyst', 'analyst');
const analyst = await enter('analyst');
await open(analyst, `runs/${run}`);
for (const [button, reason] of [['通过', '分群合理'], ['发布', '按月发布']]) {
  await press(analyst, `^${button}$`);
  await analyst.waitForSelector('.ant-modal-body');
  await analyst.locator('.ant-modal textarea').fill(reason);
  await analyst.locator('.ant-modal-footer .ant-btn-primary').click();
  await analyst.waitForSelector('.ant-modal', { state: 'detached' });
  await settle(analyst);
}
must((await ask(analyst, `runs/${run}`)).state === 'published', 'the run is published');

// The month's plan gives its customers visits.
await user('supervisor', 'supervisor');
const supervisor = await enter('supervisor');
await open(supervisor, 'orders?mine=false');
await press(supervisor, '生成月度计划');
await supervisor.locator('.ant-modal-footer .ant-btn-primary').click();
await supervisor.waitForSelector('.ant-modal .ant-alert-success', { timeout: 120000 });
await shot(supervisor, '1_plan');
await supervisor.locator('.ant-modal-footer .ant-btn-primary').click();
await open(supervisor, 'orders?mine=false&type=visit');
await shot(supervisor, '2_worklist');
const visits = await ask(supervisor, 'orders?type=visit&page_size=100');
const visit = visits.items.find((one) => one.owner && one.second_owner);
must(visit !== undefined, 'the plan has visits by two');
must((await ask(supervisor, `customers/${visit.customer_id}/orders`)).items.some((one) => one.order === visit.order), 'the customer has the visit');

// Its account manager visits, with a phone.
await user('visitor', 'manager', { staff_id: visit.owner.staff_id });
const visitor = await enter('visitor', 'phone');
await open(visitor, 'orders');
must(await visitor.getByText(visit.customer_id).count() > 0, 'his worklist shows the customer');
await shot(visitor, '3_phone_worklist');
await open(visitor, `orders/${visit.order}`);
await press(visitor, '接单');
must((await ask(visitor, `orders/${visit.order}`)).state === 'accepted', 'the visit is accepted');
// Without an outcome and whom he met nothing is sent.
await visitor.locator('button[type=submit]').click();
await visitor.waitForSelector('.ant-form-item-explain-error');
must((await ask(visitor, `orders/${visit.order}`)).state === 'accepted', 'a form that lacks something changes nothing');
await choose(visitor, '已走访');
await visitor.locator('#form_met_whom').fill('张师傅');
await choose(visitor, '支持配合');
await visitor.locator('#note').fill('建议增加缴费网点');
await shot(visitor, '4_phone_form');
await visitor.locator('button[type=submit]').click();
await settle(visitor);
const done = await ask(visitor, `orders/${visit.order}`);
must(done.state === 'done', `the visit waits to be checked (${done.state})`);

// A callback by somebody else finds it in order.
const callbacks = await ask(supervisor, `orders?customer=${visit.customer_id}&type=callback&page_size=100`);
const callback = callbacks.items.find((one) => one.verifies === visit.order);
must(callback !== undefined, 'a callback checks the visit');
must(![visit.owner.staff_id, visit.second_owner.staff_id].includes(callback.owner?.staff_id), 'it is not done by the visitors');
must(await tell(visitor, 'POST', `orders/${callback.order}/moves`, { move: 'finish', outcome: 'confirmed', form: { was_served: 'true' } }) === 403, 'the visitor cannot check his own visit');
await user('caller', 'agent', callback.owner ? { staff_id: callback.owner.staff_id } : {});
const caller = await enter('caller');
await open(caller, `orders/${callback.order}`);
await choose(caller, '属实、满意');
await caller.locator('#form_was_served .ant-radio-button-wrapper').first().click();
await shot(caller, '5_callback');
await caller.locator('button[type=submit]').click();
await settle(caller);
must((await ask(caller, `orders/${callback.order}`)).state === 'closed', 'the callback is closed');
must((await ask(caller, `orders/${visit.order}`)).state === 'closed', 'the visit is closed by it');

// Points are booked for both of the team.
await open(supervisor, 'points');
await shot(supervisor, '6_points');
const points = await ask(supervisor, 'points');
for (const who of [visit.owner.staff_id, visit.second_owner.staff_id]) {
  const mine = points.items.find((one) => one.staff_id === who);
  must(mine?.points === 3, `${who} has the points of a visit in order and in time (${mine?.points})`);
}
must(await supervisor.getByText('+3').count() >= 2, 'the page shows them');

// The customer's view shows what came of it.
await open(analyst, `customers/${visit.customer_id}?tab=orders`);
must(await analyst.getByText('已走访').count() > 0, 'the outcome stands in the view of the customer');
must(await analyst.locator('.ant-tag', { hasText: '已关闭' }).count() >= 2, 'both orders are closed there');
await shot(analyst, '7_customer');

const told = pages.flatMap((page) => page.told);
await browser.close();
for (const one of told) console.log(one);
console.log(`${steps} steps; screenshots in ${out}`);
process.exit(told.length > 0 ? 1 : 0);
