// pages/run.tsx - a run: its groups, how many groups were tried and why this many, its review and publication, compared.
import { Alert, Button, Card, Descriptions, Form, Input, Modal, Space, Table, Tabs, Timeline } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { useGet, useRight, useWrite } from '../api/hooks';
import type { Run } from '../api/types';
import { count, month, nothing, percent, time } from '../format';
import { useWords } from '../i18n';
import { Compare } from '../parts/migration';
import { OfEverybody, PageHead } from '../parts/page_head';
import { RunState } from '../parts/run_state';
import { Answer } from '../parts/states';
import { Trials } from '../parts/trials';
import { useTold } from '../parts/told';
import { say } from '../say';

type Act = 'accept' | 'refuse' | 'publish' | 'retire';

function Decide({ run, act, close }: { run: string; act: Act | null; close: () => void }) {
  const { t } = useWords('schemes');
  const [form] = Form.useForm<{ reason: string }>();
  const send = useWrite<Run>({ said: t('decided'), onDone: close });
  const path = act === 'publish' ? 'publication' : act === 'retire' ? 'retirement' : 'review';
  return (
    <Modal open={act !== null} title={act && t(`act.${act}`)} okText={act && t(`act.${act}`)} okButtonProps={{ danger: act === 'refuse' || act === 'retire' }} onCancel={close} onOk={() => form.submit()} confirmLoading={send.isPending} destroyOnClose>
      {act && <p>{t(`actHow.${act}`)}</p>}
      <Form form={form} layout="vertical" requiredMark={false} preserve={false}
        onFinish={(values) => send.mutate({ method: 'POST', path: `runs/${run}/${path}`, body: path === 'review' ? { decision: act, ...values } : values })}>
        <Form.Item name="reason" label={t('shell:reason')} rules={act === 'publish' ? [] : [{ required: true, message: t('shell:required') }]}>
          <Input.TextArea rows={3} maxLength={1000} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function Actions({ of }: { of: Run }) {
  const { t } = useWords('schemes');
  const mayReview = useRight('runs.review');
  const mayPublish = useRight('runs.publish');
  const [act, setAct] = useState<Act | null>(null);
  return (
    <>
      {mayReview && of.state === 'draft' && (
        <>
          <Button onClick={() => setAct('refuse')}>{t('act.refuse')}</Button>
          <Button type="primary" onClick={() => setAct('accept')}>{t('act.accept')}</Button>
        </>
      )}
      {mayPublish && of.state === 'accepted' && <Button type="primary" onClick={() => setAct('publish')}>{t('act.publish')}</Button>}
      {mayPublish && (of.state === 'published' || of.state === 'accepted') && <Button danger onClick={() => setAct('retire')}>{t('act.retire')}</Button>}
      <Decide run={of.run} act={act} close={() => setAct(null)} />
    </>
  );
}

function Groups({ of }: { of: Run }) {
  const { t } = useWords('schemes');
  const { result } = of;
  return (
    <div className="grid wide-left">
      <Card size="small" title={t('groupsTitle')}>
        <Table
          size="small" rowKey="code" pagination={false} dataSource={result.groups} scroll={{ x: 'max-content' }}
          columns={[
            { key: 'title', title: t('groups:group'), render: (_, row) => <Link to={`/customers?scheme=${of.scheme}&group=${encodeURIComponent(row.code)}`}>{say(row.title)}</Link> },
            { key: 'customers', title: t('groups:customers'), align: 'right', render: (_, row) => count(row.customers) },
            { key: 'share', title: t('groups:share'), align: 'right', render: (_, row) => percent(row.share) },
            { key: 'description', title: t('description'), render: (_, row) => <span className="faint">{row.description ? say(row.description) : ''}</span> },
          ]}
        />
        {result.not_classifiable.length > 0 && (
          <Table
            size="small" style={{ marginTop: 14 }} rowKey="code" pagination={false} dataSource={result.not_classifiable}
            columns={[
              { key: 'reason', title: t('noGroupBecause'), render: (_, row) => say(row.reason) },
              { key: 'customers', title: t('groups:customers'), align: 'right', render: (_, row) => count(row.customers) },
            ]}
          />
        )}
      </Card>
      <div className="grid" style={{ alignContent: 'start' }}>
        <Card size="small" title={t('life')}>
          <Timeline
            style={{ marginTop: 8 }}
            items={[
              ...of.decisions.map((one) => ({ color: one.decision.startsWith('refuse') ? 'red' : 'blue', children: <><div>{decisionName(t, one.decision)} · {one.by}</div><div className="faint">{time(one.at)}</div><div>{one.reason}</div></> })),
              ...of.publications.map((one) => ({ color: 'green', children: <><div>{t('publishedBy', { by: one.by })}</div><div className="faint">{time(one.recorded_at)} · {t('movedCount', { count: count(one.moved) as unknown as number })}</div><div>{one.reason}</div></> })),
            ]}
          />
          {of.decisions.length + of.publications.length === 0 && <span className="faint">{t('noDecisions')}</span>}
        </Card>
        <Card size="small" title={t('repeat')}>
          <Descriptions size="small" column={1} items={[
            { key: 'population', label: t('populationTitle'), children: count(result.population) },
            { key: 'classified', label: t('classified'), children: count(result.classified) },
            { key: 'seed', label: t('seed'), children: result.seed ?? nothing },
            { key: 'build', label: t('build'), children: <span className="mono">{result.build ?? nothing}</span> },
            { key: 'data', label: t('fingerprint'), children: <span className="mono">{result.data_fingerprint?.slice(0, 16) ?? nothing}</span> },
            { key: 'hash', label: t('assignmentHash'), children: <span className="mono">{result.assignment_hash?.slice(0, 16) ?? nothing}</span> },
          ]} />
        </Card>
      </div>
    </div>
  );
}

function decisionName(t: ReturnType<typeof useWords<'schemes'>>['t'], decision: string): string {
  const known: Record<string, 'state.accepted' | 'state.refused' | 'state.retired'> = {
    accept: 'state.accepted', accepted: 'state.accepted', refuse: 'state.refused', refused: 'state.refused', retire: 'state.retired', retired: 'state.retired',
  };
  const key = known[decision];
  return key ? t(key) : decision;
}

export default function RunPage() {
  const { t } = useWords('schemes');
  const told = useTold();
  const run = useParams().run ?? '';
  const query = useGet<Run>(`runs/${encodeURIComponent(run)}`);
  return (
    <>
      <PageHead title={query.data ? <Space>{say(query.data.scheme_title)}<RunState state={query.data.state} /></Space> : run} about={query.data && <>{month(query.data.month)} <OfEverybody /></>}>
        <Link to={`/groups/${run}`}>{t('groups:open')}</Link>
        {query.data && <Actions of={query.data} />}
      </PageHead>
      <Answer query={query} rows={12}>
        {(of) => (
          <>
            {of.result.warnings.map((warning) => <Alert key={warning} type="warning" showIcon message={told(warning)} style={{ marginBottom: 10 }} />)}
            <Tabs items={[
              { key: 'groups', label: t('groupsTitle'), children: <Groups of={of} /> },
              ...(of.result.trials.length > 0 ? [{ key: 'trials', label: t('trials'), children: <Trials of={of.result} /> }] : []),
              { key: 'compare', label: t('migration'), children: <Card><Compare scheme={of.scheme} first={of.run} /></Card> },
            ]} />
          </>
        )}
      </Answer>
    </>
  );
}
