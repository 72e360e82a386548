// dev/made_up_grouping.mjs - NOT PART OF THE PRODUCT. Made-up schemes, runs and portraits.
import { paged, random, schemes, text } from './made_up_words.mjs';

const find = (name) => schemes.find((one) => one.scheme === name || one.run === name || one.earlier === name) ?? schemes[1];

const yaml = `# 东莞分群模型：收入贡献度
scheme: dongguan_revenue
version: 3
title: {zh: 收入贡献度, en: Revenue contribution}
source: {zh: 东莞供电局客户分群模型, en: Dongguan customer segmentation}
population: is_comparable
method: tiers
features:
  - {name: bill_revenue_12m_cny, transform: log1p, weight: 2}
  - {name: non_core_revenue_12m_cny, transform: log1p}
  - {name: service_cost_12m_cny, transform: log1p}
k: {from: 2, to: 8, prefer: 3}
order: bill_revenue_12m_cny
groups:
  - {code: high, title: {zh: 收入贡献度高, en: High revenue}}
  - {code: middle, title: {zh: 收入贡献度中, en: Medium revenue}}
  - {code: low, title: {zh: 收入贡献度低, en: Low revenue}}
`;

const trials = [2, 3, 4, 5, 6, 7, 8].map((k) => ({ k, inertia: 182000 / k ** 0.9, centroid_silhouette: 0.61 - Math.abs(k - 3) * 0.035, calinski_harabasz: 41200 - (k - 3) ** 2 * 1900, davies_bouldin: 0.72 + Math.abs(k - 3) * 0.06, smallest_share: 0.31 / k, stability: 0.98 - 0.03 * Math.abs(k - 3) }));

const moves = (scheme) => scheme.groups.flatMap((from, i) => scheme.groups.map((to, j) => ({ from: from.group, from_title: from.title, to: to.group, to_title: to.title, customers: i === j ? Math.round(from.customers * 0.93) : Math.round((from.customers * 0.07) / (scheme.groups.length - 1) / (1 + Math.abs(i - j))) }))).concat([{ from: null, from_title: text('', ''), to: scheme.groups.at(-1).group, to_title: scheme.groups.at(-1).title, customers: 130 }]);

const runRow = (scheme, at, month, state) => ({ run: at ? scheme.earlier : scheme.run, scheme: scheme.scheme, scheme_title: scheme.title, month, state, in_force: state === 'published' ? [{ from: month, to: null }] : state === 'replaced' ? [{ from: month, to: '2026-05' }] : [] });
const runRows = schemes.flatMap((scheme, at) => [runRow(scheme, 0, '2026-06', at === 3 ? 'draft' : at === 4 ? 'accepted' : 'published'), runRow(scheme, 1, '2026-05', at > 2 ? 'refused' : 'replaced')]);

const publication = (scheme, sequence) => ({ sequence, scheme: scheme.scheme, kind: 'publish', run: scheme.run, valid_from: '2026-06', valid_to: null, by: '陈主任', reason: '6月例行更新', recorded_at: '2026-07-02 16:20:00', customers: 47783, classified: 47653, moved: 1846, hash: '5d1c0f2a77be91aa' });

const run = (name) => {
  const scheme = find(name);
  const row = runRows.find((one) => one.run === name) ?? runRows[0];
  return {
    ...row,
    decisions: row.state === 'draft' ? [] : [{ decision: 'accepted', by: '李评审', reason: '三档占比与上月一致，抽查 30 户无误。', at: '2026-07-02 15:05:00' }],
    publications: row.state === 'published' ? [publication(scheme, 12)] : [],
    result: {
      method: 'tiers', scheme_version: 3, population: 47783, classified: 47653, groups: scheme.groups.map((group) => ({ code: group.group, title: group.title, description: text('按近12个月电费与服务成本聚类', 'Clustered by 12 months of billing and cost to serve'), customers: group.customers, share: group.share })),
      not_classifiable: [{ code: 'closed', reason: text('月末前已销户', 'Closed before the end of the month'), customers: 89 }, { code: 'short_history', reason: text('历史过短：有电量的月份不足6个', 'Fewer than 6 months with energy'), customers: 41 }],
      trials, recommended_k: 3, recommended_reason: 'segment.k_majority', published_k: 3, seed: 1, build: '8e56b28 gcc 12.2', data_fingerprint: '9c0f17e2a4d8b3310c', assignment_hash: 'b1f0aa92c4e7d55310', warnings: [],
    },
  };
};

