// pages/upload.tsx - a file is put here, looked at, its columns are proposed for fields, tried, and then loaded.
import { InboxOutlined } from '@ant-design/icons';
import { Alert, Button, Card, Descriptions, InputNumber, Progress, Space, Steps, Table, Tag, Upload as Drop } from 'antd';
import { useState } from 'react';
import { useJob, useWrite } from '../api/hooks';
import type { Job } from '../api/types';
import type { Loaded, Upload } from '../api/upload_types';
import { bytes, count, nothing } from '../format';
import { useWords } from '../i18n';
import { CodeEditor } from '../parts/code_editor';
import { JobProgress } from '../parts/job_progress';
import { PageHead } from '../parts/page_head';
import { Failed } from '../parts/states';
import { Link } from 'react-router-dom';
import { say } from '../say';

function Sentences({ of }: { of: string[] }) {
  return <ul className="sentences">{of.map((one) => <li key={one}>{one}</li>)}</ul>;
}

// What the trial found, and what stands in the way.
function Trial({ of }: { of: Upload }) {
  const { t } = useWords('data');
  const open = of.entities.flatMap((entity) => entity.fields.filter((field) => field.open).map((field) => say(field.title)));
  const trial = of.trial;
  return (
    <>
      {of.problems.map((one) => <Alert key={one.message} type={one.severity} showIcon message={one.message} />)}
      {open.length > 0 && <Alert type="warning" showIcon message={t('openFields')} description={open.join(t('comma'))} />}
      {of.known_batch && <Alert type="info" showIcon message={t('knownBatch', { batch: of.known_batch })} />}
      {trial?.refused && <Alert type="error" showIcon message={trial.refused} />}
      {trial && !trial.refused && (
        <Alert
          type={trial.rows_rejected > 0 ? 'warning' : 'success'} showIcon
          message={t('trial', { in: count(trial.rows_in), loaded: count(trial.rows_loaded), rejected: count(trial.rows_rejected) })}
          description={trial.faults.length > 0 && <Sentences of={trial.faults.map((fault) => t('fault', { column: fault.column, reason: fault.reason_text, rows: count(fault.rows), line: fault.first_line }))} />}
        />
      )}
      {of.remarks.length > 0 && <Alert type="info" showIcon message={t('remarks')} description={<Sentences of={of.remarks} />} />}
    </>
  );
}

function Proposal({ of }: { of: Upload }) {
  const { t } = useWords('data');
  const rows = of.entities.flatMap((entity) => entity.fields.map((field) => ({ ...field, key: `${entity.entity}.${field.field}`, entity: entity.title })));
  return (
    <div className="grid">
      <Trial of={of} />
      <Table
        size="small" rowKey="key" pagination={false} dataSource={rows} scroll={{ x: 'max-content', y: 360 }}
        columns={[
          { key: 'column', title: t('columnOfFile'), render: (_, row) => row.columns.join(t('comma')) || nothing },
          { key: 'field', title: t('field'), render: (_, row) => <>{say(row.title)} <span className="mono faint">{row.field}</span></> },
          { key: 'entity', title: t('entity'), render: (_, row) => say(row.entity) },
          { key: 'confidence', title: t('confidence'), width: 150, render: (_, row) => <Progress percent={Math.round(row.confidence * 100)} size="small" status="normal" aria-label={`${t('confidence')} ${row.field}`} /> },
          { key: 'why', title: t('why'), render: (_, row) => <span className="faint">{row.reasons.join(t('semicolon'))}</span> },
        ]}
      />
      {of.left.length > 0 && <Alert type="info" message={t('leftColumns')} description={<Sentences of={of.left.map((one) => `${one.column}${t('colon')}${one.reason}`)} />} />}
    </div>
  );
}

// The first rows as they stand in the file.
function FirstRows({ of }: { of: Upload }) {
  const { t } = useWords('data');
  const rows = of.rows.map((cells, at) => ({ key: at, cells }));
  return (
    <Table
      size="small" pagination={false} dataSource={rows} scroll={{ x: 'max-content', y: 260 }}
      columns={of.headers.map((header, at) => ({ key: header, title: header, render: (_: unknown, row: { cells: (string | null)[] }) => row.cells[at] ?? (of.masked.includes(header) ? <span className="faint">{t('maskedCell')}</span> : nothing) }))}
    />
  );
}

