// pages/orders.tsx - worklists: whose orders, in which state, due when; as a list or by day. Cards on a phone.
import { Button, Card, DatePicker, Grid, List, Segmented, Select, Switch, Tag } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useGet, useRight } from '../api/hooks';
import type { OrderDays, Orders, OrderState, WorkOrder } from '../api/types';
import { count, number, time } from '../format';
import { useWords } from '../i18n';
import { Reasons } from '../parts/customer_orders';
import { DataTable, usePageState, type PageState } from '../parts/data_table';
import { Figure } from '../parts/figure';
import { OrderBulk } from '../parts/order_bulk';
import { Coverage } from '../parts/order_coverage';
import { employees, OrderKind, OrderTag } from '../parts/order_tag';
import { PageHead } from '../parts/page_head';
import { CalendarAddress, Escalate } from '../parts/order_actions';
import { MakePlan } from '../parts/make_plan';
import { Answer, Nothing } from '../parts/states';
import { say } from '../say';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const states: OrderState[] = ['open', 'accepted', 'done', 'closed', 'cancelled'];

function isLate(of: WorkOrder): boolean {
  return (of.state === 'open' || of.state === 'accepted') && dayjs(of.due_on).isBefore(dayjs(), 'day');
}

function Due({ of }: { of: WorkOrder }) {
  return <span className={isLate(of) ? 'num bad' : 'num'}>{time(of.due_on)}</span>;
}

function Cards({ query, state }: { query: ReturnType<typeof useGet<Orders>>; state: PageState }) {
  const { t } = useWords('service');
  return (
    <Answer query={query}>
      {(of) => (
        <List
          dataSource={of.items}
          locale={{ emptyText: <Nothing text={t('none')} /> }}
          pagination={of.total > of.items.length ? { current: state.page, pageSize: state.page_size, total: of.total, onChange: (page) => state.set({ page: String(page) }), simple: true } : false}
          renderItem={(one) => (
            <List.Item style={{ border: 0, padding: '0 0 10px' }}>
              <Link to={`/orders/${one.order}`} className="order-card">
                <div className="line"><strong><OrderKind of={one} /></strong><OrderTag state={one.state} /></div>
                <div className="line faint"><span className="num">{one.customer_id}</span><Due of={one} /></div>
                <div className="faint">{employees(one)}</div>
              </Link>
            </List.Item>
          )}
        />
      )}
    </Answer>
  );
}

function Days({ query, state }: { query: Record<string, string | undefined>; state: PageState }) {
  const { t } = useWords('service');
  const month = state.get('month') ?? dayjs().format('YYYY-MM');
  const days = useGet<OrderDays>('orders/days', { ...query, month });
  const byDay = new Map((days.data?.items ?? []).map((one) => [one.day, one]));
  const first = dayjs(`${month}-01`);
  const before = (first.day() + 6) % 7; // weeks begin on Monday
  return (
    <Card size="small" title={<DatePicker picker="month" allowClear={false} aria-label={t('shell:month')} value={first} onChange={(value) => value && state.set({ month: value.format('YYYY-MM') })} />}>
      <div className="days">
        {weekdays.map((name) => <div key={name} className="weekday">{t(`weekdays.${name}`)}</div>)}
        {Array.from({ length: before }, (_, n) => <div key={`before${n}`} />)}
        {Array.from({ length: first.daysInMonth() }, (_, n) => {
          const day = first.date(n + 1);
          const of = byDay.get(day.format('YYYY-MM-DD'));
          const late = of !== undefined && of.open > 0 && day.isBefore(dayjs(), 'day');
          return (
            <button key={n} type="button" className={day.isSame(dayjs(), 'day') ? 'today' : ''} disabled={!of} onClick={() => state.set({ view: null, due_on: day.format('YYYY-MM-DD'), month: null })}>
              <span className="num faint">{n + 1}</span>
              {of && <span className={late ? 'num bad' : of.open === 0 ? 'num good' : 'num'}>{of.open > 0 ? t('dayOrders', { count: of.open }) : t('allDone')}</span>}
            </button>
          );
        })}
      </div>
    </Card>
  );
}

