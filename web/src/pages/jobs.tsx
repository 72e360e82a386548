// pages/jobs.tsx - long work: what waits, what runs and how far, what became of it.
import { Alert, Button, Card, Popconfirm, Select } from 'antd';
import { useGet, useRight, useWrite } from '../api/hooks';
import type { Job, JobState, Page } from '../api/types';
import { duration, nothing, time } from '../format';
import { useWords } from '../i18n';
import { DataTable, usePageState } from '../parts/data_table';
import { JobProgress } from '../parts/job_progress';
import { JobTag } from '../parts/job_tag';
import { PageHead } from '../parts/page_head';

const states: JobState[] = ['queued', 'running', 'done', 'failed', 'cancelled'];

function seconds(job: Job): number | null {
  if (!job.started_at || !job.ended_at) return null;
  return (Date.parse(job.ended_at.replace(' ', 'T')) - Date.parse(job.started_at.replace(' ', 'T'))) / 1000;
}

export default function JobsPage() {
  const { t, i18n } = useWords('admin');
  const state = usePageState();
  const mayStart = useRight('jobs.start');
  const query = useGet<Page<Job>>('jobs', { state: state.get('state'), page: state.page, page_size: state.page_size }, 5000);
  const cancel = useWrite<Job>({ said: t('cancelled') });
  const kind = (name: string) => (i18n.exists(`admin:jobKind.${name}`) ? t(`jobKind.${name}` as 'jobKind.segment') : name);
  const running = (query.data?.items ?? []).filter((job) => job.state === 'running');
  return (
    <>
      <PageHead title={t('shell:place.jobs')} />
      {running.map((job) => (
        <Card key={job.job} size="small" title={kind(job.kind)} style={{ marginBottom: 14 }} extra={mayStart && <Popconfirm title={t('cancelSure')} onConfirm={() => cancel.mutate({ method: 'DELETE', path: `jobs/${job.job}` })}><Button size="small" danger>{t('cancelJob')}</Button></Popconfirm>}>
          <JobProgress job={job} />
        </Card>
      ))}
      <div className="toolbar">
        <Select allowClear style={{ minWidth: 160 }} placeholder={t('state')} aria-label={t('state')} value={state.get('state') ?? null} onChange={(value: string | null) => state.set({ state: value ?? null })} options={states.map((one) => ({ value: one, label: t(`jobState.${one}`) }))} />
      </div>
      <DataTable
        label={t('shell:place.jobs')} query={query} state={state} rowKey="job" empty={t('noJobs')}
        expandable={{
          rowExpandable: (row) => row.problem !== null || Object.keys(row.parameters).length > 0,
          expandedRowRender: (row) => (
            <>
              {row.problem && <Alert type="error" showIcon message={row.problem.title} description={row.problem.detail} />}
              <pre className="mono faint" style={{ margin: '8px 0 0', whiteSpace: 'pre-wrap' }}>{JSON.stringify(row.parameters, null, 1)}</pre>
            </>
          ),
        }}
        columns={[
          { key: 'kind', title: t('kind'), render: (_, row) => kind(row.kind) },
          { key: 'state', title: t('state'), render: (_, row) => <JobTag state={row.state} /> },
          { key: 'stage', title: t('stage'), render: (_, row) => row.stage || nothing },
          { key: 'user', title: t('who'), render: (_, row) => row.user },
          { key: 'created', title: t('created'), render: (_, row) => time(row.created_at) },
          { key: 'took', title: t('took'), align: 'right', render: (_, row) => duration(seconds(row)) },
          { key: 'actions', title: <span className="skip">{t('actions')}</span>, render: (_, row) => mayStart && row.state === 'queued' && <Button size="small" onClick={() => cancel.mutate({ method: 'DELETE', path: `jobs/${row.job}` })}>{t('cancelJob')}</Button> },
        ]}
      />
    </>
  );
}