const portrait = (name) => {
  const scheme = find(name);
  const next = random(scheme.scheme.length);
  const index = (g) => Math.exp((g === 0 ? 1.1 : g === 1 ? 0.2 : -0.5) * (next() + 0.3) + (next() - 0.5) * 0.8);
  const numbers = [['bill_revenue_12m_cny', '近12个月电费', 'Billing, 12 months', '元', 3120], ['energy_12m_kwh', '近12个月电量', 'Energy, 12 months', 'kWh', 4822], ['peak_share', '高峰电量占比', 'Peak share', 'share', 0.38], ['late_share', '迟缴账单占比', 'Late bills', 'share', 0.11], ['days_late_mean', '平均迟缴天数', 'Mean days late', '天', 2.2], ['tickets_12m', '近12个月工单', 'Tickets, 12 months', '1', 0.8], ['app_share', '线上渠道占比', 'Online share', 'share', 0.46], ['outage_hours_12m', '停电小时数', 'Outage hours', 'h', 3.1], ['growth_12m', '电量增长率', 'Growth', 'share', 0.04], ['contract_capacity_kva', '合同容量', 'Capacity', 'kVA', 22]];
  const cells = (mean, isShare) => scheme.groups.map((group, g) => { const i = index(g); return { group: group.group, ...(isShare ? { share: Math.min(0.99, mean * i) } : { mean: mean * i }), index: i, significant: Math.abs(Math.log(i)) > 0.12 }; });
  const block = (code, zh, en, rows) => ({ block: code, title: text(zh, en), rows: rows.map(([c, rzh, ren, share]) => ({ code: c, feature: code, title: text(rzh, ren), share, by_group: cells(share, true) })) });
  const centre = scheme.groups.map((group, g) => ({ group: group.group, x: Math.cos((g / scheme.groups.length) * 6.283) * 2.4, y: Math.sin((g / scheme.groups.length) * 6.283) * 1.8 }));
  const clustered = !['level1'].includes(scheme.scheme);
  return {
    run: name, scheme: scheme.scheme, title: scheme.title, month: '2026-06',
    groups: scheme.groups.map((group, g) => ({ ...group, proposed_name: text(['高电费·高容量', '线上活跃', '居家晚峰', '迟缴偏多', '低用电'][g % 5], ['High bills, large capacity', 'Online', 'Evening households', 'Often late', 'Low use'][g % 5]), revenue_12m_cny: 3.1e8 / (g + 1), revenue_share: [0.52, 0.27, 0.12, 0.06, 0.03][g], energy_12m_kwh: 4.8e8 / (g + 1), energy_share: [0.5, 0.28, 0.13, 0.06, 0.03][g], average_bill_cny: 4200 / (g + 1) ** 2 })),
    blocks: [block('pay_channel', '缴费渠道', 'Payment channel', [['bank', '银行代扣', 'Direct debit', 0.31], ['app', '线上缴费', 'Online', 0.46], ['counter', '营业厅', 'Counter', 0.09]]), block('industry', '行业', 'Industry', [['household', '城乡居民', 'Household', 0.84], ['manufacture', '制造业', 'Manufacture', 0.05], ['catering', '住宿餐饮', 'Catering', 0.04]])],
    numbers: numbers.map(([feature, zh, en, unit, mean]) => ({ feature, title: text(zh, en), unit, population: mean, by_group: cells(mean, false) })),
    month_names: ['2025-07', '2025-08', '2025-09', '2025-10', '2025-11', '2025-12', '2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'],
    months: scheme.groups.map((group, g) => ({ group: group.group, energy_kwh: [1.3, 1.34, 1.2, 1, 0.86, 0.9, 0.98, 0.8, 0.84, 0.9, 1.02, 1.15].map((s) => (s * 6200) / 3.2 ** g) })),
    hours: scheme.groups.map((group, g) => { const raw = Array.from({ length: 24 }, (_, h) => 1 + 1.8 * Math.exp(-(((h - 10 - g * 3) / 4) ** 2))); const all = raw.reduce((a, b) => a + b); return { group: group.group, shares: raw.map((one) => one / all) }; }),
    map: clustered ? { points: Array.from({ length: 1200 }, (_, i) => { const g = i % scheme.groups.length; const r = Math.sqrt(-2 * Math.log(next() + 1e-9)) * 0.55; const a = next() * 6.283; return { x: centre[g].x + r * Math.cos(a), y: centre[g].y + r * Math.sin(a), group: scheme.groups[g].group }; }), centres: centre, regions: centre.map((one, g) => { const n = scheme.groups.length; const half = 3.1416 / n; const a = (g / n) * 6.283; return { group: one.group, corners: [[0, 0], [5 * Math.cos(a - half), 4 * Math.sin(a - half)], [5 * Math.cos(a), 4 * Math.sin(a)], [5 * Math.cos(a + half), 4 * Math.sin(a + half)]] }; }), extent: [-5, 5, -4, 4], centre_share: 0.93 } : null,
  };
};

