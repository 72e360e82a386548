// pages/portrait.tsx - what the groups of a run are like: indices, radar, curves, the plane they lie on.
import { Card, Select, Space, Table, Tabs } from 'antd';
import { useMemo, useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router-dom';
import { useGet } from '../api/hooks';
import type { Portrait } from '../api/types';
import { count, energy, exactMoney, money, month, percent } from '../format';
import { useWords } from '../i18n';
import { HeatMap } from '../parts/heat_map';
import { OfEverybody, PageHead } from '../parts/page_head';
import { GroupPlane, HourCurves, MonthCurves, Radar } from '../parts/portrait_charts';
import { Answer } from '../parts/states';
import { say } from '../say';
import { chartColours, useMode } from '../theme';

function GroupTable({ of }: { of: Portrait }) {
  const { t } = useWords('groups');
  const { series } = chartColours(useMode().mode);
  return (
    <Card size="small">
      <Table
        size="small" rowKey="group" pagination={false} dataSource={of.groups} scroll={{ x: 'max-content' }}
        columns={[
          {
            key: 'group', title: t('group'),
            render: (_, row, at) => (
              <Space size={8}>
                <i style={{ display: 'inline-block', width: 10, height: 10, borderRadius: 3, background: series[at % series.length] }} />
                <Link to={`/customers?scheme=${of.scheme}&group=${encodeURIComponent(row.group)}`}>{say(row.title)}</Link>
              </Space>
            ),
          },
          { key: 'customers', title: t('customers'), align: 'right', render: (_, row) => count(row.customers) },
          { key: 'share', title: t('share'), align: 'right', render: (_, row) => percent(row.share) },
          { key: 'revenue', title: t('revenue'), align: 'right', render: (_, row) => <span title={exactMoney(row.revenue_12m_cny)}>{money(row.revenue_12m_cny)}</span> },
          { key: 'revenue_share', title: t('revenueShare'), align: 'right', render: (_, row) => percent(row.revenue_share) },
          { key: 'energy', title: t('energy'), align: 'right', render: (_, row) => energy(row.energy_12m_kwh) },
          { key: 'bill', title: t('averageBill'), align: 'right', render: (_, row) => money(row.average_bill_cny) },
          { key: 'name', title: t('proposedName'), render: (_, row) => <span className="faint">{say(row.proposed_name)}</span> },
        ]}
      />
    </Card>
  );
}

function Indices({ of }: { of: Portrait }) {
  const { t } = useWords('groups');
  const blocks = useMemo(() => [
    ...(of.numbers.length > 0 ? [{ block: '#numbers', title: t('numbers') }] : []),
    ...of.blocks.map((block) => ({ block: block.block, title: say(block.title) })),
  ], [of, t]);
  const [shown, show] = useState<string[]>([]);
  return (
    <div className="grid wide-left">
      <Card
        size="small"
        title={t('heat')}
        extra={<Select mode="multiple" allowClear maxTagCount={1} style={{ minWidth: 200 }} placeholder={t('allBlocks')} aria-label={t('allBlocks')} value={shown} onChange={show} options={blocks.map((block) => ({ value: block.block, label: block.title }))} />}
      >
        <HeatMap of={of} blocks={shown} />
        <p className="faint" style={{ marginBottom: 0 }}>{t('heatHow')}</p>
      </Card>
      <Radar of={of} />
    </div>
  );
}

export default function PortraitPage() {
  const { t } = useWords('groups');
  const run = useParams().run ?? '';
  const [params, setParams] = useSearchParams();
  const query = useGet<Portrait>(`portraits/${encodeURIComponent(run)}`);
  return (
    <>
      <PageHead title={query.data ? say(query.data.title) : t('title')} about={query.data && <>{month(query.data.month)} <OfEverybody /></>}>
        <Link to={`/runs/${run}`}>{t('run')}</Link>
      </PageHead>
      <Answer query={query} rows={12}>
        {(of) => (
          <div className="grid">
            <GroupTable of={of} />
            <Tabs
              activeKey={params.get('tab') ?? 'indices'}
              onChange={(tab) => setParams({ tab }, { replace: true })}
              items={[
                { key: 'indices', label: t('tab.indices'), children: <Indices of={of} /> },
                {
                  key: 'curves', label: t('tab.curves'),
                  children: <div className="grid two"><MonthCurves of={of} /><HourCurves of={of} /></div>,
                },
                { key: 'map', label: t('tab.map'), children: <GroupPlane of={of} /> },
              ]}
            />
          </div>
        )}
      </Answer>
    </>
  );
}
