// api/types.ts - what the server answers below /api/v1, as src/api/openapi.yaml says it.
// Months are "2026-07", times "2026-07-01 09:30:00"; money is CNY, energy kWh, shares 0..1. null: not known, or not for
// the eyes of this role.

export interface Text {
  zh: string;
  en: string;
}

export interface Page<T> {
  items: T[];
  total: number;
  page: number;
  page_size: number;
}

/** application/problem+json */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  field?: string;
  trace_id?: string;
}

// ---- access -----------------------------------------------------------------------------------------------------

export interface OrgUnitName {
  id: string;
  name: string;
}

export type Sight = 'clear' | 'masked' | 'hidden';

export interface Me {
  user: string;
  display_name: string;
  role: string;
  role_title: Text;
  rights: string[];
  scope: OrgUnitName[];
  sees_all: boolean; // all customers; without this and without units none
  sees_personal: Sight;
  sees_sensitive: Sight;
  language: 'zh' | 'en';
  csrf: string;
  must_change_password: boolean;
  expires_at: string;
  workspace: { name: string; synthetic: boolean; build: string };
}

export interface User {
  user: string;
  display_name: string;
  role: string;
  scope: OrgUnitName[];
  sees_all: boolean;
  staff_id: string | null; // all customers; without this and without units none
  disabled: boolean;
  must_change_password: boolean;
  created_at: string;
  last_login_at: string | null;
  locked_until: string | null;
  sessions: number;
  initial_password?: string;
}

export interface Role {
  role: string;
  title: Text;
  rights: string[];
  sees_personal: Sight;
  sees_sensitive: Sight;
}

export interface Roles {
  items: Role[];
  rights: { right: string; title: Text }[];
}

export interface Key {
  key: string;
  name: string;
  role: string;
  scope: OrgUnitName[];
  sees_all: boolean; // all customers; without this and without units none
  created_by: string;
  created_at: string;
  expires_at: string | null;
  revoked: boolean;
  secret?: string;
}

export interface AuditEntry {
  sequence: number;
  at: string;
  user: string;
  role: string;
  action: string;
  subject: string;
  detail: string;
  outcome: 'done' | 'refused';
  address: string;
  trace_id: string;
  hash: string;
}

export interface AuditVerification {
  entries: number;
  intact: boolean;
  first_broken: number | null;
  head: string;
}

export interface ExportEntry {
  sequence: number;
  at: string;
  user: string;
  role: string;
  subject: string;
  purpose: string;
  format: string;
  rows: number;
  hash: string;
  masked: boolean;
  outcome: 'done' | 'refused';
}

export interface Health {
  state: string;
  build: string;
  started_at: string;
  uptime_s: number;
  memory_bytes: number;
  peak_memory_bytes: number;
  database_bytes: number;
  lake_bytes: number;
  lake_files: number;
  disk_free_bytes: number;
  customers: number;
  requests: { total: number; by_status: Record<string, number> };
  sessions: number;
  jobs: { queued: number; running: number; failed: number };
  directory: { customers: number; made_at: string; bytes: number };
  last_batch_at: string | null;
}

// ---- jobs, uploads ------------------------------------------------------------------------------------------------

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Job {
  job: string;
  kind: string;
  parameters: Record<string, unknown>;
  user: string;
  state: JobState;
  stage: string;
  share: number | null; // of the stage
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  problem: Problem | null;
  result: Record<string, unknown> | null;
}

// ---- overview, data -------------------------------------------------------------------------------------------------

export interface Figure {
  value: number | null;
  previous: number | null;
}

export interface GroupShare {
  group: string;
  title: Text;
  customers: number | null; // null: too few to be told
  share: number | null;
  previous?: number | null;
}

export interface Overview {
  month: string;
  previous_month: string | null;
  customers: Figure;
  active_customers: Figure;
  revenue_cny: Figure;
  energy_kwh: Figure;
  collection_share: Figure;
  complaints: Figure;
  satisfaction_score: Figure;
  months: { month: string; revenue_cny: number | null; energy_kwh: number | null; collected_cny: number | null; complaints: number | null }[];
  schemes: { scheme: string; title: Text; customers: number; groups: GroupShare[] }[];
  moved: { customers: number; share: number | null } | null;
}

export interface RowCounts {
  rows_in: number;
  rows_loaded: number;
  rows_duplicate: number;
  rows_superseded: number;
  rows_rejected: number;
}