function Loading({ job: start, again }: { job: Job; again: () => void }) {
  const { t } = useWords('data');
  const job = useJob(start) ?? start;
  const result = job.state === 'done' ? (job.result as unknown as Loaded | null) : null;
  return (
    <div className="grid">
      <JobProgress job={start} />
      {(job.state === 'failed' || job.state === 'cancelled') && <div><Button onClick={again}>{t('loadAgain')}</Button></div>}
      {result && (
        <Alert
          type={result.rows_rejected > 0 ? 'warning' : 'success'} showIcon
          message={result.already_loaded ? t('alreadyLoaded') : t('loadedRows', { in: count(result.rows_in), loaded: count(result.rows_loaded), duplicate: count(result.rows_duplicate), superseded: count(result.rows_superseded), rejected: count(result.rows_rejected) })}
          action={result.rows_rejected > 0 ? <Link to={`/quarantine?batch=${encodeURIComponent(result.batch)}`}>{t('quarantine')}</Link> : <Link to="/batches">{t('batches')}</Link>}
        />
      )}
    </div>
  );
}

export default function UploadPage() {
  const { t } = useWords('data');
  const [found, setFound] = useState<Upload | null>(null);
  const [mapping, setMapping] = useState('');
  const [job, setJob] = useState<Job | null>(null);
  const [share, setShare] = useState<number | null>(null); // per cent of rows that may be kept aside
  const send = useWrite<Upload>({ quiet: true, onDone: (answer) => { setFound(answer); setMapping(answer.mapping); setShare(null); setJob(null); } });
  const load = useWrite<Job>({ quiet: true, onDone: setJob });
  const at = job ? 2 : found ? 1 : 0;
  return (
    <>
      <PageHead title={t('upload')}>{found && <Button onClick={() => { setFound(null); setJob(null); send.reset(); }}>{t('another')}</Button>}</PageHead>
      <Card size="small" style={{ marginBottom: 14 }}>
        <Steps size="small" current={at} responsive={false} items={[{ title: t('uploadStep.choose') }, { title: t('uploadStep.check') }, { title: t('uploadStep.load') }]} />
      </Card>
      {send.error && <div style={{ marginBottom: 14 }}><Failed error={send.error} /></div>}
      {!found && (
        <Card>
          <Drop.Dragger showUploadList={false} disabled={send.isPending} beforeUpload={(file) => { send.mutate({ method: 'POST', path: 'uploads', query: { name: file.name }, file }); return false; }}>
            <p className="ant-upload-drag-icon"><InboxOutlined /></p>
            <p className="ant-upload-text">{send.isPending ? t('reading') : t('drop')}</p>
            <p className="ant-upload-hint">{t('dropHow')}</p>
          </Drop.Dragger>
        </Card>
      )}
      {found && (
        <div className="grid">
          <Card size="small" title={found.name}>
            <Descriptions size="small" column={{ xs: 1, sm: 2, lg: 4 }} items={[
              { key: 'size', label: t('size'), children: bytes(found.bytes) },
              { key: 'format', label: t('format'), children: <Space>{found.format}{found.encoding && <Tag>{found.encoding}</Tag>}</Space> },
              { key: 'records', label: t('records'), children: count(found.records) },
              { key: 'columns', label: t('columns'), children: count(found.headers.length) },
            ]} />
          </Card>
          <Card size="small" title={t('firstRows')} extra={found.masked.length > 0 && <span className="faint">{t('maskedColumns')}</span>}><FirstRows of={found} /></Card>
          <Card size="small" title={t('proposal')}><Proposal of={found} /></Card>
          <Card size="small" title={t('mappingText')} extra={<Button type="primary" disabled={(!found.complete && mapping === found.mapping) || job !== null} loading={load.isPending} onClick={() => load.mutate({ method: 'POST', path: `uploads/${found.upload}/load`, body: share === null ? { mapping } : { mapping, max_rejected_share: share / 100 } })}>{t('loadIt')}</Button>}>
            {load.error && <Failed error={load.error} />}
            {job && <Loading job={job} again={() => setJob(null)} />}
            {!job && (
              <Space wrap style={{ marginBottom: 10 }}>
                <span>{t('acceptShare')}</span>
                <InputNumber min={0} max={100} step={0.1} value={share} onChange={setShare} addonAfter="%" aria-label={t('acceptShare')} placeholder={t('acceptNone')} />
                {(found.trial?.rows_rejected ?? 0) > 0 && <span className="faint">{t('acceptFound', { rows: count(found.trial?.rows_rejected ?? 0), in: count(found.trial?.rows_in ?? 0) })}</span>}
              </Space>
            )}
            <CodeEditor label={t('mappingText')} text={mapping} change={setMapping} readOnly={job !== null} marks={[]} line={null} />
          </Card>
        </div>
      )}
    </>
  );
}
