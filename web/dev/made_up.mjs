// dev/made_up.mjs - NOT PART OF THE PRODUCT. Made-up data for dev/stand_in.mjs; the same every time.
import { dataAnswers } from './made_up_data.mjs';
import { groupingAnswers } from './made_up_grouping.mjs';
import { paged, pick, random, schemes, text, units } from './made_up_words.mjs';

export const everyRight = [
  'overview.read', 'orders.read', 'orders.work', 'orders.manage', 'plans.start', 'campaigns.start', 'arrears.read', 'notices.read', 'points.read', 'points.settle', 'strategies.read', 'strategies.write', 'data.read', 'data.write', 'jobs.read', 'jobs.start', 'schemes.read', 'schemes.write', 'runs.read', 'runs.start', 'runs.review',
  'runs.publish', 'groups.read', 'customers.read', 'customers.export', 'route.read', 'users.manage', 'audit.read', 'exports.read', 'health.read',
];

const months = ['2025-06', '2025-07', '2025-08', '2025-09', '2025-10', '2025-11', '2025-12', '2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'];
const season = [1.12, 1.3, 1.34, 1.2, 1.0, 0.86, 0.9, 0.98, 0.8, 0.84, 0.9, 1.02, 1.15];

const names = ['王*', '李**', '张*', '陈**', '广州市天*电子有限公司', '黄*', '林**', '天河第*中学', '何*', '吴**', '华*酒店管理有限公司', '周*'];
const customer = (at) => {
  const next = random(at + 7);
  const industrial = at % 5 === 0;
  const scheme = schemes[at % 3];
  const group = pick(next, scheme.groups);
  return {
    customer_id: `0320${String(100000 + at * 37)}`, customer_name: names[at % names.length], category: industrial ? 'large' : 'residential', industry: industrial ? 'manufacture' : 'household',
    tariff_class: industrial ? 'industry' : 'household', status: at % 17 === 0 ? 'closed' : 'active', voltage_kv: industrial ? 10 : 0.22, contract_capacity_kva: industrial ? 315 + (at % 7) * 80 : 8,
    importance_grade: industrial && at % 2 ? 'second' : null, is_key_attention: at % 11 === 0, location_kind: 'urban', contact_phone: `138****${String(1000 + ((at * 73) % 9000))}`, address: `天河区***路${1 + (at % 90)}号`,
    station_id: units[at % units.length].id, station_name: units[at % units.length].name, feeder_id: 'F01', opened_on: '2016-03-12',
    primary_group: { scheme: scheme.scheme, scheme_title: scheme.title, group: group.group, title: group.title, since: '2026-06' },
  };
};
const codes = {
  category: { large: text('大工业客户', 'Large'), residential: text('居民客户', 'Residential'), commercial: text('一般工商业', 'Commercial') },
  industry: { manufacture: text('制造业', 'Manufacture'), household: text('城乡居民', 'Household'), catering: text('住宿餐饮', 'Hotels, catering') },
  tariff_class: { industry: text('大工业电价', 'Large industry'), household: text('居民阶梯电价', 'Household tiers') },
  status: { active: text('正常用电', 'Active'), closed: text('已销户', 'Closed') },
  importance_grade: { first: text('一级重要', 'Grade one'), second: text('二级重要', 'Grade two') },
  location_kind: { urban: text('城镇', 'Urban'), rural: text('农村', 'Rural') },
};

const overview = () => ({
  month: '2026-06', previous_month: '2026-05', customers: { value: 47783, previous: 47702 }, active_customers: { value: 46918, previous: 46870 },
  revenue_cny: { value: 128364512.4, previous: 113950218.1 }, energy_kwh: { value: 196528430, previous: 174310920 }, collection_share: { value: 0.9914, previous: 0.9897 },
  complaints: { value: 37, previous: 45 }, satisfaction_score: { value: 4.62, previous: 4.58 },
  months: months.map((month, at) => ({ month, revenue_cny: 1.09e8 * season[at], energy_kwh: 1.68e8 * season[at], collected_cny: 1.09e8 * season[at] * (0.982 + (at % 4) * 0.003), complaints: Math.round(30 + 22 * season[at] - (at % 5) * 3) })),
  schemes: schemes.slice(0, 4).map((scheme) => ({ scheme: scheme.scheme, title: scheme.title, run: scheme.run, month: '2026-06', groups: scheme.groups })),
  moved: { customers: 1846, share: 0.0386 }, synthetic: true,
});

