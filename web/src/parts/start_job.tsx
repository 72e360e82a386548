// parts/start_job.tsx - long work is queued as a job; it shows its progress where it was started.
import { PlayCircleOutlined } from '@ant-design/icons';
import { App, Button, Form, Modal, Select } from 'antd';
import { useState } from 'react';
import { useGet, useWrite } from '../api/hooks';
import type { Job, Preparations, Scheme } from '../api/types';
import { month } from '../format';
import { useWords } from '../i18n';
import { say } from '../say';
import { JobProgress } from './job_progress';

export function StartRun({ scheme }: { scheme?: string }) {
  const { t } = useWords('schemes');
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [job, setJob] = useState<Job | null>(null);
  const [form] = Form.useForm<{ schemes: string[]; month?: string }>();
  const schemes = useGet<{ items: Scheme[] }>(open ? 'schemes' : null);
  const months = useGet<Preparations>(open ? 'preparations' : null);
  const start = useWrite<Job>({ onDone: (made) => { setJob(made); void message.success(t('admin:queued')); } });
  return (
    <>
      <Button type="primary" icon={<PlayCircleOutlined />} onClick={() => { setJob(null); setOpen(true); }}>{t('start')}</Button>
      <Modal
        open={open} title={t('start')} onCancel={() => setOpen(false)} destroyOnClose
        okText={job ? t('shell:close') : t('start')} confirmLoading={start.isPending} onOk={() => (job ? setOpen(false) : form.submit())}
      >
        {job ? (
          <JobProgress job={job} />
        ) : (
          <Form form={form} layout="vertical" initialValues={{ schemes: scheme ? [scheme] : [] }} onFinish={(values) => start.mutate({ method: 'POST', path: 'jobs', body: { kind: 'segment', ...values } })}>
            <Form.Item name="schemes" label={t('title')} extra={t('startAll')}>
              <Select mode="multiple" allowClear optionFilterProp="label" options={(schemes.data?.items ?? []).filter((one) => !one.problem).map((one) => ({ value: one.scheme, label: say(one.title ?? one.scheme) }))} />
            </Form.Item>
            <Form.Item name="month" label={t('shell:month')} extra={t('startMonth')}>
              <Select allowClear options={(months.data?.months ?? []).map((one) => ({ value: one, label: month(one) }))} />
            </Form.Item>
          </Form>
        )}
      </Modal>
    </>
  );
}
