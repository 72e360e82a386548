// pages/campaign.tsx - one campaign: whom it asks for what, its launch, and what came of it beside those held out.
import { EyeOutlined, RocketOutlined, StopOutlined } from '@ant-design/icons';
import { Alert, Button, Card, DatePicker, Descriptions, Form, Input, Modal, Table } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useCallback, useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { useGet, useJob, useRight, useWrite } from '../api/hooks';
import type { CampaignReach, Interval, Job, WholeCampaign } from '../api/types';
import { count, number, percent, time } from '../format';
import { useWords } from '../i18n';
import { Goal, LaunchTag, Reach } from '../parts/campaign_parts';
import { ChartCard } from '../parts/chart';
import { JobProgress } from '../parts/job_progress';
import { PageHead } from '../parts/page_head';
import { Answer } from '../parts/states';
import { say } from '../say';
import type { ChartColours } from '../theme';

const signed = (share: number) => `${share > 0 ? '+' : share < 0 ? '−' : ''}${number(Math.abs(share) * 100, 2)}`;

function Verdict({ of }: { of: Interval }) {
  const { t } = useWords('service');
  const words = { points: of.low > 0 ? number(of.share * 100, 2) : signed(of.share), low: signed(of.low), high: signed(of.high) };
  if (of.low > 0) return <Alert type="success" showIcon message={t('helped', words)} />;
  if (of.high < 0) return <Alert type="error" showIcon message={t('harmed', words)} />;
  return <Alert type="info" showIcon message={t('unclear', words)} />;
}

function Arms({ of }: { of: WholeCampaign }) {
  const { t } = useWords('service');
  const { result, launch } = of;
  if (!result || !launch) return null;
  const most = Math.max(1e-9, result.treated?.high ?? 0, result.held_out?.high ?? 0);
  const rows = [
    { key: 'treated', name: t('asked'), all: launch.treated, done: result.treated_converted, share: result.treated },
    { key: 'held_out', name: t('heldOut'), all: launch.held_out, done: result.held_out_converted, share: result.held_out },
  ].filter((row) => row.all > 0);
  const at = (share: number) => `${(100 * share) / most}%`;
  return (
    <Card size="small" title={t('conversion')} extra={<span className="faint">{result.data_until ? t(result.is_over ? 'dataWhole' : 'dataUntil', { day: time(result.data_until) }) : t('noDataYet')}</span>}>
      {result.difference && <div style={{ marginBottom: 12 }}><Verdict of={result.difference} /></div>}
      {launch.held_out === 0 && <Alert style={{ marginBottom: 12 }} type="warning" showIcon message={t('nobodyHeldOut')} />}
      <Table
        size="small" pagination={false} rowKey="key" dataSource={rows} scroll={{ x: 'max-content' }}
        columns={[
          { key: 'name', title: t('customer'), render: (_, row) => row.name },
          { key: 'all', title: t('customersCount'), align: 'right', render: (_, row) => count(row.all) },
          { key: 'done', title: t('converted'), align: 'right', render: (_, row) => count(row.done) },
          { key: 'share', title: t('share'), align: 'right', render: (_, row) => (row.share ? percent(row.share.share, 2) : '—') },
          { key: 'interval', title: t('interval'), align: 'right', render: (_, row) => (row.share ? <span className="num">{percent(row.share.low, 2)} – {percent(row.share.high, 2)}</span> : '—') },
          { key: 'bar', title: <span className="skip">{t('share')}</span>, width: '34%', render: (_, row) => row.share && (
            <div className="bar span-bar">
              <span style={{ width: at(row.share.share), background: 'var(--mark)' }} />
              <i style={{ left: at(row.share.low), width: at(row.share.high - row.share.low) }} />
            </div>
          ) },
        ]}
      />
    </Card>
  );
}