const field = (name, zh, en, value, more = {}) => ({ field: name, title: text(zh, en), value, ...more });
const column = (name, zh, en, type = 'text', unit = '', masked = false) => ({ field: name, title: text(zh, en), unit, type, masked });

const whole = (id) => {
  const at = Math.max(0, Math.round((Number(id.slice(4)) - 100000) / 37)) || 5;
  const row = customer(at);
  return {
    customer_id: id, title: row.customer_name, station: { id: row.station_id, name: row.station_name }, manager: { staff_id: 'S0042', name: '梁**', phone: '139****2210' },
    master: [
      field('customer_id', '户号', 'Customer no.', id), field('customer_name', '名称', 'Name', row.customer_name, { masked: true }), field('category', '客户类别', 'Category', row.category, { text: codes.category[row.category] }),
      field('industry', '行业', 'Industry', row.industry, { text: codes.industry[row.industry] }), field('tariff_class', '电价类别', 'Tariff class', row.tariff_class, { text: codes.tariff_class[row.tariff_class] }),
      field('voltage_kv', '供电电压', 'Voltage', row.voltage_kv, { unit: 'kV' }), field('contract_capacity_kva', '合同容量', 'Contract capacity', row.contract_capacity_kva, { unit: 'kVA' }),
      field('contact_phone', '联系电话', 'Phone', row.contact_phone, { masked: true }), field('address', '用电地址', 'Address', row.address, { masked: true }), field('opened_on', '立户日期', 'Opened', row.opened_on),
      field('is_key_attention', '重点关注', 'Key attention', row.is_key_attention), field('id_number', '证件号码', 'Id number', null, { masked: true }),
    ],
    groups: schemes.slice(0, 5).map((scheme, at2) => ({ scheme: scheme.scheme, scheme_title: scheme.title, group: scheme.groups[at2 % scheme.groups.length].group, title: scheme.groups[at2 % scheme.groups.length].title, since: '2026-04' })),
    primary_group: { scheme: schemes[0].scheme, scheme_title: schemes[0].title, group: schemes[0].groups[0].group, title: schemes[0].groups[0].title, since: '2026-04' },
    history: schemes.slice(0, 4).flatMap((scheme) => [
      { scheme: scheme.scheme, scheme_title: scheme.title, group: scheme.groups[0].group, title: scheme.groups[0].title, from: '2026-04', to: null, recorded_at: '2026-05-03 10:12:00' },
      { scheme: scheme.scheme, scheme_title: scheme.title, group: scheme.groups[1].group, title: scheme.groups[1].title, from: '2025-10', to: '2026-03', recorded_at: '2025-11-02 09:40:00' },
    ]),
    months: months.map((month, m) => ({ month, energy_kwh: 18420 * season[m], bill_cny: 14736.4 * season[m], paid_cny: m === 12 ? 0 : 14736.4 * season[m], days_late: m === 12 ? null : [0, 3, 0, 0, 6, 0, 0, 2, 0, 0, 0, 1, 0][m] })),
    tables: [
      { entity: 'equipment', title: text('用电设备', 'Equipment'), columns: [column('customer_id', '户号', 'Customer no.'), column('kind', '类别', 'Kind'), column('capacity_kva', '容量', 'Capacity', 'number', 'kVA'), column('installed_on', '投运日期', 'Installed', 'date')], rows: [[id, 'transformer', 315, '2016-03-12'], [id, 'standby', 200, '2019-08-01']], codes: { kind: { transformer: text('变压器', 'Transformer'), standby: text('自备电源', 'Own standby supply') } }, total: 2 },
      { entity: 'contact', title: text('联系人', 'Contacts'), columns: [column('role', '角色', 'Role'), column('name', '姓名', 'Name', 'text', '', true), column('phone', '电话', 'Phone', 'text', '', true)], rows: [['owner', '王*', '138****1234'], ['finance', '刘**', '136****8871'], ['electrician', '赵*', '135****0043']], codes: { role: { owner: text('产权人', 'Owner'), finance: text('账务联系人', 'Finance'), electrician: text('用电负责人', 'Electrician') } }, total: 3 },
      { entity: 'ticket', title: text('服务工单', 'Tickets'), columns: [column('opened_at', '受理时间', 'Opened', 'datetime'), column('business_type', '业务类型', 'Type'), column('channel', '渠道', 'Channel'), column('satisfaction', '评价', 'Rating', 'number')], rows: [['2026-06-18 20:41:00', 'repair', 'phone', 5], ['2026-04-02 09:13:00', 'query', 'app', null], ['2025-12-20 15:02:00', 'complaint', 'phone', 3]], codes: { business_type: { repair: text('故障报修', 'Repair'), query: text('电费查询', 'Bill query'), complaint: text('投诉', 'Complaint') }, channel: { phone: text('95598 电话', 'Phone'), app: text('南网在线', 'App') } }, total: 9 },
      { entity: 'outage', title: text('停电', 'Outages'), columns: [column('start_at', '开始', 'Start', 'datetime'), column('end_at', '结束', 'End', 'datetime'), column('kind', '类型', 'Kind'), column('minutes', '时长', 'Duration', 'number', 'min')], rows: [['2026-05-11 08:00:00', '2026-05-11 14:30:00', 'planned', 390], ['2025-08-22 17:12:00', '2025-08-22 18:05:00', 'fault', 53]], codes: { kind: { planned: text('计划停电', 'Planned'), fault: text('故障停电', 'Fault') } }, total: 2 },
    ],
    masked: ['customer_name', 'contact_phone', 'address', 'id_number'],
  };
};

