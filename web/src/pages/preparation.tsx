// pages/preparation.tsx - the five steps from loaded rows to comparable customers, and how far the data reaches.
import { PlayCircleOutlined } from '@ant-design/icons';
import { Button, Card, Steps, Table, Tabs, Tag } from 'antd';
import { useState } from 'react';
import { useGet, useRight, useWrite } from '../api/hooks';
import type { DictionaryEntity, Job, Preparations, Readiness } from '../api/types';
import { count, month, nothing, percent } from '../format';
import { useWords } from '../i18n';
import { Figure } from '../parts/figure';
import { JobProgress } from '../parts/job_progress';
import { MonthPicker, usePickedMonth } from '../parts/month_picker';
import { PageHead } from '../parts/page_head';
import { Answer, Nothing } from '../parts/states';
import { say } from '../say';

function StepList({ of }: { of: Preparations }) {
  const { t, i18n } = useWords('data');
  const [at, setAt] = useState(0);
  const step = of.steps[at];
  const name = (of: string) => (i18n.exists(`data:stepName.${of}`) ? t(`stepName.${of}` as 'stepName.select') : of);
  const dictionary = useGet<{ entities: DictionaryEntity[] }>('dictionary');
  const entity = (code: string) => dictionary.data?.entities.find((one) => one.entity === code);
  const word = (group: 'itemKind' | 'itemState' | 'itemReason', code: string) => (i18n.exists(`data:${group}.${code}`) ? t(`${group}.${code}` as 'itemKind.field') : code);
  const about = (name: string) => (i18n.exists(`data:step.${name}`) ? t(`step.${name}` as 'step.select') : '');
  if (!step) return <Card><Nothing text={t('notPrepared')} /></Card>;
  return (
    <div className="grid">
      <Card>
        <Steps
          current={at} onChange={setAt} responsive={false} size="small"
          items={of.steps.map((one) => ({ title: name(one.step), status: 'finish' as const, description: one.rows_out !== null ? t('rows', { count: count(one.rows_out) as unknown as number }) : undefined }))}
        />
      </Card>
      <Card size="small" title={name(step.step)} extra={step.rows_in !== null && <span className="num">{t('inOut', { in: count(step.rows_in), out: count(step.rows_out) })}</span>}>
        <p className="faint" style={{ marginTop: 0 }}>{about(step.step)}</p>
        <Table
          size="small" rowKey={(row) => `${row.kind} ${row.subject} ${row.name ?? ''} ${row.state ?? ''} ${row.reason ?? ''}`} dataSource={step.items} scroll={{ x: 'max-content' }}
          pagination={step.items.length > 15 ? { pageSize: 15, showSizeChanger: false } : false} locale={{ emptyText: <Nothing /> }}
          columns={[
            { key: 'kind', title: t('kind'), render: (_, row) => word('itemKind', row.kind) },
            { key: 'subject', title: t('subject'), render: (_, row) => say(entity(row.subject)?.title ?? row.subject) },
            { key: 'name', title: t('item'), render: (_, row) => say(entity(row.subject)?.fields.find((one) => one.field === row.name)?.title ?? (row.name || nothing)) },
            { key: 'state', title: t('state'), render: (_, row) => (row.state ? <Tag>{word('itemState', row.state)}</Tag> : nothing) },
            { key: 'reason', title: t('reason'), render: (_, row) => (row.reason ? word('itemReason', row.reason) : nothing) },
            { key: 'in', title: t('rowsIn'), align: 'right', render: (_, row) => count(row.rows_in) },
            { key: 'out', title: t('rowsOut'), align: 'right', render: (_, row) => count(row.rows_out) },
          ]}
        />
      </Card>
    </div>
  );
}

function Sufficiency({ month: asked }: { month: string | undefined }) {
  const { t } = useWords('data');
  const query = useGet<Readiness>('readiness', { month: asked });
  return (
    <Answer query={query}>
      {(of) => {
        const all = Math.max(1, of.customers);
        return (
          <div className="grid">
            <div className="grid figures">
              <Figure name={t('customersOnFile')} text={count(of.customers)} />
              <Figure name={t('comparable')} text={count(of.comparable)} />
              <Figure name={t('comparableShare')} text={percent(of.comparable / all, 2)} />
            </div>
            <div className="grid wide-left">
              <Card size="small" title={t('sufficiency')}>
                <Table
                  size="small" rowKey="family" pagination={false} dataSource={of.families} scroll={{ x: 'max-content' }}
                  columns={[
                    { key: 'family', title: t('family'), render: (_, row) => say(row.title) },
                    {
                      key: 'bar', title: t('coverage'), width: 220,
                      render: (_, row) => (
                        <div className="bar" aria-hidden="true">
                          <span style={{ width: `${(row.enough / all) * 100}%`, background: '#2f9e5a' }} />
                          <span style={{ width: `${(row.partly / all) * 100}%`, background: '#e0a33a' }} />
                        </div>
                      ),
                    },
                    { key: 'enough', title: t('enough'), align: 'right', render: (_, row) => `${count(row.enough)}(${percent(row.enough / all, 0)})` },
                    { key: 'partly', title: t('partly'), align: 'right', render: (_, row) => count(row.partly) },
                    { key: 'none', title: t('none'), align: 'right', render: (_, row) => count(row.none) },
                  ]}
                />
              </Card>
              <Card size="small" title={t('notComparable')}>
                <Table
                  size="small" rowKey="code" pagination={false} dataSource={of.reasons} locale={{ emptyText: <Nothing /> }}
                  columns={[
                    { key: 'reason', title: t('reason'), render: (_, row) => say(row.title) },
                    { key: 'customers', title: t('groups:customers'), align: 'right', render: (_, row) => count(row.customers) },
                  ]}
                />
              </Card>
            </div>
          </div>
        );
      }}
    </Answer>
  );
}

export default function PreparationPage() {
  const { t } = useWords('data');
  const [picked] = usePickedMonth();
  const query = useGet<Preparations>('preparations', { month: picked });
  const mayStart = useRight('jobs.start');
  const [job, setJob] = useState<Job | null>(null);
  const start = useWrite<Job>({ said: t('admin:queued'), onDone: setJob });
  return (
    <>
      <PageHead title={t('preparation')} about={query.data?.month && month(query.data.month)}>
        {query.data?.month && <MonthPicker months={query.data.months} shown={query.data.month} />}
        {mayStart && <Button type="primary" icon={<PlayCircleOutlined />} loading={start.isPending} onClick={() => start.mutate({ method: 'POST', path: 'jobs', body: { kind: 'prepare' } })}>{t('prepareNow')}</Button>}
      </PageHead>
      {job && <Card size="small" style={{ marginBottom: 14 }}><JobProgress job={job} /></Card>}
      <Answer query={query} rows={10}>
        {(of) => (
          <Tabs items={[
            { key: 'steps', label: t('fiveSteps'), children: <StepList of={of} /> },
            { key: 'readiness', label: t('sufficiency'), children: <Sufficiency month={of.month ?? undefined} /> },
          ]} />
        )}
      </Answer>
    </>
  );
}