export default function OrdersPage() {
  const { t } = useWords('service');
  const state = usePageState();
  const navigate = useNavigate();
  const isWide = Grid.useBreakpoint().md ?? true;
  const mayPlan = useRight('plans.start');
  const mayWork = useRight('orders.work');
  const mayManage = useRight('orders.manage');
  const isMine = (state.get('mine') ?? (mayWork && !state.get('campaign') ? 'true' : 'false')) === 'true';
  const view = state.get('view') ?? 'list';
  const filter = { owner: isMine ? 'me' : undefined, type: state.get('type'), state: state.get('state'), overdue: state.get('overdue') ? 'only' : undefined, customer: state.get('customer'), campaign: state.get('campaign') };
  const query = useGet<Orders>('orders', { ...filter, month: view === 'list' ? state.get('month') : undefined, due_on: state.get('due_on'), page: state.page, page_size: state.page_size });
  const sum = query.data?.summary;
  const day = state.get('due_on');
  const [picked, pick] = useState<string[]>([]);
  return (
    <>
      <PageHead title={t('title')} about={day ? t('ofDay', { day: time(day) }) : t('about')}>
        <Segmented aria-label={t('title')} value={view} onChange={(to) => state.set({ view: to === 'list' ? null : String(to), due_on: null })} options={[{ value: 'list', label: t('list') }, { value: 'calendar', label: t('calendar') }, { value: 'coverage', label: t('coverage') }]} />
        <CalendarAddress />
        {mayManage && <Escalate />}
        {mayPlan && <MakePlan />}
      </PageHead>
      {sum && (
        <div className="grid figures" style={{ marginBottom: 14 }}>
          <Figure name={t('states.open')} text={count(sum.open)} />
          <Figure name={t('states.accepted')} text={count(sum.accepted)} />
          <Figure name={t('states.done')} text={count(sum.done)} />
          <Figure name={t('overdue')} text={count(sum.overdue)} />
          <Figure name={t('week')} text={count(sum.due_in_7_days)} />
          <Figure name={t('hours')} text={t('hoursValue', { hours: number(sum.minutes / 60, 0) })} />
        </div>
      )}
      <div className="toolbar">
        <label><Switch size="small" checked={isMine} onChange={(on) => state.set({ mine: String(on) })} /> {t('mine')}</label>
        <label><Switch size="small" checked={state.get('overdue') === 'true'} onChange={(on) => state.set({ overdue: on ? 'true' : null })} /> {t('overdueOnly')}</label>
        <Select allowClear style={{ minWidth: 140 }} placeholder={t('type')} aria-label={t('type')} value={state.get('type') ?? null} onChange={(value: string | null) => state.set({ type: value ?? null })} options={(query.data?.types ?? []).map((one) => ({ value: one.code, label: say(one.title) }))} />
        <Select allowClear style={{ minWidth: 130 }} placeholder={t('state')} aria-label={t('state')} value={state.get('state') ?? null} onChange={(value: string | null) => state.set({ state: value ?? null })} options={states.map((one) => ({ value: one, label: t(`states.${one}`) }))} />
      </div>
      {state.get('campaign') && <div className="toolbar"><Tag closable onClose={() => state.set({ campaign: null })}>{t('ofCampaign', { campaign: state.get('campaign') })}</Tag></div>}
      {picked.length > 0 && <div className="toolbar"><Button size="small" onClick={() => pick((query.data?.items ?? []).map((one) => one.order))}>{t('bulkAll')}</Button><OrderBulk orders={picked} clear={() => pick([])} /></div>}
      {view === 'calendar' ? (
        <Days query={filter} state={state} />
      ) : view === 'coverage' ? (
        <Coverage query={filter} state={state} />
      ) : isWide ? (
        <DataTable<WorkOrder>
          label={t('title')} query={query} state={state} rowKey="order" empty={t('none')} {...(mayWork || mayManage ? { selection: { selectedRowKeys: picked, onChange: (keys) => pick(keys.map(String)), hideSelectAll: true, columnWidth: 44, getCheckboxProps: (row) => ({ 'aria-label': row.order }) as object } } : {})} onOpen={(row) => navigate(`/orders/${row.order}`)}
          columns={[
            { key: 'order', title: t('order'), render: (_, row) => <Link className="num" to={`/orders/${row.order}`}>{row.order}</Link> },
            { key: 'type', title: t('type'), render: (_, row) => <OrderKind of={row} /> },
            { key: 'customer', title: t('customer'), render: (_, row) => <Link className="num" to={`/customers/${encodeURIComponent(row.customer_id)}`}>{row.customer_id}</Link> },
            { key: 'state', title: t('state'), render: (_, row) => <OrderTag state={row.state} /> },
            { key: 'due', title: t('due'), render: (_, row) => <Due of={row} /> },
            { key: 'owner', title: t('owner'), render: (_, row) => employees(row) },
            { key: 'why', title: t('why'), render: (_, row) => <Reasons of={row} /> },
          ]}
        />
      ) : (
        <Cards query={query} state={state} />
      )}
    </>
  );
}