const curve = () => ({
  month: '2026-06', months: ['2026-04', '2026-05', '2026-06'],
  hours: Array.from({ length: 24 }, (_, hour) => ({ hour, mean_kw: 8 + 26 * Math.exp(-(((hour - 14) / 5) ** 2)), rest_day_mean_kw: 7 + 9 * Math.exp(-(((hour - 19) / 5) ** 2)) })),
  days: Array.from({ length: 30 }, (_, day) => ({ day: `2026-06-${String(day + 1).padStart(2, '0')}`, energy_kwh: day % 7 > 4 ? 310 + day * 2 : 640 + day * 4 })),
});

const person = (staff_id, name) => ({ staff_id, name, phone: '13800000000' });
const orders = () => ({
  total: 4,
  items: [
    { order: '2026-07-000027', type: { code: 'visit', title: text('走访', 'Visit') }, month: '2026-07', state: 'accepted', urgent: false, channel: 'on_site', customer_id: '0320100185', effort_minutes: 40, reopened: 0, owner: person('E00017', '李强'), second_owner: person('E00019', '王芳'), begins_on: '2026-07-01', due_on: '2026-07-15', outcome: null, verifies: null, reasons: [{ reason: 'key_a_visits.visit', text: text('专属团队走访', 'Visit by their team') }, { reason: 'revenue_high_usage.visit', text: text('每月走访，了解用电需求，当场或当日联系处理', 'Visit every month, ask for needs and see to them the same day') }] },
    { order: '2026-07-000028', type: { code: 'follow_up', title: text('一对一跟进', 'One-to-one follow-up') }, month: '2026-07', state: 'open', urgent: true, channel: 'phone', customer_id: '0320100185', effort_minutes: 20, reopened: 0, owner: null, second_owner: null, begins_on: '2026-07-01', due_on: '2026-07-20', outcome: null, verifies: null, reasons: [{ reason: 'gone.watch', text: null }] },
    { order: '2026-06-004411', type: { code: 'callback', title: text('电话回访', 'Callback') }, month: '2026-06', state: 'closed', urgent: false, channel: 'phone', customer_id: '0320100185', effort_minutes: 8, reopened: 0, owner: person('E00005', '陈静'), second_owner: null, begins_on: '2026-06-12', due_on: '2026-06-19', outcome: text('属实、满意', 'Confirmed, content'), verifies: '2026-06-000027', reasons: [] },
    { order: '2026-06-000027', type: { code: 'visit', title: text('走访', 'Visit') }, month: '2026-06', state: 'closed', urgent: false, channel: 'on_site', customer_id: '0320100185', effort_minutes: 40, reopened: 0, owner: person('E00017', '李强'), second_owner: person('E00019', '王芳'), begins_on: '2026-06-01', due_on: '2026-06-15', outcome: text('已走访', 'Visited'), verifies: null, reasons: [{ reason: 'key_a_visits.visit', text: text('专属团队走访', 'Visit by their team') }] },
  ],
  suppressed: [
    { month: '2026-07', type: { code: 'notice', title: text('通知', 'Notice') }, cell: 'high_value_products', text: text('介绍节能和智能用电产品，可预约讲解', 'Tell of saving and smart products, offer an appointment'), reason: 'no_consent' },
    { month: '2026-07', type: { code: 'callback', title: text('电话回访', 'Callback') }, cell: 'high_value_listening', text: text('电话回访，记录意见并转办', 'Call back, record opinions and pass them on'), reason: 'month_cap' },
  ],
});

