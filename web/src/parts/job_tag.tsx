// parts/job_tag.tsx - the state of a job.
import { Tag } from 'antd';
import type { JobState } from '../api/types';
import { useWords } from '../i18n';

const colours: Record<JobState, string> = { queued: 'default', running: 'blue', done: 'green', failed: 'red', cancelled: 'default' };

export function JobTag({ state }: { state: JobState }) {
  const { t } = useWords('admin');
  return <Tag color={colours[state]} style={{ margin: 0 }}>{t(`jobState.${state}`)}</Tag>;
}
