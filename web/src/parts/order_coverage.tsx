// parts/order_coverage.tsx - how far a month's orders have come, area by area or employee by employee.
import { Card, DatePicker, Segmented, Space, Table } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useGet } from '../api/hooks';
import type { OrderCoverage } from '../api/types';
import { count, nothing, percent } from '../format';
import { useWords } from '../i18n';
import type { PageState } from './data_table';
import { Figure } from './figure';
import { Answer, Nothing } from './states';

export function Coverage({ query, state }: { query: Record<string, string | undefined>; state: PageState }) {
  const { t } = useWords('service');
  const month = state.get('month') ?? dayjs().format('YYYY-MM');
  const [by, setBy] = useState<'area' | 'owner'>('area');
  const told = useGet<OrderCoverage>('orders/coverage', { ...query, month, by });
  return (
    <Answer query={told}>
      {(of) => {
        const sum = (part: 'planned' | 'done' | 'in_time' | 'overdue') => of.items.reduce((all, one) => all + one[part], 0);
        const share = (some: number, all: number) => (all > 0 ? percent(some / all, 0) : nothing);
        return (
          <div className="grid">
            <div className="grid figures">
              <Figure name={t('planned')} text={count(sum('planned'))} />
              <Figure name={t('covered')} text={share(sum('done'), sum('planned'))} />
              <Figure name={t('inTime')} text={share(sum('in_time'), sum('done'))} />
              <Figure name={t('overdue')} text={count(sum('overdue'))} />
            </div>
            <Card size="small" title={<Space wrap><DatePicker picker="month" allowClear={false} aria-label={t('shell:month')} value={dayjs(`${month}-01`)} onChange={(value) => value && state.set({ month: value.format('YYYY-MM') })} /><Segmented<'area' | 'owner'> aria-label={t('coverage')} value={by} onChange={(to) => setBy(to)} options={[{ value: 'area', label: t('byArea') }, { value: 'owner', label: t('byOwner') }]} /></Space>}>
              <Table
                size="small" rowKey={(row) => row.key ?? ''} scroll={{ x: 'max-content' }} dataSource={of.items} locale={{ emptyText: <Nothing text={t('none')} /> }} pagination={of.items.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
                columns={[
                  { key: 'name', title: by === 'area' ? t('area') : t('owner'), render: (_, row) => row.name ?? row.key ?? nothing },
                  { key: 'bar', title: t('covered'), width: '34%', render: (_, row) => <div className="bar" role="img" aria-label={share(row.done, row.planned)}><span style={{ width: `${(100 * row.checked) / row.planned}%`, background: 'var(--up)' }} /><span style={{ width: `${(100 * (row.done - row.checked)) / row.planned}%`, background: 'var(--mark)' }} /></div> },
                  { key: 'share', title: '%', align: 'right', render: (_, row) => share(row.done, row.planned) },
                  { key: 'planned', title: t('planned'), align: 'right', render: (_, row) => count(row.planned) },
                  { key: 'done', title: t('doneCount'), align: 'right', render: (_, row) => count(row.done) },
                  { key: 'checked', title: t('checkedCount'), align: 'right', render: (_, row) => count(row.checked) },
                  { key: 'in_time', title: t('inTime'), align: 'right', render: (_, row) => share(row.in_time, row.done) },
                  { key: 'overdue', title: t('overdue'), align: 'right', render: (_, row) => <span className={row.overdue > 0 ? 'bad' : ''}>{count(row.overdue)}</span> },
                ]}
              />
            </Card>
          </div>
        );
      }}
    </Answer>
  );
}