const worklist = (query, scene) => ({
  ...paged(query, scene.empty ? 0 : 132, (n) => ({ ...orders().items[n % 4], order: `2026-07-${String(n + 1).padStart(6, '0')}`, customer_id: `03201${String(185 + n * 7).padStart(5, '0')}` })),
  summary: { open: 96, accepted: 21, done: 9, closed: 44, cancelled: 2, overdue: 7, due_in_7_days: 38, minutes: 5240 },
  types: [{ code: 'visit', title: text('走访', 'Visit') }, { code: 'callback', title: text('电话回访', 'Callback') }, { code: 'dunning', title: text('催费', 'Dunning') }],
});
const choice = (code, zh, en) => ({ code, title: text(zh, en) });
const wholeOrder = (id) => ({
  ...orders().items[0], order: id, area_id: 'T000021', customer: { customer_id: '0320100185', customer_name: '天河商贸有限公司', phone: '13800001234', address: '天河路 18 号', category: 'large' }, moves: ['finish', 'record', 'assign', 'cancel'],
  checklist: [text('出示证件，使用礼貌用语，说明来意', 'Show your card, be polite, say why you come'), text('了解用电需求和意见建议', 'Ask for needs and opinions'), text('现场示范新型缴费方式', 'Demonstrate new ways of paying')],
  form: [{ field: 'met_whom', title: text('接待人', 'Met whom'), kind: 'text', required: true, choices: [] }, { field: 'attitude', title: text('配合程度', 'Attitude'), kind: 'choice', required: false, choices: [choice('supportive', '支持配合', 'Supportive'), choice('neutral', '一般', 'Neutral'), choice('hostile', '抵触', 'Hostile')] }, { field: 'hazard_found', title: text('发现安全隐患', 'Hazard found'), kind: 'flag', required: false, choices: [] }, { field: 'again_on', title: text('下次走访', 'Next visit'), kind: 'date', required: false, choices: [] }],
  outcomes: [{ code: 'visited', title: text('已走访', 'Visited'), settles: true }, { code: 'nobody_home', title: text('无人在家', 'Nobody at home'), settles: false }, { code: 'refused', title: text('客户拒绝', 'Refused'), settles: true }],
  verified_by: { code: 'callback', title: text('电话回访', 'Callback') }, escalation: 1,
  script: [text('您好，我们是供电所的服务人员，这是我们的工作证', 'Good day, we are from the power supply station; here are our cards'), text('谢谢您的支持，有事请拨打95598', 'Thank you; call 95598 any time')],
  contingencies: [{ when: text('家中无人', 'Nobody at home'), then: text('留下联系卡，另约时间', 'Leave a card and agree on another day') }, { when: text('客户情绪激动', 'The customer is upset'), then: text('不争辩，记录诉求', 'Do not argue; note what is wanted') }],
  files: [{ file: 'a1', name: '门牌.jpg', media_type: 'image/jpeg', bytes: 245000, added_by: 'E00017', added_at: '2026-07-03 10:31:00' }, { file: 'b2', name: '承诺书.pdf', media_type: 'application/pdf', bytes: 81000, added_by: 'E00017', added_at: '2026-07-03 10:35:00' }],
  events: [{ at: '2026-07-02 09:12', by: 'E00017', move: 'accept', to: 'accepted', outcome: null, note: null, form: [] }, { at: '2026-07-03 10:30', by: 'E00017', move: 'record', to: 'accepted', outcome: text('无人在家', 'Nobody at home'), note: '邻居说下午在', form: [{ field: 'hazard_found', title: text('发现安全隐患', 'Hazard found'), value: 'false', text: null }, { field: '_checklist', title: null, value: '1,2/3', text: null }] }],
});
const points = (query) => ({
  month: query.get('month') ?? '2026-07', settled: null,
  rules: [{ rule: 'confirmed', title: text('经核实服务到位', 'Confirmed by a check'), points: 2 }, { rule: 'in_time', title: text('按期完成', 'Finished in time'), points: 1 }, { rule: 'wanting', title: text('回访发现服务未到位', 'Found wanting'), points: -2 }],
  items: [['E00017', '李强', 41, 14, 13, 0], ['E00019', '王芳', 33, 12, 11, 1], ['E00022', '赵伟', -1, 1, 1, 2]].map(([staff_id, name, total, a, b, c]) => ({ staff_id, name, role: 'account_manager', org_unit_id: 'S001', points: total, rules: [{ rule: 'confirmed', entries: a, points: 2 * a }, { rule: 'in_time', entries: b, points: b }, { rule: 'wanting', entries: c, points: -2 * c }] })),
});
const bookHead = { title: text('收入贡献度', 'Revenue'), source: text('东莞局客户分群研究，表 5', 'Dongguan study, table 5'), department: text('客户服务', 'Customer service'), version: 1, actions: 28 };
const strategyFile = (file) => ({
  file, built_in: true, text: 'book: revenue\nversion: 1\ncells:\n  - cell: revenue_high_usage\n    when: "group_of(\'dongguan_revenue\') = \'high\'"\n',
  book: { ...bookHead, cells: ['高', '中', '低'].map((level, n) => ({ cell: `revenue_${n}_usage`, requirements: [`R${476 + n}`], authored: n === 2, when: `group_of('dongguan_revenue') = '${level}'`, text: text(`收入贡献度${level}：每月设置专门的走访时段`, 'A dedicated slot each month'), actions: [{ action: 'visit', order: { code: 'visit', title: text('走访', 'Visit') }, on: n === 1 ? 'incoming_call' : 'month', every_months: 1, channel: 'on_site', urgent: n === 0, marketing: false, text: text('走访，了解用电需求', 'Visit, ask for needs') }] })) },
});
const launch = { version: 1, begins_on: '2026-07-10', ends_on: '2026-09-07', launched_by: '王主任', launched_at: '2026-07-09 15:00:00', in_target: 5036, able: 3619, treated: 3257, held_out: 362, baseline: 0.031, stopped_by: null, stopped_at: null, stopped_because: null };
const campaign = (name, launched) => ({ campaign: name, version: 1, title: name === 'pay_online' ? text('掌上缴费推广', 'Paying by phone') : text('节能诊断推广', 'Energy audit'), source: text('自行设计', 'Designed by us'), department: text('市场营销', 'Marketing'), target: "group_of('level2_channel') = 'active' and category = 'residential' and pay_online_share_12m < 0.5", hold_out: 0.1, most_customers: 20000, order: { code: 'notice', title: text('通知', 'Notice') }, channel: 'sms', text: text('短信介绍微信、支付宝、掌上营业厅缴费', 'Text message on paying by WeChat, Alipay and the app'), message: text('尊敬的{customer_name}，微信、支付宝、掌上营业厅均可随时缴纳电费。', 'Dear {customer_name}, bills can be paid any time by WeChat, Alipay or the app.'), goal: 'paid_by', goal_codes: ['wechat', 'alipay', 'web_hall', 'app'], goal_condition: null, within_days: 60, launch: launched ? launch : null });
const campaignResult = { data_until: '2026-08-20', is_over: false, treated_converted: 412, held_out_converted: 17, treated: { share: 0.1265, low: 0.1155, high: 0.1384 }, held_out: { share: 0.047, low: 0.0295, high: 0.0739 }, difference: { share: 0.0795, low: 0.0503, high: 0.1001 }, days: Array.from({ length: 40 }, (_, n) => ({ day: new Date(Date.UTC(2026, 6, 11 + n)).toISOString().slice(0, 10), treated: Math.round(412 * (1 - Math.exp(-n / 12))), held_out: Math.round((17 * n) / 39) })), states: [{ code: 'closed', orders: 3011 }, { code: 'open', orders: 246 }], outcomes: [{ code: 'delivered', orders: 3011 }] };
const campaignReach = { campaign: 'pay_online', version: 1, begins_on: '2026-07-10', ends_on: '2026-09-07', again: false, in_target: 5036, held: [{ reason: 'no_consent', customers: 1201 }, { reason: 'other_campaign', customers: 216 }], able: 3619, treated: 3257, held_out: 362, minutes: 3240, baseline: 0.031, smallest_difference: 0.0269 };
const cause = (code, zh, en, treat, treatEn) => ({ code, title: text(zh, en), treatment: text(treat, treatEn), channel: 'phone' });
const causes = [cause('malicious', '恶意拖欠', 'Malicious', '上门催收并送达通知，保留证据', 'Collect on site, serve notices, keep the proof'), cause('separate_book', '代扣账户为单独存折', 'Separate debit book', '讲解代扣安全性，换成常用账户', 'Explain, move to an account in use'), cause('low_balance', '代扣账户余额不足', 'Balance too low', '扣款日前提醒存足余额', 'Remind before the debit')];
const arrears = (query, scene) => ({
  ...paged(query, scene.empty ? 0 : 64, (n) => ({ rank: n + 1, customer_id: `03201${String(185 + n * 7).padStart(5, '0')}`, customer_name: n % 3 ? '张建国' : '天河商贸有限公司', arrears_cny: 84210.5 / (n + 1), at_risk_cny: 84210.5 / (n + 1) * (n % 2 ? 0.6 : 1), weight: n % 2 ? 0.6 : 1, weighed_by: n % 2 ? text('惯性欠费', 'Habitual arrears') : text('恶意欠费', 'Malicious arrears'), cause: causes[n % 3], oldest_days: 94 - n, unpaid_bills: 3, first: true, owed_now_cny: n === 2 ? null : String((84210.5 / (n + 1)).toFixed(2)), order: n % 2 ? null : '2026-07-000027', order_state: n % 2 ? null : 'open' })),
  month: '2026-06', day: { phase: 'dunning', reading_from: '2026-07-17', reading_to: '2026-07-20', bill_on: '2026-07-22', dunning_to: '2026-07-29', dunning_day: 2, dunning_days: 8 },
  causes: scene.empty ? [] : causes.map((one, n) => ({ cause: one, customers: 120 * (n + 1), arrears_cny: 310000 / (n + 1), first: 31 - n * 9 })), debtors: 720, arrears_cny: 568333, at_risk_cny: 301222, first: 64, first_at_risk_cny: 241200, everybody_minutes: 10800, first_minutes: 960,
});
const planResult = { month: '2026-07', customers: 47783, touched: 34072, wanted: 76669, suppressed: 19259, joined: 9078, orders: 48332, created: 48332, employees: 72, overloaded: 31, types: [['notice', '通知', 'Notice', 30211, 0], ['visit', '走访', 'Visit', 9120, 729600], ['callback', '电话回访', 'Callback', 6001, 48008], ['dunning', '催费', 'Dunning', 3000, 45000]].map(([code, zh, en, orders, minutes]) => ({ code, title: text(zh, en), orders, created: orders, minutes })), held: [{ reason: 'no_consent', actions: 12003, customers: 9001 }, { reason: 'month_cap', actions: 7256, customers: 4100 }] };
const serviceAnswers = (method, name, query, body, scene) => {
  const at = name.split('/').map(decodeURIComponent);
  if (name === 'strategies') return { items: [...['revenue', 'influence', 'growth'].map((file) => ({ file, built_in: true, book: { ...bookHead, cells: 15 } })), { file: 'rules', built_in: false, book: null }], fingerprint: '1f2e3d4c', problems: [] };
  if (at[0] === 'strategies' && at[2] === 'check') return { ok: true, problems: [{ line: '4', severity: 'warning', message: '条件对所有客户都成立' }] };
  if (at[0] === 'strategies') return strategyFile(at[1]);
  if (name === 'jobs' && method === 'POST' && JSON.parse(body).preview && JSON.parse(body).kind === 'plan') return { ...runningJob, kind: 'plan', state: 'done', share: 1, result: planResult };
  if (name === 'orders') return worklist(query, scene);
  if (name === 'orders/days') return { month: query.get('month') ?? '2026-07', items: Array.from({ length: 20 }, (_, n) => ({ day: `${query.get('month') ?? '2026-07'}-${String(n + 4).padStart(2, '0')}`, orders: 3 + (n % 9), open: n % 4, minutes: 90 + n * 10 })) };
  if (name === 'orders/coverage') return { month: '2026-07', items: Array.from({ length: 12 }, (_, n) => ({ key: `T${n}`, name: `人民路${n + 1}号台区`, planned: 40 + n, done: 4 + n * 3, checked: 2 + n * 2, in_time: 3 + n * 2, overdue: Math.max(0, 9 - n) })) };
  if (name === 'orders/moves') return { done: 2, failed: [] };
  if (at[0] === 'orders') return wholeOrder(at[1]);
  if (name === 'staff') return { items: [{ staff_id: 'E00017', name: '李强', role: 'account_manager', org_unit_id: 'S001' }, { staff_id: 'E00019', name: '王芳', role: 'meter_reader', org_unit_id: 'S001' }] };
  if (name === 'jobs' && method === 'POST' && JSON.parse(body).kind === 'campaign') return { ...runningJob, kind: 'campaign', state: 'done', share: 1, result: campaignReach };
  if (name === 'notices') return paged(query, 3, (n) => ({ notice: `n${n}`, order: '2026-07-000031', customer_id: query.get('customer') ?? '', channel: ['sms', 'wechat', 'paper'][n], recipient: '138****1234', text: '尊敬的客户，电费可通过网上营业厅、微信、支付宝查询和缴纳。', state: ['delivered', 'queued', 'dead'][n], attempts: 1, due_at: '2026-07-02 08:00:00', last_error: null, changed_at: `2026-07-0${4 - n} 09:12:00` }));
  if (name === 'calendar') return method === 'GET' ? { exists: true } : { path: '/api/v1/calendar/3f9c1d2e.ics' };
  if (name === 'orders/escalations') return { items: [{ step: 1, orders: 7, nobody: 0 }] };
  if (name === 'campaigns') return { items: scene.empty ? [] : [campaign('pay_online', true), campaign('energy_audit', false)] };
  if (at[0] === 'campaigns' && at[2] === 'stop') return { campaign: at[1], cancelled: 246 };
  if (at[0] === 'campaigns') return { ...campaign(at[1], at[1] === 'pay_online'), result: at[1] === 'pay_online' ? campaignResult : null };
  if (name === 'arrears') return arrears(query, scene);
  if (at[0] === 'customers' && at[2] === 'service') return { opted_out: false, events: [{ event: 'T-1', on: 'ticket', at: '2026-07-02 09:30:00', verdict: 'proceed', orders: ['2026-07-000027'] }] };
  if (name === 'points') return points(query);
  if (at[0] === 'points') return { staff_id: at[1], month: '2026-07', items: [{ order: '2026-07-000027', rule: 'confirmed', points: 2, booked_at: '2026-07-09 10:00:00' }, { order: '2026-07-000027', rule: 'in_time', points: 1, booked_at: '2026-07-09 10:00:00' }] };
  return undefined;
};