function Course({ of }: { of: WholeCampaign }) {
  const { t, i18n } = useWords('service');
  const { result, launch } = of;
  const days = result?.days ?? [];
  const option = useCallback(
    (colours: ChartColours) => ({
      grid: { left: 56, right: 16, top: 38, bottom: 36 },
      legend: { top: 2, left: 0 },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => `${number(value, 2)} %` },
      xAxis: { type: 'time' },
      yAxis: { type: 'value', axisLabel: { formatter: (value: number) => `${number(value, 1)} %` } },
      series: [
        { type: 'line', step: 'end', symbol: 'none', name: t('asked'), color: colours.series[0], lineStyle: { width: 2.5 }, data: days.map((one) => [one.day, (100 * one.treated) / Math.max(1, launch?.treated ?? 0)]) },
        { type: 'line', step: 'end', symbol: 'none', name: t('heldOut'), color: colours.series[3], lineStyle: { width: 2.5, type: 'dashed' }, data: days.map((one) => [one.day, (100 * one.held_out) / Math.max(1, launch?.held_out ?? 0)]) },
      ],
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the language changes the words
    [days, launch, i18n.language],
  );
  if (days.length === 0) return null;
  return <ChartCard title={t('course')} label={t('course')} height={260} option={option} table={{ head: [t('day'), t('asked'), t('heldOut')], rows: days.map((one) => [time(one.day), count(one.treated), count(one.held_out)]) }} />;
}

function Launch({ of }: { of: WholeCampaign }) {
  const { t } = useWords('service');
  const mayStart = useRight('campaigns.start');
  const mayAsk = useRight('jobs.read');
  const [what, setWhat] = useState<'preview' | 'launch' | null>(null);
  const [started, setStarted] = useState<Job | null>(null);
  const [form] = Form.useForm<{ begins_on: Dayjs }>();
  const job = useJob(started);
  const start = useWrite<Job>({ onDone: setStarted });
  const told = job?.state === 'done' ? (job.result as CampaignReach | null) : null;
  const open = (one: 'preview' | 'launch') => { setStarted(null); setWhat(one); };
  if (!mayAsk) return null;
  return (
    <>
      <Button icon={<EyeOutlined />} onClick={() => open('preview')}>{t('previewCampaign')}</Button>
      {mayStart && <Button type="primary" icon={<RocketOutlined />} onClick={() => open('launch')}>{t('launch')}</Button>}
      <Modal
        open={what !== null} width={720} title={what === 'launch' ? t('launch') : t('previewCampaign')} onCancel={() => setWhat(null)} destroyOnClose
        okText={started ? t('shell:close') : what === 'launch' ? t('launch') : t('previewCampaign')} confirmLoading={start.isPending} onOk={() => (started ? setWhat(null) : form.submit())}
      >
        {started ? (told ? <Reach of={told} /> : <JobProgress job={started} />) : (
          <Form form={form} layout="vertical" requiredMark={false} initialValues={{ begins_on: dayjs() }} onFinish={(values) => start.mutate({ method: 'POST', path: 'jobs', body: { kind: 'campaign', campaign: of.campaign, begins_on: values.begins_on.format('YYYY-MM-DD'), ...(what === 'preview' ? { preview: true } : {}) } })}>
            <p>{what === 'launch' ? t('launchHow') : t('previewHow')}</p>
            <Form.Item name="begins_on" label={t('beginsOn')}><DatePicker allowClear={false} style={{ width: '100%' }} /></Form.Item>
          </Form>
        )}
      </Modal>
    </>
  );
}

function Stop({ of }: { of: WholeCampaign }) {
  const { t } = useWords('service');
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm<{ note: string }>();
  const stop = useWrite<{ cancelled: number }>({ said: t('done'), onDone: () => setOpen(false) });
  return (
    <>
      <Button danger icon={<StopOutlined />} onClick={() => setOpen(true)}>{t('stop')}</Button>
      <Modal open={open} title={t('stop')} okText={t('stop')} okButtonProps={{ danger: true }} confirmLoading={stop.isPending} onCancel={() => setOpen(false)} onOk={() => form.submit()} destroyOnClose>
        <Form form={form} layout="vertical" preserve={false} requiredMark={false} onFinish={(values) => stop.mutate({ method: 'POST', path: `campaigns/${of.campaign}/stop`, body: values })}>
          <Form.Item name="note" label={t('whyNote')} rules={[{ required: true, message: t('shell:required') }]}><Input.TextArea rows={3} maxLength={1000} /></Form.Item>
        </Form>
      </Modal>
    </>
  );
}

export default function CampaignPage() {
  const { t } = useWords('service');
  const name = useParams().campaign ?? '';
  const mayStart = useRight('campaigns.start');
  const mayOrders = useRight('orders.read');
  const query = useGet<WholeCampaign>(`campaigns/${encodeURIComponent(name)}`);
  return (
    <Answer query={query} rows={10}>
      {(of) => (
        <>
          <PageHead title={<>{say(of.title)} <LaunchTag of={of.launch} /></>} about={say(of.text)}>
            <Launch of={of} />
            {mayStart && of.launch && !of.launch.stopped_at && <Stop of={of} />}
          </PageHead>
          <div className="grid">
            {of.launch?.stopped_at && <Alert type="warning" showIcon message={t('stoppedWhy', { at: time(of.launch.stopped_at), by: of.launch.stopped_by, because: of.launch.stopped_because })} />}
            {of.launch && <Arms of={of} />}
            {of.launch && <Course of={of} />}
            <Card size="small" title={t('definition')} extra={<Link to={`/strategies/${of.campaign}`}>{t('fileText')}</Link>}>
              <Descriptions size="small" column={1} items={[
                { key: 'goal', label: t('goal'), children: <Goal of={of} /> },
                { key: 'target', label: t('target'), children: <code>{of.target}</code> },
                { key: 'hold', label: t('holdOut'), children: percent(of.hold_out, 0) },
                { key: 'most', label: t('mostCustomers'), children: of.most_customers > 0 ? count(of.most_customers) : t('everybody') },
                { key: 'channel', label: t('channel'), children: <>{of.order.title ? say(of.order.title) : of.order.code} · {t(`channels.${of.channel}`)}</> },
                ...(of.message ? [{ key: 'message', label: t('message'), children: say(of.message) }] : []),
                { key: 'version', label: t('schemes:version'), children: of.version },
                ...(of.launch ? [
                  { key: 'launched', label: t('launched'), children: <>{time(of.launch.launched_at)} · {of.launch.launched_by} · {t('versionOf', { version: of.launch.version })}</> },
                  { key: 'reached', label: t('inTarget'), children: t('reachedLine', { target: count(of.launch.in_target), able: count(of.launch.able), treated: count(of.launch.treated), held: count(of.launch.held_out) }) },
                  { key: 'orders', label: t('title'), children: <>{(of.result?.states ?? []).map((one) => `${t(`states.${one.code}` as 'states.open')} ${count(one.orders)}`).join(' · ') || '—'} {mayOrders && <>&nbsp;&nbsp;<Link to={`/orders?campaign=${of.campaign}`}>{t('list')}</Link></>}</> },
                ] : []),
              ]} />
            </Card>
          </div>
        </>
      )}
    </Answer>
  );
}