export interface Batch extends RowCounts {
  batch: string;
  source: string;
  mapping: string | null;
  loaded_at: string;
  entities: ({ entity: string; title: Text } & RowCounts)[];
}

export interface QuarantineRow {
  batch: string;
  entity: string;
  entity_title: Text;
  source: string;
  line: number;
  column: string;
  column_title: Text | null;
  reason: string;
  reason_text: string;
  value: string | null;
  raw: string | null;
  masked: boolean;
}

export interface Quarantine extends Page<QuarantineRow> {
  reasons: { reason: string; rows: number }[];
}

export interface PreparationItem {
  kind: string;
  subject: string;
  name: string | null;
  state: string | null;
  reason: string | null;
  rows_in: number | null;
  rows_out: number | null;
}

export interface Preparations {
  months: string[];
  month: string | null; // null: none is prepared
  steps: { step: string; rows_in: number | null; rows_out: number | null; items: PreparationItem[] }[];
}

export interface Readiness {
  month: string;
  customers: number;
  comparable: number;
  reasons: { code: string; title: Text; customers: number }[];
  families: { family: string; title: Text; enough: number; partly: number; none: number }[];
}

export interface DictionaryField {
  field: string;
  title: Text;
  type: string;
  unit: string | null;
  required: boolean;
  min: number | string | null;
  max: number | string | null;
  codes: { code: string; title: Text }[];
  sensitivity: string;
  references: string | null;
  note: Text | null;
  synonyms: string[];
}

export interface DictionaryEntity {
  entity: string;
  title: Text;
  area: string | Text;
  kind: string;
  source: Text | string | null;
  note: Text | string | null;
  rows: number | null;
  key: string[];
  fields: DictionaryField[];
}

// ---- schemes, runs, portraits -----------------------------------------------------------------------------------------

export interface Scheme {
  scheme: string;
  title: Text | null;
  method: string | null;
  version: number | null;
  built_in: boolean;
  problem: string | null;
  runs: number;
  definitions: number;
  department: Text | string | null;
  in_force: { run: string; from: string } | null;
}

export interface SchemeText {
  scheme: string;
  version: number;
  definition: string;
  text: string;
  built_in: boolean;
}

export interface SchemeCheck {
  ok: boolean;
  problems: { line: number | string | null; severity: 'error' | 'warning'; message: string }[];
  measured_on: string | null; // the month that it was tried on
}

export interface Move {
  from: string | null;
  from_title: Text;
  to: string | null;
  to_title: Text;
  customers: number | null; // null: too few to be told
}

export interface Preview {
  month: string;
  compared_with: string | null;
  customers: number;
  moved: number;
  moves: Move[];
}

export interface Diff {
  first: string;
  second: string;
  customers: number;
  moved: number;
  moves: Move[];
}

export interface RunRow {
  run: string;
  scheme: string;
  scheme_title: Text;
  month: string;
  state: string;
  in_force: { from: string; to: string | null }[];
}

export interface Trial {
  k: number;
  inertia: number;
  centroid_silhouette: number;
  calinski_harabasz?: number | null;
  davies_bouldin?: number | null;
  smallest_share: number;
  silhouette?: number | null;
  silhouette_low?: number | null;
  silhouette_high?: number | null;
  gap?: number | null;
  stability?: number | null;
}

export interface RunGroup {
  code: string;
  title: Text;
  description?: Text;
  customers: number;
  share: number;
}

/** As `fenqun segment --json` tells a run. */
export interface RunResult {
  method: string;
  scheme_version?: number;
  population: number;
  classified: number;
  groups: RunGroup[];
  not_classifiable: { code: string; reason: Text; customers: number }[];
  trials: Trial[];
  recommended_k: number;
  recommended_reason: string; // "segment.k_majority"
  published_k: number;
  seed?: number;
  build?: string;
  data_fingerprint?: string;
  assignment_hash?: string;
  warnings: string[]; // "segment.warn_k_differs"
}

export interface Publication {
  sequence: number;
  scheme: string;
  kind: string;
  run: string | null;
  valid_from: string;
  valid_to: string | null;
  by: string;
  reason: string;
  recorded_at: string;
  customers: number;
  classified: number;
  moved: number;
  hash: string;
}

export interface Run extends RunRow {
  decisions: { decision: string; by: string; reason: string; at: string }[];
  publications: Publication[];
  result: RunResult;
}