const sentences = (english) => english
  ? ['Billed 177,900 CNY in 12 months, 14 times the mean of the population.', 'Would move to “medium revenue” if billed less than 96,400 CNY.']
  : ['近12个月电费 17.79 万元，是全体平均的 14 倍。', '如果近12个月电费低于 9.64 万元，将归入“收入贡献度中”。'];

const routed = (id) => {
  const one = whole(id);
  return { matches: [{ customer_id: id, customer_name: one.title, phone: '138****1234', category: 'large', groups: one.groups, primary_group: one.primary_group, queue: { code: 'key', title: text('重要客户专席', 'Key accounts'), priority: 1 }, green_channel: true, manager: one.manager, station: one.station, say: [text('先确认停电影响范围，主动告知预计复电时间。', 'Ask what is affected, tell the expected time of restoration.'), text('提醒可由客户经理上门服务。', 'Offer a visit by the manager.')], do_not: [text('不推荐自助渠道。', 'Do not send to self-service.')] }], made_at: '2026-07-03 02:00:11' };
};

const runningJob = { job: 'j-0007', kind: 'segment', parameters: { schemes: ['dongguan_revenue'], month: '2026-06' }, user: 'analyst', state: 'running', stage: '群数试算 k = 5', share: 0.46, created_at: '2026-07-03 09:20:01', started_at: '2026-07-03 09:20:02', ended_at: null, problem: null, result: null };

