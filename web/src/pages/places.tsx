// pages/places.tsx - organisation and lines as trees with counts per group, and where they lie.
import { Breadcrumb, Button, Card, Select, Table, Tabs, Tag } from 'antd';
import { useCallback } from 'react';
import { Link } from 'react-router-dom';
import { useGet, useRight } from '../api/hooks';
import type { GroupsOfMonth, Tree, TreeNode } from '../api/types';
import { count, percent } from '../format';
import { useWords } from '../i18n';
import { ChartCard } from '../parts/chart';
import { usePageState } from '../parts/data_table';
import { PageHead } from '../parts/page_head';
import { Answer, Nothing } from '../parts/states';
import { say } from '../say';
import { chartColours, useMode, type ChartColours } from '../theme';

function GroupBar({ of, order }: { of: TreeNode; order: string[] }) {
  const { series } = chartColours(useMode().mode);
  const all = of.groups.reduce((sum, group) => sum + (group.customers ?? 0), 0);
  if (all === 0) return null;
  return (
    <div className="bar" style={{ minWidth: 160 }} title={of.groups.map((group) => `${say(group.title)} ${count(group.customers)}(${percent(group.customers === null ? null : group.customers / all)})`).join('\n')}>
      {of.groups.map((group) => <span key={group.group} style={{ width: `${((group.customers ?? 0) / all) * 100}%`, background: series[Math.max(0, order.indexOf(group.group)) % series.length] }} />)}
    </div>
  );
}

/** Nodes at their coordinates, sized by customers. Longitude is shortened by the latitude, so that distances look alike. */
function NodeMap({ nodes, open }: { nodes: TreeNode[]; open: (id: string) => void }) {
  const { t, i18n } = useWords('data');
  const option = useCallback(
    (colours: ChartColours) => {
      const latitudes = nodes.map((node) => node.latitude ?? 0);
      const middle = latitudes.reduce((sum, one) => sum + one, 0) / Math.max(1, latitudes.length);
      const stretch = Math.cos((middle * Math.PI) / 180);
      const most = Math.max(1, ...nodes.map((node) => node.customers));
      return {
        grid: { left: 30, right: 130, top: 30, bottom: 30 },
        tooltip: { formatter: (at: { data: { name: string; customers: number } }) => `${at.data.name}: ${count(at.data.customers)}` },
        xAxis: { type: 'value', scale: true, show: false }, yAxis: { type: 'value', scale: true, show: false },
        series: [{
          type: 'scatter', itemStyle: { opacity: 0.75, borderColor: colours.panel, borderWidth: 1.5 },
          label: { show: nodes.length <= 40, position: 'right', formatter: (at: { data: { name: string } }) => at.data.name, color: colours.text },
          labelLayout: { hideOverlap: true },
          data: nodes.map((node) => ({ id: node.id, name: node.name, customers: node.customers, value: [(node.longitude ?? 0) * stretch, node.latitude ?? 0], symbolSize: 8 + 30 * Math.sqrt(node.customers / most) })),
        }],
      };
    },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the language changes the words
    [nodes, i18n.language],
  );
  const pick = useCallback(({ data }: { data: unknown }) => open((data as { id: string }).id), [open]);
  return <ChartCard title={t('map')} label={t('map')} height={460} option={option} onPick={pick} note={t('mapHow')} />;
}

function TreeView({ kind }: { kind: 'org-units' | 'lines' }) {
  const { t } = useWords('data');
  const state = usePageState();
  const parent = state.get('parent');
  const scheme = state.get('scheme');
  const query = useGet<Tree>(kind, { parent, scheme });
  const { series } = chartColours(useMode().mode);
  const { set } = state;
  const open = useCallback((id: string) => set({ parent: id }), [set]);
  return (
    <Answer query={query}>
      {(of) => {
        const titles = new Map(of.items.flatMap((node) => node.groups).map((group) => [group.group, group.title]));
        const order = [...titles.keys()];
        const placed = of.items.filter((node) => node.longitude !== null && node.latitude !== null);
        return (
          <div className="grid">
            <Breadcrumb items={[{ title: <Button type="link" size="small" onClick={() => state.set({ parent: null })}>{t('top')}</Button> }, ...of.path.map((one) => ({ title: <Button type="link" size="small" onClick={() => open(one.id)}>{one.name}</Button> }))]} />
            <Card size="small">
              {order.length > 0 && <div className="key" style={{ marginBottom: 10 }}>{order.map((group, at) => <span key={group}><i style={{ background: series[at % series.length] }} />{say(titles.get(group))}</span>)}</div>}
              <Table<TreeNode>
                size="small" rowKey="id" expandable={{ childrenColumnName: '#none' }} dataSource={of.items} scroll={{ x: 'max-content' }} pagination={of.items.length > 50 ? { pageSize: 50, showSizeChanger: false } : false} locale={{ emptyText: <Nothing text={t('noneBelow')} /> }}
                columns={[
                  { key: 'name', title: t('unitName'), render: (_, node) => (node.children > 0 ? <Button type="link" style={{ padding: 0 }} onClick={() => open(node.id)}>{node.name}</Button> : node.name), sorter: (a, b) => a.name.localeCompare(b.name) },
                  { key: 'kind', title: t('kind'), render: (_, node) => <Tag>{say(node.kind_title ?? node.kind)}</Tag> },
                  { key: 'children', title: t('below'), align: 'right', render: (_, node) => count(node.children) },
                  { key: 'customers', title: t('groups:customers'), align: 'right', sorter: (a, b) => a.customers - b.customers, render: (_, node) => <Link to={`/customers?${kind === 'lines' ? 'line' : 'org_unit'}=${encodeURIComponent(node.id)}`}>{count(node.customers)}</Link> },
                  { key: 'groups', title: t('shares'), render: (_, node) => <GroupBar of={node} order={order} /> },
                ]}
              />
            </Card>
            {placed.length > 0 && <NodeMap nodes={placed} open={open} />}
          </div>
        );
      }}
    </Answer>
  );
}

export default function PlacesPage() {
  const { t } = useWords('data');
  const state = usePageState();
  const groups = useGet<GroupsOfMonth>(useRight('groups.read') ? 'portraits' : null);
  return (
    <>
      <PageHead title={t('shell:place.places')}>
        <Select
          allowClear showSearch optionFilterProp="label" style={{ minWidth: 220 }} placeholder={t('countBy')} aria-label={t('countBy')} value={state.get('scheme') ?? null}
          onChange={(value: string | null) => state.set({ scheme: value ?? null })} options={(groups.data?.schemes ?? []).map((one) => ({ value: one.scheme, label: say(one.title) }))}
        />
      </PageHead>
      <Tabs
        activeKey={state.get('tab') ?? 'org'} onChange={(tab) => state.set({ tab, parent: null })} destroyInactiveTabPane
        items={[{ key: 'org', label: t('orgTree'), children: <TreeView kind="org-units" /> }, { key: 'lines', label: t('lineTree'), children: <TreeView kind="lines" /> }]}
      />
    </>
  );
}
