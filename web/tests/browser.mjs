// tests/browser.mjs - Debian's Chromium, what it tells while a page shows, and what axe-core finds on it.
import { chromium } from 'playwright-core';

export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--force-color-profile=srgb', '--font-render-hinting=none'],
  });
}

/** Collects into page.told what the console and the page complain of. Answers with an expected status are none. */
export function watch(page, expected = []) {
  page.told = [];
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    const text = message.text();
    if (expected.some((status) => text.includes(`status of ${status}`))) return;
    page.told.push(text.slice(0, 300));
  });
  page.on('pageerror', (error) => page.told.push(String(error).slice(0, 300)));
}

/** Until nothing loads any more and charts have come to rest. */
export async function settle(page) {
  // Asked again and again from outside: the policy of the page forbids what waitForFunction does.
  for (let tries = 0; tries < 200; tries += 1) {
    if (await page.evaluate(() => document.querySelector('#root *') && !document.querySelector('[aria-busy="true"], .ant-spin-spinning, .ant-btn-loading'))) break;
    await page.waitForTimeout(100);
  }
  await page.waitForTimeout(350);
}

/** Serious and critical findings: rule, how often, an example. */
export async function axeFindings(page, axe) {
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: `${axe};0` });
  await session.detach();
  const found = await page.evaluate(async () => {
    // What a library is about to remove or holds for measuring is not there for anybody.
    const result = await globalThis.axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
    return result.violations.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => `${one.id} ×${one.nodes.length}: ${one.nodes[0].html.slice(0, 160)} | ${(one.nodes[0].any[0]?.message ?? one.nodes[0].all[0]?.message ?? '').slice(0, 140)}`);
  });
  return found;
}