export interface GroupsOfMonth {
  month: string | null; // null: none is prepared
  schemes: { scheme: string; title: Text; run: string; groups: GroupShare[] }[];
}

export interface PortraitCell {
  group: string;
  mean?: number | null;
  share?: number | null;
  index: number | null;
  significant: boolean;
}

export interface PortraitNumber {
  feature: string;
  title: Text;
  unit: string;
  population: number | null;
  by_group: PortraitCell[];
}

export interface Portrait {
  run: string;
  scheme: string;
  title: Text;
  month: string;
  groups: (GroupShare & {
    description?: Text | null;
    proposed_name?: Text | null;
    revenue_12m_cny?: number | null;
    revenue_share?: number | null;
    energy_12m_kwh?: number | null;
    energy_share?: number | null;
    average_bill_cny?: number | null;
  })[];
  blocks: { block: string; title: Text; rows: { code: string; feature?: string; title: Text; share: number | null; by_group: PortraitCell[] }[] }[];
  numbers: PortraitNumber[];
  month_names: string[];
  months: { group: string; energy_kwh: (number | null)[] }[];
  hours: { group: string; shares: number[] }[];
  map: {
    points: { x: number; y: number; group: string }[];
    centres?: { group: string; x: number; y: number }[];
    regions?: { group: string; corners: [number, number][] }[];
    extent: [number, number, number, number]; // least x, greatest x, least y, greatest y
    centre_share?: number;
  } | null;
}

// ---- customers, places --------------------------------------------------------------------------------------------------

export interface GroupOf {
  scheme: string;
  scheme_title: Text;
  group: string;
  title: Text;
}

export interface Customer {
  customer_id: string;
  customer_name: string | null;
  category: string;
  industry: string | null;
  tariff_class: string | null;
  status: string | null;
  voltage_kv: number | null;
  contract_capacity_kva: number | null;
  importance_grade: string | null;
  is_key_attention: boolean | null;
  location_kind: string | null;
  contact_phone: string | null;
  address: string | null;
  station_id: string | null;
  station_name: string | null;
  feeder_id: string | null;
  opened_on: string | null;
  primary_group: GroupOf | null;
}

/** Field -> code -> what it is called. */
export type Codes = Record<string, Record<string, Text>>;

export interface Customers extends Page<Customer> {
  masked: string[];
  codes: Codes;
}

export interface FieldValue {
  field: string;
  title: Text;
  value: string | number | boolean | null;
  text?: Text | null;
  unit?: string;
  masked?: boolean;
}

export interface Table {
  entity: string;
  title: Text;
  columns: { field: string; title: Text; unit: string; type: string; masked: boolean }[];
  rows: (string | number | boolean | null)[][];
  codes: Codes;
  total: number;
}

export interface Customer360 {
  customer_id: string;
  title: string;
  master: FieldValue[];
  station: OrgUnitName | null;
  manager: { staff_id: string; name: string | null; phone: string | null } | null;
  groups: GroupOf[];
  primary_group: GroupOf | null;
  history: { scheme: string; group: string | null; reason: string | null; title: { zh: string | null; en: string | null }; from: string; to: string | null; recorded_at: string }[];
  months: { month: string; energy_kwh: number | null; bill_cny: number | null; paid_cny: number | null }[];
  tables: Table[];
  masked: string[];
}

export interface Curve {
  month: string | null; // null: no readings at all
  months: string[];
  hours: { hour: number; mean_kw: number | null; rest_day_mean_kw: number | null }[];
  days: { day: string; energy_kwh: number | null }[];
}

