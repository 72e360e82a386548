// pages/health.tsx - how the server is: memory, disk, requests, jobs, the directory that calls are routed by.
import { Card, Descriptions, Progress, Table, Tag } from 'antd';
import { useGet } from '../api/hooks';
import type { Health } from '../api/types';
import { bytes, count, duration, percent, time } from '../format';
import { useWords } from '../i18n';
import { Figure } from '../parts/figure';
import { PageHead } from '../parts/page_head';
import { Answer } from '../parts/states';

export default function HealthPage() {
  const { t } = useWords('admin');
  const query = useGet<Health>('health', {}, 5000);
  return (
    <>
      <PageHead title={t('shell:place.health')} about={query.data && <Tag color={query.data.state === 'ready' || query.data.state === 'ok' ? 'green' : 'gold'}>{query.data.state}</Tag>} />
      <Answer query={query} rows={8}>
        {(of) => {
          const used = of.database_bytes + of.lake_bytes;
          return (
            <div className="grid">
              <div className="grid figures">
                <Figure name={t('uptime')} text={duration(of.uptime_s)} />
                <Figure name={t('memory')} text={bytes(of.memory_bytes)} />
                <Figure name={t('requests')} text={count(of.requests.total)} />
                <Figure name={t('sessions')} text={count(of.sessions)} />
                <Figure name={t('jobsWaiting')} text={count(of.jobs.queued + of.jobs.running)} />
                <Figure name={t('groups:customers')} text={count(of.customers)} />
              </div>
              <div className="grid two">
                <Card size="small" title={t('storage')}>
                  <Progress percent={Math.round((used / Math.max(1, used + of.disk_free_bytes)) * 1000) / 10} aria-label={t('storage')} />
                  <Descriptions size="small" column={1} items={[
                    { key: 'database', label: t('database'), children: bytes(of.database_bytes) },
                    { key: 'lake', label: t('lake'), children: `${bytes(of.lake_bytes)}(${t('files', { files: count(of.lake_files) })})` },
                    { key: 'free', label: t('free'), children: bytes(of.disk_free_bytes) },
                    { key: 'batch', label: t('lastBatch'), children: time(of.last_batch_at) },
                  ]} />
                </Card>
                <Card size="small" title={t('server')}>
                  <Descriptions size="small" column={1} items={[
                    { key: 'build', label: t('schemes:build'), children: <span className="mono">{of.build}</span> },
                    { key: 'started', label: t('startedAt'), children: time(of.started_at) },
                    { key: 'peak', label: t('peakMemory'), children: bytes(of.peak_memory_bytes) },
                    { key: 'directory', label: t('directory'), children: `${count(of.directory.customers)} · ${bytes(of.directory.bytes)} · ${time(of.directory.made_at)}` },
                    { key: 'failed', label: t('jobsFailed'), children: count(of.jobs.failed) },
                  ]} />
                  <Table
                    size="small" rowKey="status" pagination={false} style={{ marginTop: 8 }}
                    dataSource={Object.entries(of.requests.by_status).map(([status, requests]) => ({ status, requests }))}
                    columns={[
                      { key: 'status', title: t('status'), dataIndex: 'status' },
                      { key: 'requests', title: t('requests'), align: 'right', render: (_, row) => `${count(row.requests)}(${percent(row.requests / Math.max(1, of.requests.total))})` },
                    ]}
                  />
                </Card>
              </div>
            </div>
          );
        }}
      </Answer>
    </>
  );
}