const of = (method, name, query, body, scene, english) => {
  const at = name.split('/').map(decodeURIComponent);
  if (name === 'session') return answers.session(scene);
  if (name === 'overview') return overview();
  if (name === 'customers') return { ...paged(query, scene.empty ? 0 : 47783, customer), masked: ['customer_name', 'contact_phone', 'address'], codes };
  if (name === 'search') return { items: Array.from({ length: 6 }, (_, i) => customer(i)).map((row) => ({ customer_id: row.customer_id, customer_name: row.customer_name, phone: row.contact_phone, address: row.address, station_name: row.station_name, matched: 'customer_id' })), took_ms: 3 };
  if (name === 'route') return routed('0320100185');
  if (at[0] === 'customers' && at.length === 2) return whole(at[1]);
  if (at[0] === 'customers' && at[2] === 'curve') return curve();
  if (at[0] === 'customers' && at[2] === 'orders') return orders();
  if (at[0] === 'customers' && at[2] === 'explanations') return { month: '2026-06', items: schemes.slice(0, 4).map((scheme) => ({ scheme: scheme.scheme, title: scheme.title, group: scheme.groups[0].group, group_title: scheme.groups[0].title, sentences: sentences(english) })) };
  if (at[0] === 'customers' && at[2] === 'dossier') return '<!doctype html><title>一户一册</title><h1>一户一册</h1>';
  return serviceAnswers(method, name, query, body, scene) ?? groupingAnswers(method, name, query, body, scene, english) ?? dataAnswers(method, name, query, body, scene, english, runningJob);
};

export const answers = {
  of,
  runningJob,
  session: (scene) => ({
    user: 'admin', display_name: '陈主任', role: 'administrator', role_title: text('管理员', 'Administrator'), rights: scene.rights ?? everyRight, scope: [], sees_all: true, sees_personal: 'masked', sees_sensitive: 'hidden', language: 'zh', csrf: 'made-up',
    must_change_password: false, expires_at: '2026-07-03 18:00:00', workspace: { name: '天河供电所', synthetic: true, build: 'made up' },
  }),
};