export type OrderState = 'open' | 'accepted' | 'done' | 'closed' | 'cancelled';
export interface OrderType {
  code: string;
  title: Text | null; // null: there is no such kind any more
}
export interface Employee {
  staff_id: string;
  name: string | null;
  phone: string | null;
}
export type Channel = 'on_site' | 'phone' | 'sms' | 'wechat' | 'email' | 'paper' | 'bulletin' | 'online' | 'counter';
export interface WorkOrder {
  order: string;
  type: OrderType;
  customer_id: string;
  month: string;
  state: OrderState;
  urgent: boolean;
  channel: Channel;
  owner: Employee | null;
  second_owner: Employee | null;
  begins_on: string;
  due_on: string;
  effort_minutes: number;
  reopened: number;
  escalation: number;
  outcome: Text | string | null;
  verifies: string | null; // the order that this one checks
  reasons: { reason: string; text: Text | null }[];
}
export interface OrderSummary {
  open: number;
  accepted: number;
  done: number;
  closed: number;
  cancelled: number;
  overdue: number;
  due_in_7_days: number;
  minutes: number;
}
export interface Orders extends Page<WorkOrder> {
  summary: OrderSummary;
  types: { code: string; title: Text }[];
}
export interface OrderDays {
  month: string;
  items: { day: string; orders: number; open: number; minutes: number }[];
}
export interface OrderCoverage {
  month: string;
  items: { key: string | null; name: string | null; planned: number; done: number; checked: number; in_time: number; overdue: number }[];
}
export type OrderMove = 'accept' | 'assign' | 'record' | 'finish' | 'verify' | 'reopen' | 'cancel';
export interface OrderField {
  field: string;
  title: Text;
  kind: 'text' | 'number' | 'flag' | 'date' | 'choice';
  required: boolean;
  choices: { code: string; title: Text }[];
}
export interface OrderEvent {
  at: string;
  by: string;
  move: OrderMove;
  to: OrderState;
  outcome: Text | string | null;
  note: string | null;
  form: { field: string; title: Text | null; value: string; text: Text | null }[];
}
export interface OrderFile {
  file: string;
  name: string;
  media_type: string;
  bytes: number;
  added_by: string;
  added_at: string;
}
export interface WholeOrder extends WorkOrder {
  customer: { customer_id: string; customer_name: string | null; phone: string | null; address: string | null; category: string | null };
  area_id: string | null;
  moves: OrderMove[];
  checklist: Text[];
  form: OrderField[];
  script: Text[];
  contingencies: { when: Text; then: Text }[];
  files: OrderFile[];
  outcomes: { code: string; title: Text; settles: boolean }[];
  verified_by: OrderType | null;
  events: OrderEvent[];
  checker?: string | null;
  checked?: string | null;
}
export interface Staff {
  staff_id: string;
  name: string | null;
  role: string | null;
  org_unit_id: string | null;
}
export interface CampaignLaunch {
  version: number;
  begins_on: string;
  ends_on: string;
  launched_by: string;
  launched_at: string;
  in_target: number;
  able: number;
  treated: number;
  held_out: number;
  baseline: number | null;
  stopped_by: string | null;
  stopped_at: string | null;
  stopped_because: string | null;
}
export interface Campaign {
  campaign: string;
  version: number;
  title: Text;
  source: Text;
  department: Text;
  target: string;
  hold_out: number;
  most_customers: number;
  order: OrderType;
  channel: WorkOrder['channel'];
  text: Text;
  message: Text | null;
  goal: 'paid_by' | 'contacted_by' | 'applied_for' | 'holds';
  goal_codes: string[];
  goal_condition: string | null;
  within_days: number;
  launch: CampaignLaunch | null;
}
export interface Interval {
  share: number;
  low: number;
  high: number;
}
export interface WholeCampaign extends Campaign {
  result: {
    data_until: string | null;
    is_over: boolean;
    treated_converted: number;
    held_out_converted: number;
    treated: Interval | null;
    held_out: Interval | null;
    difference: Interval | null;
    days: { day: string; treated: number; held_out: number }[];
    states: { code: string; orders: number }[];
    outcomes: { code: string; orders: number }[];
  } | null;
}
export interface CampaignReach {
  campaign: string;
  version: number;
  begins_on: string;
  ends_on: string;
  again: boolean;
  in_target: number;
  held: { reason: HeldAction['reason']; customers: number }[];
  able: number;
  treated: number;
  held_out: number;
  minutes: number;
  baseline: number | null;
  smallest_difference: number | null;
}
export interface ArrearsCause {
  code: string;
  title: Text;
  treatment: Text;
  channel: WorkOrder['channel'];
}
export interface ArrearsRow {
  rank: number;
  customer_id: string;
  customer_name: string | null;
  arrears_cny: number;
  at_risk_cny: number;
  weight: number;
  weighed_by: Text | null;
  cause: ArrearsCause | null;
  oldest_days: number;
  unpaid_bills: number;
  first: boolean;
  owed_now_cny: string | null;
  order: string | null;
  order_state: OrderState | null;
}
export interface Arrears {
  items: ArrearsRow[];
  total: number;
  month: string;
  day: { phase: 'waiting' | 'reading' | 'checking' | 'dunning'; reading_from: string; reading_to: string; bill_on: string; dunning_to: string; dunning_day: number; dunning_days: number };
  causes: { cause: ArrearsCause | null; customers: number; arrears_cny: number; first: number }[];
  debtors: number;
  arrears_cny: number;
  at_risk_cny: number;
  first: number;
  first_at_risk_cny: number;
  everybody_minutes: number;
  first_minutes: number;
}
export interface CustomerNotices {
  total: number;
  items: {
    notice: string;
    order: string;
    channel: WorkOrder['channel'];
    text: string | null;
    state: 'queued' | 'sending' | 'sent' | 'awaiting' | 'delivered' | 'undelivered' | 'dead' | 'unsure' | 'incomplete' | 'no_recipient' | 'withdrawn';
    changed_at: string;
  }[];
}
export interface CustomerService {
  opted_out: boolean;
  events: { event: string; on: string; at: string; verdict: 'proceed' | 'clear_debt' | 'blocked'; orders: string[] }[];
}
export interface Points {
  month: string;
  settled: { by: string; at: string } | null;
  rules: { rule: string; title: Text; points: number }[];
  items: { staff_id: string; name: string | null; role: string; org_unit_id: string | null; points: number; rules: { rule: string; entries: number; points: number }[] }[];
}
export interface PointsEntries {
  staff_id: string;
  month: string;
  items: { order: string; rule: string; points: number; booked_at: string }[];
}
export interface HeldAction {
  month: string;
  type: OrderType;
  cell: string;
  text: Text | null;
  reason: 'yields' | 'no_consent' | 'consent_unknown' | 'collides' | 'channel_cap' | 'month_cap' | 'quieter' | 'other_campaign';
}
export interface CustomerOrders {
  total: number;
  items: WorkOrder[];
  suppressed: HeldAction[];
}

