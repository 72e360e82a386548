// pages/customers.tsx - the list of customers with filters; every filter stands in the address.
import { DownloadOutlined } from '@ant-design/icons';
import { Button, Input, Select, Space } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useGet, useRight } from '../api/hooks';
import type { Codes, Customer, Customers, GroupsOfMonth } from '../api/types';
import { nothing, number, count } from '../format';
import { useWords } from '../i18n';
import { DataTable, usePageState, type PageState } from '../parts/data_table';
import { ExportDialog } from '../parts/export_dialog';
import { GroupTag } from '../parts/group_tag';
import { PageHead } from '../parts/page_head';
import { codeName, say } from '../say';

const coded = ['category', 'industry', 'tariff_class', 'status', 'importance_grade', 'location_kind'] as const;
const filters = [...coded, 'scheme', 'group', 'org_unit', 'line', 'q'];

function useColumns(codes: Codes | undefined): ColumnsType<Customer> {
  const { t } = useWords('customers');
  return [
    { key: 'customer_id', title: t('id'), sorter: true, fixed: 'left', render: (_, row) => <Link className="num" to={`/customers/${encodeURIComponent(row.customer_id)}`}>{row.customer_id}</Link> },
    { key: 'customer_name', title: t('name'), render: (_, row) => row.customer_name ?? nothing },
    { key: 'category', title: t('category'), sorter: true, render: (_, row) => codeName(codes, 'category', row.category) },
    { key: 'primary_group', title: t('primaryGroup'), render: (_, row) => <GroupTag of={row.primary_group} /> },
    { key: 'industry', title: t('industry'), render: (_, row) => codeName(codes, 'industry', row.industry) },
    { key: 'tariff_class', title: t('tariff'), render: (_, row) => codeName(codes, 'tariff_class', row.tariff_class) },
    { key: 'contract_capacity_kva', title: t('capacity'), sorter: true, align: 'right', render: (_, row) => number(row.contract_capacity_kva, 1) },
    { key: 'station_name', title: t('station'), render: (_, row) => row.station_name ?? nothing },
    { key: 'contact_phone', title: t('phone'), render: (_, row) => <span className="num">{row.contact_phone ?? nothing}</span> },
    { key: 'status', title: t('status'), render: (_, row) => codeName(codes, 'status', row.status) },
    { key: 'address', title: t('address'), ellipsis: true, width: 260, render: (_, row) => row.address ?? nothing },
  ];
}

function Filters({ state, codes }: { state: PageState; codes: Codes | undefined }) {
  const { t } = useWords('customers');
  const groups = useGet<GroupsOfMonth>(useRight('groups.read') ? 'portraits' : null);
  const schemes = groups.data?.schemes ?? [];
  const scheme = schemes.find((one) => one.scheme === state.get('scheme'));
  const label: Record<(typeof coded)[number], string> = {
    category: t('category'), industry: t('industry'), tariff_class: t('tariff'), status: t('status'), importance_grade: t('importance'), location_kind: t('location'),
  };
  return (
    <div className="toolbar">
      <Input.Search
        key={state.get('q') ?? ''}
        allowClear
        defaultValue={state.get('q') ?? ''}
        placeholder={t('part')}
        aria-label={t('part')}
        style={{ width: 220 }}
        onSearch={(text) => state.set({ q: text.trim() })}
      />
      <Select
        allowClear showSearch optionFilterProp="label" style={{ minWidth: 170 }} placeholder={t('scheme')} aria-label={t('scheme')} value={state.get('scheme') ?? null}
        options={schemes.map((one) => ({ value: one.scheme, label: say(one.title) }))}
        onChange={(value: string | null) => state.set({ scheme: value ?? null, group: null })}
      />
      {scheme && (
        <Select
          allowClear style={{ minWidth: 150 }} placeholder={t('group')} aria-label={t('group')} value={state.get('group') ?? null}
          options={scheme.groups.map((one) => ({ value: one.group, label: `${say(one.title)}(${count(one.customers)})` }))}
          onChange={(value: string | null) => state.set({ group: value ?? null })}
        />
      )}
      {coded.filter((field) => Object.keys(codes?.[field] ?? {}).length > 0).map((field) => (
        <Select
          key={field} allowClear showSearch optionFilterProp="label" style={{ minWidth: 130 }} placeholder={label[field]} aria-label={label[field]} value={state.get(field) ?? null}
          options={Object.entries(codes?.[field] ?? {}).map(([value, title]) => ({ value, label: say(title) }))}
          onChange={(value: string | null) => state.set({ [field]: value ?? null })}
        />
      ))}
      {filters.some((name) => state.get(name)) && (
        <Button type="link" onClick={() => state.set(Object.fromEntries(filters.map((name) => [name, null])))}>{t('shell:reset')}</Button>
      )}
    </div>
  );
}

export default function CustomersPage() {
  const { t } = useWords('customers');
  const go = useNavigate();
  const state = usePageState();
  const asked = Object.fromEntries(filters.map((name) => [name, state.get(name)]));
  // A scheme alone chooses nobody: it waits for its group.
  if (!asked.group) delete asked.scheme;
  const query = useGet<Customers>('customers', { ...asked, page: state.page, page_size: state.page_size, sort: state.sort });
  const columns = useColumns(query.data?.codes);
  const [exporting, setExporting] = useState(false);
  const mayExport = useRight('customers.export');
  return (
    <>
      <PageHead title={t('title')} about={query.data && t('found', { count: count(query.data.total) as unknown as number })}>
        {mayExport && <Button icon={<DownloadOutlined />} onClick={() => setExporting(true)}>{t('export.title')}</Button>}
      </PageHead>
      <Filters state={state} codes={query.data?.codes} />
      <Space direction="vertical" style={{ width: '100%' }}>
        <DataTable label={t('title')} query={query} state={state} columns={columns} rowKey="customer_id" empty={t('none')} onOpen={(row) => go(`/customers/${encodeURIComponent(row.customer_id)}`)} />
      </Space>
      <ExportDialog open={exporting} close={() => setExporting(false)} filters={asked} rows={query.data?.total ?? 0} />
    </>
  );
}
