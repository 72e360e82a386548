// pages/runs.tsx - all runs, and the ledger of what was published.
import { Button, Form, Input, Modal, Select, Tabs } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useGet, useRight, useWrite } from '../api/hooks';
import type { Page, Publication, RunRow, Scheme } from '../api/types';
import { count, month, nothing, time } from '../format';
import { useWords } from '../i18n';
import { DataTable, usePageState } from '../parts/data_table';
import { PageHead } from '../parts/page_head';
import { RunState } from '../parts/run_state';
import { StartRun } from '../parts/start_job';
import { say } from '../say';

function useSchemeNames() {
  const schemes = useGet<{ items: Scheme[] }>(useRight('schemes.read') ? 'schemes' : null);
  return (schemes.data?.items ?? []).map((one) => ({ value: one.scheme, label: say(one.title ?? one.scheme) }));
}

function SchemePicker() {
  const { t } = useWords('schemes');
  const state = usePageState();
  const names = useSchemeNames();
  return (
    <div className="toolbar">
      <Select allowClear showSearch optionFilterProp="label" style={{ minWidth: 220 }} placeholder={t('scheme')} aria-label={t('scheme')} value={state.get('scheme') ?? null} options={names} onChange={(value: string | null) => state.set({ scheme: value ?? null })} />
    </div>
  );
}

function RunList() {
  const { t } = useWords('schemes');
  const go = useNavigate();
  const state = usePageState();
  const query = useGet<Page<RunRow>>('runs', { scheme: state.get('scheme'), page: state.page, page_size: state.page_size });
  return (
    <DataTable
      label={t('runs')} query={query} state={state} rowKey="run" empty={t('noRuns')} onOpen={(row) => go(`/runs/${row.run}`)}
      columns={[
        { key: 'scheme', title: t('scheme'), render: (_, row) => <Link to={`/runs/${row.run}`}>{say(row.scheme_title)}</Link> },
        { key: 'month', title: t('shell:month'), render: (_, row) => month(row.month) },
        { key: 'state', title: t('stateTitle'), render: (_, row) => <RunState state={row.state} /> },
        { key: 'in_force', title: t('inForce'), render: (_, row) => row.in_force.map((one) => (one.to ? `${month(one.from)} – ${month(one.to)}` : t('customers:since', { month: month(one.from) }))).join('; ') || nothing },
        { key: 'run', title: t('runId'), render: (_, row) => <span className="mono faint">{row.run.slice(0, 12)}</span> },
        { key: 'portrait', title: <span className="skip">{t('actions')}</span>, render: (_, row) => <Link to={`/groups/${row.run}`}>{t('groups:open')}</Link> },
      ]}
    />
  );
}

function RollBack({ scheme, close }: { scheme: string | null; close: () => void }) {
  const { t } = useWords('schemes');
  const [form] = Form.useForm<{ reason: string }>();
  const send = useWrite({ said: t('rolledBack'), onDone: close });
  return (
    <Modal open={scheme !== null} title={t('rollBack')} okText={t('rollBack')} okButtonProps={{ danger: true }} onCancel={close} onOk={() => form.submit()} confirmLoading={send.isPending} destroyOnClose>
      <p>{t('rollBackHow')}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => send.mutate({ method: 'POST', path: 'rollbacks', body: { scheme, ...values } })}>
        <Form.Item name="reason" label={t('shell:reason')} rules={[{ required: true, message: t('shell:required') }]}><Input.TextArea rows={3} maxLength={1000} /></Form.Item>
      </Form>
    </Modal>
  );
}

function Ledger() {
  const { t, i18n } = useWords('schemes');
  const state = usePageState();
  const names = new Map(useSchemeNames().map((one) => [one.value, one.label]));
  const mayPublish = useRight('runs.publish');
  const [scheme, setScheme] = useState<string | null>(null);
  const picked = state.get('scheme');
  const query = useGet<Page<Publication>>('publications', { scheme: picked, page: state.page, page_size: state.page_size });
  return (
    <>
      {mayPublish && picked && <div className="toolbar"><Button danger onClick={() => setScheme(picked)}>{t('rollBack')}</Button></div>}
      <DataTable
        label={t('ledger')} query={query} state={state} rowKey="sequence"
        columns={[
          { key: 'sequence', title: '#', align: 'right', render: (_, row) => row.sequence },
          { key: 'scheme', title: t('scheme'), render: (_, row) => names.get(row.scheme) ?? row.scheme },
          { key: 'kind', title: t('kind'), render: (_, row) => (i18n.exists(`schemes:ledgerKind.${row.kind}`) ? t(`ledgerKind.${row.kind}` as 'ledgerKind.publish') : row.kind) },
          { key: 'valid', title: t('inForce'), render: (_, row) => (row.valid_to ? `${month(row.valid_from)} – ${month(row.valid_to)}` : t('customers:since', { month: month(row.valid_from) })) },
          { key: 'customers', title: t('groups:customers'), align: 'right', render: (_, row) => count(row.customers) },
          { key: 'moved', title: t('moved'), align: 'right', render: (_, row) => count(row.moved) },
          { key: 'by', title: t('by'), render: (_, row) => row.by },
          { key: 'reason', title: t('shell:reason'), render: (_, row) => row.reason || nothing },
          { key: 'at', title: t('at'), render: (_, row) => time(row.recorded_at) },
          { key: 'hash', title: t('hash'), render: (_, row) => <span className="mono faint">{row.hash.slice(0, 12)}</span> },
        ]}
      />
      <RollBack scheme={scheme} close={() => setScheme(null)} />
    </>
  );
}

export default function RunsPage() {
  const { t } = useWords('schemes');
  const state = usePageState();
  const mayRun = useRight('runs.start');
  return (
    <>
      <PageHead title={t('shell:place.runs')}>{mayRun && <StartRun />}</PageHead>
      <SchemePicker />
      <Tabs
        activeKey={state.get('tab') ?? 'runs'} onChange={(tab) => state.set({ tab })} destroyInactiveTabPane
        items={[{ key: 'runs', label: t('runs'), children: <RunList /> }, { key: 'ledger', label: t('ledger'), children: <Ledger /> }]}
      />
    </>
  );
}
