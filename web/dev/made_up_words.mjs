// dev/made_up_words.mjs - NOT PART OF THE PRODUCT. Names and numbers that the made-up answers share.
export const text = (zh, en) => ({ zh, en });

/** Numbers in 0..1, the same for the same seed. */
export const random = (seed) => {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};
export const pick = (next, from) => from[Math.floor(next() * from.length)];

export const paged = (query, total, row) => {
  const page = Number(query.get('page') ?? 1);
  const page_size = Number(query.get('page_size') ?? 20);
  const first = (page - 1) * page_size;
  return { items: Array.from({ length: Math.max(0, Math.min(page_size, total - first)) }, (_, i) => row(first + i)), total, page, page_size };
};

const scheme = (name, zh, en, groups) => {
  const all = groups.reduce((sum, group) => sum + group[3], 0);
  return { scheme: name, run: `${name}-9f31c2`, earlier: `${name}-77ab01`, title: text(zh, en), groups: groups.map(([group, zhTitle, enTitle, customers]) => ({ group, title: text(zhTitle, enTitle), customers, share: customers / all, previous: Math.round(customers * (1 - 0.03 * Math.sin(customers))) })) };
};

export const schemes = [
  scheme('level1', '一级客户群', 'Level one', [['important', '重要客户', 'Important', 212], ['key', '重点关注客户', 'Key attention', 1904], ['large', '大客户', 'Large', 3120], ['residential', '居民客户', 'Residential', 40217], ['other', '其他客户', 'Other', 2200]]),
  scheme('dongguan_revenue', '收入贡献度', 'Revenue contribution', [['high', '收入贡献度高', 'High revenue', 1960], ['middle', '收入贡献度中', 'Medium revenue', 11203], ['low', '收入贡献度低', 'Low revenue', 34490]]),
  scheme('dongguan_arrears', '欠费风险', 'Arrears risk', [['high', '欠费风险高', 'High risk', 2391], ['middle', '欠费风险中', 'Medium risk', 9042], ['low', '欠费风险低', 'Low risk', 36220]]),
  scheme('personas', '综合画像', 'Personas', [['g1', '高价值工业客户', 'Valuable industry', 1702], ['g2', '夜间经营客户', 'Night business', 5120], ['g3', '稳定居家客户', 'Steady households', 22140], ['g4', '空调高峰客户', 'Cooling peaks', 13020], ['g5', '低用电沉默客户', 'Quiet low users', 5671]]),
  scheme('load_shape', '负荷形态', 'Load shapes', [['day', '日间型', 'Day', 8210], ['evening', '晚峰型', 'Evening', 28114], ['flat', '平稳型', 'Flat', 9120], ['double', '双峰型', 'Two peaks', 2209]]),
];

export const units = [
  { id: 'ST01', name: '石牌供电所', longitude: 113.342, latitude: 23.132, customers: 14210 }, { id: 'ST02', name: '五山供电所', longitude: 113.351, latitude: 23.158, customers: 11870 },
  { id: 'ST03', name: '车陂供电所', longitude: 113.397, latitude: 23.126, customers: 9903 }, { id: 'ST04', name: '龙洞供电所', longitude: 113.382, latitude: 23.196, customers: 6120 }, { id: 'ST05', name: '猎德供电所', longitude: 113.329, latitude: 23.117, customers: 5680 },
];