export interface Explanations {
  month: string;
  items: { scheme: string; title: Text; group: string | null; group_title: Text; sentences: string[]; masked?: boolean }[];
}

export interface Hit {
  customer_id: string;
  customer_name: string | null;
  phone: string | null;
  address: string | null;
  station_name: string | null;
  matched: 'customer_id' | 'name' | 'phone' | 'address';
}

export interface RouteMatch {
  customer_id: string;
  customer_name: string | null;
  phone: string | null;
  category: string;
  groups: GroupOf[];
  primary_group: GroupOf | null;
  queue: { code: string; title: Text; priority: number };
  green_channel: boolean;
  manager: { staff_id: string; name: string | null; phone: string | null } | null;
  station: OrgUnitName | null;
  say: Text[];
  do_not: Text[];
}

export interface TreeNode {
  id: string;
  name: string;
  kind: string;
  kind_title: Text | null;
  parent: string | null;
  children: number;
  customers: number;
  groups: { group: string; title: Text; customers: number | null }[];
  longitude: number | null;
  latitude: number | null;
}

export interface Tree {
  path: OrgUnitName[];
  items: TreeNode[];
}

export interface StrategyProblem {
  line: string | null;
  severity: 'error' | 'warning';
  message: string;
}
export interface StrategyCheck {
  ok: boolean;
  problems: StrategyProblem[];
}
interface BookHead {
  title: Text;
  source: Text;
  department: Text;
  version: number;
  actions: number;
}
export type Occasion = 'month' | 'planned_outage' | 'price_change' | 'bill_change' | 'special_day' | 'application' | 'closing' | 'incoming_call' | 'ticket' | 'payment' | 'arrears' | 'disconnection' | 'meter_reading';
export interface StrategyBook extends BookHead {
  cells: {
    cell: string;
    requirements: string[];
    authored: boolean;
    when: string;
    text: Text;
    actions: { action: string; order: { code: string; title: Text }; on: Occasion; every_months: number; channel: Channel; urgent: boolean; marketing: boolean; text: Text }[];
  }[];
}
export interface Strategies {
  items: { file: string; built_in: boolean; book: (BookHead & { cells: number }) | null }[];
  fingerprint: string;
  problems: StrategyProblem[];
}
export interface StrategyText {
  file: string;
  built_in: boolean;
  text: string;
  book: StrategyBook | null;
}
export interface PlanResult {
  month: string;
  customers: number;
  touched: number;
  wanted: number;
  suppressed: number;
  joined: number;
  orders: number;
  created: number;
  types: { code: string; title: Text; orders: number; created: number; minutes: number }[];
  held: { reason: HeldAction['reason']; actions: number; customers: number }[];
  employees: number;
  overloaded: number;
}
