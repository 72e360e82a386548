// pages/arrears.tsx - arrears work: where the month is, whom to turn to first, why they owe, what helps.
import { Card, Segmented, Steps, Table, Tag, Tooltip } from 'antd';
import { Link, useSearchParams } from 'react-router-dom';
import { useGet } from '../api/hooks';
import type { Arrears, ArrearsRow } from '../api/types';
import { count, exactMoney, money, month, nothing, number, percent, time } from '../format';
import { useWords } from '../i18n';
import { Figure } from '../parts/figure';
import { OrderTag } from '../parts/order_tag';
import { PageHead } from '../parts/page_head';
import { Answer, Nothing } from '../parts/states';
import { say } from '../say';

const phases = ['waiting', 'reading', 'checking', 'dunning'] as const;
const size = 20;

function Calendar({ of }: { of: Arrears['day'] }) {
  const { t } = useWords('service');
  const dates = { waiting: '', reading: `${time(of.reading_from)} – ${time(of.reading_to)}`, checking: t('billsOn', { day: time(of.bill_on) }), dunning: t('untilDay', { day: time(of.dunning_to) }) };
  return (
    <Card size="small">
      <Steps
        size="small" current={phases.indexOf(of.phase)} responsive
        items={phases.map((one) => ({ title: t(`phases.${one}`), description: one === 'dunning' && of.phase === 'dunning' ? `${t('dunningDay', { day: of.dunning_day, days: of.dunning_days })} · ${dates.dunning}` : dates[one] }))}
      />
    </Card>
  );
}

function Causes({ of, cause, pick }: { of: Arrears; cause: string; pick: (cause: string) => void }) {
  const { t } = useWords('service');
  const most = Math.max(1e-9, ...of.causes.map((one) => one.arrears_cny));
  return (
    <Card size="small" title={t('causes')}>
      <Table
        size="small" pagination={false} rowKey={(row) => row.cause?.code ?? ''} dataSource={of.causes} scroll={{ x: 'max-content' }}
        rowClassName={(row) => (row.cause?.code === cause ? 'ant-table-row-selected' : '')}
        columns={[
          { key: 'cause', title: t('cause'), render: (_, row) => (row.cause ? <a href={`#/arrears?cause=${row.cause.code}`} onClick={(event) => { event.preventDefault(); pick(row.cause?.code === cause ? '' : (row.cause?.code ?? '')); }}>{say(row.cause.title)}</a> : nothing) },
          { key: 'customers', title: t('customersCount'), align: 'right', render: (_, row) => count(row.customers) },
          { key: 'first', title: t('toFirst'), align: 'right', render: (_, row) => count(row.first) },
          { key: 'owed', title: t('owed'), align: 'right', render: (_, row) => money(row.arrears_cny) },
          { key: 'bar', title: <span className="skip">{t('owed')}</span>, width: 140, render: (_, row) => <div className="bar"><span style={{ width: `${(100 * row.arrears_cny) / most}%`, background: 'var(--mark)' }} /></div> },
          { key: 'treatment', title: t('treatment'), render: (_, row) => <div style={{ minWidth: 220, whiteSpace: 'normal' }}>{row.cause ? say(row.cause.treatment) : nothing}</div> },
        ]}
      />
    </Card>
  );
}

const why = (row: ArrearsRow) => `${exactMoney(row.arrears_cny)} × ${number(row.weight, 2)}${row.weighed_by ? ` (${say(row.weighed_by)})` : ''} = ${exactMoney(row.at_risk_cny)}`;

