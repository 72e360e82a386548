// parts/job_progress.tsx - how far a job is, live.
import { Alert, Progress } from 'antd';
import { useJob } from '../api/hooks';
import type { Job } from '../api/types';
import { useWords } from '../i18n';
import { JobTag } from './job_tag';

export function JobProgress({ job: start }: { job: Job }) {
  const { t } = useWords('admin');
  const job = useJob(start) ?? start;
  const status = job.state === 'failed' ? 'exception' : job.state === 'done' ? 'success' : job.state === 'running' ? 'active' : 'normal';
  return (
    <div aria-live="polite">
      <div style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
        <JobTag state={job.state} />
        <span>{job.stage || t(`jobKind.${job.kind}` as 'jobKind.segment')}</span>
      </div>
      <Progress percent={job.state === 'done' ? 100 : Math.round((job.share ?? 0) * 100)} status={status} aria-label={t('jobProgress')} />
      {job.problem && <Alert type="error" showIcon message={job.problem.detail || job.problem.title} />}
    </div>
  );
}
