// pages/audit.tsx - who did what when; the chain of hashes shows whether anything was changed since.
import { SafetyCertificateOutlined } from '@ant-design/icons';
import { Alert, Button, DatePicker, Input, Select, Tag } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useGet } from '../api/hooks';
import type { AuditEntry, AuditVerification, Page } from '../api/types';
import { count, nothing, time } from '../format';
import { useWords } from '../i18n';
import { DataTable, usePageState } from '../parts/data_table';
import { PageHead } from '../parts/page_head';
import { Answer } from '../parts/states';

function Verification() {
  const { t } = useWords('admin');
  const query = useGet<AuditVerification>('audit/verification');
  return (
    <Answer query={query} rows={1}>
      {(of) => <Alert style={{ marginBottom: 14 }} type={of.intact ? 'success' : 'error'} showIcon message={of.intact ? t('intact', { entries: count(of.entries) }) : t('broken', { number: of.first_broken })} description={<span className="mono">{t('head')} {of.head}</span>} />}
    </Answer>
  );
}

export default function AuditPage() {
  const { t } = useWords('admin');
  const state = usePageState();
  const [verify, setVerify] = useState(false);
  const names = ['q', 'user', 'action', 'outcome', 'from', 'to'];
  const query = useGet<Page<AuditEntry>>('audit', { ...Object.fromEntries(names.map((name) => [name, state.get(name)])), page: state.page, page_size: state.page_size });
  const from = state.get('from');
  const to = state.get('to');
  return (
    <>
      <PageHead title={t('shell:place.audit')}><Button icon={<SafetyCertificateOutlined />} onClick={() => setVerify(true)}>{t('verify')}</Button></PageHead>
      {verify && <Verification />}
      <div className="toolbar">
        <Input.Search allowClear style={{ width: 240 }} placeholder={t('auditFind')} aria-label={t('auditFind')} defaultValue={state.get('q') ?? ''} onSearch={(text) => state.set({ q: text.trim() })} />
        <Input.Search allowClear style={{ width: 170 }} placeholder={t('who')} aria-label={t('who')} defaultValue={state.get('user') ?? ''} onSearch={(text) => state.set({ user: text.trim() })} />
        <Select allowClear style={{ minWidth: 120 }} placeholder={t('outcome')} aria-label={t('outcome')} value={state.get('outcome') ?? null} onChange={(value: string | null) => state.set({ outcome: value ?? null })} options={[{ value: 'done', label: t('outcomeOf.done') }, { value: 'refused', label: t('outcomeOf.refused') }]} />
        <DatePicker.RangePicker
          value={from && to ? [dayjs(from), dayjs(to)] : null} aria-label={t('between')}
          onChange={(range) => state.set({ from: range?.[0]?.format('YYYY-MM-DD') ?? null, to: range?.[1]?.format('YYYY-MM-DD') ?? null })}
        />
      </div>
      <DataTable
        label={t('shell:place.audit')} query={query} state={state} rowKey="sequence"
        columns={[
          { key: 'sequence', title: '#', align: 'right', render: (_, row) => row.sequence },
          { key: 'at', title: t('time'), render: (_, row) => time(row.at) },
          { key: 'user', title: t('who'), render: (_, row) => row.user || nothing },
          { key: 'action', title: t('action'), render: (_, row) => <span className="mono">{row.action}</span> },
          { key: 'subject', title: t('subject'), render: (_, row) => row.subject || nothing },
          { key: 'detail', title: t('detail'), ellipsis: true, width: 280, render: (_, row) => row.detail || nothing },
          { key: 'outcome', title: t('outcome'), render: (_, row) => <Tag color={row.outcome === 'refused' ? 'red' : 'green'}>{t(`outcomeOf.${row.outcome}`)}</Tag> },
          { key: 'address', title: t('address'), render: (_, row) => <span className="mono">{row.address}</span> },
          { key: 'hash', title: t('schemes:hash'), render: (_, row) => <span className="mono faint">{row.hash.slice(0, 12)}</span> },
        ]}
      />
    </>
  );
}
