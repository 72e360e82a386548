// parts/plan_preview.tsx - what a month's plan would be: orders by kind, the work they are, what is held back and why.
import { EyeOutlined } from '@ant-design/icons';
import { Alert, Button, Modal, Table } from 'antd';
import { useState } from 'react';
import { useJob, useRight, useWrite } from '../api/hooks';
import type { Job, PlanResult } from '../api/types';
import { count, month, number } from '../format';
import { useWords } from '../i18n';
import { say } from '../say';
import { Figure } from './figure';
import { JobProgress } from './job_progress';

function Result({ of }: { of: PlanResult }) {
  const { t } = useWords('service');
  const most = Math.max(1, ...of.types.map((one) => one.orders));
  const hours = (minutes: number) => t('hoursValue', { hours: number(minutes / 60, 0) });
  return (
    <div className="grid">
      <div className="grid figures">
        <Figure name={t('touched')} text={count(of.touched)} />
        <Figure name={t('title')} text={count(of.orders)} />
        <Figure name={t('newOrders')} text={count(of.created)} />
        <Figure name={t('workload')} text={hours(of.types.reduce((sum, one) => sum + one.minutes, 0))} />
        <Figure name={t('heldBack')} text={count(of.suppressed)} />
        <Figure name={t('overloaded')} text={`${count(of.overloaded)} / ${count(of.employees)}`} />
      </div>
      <Table
        size="small" rowKey="code" pagination={false} dataSource={[...of.types].sort((a, b) => b.orders - a.orders)}
        columns={[
          { key: 'type', title: t('type'), render: (_, row) => say(row.title) },
          { key: 'bar', title: <span className="skip">{t('title')}</span>, width: '40%', render: (_, row) => <div className="bar"><span style={{ width: `${(100 * row.orders) / most}%`, background: 'var(--mark)' }} /></div> },
          { key: 'orders', title: t('title'), align: 'right', render: (_, row) => count(row.orders) },
          { key: 'minutes', title: t('workload'), align: 'right', render: (_, row) => hours(row.minutes) },
        ]}
      />
      {of.held.length > 0 && (
        <Table
          size="small" rowKey="reason" pagination={false} dataSource={of.held}
          columns={[
            { key: 'reason', title: t('customers:orders.heldBecause'), render: (_, row) => t(`customers:orders.reasons.${row.reason}`) },
            { key: 'actions', title: t('actionsCount'), align: 'right', render: (_, row) => count(row.actions) },
            { key: 'customers', title: t('customer'), align: 'right', render: (_, row) => count(row.customers) },
          ]}
        />
      )}
    </div>
  );
}

/** With a file and a text: what the plan would be if that text stood there. */
export function PreviewPlan({ file, text, disabled }: { file?: string; text?: string; disabled?: boolean }) {
  const { t } = useWords('service');
  const mayAsk = useRight('jobs.read');
  const [open, setOpen] = useState(false);
  const [started, setStarted] = useState<Job | null>(null);
  const job = useJob(started);
  const start = useWrite<Job>({ onDone: setStarted });
  const told = job?.state === 'done' ? (job.result as PlanResult | null) : null;
  const begin = () => {
    setStarted(null);
    setOpen(true);
    start.mutate({ method: 'POST', path: 'jobs', body: { kind: 'plan', preview: true, ...(file ? { file, text } : {}) } });
  };
  if (!mayAsk) return null;
  return (
    <>
      <Button icon={<EyeOutlined />} disabled={disabled ?? false} onClick={begin}>{t('preview')}</Button>
      <Modal open={open} width={860} title={told ? t('previewOf', { month: month(told.month) }) : t('preview')} onCancel={() => setOpen(false)} footer={<Button onClick={() => setOpen(false)}>{t('shell:close')}</Button>} destroyOnClose>
        {started && !told && <JobProgress job={started} />}
        {start.error && <Alert type="error" showIcon message={start.error.message} />}
        {told && <Result of={told} />}
      </Modal>
    </>
  );
}