export default function ArrearsPage() {
  const { t } = useWords('service');
  const [params, setParams] = useSearchParams();
  const cause = params.get('cause') ?? '';
  const who = params.get('who') === 'all' ? 'all' : 'first';
  const page = Math.max(1, Number(params.get('page') ?? '1') || 1);
  const put = (changes: Record<string, string>) => {
    const next = new URLSearchParams(params);
    for (const [key, value] of Object.entries({ page: '', ...changes })) {
      if (value) next.set(key, value);
      else next.delete(key);
    }
    setParams(next);
  };
  const query = useGet<Arrears>('arrears', { page, page_size: size, who, ...(cause ? { cause } : {}) });
  return (
    <>
      <PageHead title={t('arrears')} about={query.data && t('arrearsAbout', { month: month(query.data.month) })}>
        <Segmented<'first' | 'all'> value={who} options={[{ value: 'first', label: t('toFirst') }, { value: 'all', label: t('allDebtors') }]} onChange={(value) => put({ who: value === 'all' ? 'all' : '' })} />
      </PageHead>
      <Answer query={query} rows={12}>
        {(of) => (
          <div className="grid">
            <Calendar of={of.day} />
            <div className="grid figures">
              <Figure name={t('debtors')} text={count(of.debtors)} />
              <Figure name={t('owed')} text={money(of.arrears_cny)} />
              <Figure name={t('atRisk')} text={money(of.at_risk_cny)} />
              <Figure name={t('firstHold', { share: percent(of.at_risk_cny > 0 ? of.first_at_risk_cny / of.at_risk_cny : 0, 0) })} text={count(of.first)} />
              <Figure name={t('saved')} text={t('hoursValue', { hours: number((of.everybody_minutes - of.first_minutes) / 60, 0) })} exact={t('savedHow', { first: number(of.first_minutes / 60, 0), all: number(of.everybody_minutes / 60, 0) })} />
            </div>
            {of.causes.length > 0 && <Causes of={of} cause={cause} pick={(code) => put({ cause: code })} />}
            <Card size="small" title={t('worklist')} extra={cause && <Tag closable onClose={() => put({ cause: '' })}>{say(of.causes.find((one) => one.cause?.code === cause)?.cause?.title ?? cause)}</Tag>}>
              <Table<ArrearsRow>
                size="small" rowKey="customer_id" scroll={{ x: 'max-content' }} dataSource={of.items} locale={{ emptyText: <Nothing text={t('nobodyOwes')} /> }}
                pagination={of.total > size ? { current: page, pageSize: size, total: of.total, showSizeChanger: false, onChange: (next) => put({ page: String(next) }) } : false}
                columns={[
                  { key: 'rank', title: t('rank'), align: 'right', render: (_, row) => row.rank },
                  { key: 'customer', title: t('customer'), render: (_, row) => <Link to={`/customers/${encodeURIComponent(row.customer_id)}`}>{row.customer_name ?? row.customer_id}<div className="num faint">{row.customer_id}</div></Link> },
                  { key: 'owed', title: t('owed'), align: 'right', render: (_, row) => <span className="num">{exactMoney(row.arrears_cny)}</span> },
                  { key: 'risk', title: t('atRisk'), align: 'right', render: (_, row) => <Tooltip title={why(row)}><span className="num" tabIndex={0}>{exactMoney(row.at_risk_cny)}</span></Tooltip> },
                  { key: 'why', title: t('riskKind'), render: (_, row) => (row.weighed_by ? say(row.weighed_by) : nothing) },
                  { key: 'days', title: t('oldestDays'), align: 'right', render: (_, row) => count(row.oldest_days) },
                  { key: 'cause', title: t('cause'), render: (_, row) => (row.cause ? <Tooltip title={say(row.cause.treatment)}><span tabIndex={0}>{say(row.cause.title)}</span></Tooltip> : nothing) },
                  { key: 'now', title: t('owedNow'), align: 'right', render: (_, row) => (row.owed_now_cny === null ? <Tag color="green">{t('paidSince')}</Tag> : <span className="num">{exactMoney(Number(row.owed_now_cny))}</span>) },
                  { key: 'order', title: t('order'), render: (_, row) => (row.order && row.order_state ? <Link to={`/orders/${row.order}`}><OrderTag state={row.order_state} /></Link> : nothing) },
                ]}
              />
            </Card>
          </div>
        )}
      </Answer>
    </>
  );
}