export function groupingAnswers(method, name, query, body) {
  const at = name.split('/').map(decodeURIComponent);
  if (name === 'portraits') return { month: '2026-06', schemes: schemes.map((scheme, i) => ({ scheme: scheme.scheme, title: scheme.title, run: scheme.run, state: i === 3 ? 'draft' : 'published', groups: scheme.groups, unclassified: i === 1 ? [{ code: 'closed', title: text('月末前已销户', 'Closed'), customers: 89 }, { code: 'short', title: text('历史过短', 'Short history'), customers: 41 }] : [] })) };
  if (at[0] === 'portraits') return portrait(at[1]);
  if (name === 'schemes') return { items: schemes.map((scheme, i) => ({ scheme: scheme.scheme, title: scheme.title, method: ['rules', 'tiers', 'tiers', 'personas', 'load_shape'][i], version: 3 - (i % 3), built_in: i !== 1, problem: null, runs: 2 + i, definitions: 1, department: text('营销部', 'Marketing'), in_force: i < 3 ? { run: scheme.run, from: '2026-06' } : null })).concat([{ scheme: 'own_trial', title: text('夜经济试点', 'Night economy trial'), method: 'rules', version: 1, built_in: false, problem: '第 12 行：没有名为 night_sharee 的特征', runs: 0, definitions: 0, department: null, in_force: null }]) };
  if (at[0] === 'schemes' && at[2] === 'check') return JSON.parse(body || '{}').text?.includes('methodd') ? { ok: false, problems: [{ line: 7, severity: 'error', message: '没有名为 methodd 的项；您是否想写 method？' }], population: null, groups: null } : { ok: true, problems: [], population: 47653, groups: find(at[1]).groups };
  if (at[0] === 'schemes' && at[2] === 'preview') return { month: '2026-06', compared_with: find(at[1]).run, customers: 47653, moved: 3210, moves: moves(find(at[1])) };
  if (at[0] === 'schemes') return { scheme: at[1], version: 3, definition: 'a1b2', text: method === 'PUT' ? JSON.parse(body).text : yaml, built_in: true, origin: `built-in:config/schemes/${at[1]}.yaml` };
  if (name === 'runs') { const rows = runRows.filter((row) => !query.get('scheme') || row.scheme === query.get('scheme')); return paged(query, rows.length, (i) => rows[i]); }
  if (at[0] === 'runs' && at[2] === 'diff') return { first: at[1], second: query.get('with'), customers: 47653, moved: 1846, moves: moves(find(at[1])) };
  if (at[0] === 'runs') return run(at[1]);
  if (name === 'publications') return paged(query, 12, (i) => publication(schemes[i % 3], 12 - i));
  return undefined;
}
