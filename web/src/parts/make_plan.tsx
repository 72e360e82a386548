// parts/make_plan.tsx - the month's plan is made as a job; what came of it shows where it was started.
import { CalendarOutlined } from '@ant-design/icons';
import { Alert, Button, DatePicker, Form, Modal } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useJob, useWrite } from '../api/hooks';
import type { Job } from '../api/types';
import { count, month } from '../format';
import { useWords } from '../i18n';
import { JobProgress } from './job_progress';

export function MakePlan() {
  const { t } = useWords('service');
  const [open, setOpen] = useState(false);
  const [started, setStarted] = useState<Job | null>(null);
  const job = useJob(started);
  const [form] = Form.useForm<{ month?: Dayjs }>();
  const start = useWrite<Job>({ onDone: setStarted });
  const told = job?.state === 'done' ? (job.result as { month: string; orders: number; created: number; touched: number; suppressed: number } | null) : null;
  return (
    <>
      <Button type="primary" icon={<CalendarOutlined />} onClick={() => { setStarted(null); setOpen(true); }}>{t('plan')}</Button>
      <Modal open={open} title={t('plan')} onCancel={() => setOpen(false)} destroyOnClose okText={started ? t('shell:close') : t('plan')} confirmLoading={start.isPending} onOk={() => (started ? setOpen(false) : form.submit())}>
        <p>{t('planHow')}</p>
        {started ? (
          <>
            <JobProgress job={started} />
            {told && <Alert type="success" showIcon style={{ marginTop: 10 }} message={t('planDone', { month: month(told.month), orders: count(told.orders), created: count(told.created), touched: count(told.touched), suppressed: count(told.suppressed) })} />}
          </>
        ) : (
          <Form form={form} layout="vertical" initialValues={{ month: dayjs().add(dayjs().date() > 20 ? 1 : 0, 'month') }} onFinish={(values) => start.mutate({ method: 'POST', path: 'jobs', body: { kind: 'plan', ...(values.month ? { month: values.month.format('YYYY-MM') } : {}) } })}>
            <Form.Item name="month" label={t('planMonth')}><DatePicker picker="month" style={{ width: '100%' }} /></Form.Item>
          </Form>
        )}
      </Modal>
    </>
  );
}
