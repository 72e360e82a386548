// pages/points.tsx - points of employees in a month, what for, and the settlement.
import { Button, Card, DatePicker, Drawer, Popconfirm, Table } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useGet, useRight, useWrite } from '../api/hooks';
import type { Points, PointsEntries } from '../api/types';
import { count, month, nothing, time } from '../format';
import { useWords } from '../i18n';
import { usePickedMonth } from '../parts/month_picker';
import { PageHead } from '../parts/page_head';
import { Answer, Nothing } from '../parts/states';
import { say } from '../say';

const signed = (points: number) => <span className={points < 0 ? 'num bad' : 'num'}>{points > 0 ? `+${points}` : points}</span>;

function Entries({ of, staff, close }: { of: Points; staff: string | null; close: () => void }) {
  const { t } = useWords('service');
  const query = useGet<PointsEntries>(staff === null ? null : `points/${encodeURIComponent(staff)}`, { month: of.month });
  const rule = (code: string) => say(of.rules.find((one) => one.rule === code)?.title ?? code);
  const who = of.items.find((one) => one.staff_id === staff);
  return (
    <Drawer open={staff !== null} title={who?.name ?? staff} onClose={close} width="min(560px, 100vw)">
      <Answer query={query}>
        {(told) => (
          <Table size="small" rowKey={(row) => row.order + row.rule + row.booked_at} pagination={false} dataSource={told.items} columns={[
            { key: 'order', title: t('order'), render: (_, row) => <Link className="num" to={`/orders/${row.order}`}>{row.order}</Link> },
            { key: 'rule', title: t('rule'), render: (_, row) => rule(row.rule) },
            { key: 'points', title: t('points'), align: 'right', render: (_, row) => signed(row.points) },
            { key: 'booked', title: t('booked'), render: (_, row) => time(row.booked_at) },
          ]} />
        )}
      </Answer>
    </Drawer>
  );
}

export default function PointsPage() {
  const { t } = useWords('service');
  const [picked, pick] = usePickedMonth();
  const shown = picked ?? dayjs().format('YYYY-MM');
  const maySettle = useRight('points.settle');
  const query = useGet<Points>('points', { month: shown });
  const settle = useWrite<Points>({ said: t('kept') });
  const [staff, setStaff] = useState<string | null>(null);
  const isOver = dayjs(`${shown}-01`).add(1, 'month').isBefore(dayjs());
  return (
    <>
      <PageHead title={t('points')} about={t('pointsAbout')}>
        <DatePicker picker="month" allowClear={false} aria-label={t('shell:month')} value={dayjs(`${shown}-01`)} onChange={(value) => value && pick(value.format('YYYY-MM'))} />
        {maySettle && query.data && !query.data.settled && isOver && (
          <Popconfirm title={t('settleSure', { month: month(shown) })} onConfirm={() => settle.mutate({ method: 'POST', path: 'points/settlement', body: { month: shown } })}><Button type="primary">{t('settle')}</Button></Popconfirm>
        )}
      </PageHead>
      <Answer query={query}>
        {(of) => (
          <Card size="small" title={month(of.month)} extra={<span className="faint">{of.settled ? t('settled', { by: of.settled.by, at: time(of.settled.at) }) : t('notSettled')}</span>}>
            <Table
              size="small" rowKey="staff_id" scroll={{ x: 'max-content' }} dataSource={of.items} locale={{ emptyText: <Nothing text={t('noPoints')} /> }}
              pagination={of.items.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
              columns={[
                { key: 'staff', title: t('staff'), render: (_, row) => <Button type="link" style={{ padding: 0 }} onClick={() => setStaff(row.staff_id)}>{row.name ?? row.staff_id}</Button> },
                { key: 'unit', title: t('unit'), render: (_, row) => row.org_unit_id ?? nothing },
                ...of.rules.map((rule) => ({
                  key: rule.rule, title: `${say(rule.title)} (${rule.points > 0 ? '+' : ''}${rule.points})`, align: 'right' as const,
                  render: (_: unknown, row: Points['items'][number]) => count(row.rules.find((one) => one.rule === rule.rule)?.entries ?? 0),
                })),
                { key: 'points', title: t('total'), align: 'right', render: (_, row) => <strong>{signed(row.points)}</strong> },
              ]}
            />
            <Entries of={of} staff={staff} close={() => setStaff(null)} />
          </Card>
        )}
      </Answer>
    </>
  );
}
