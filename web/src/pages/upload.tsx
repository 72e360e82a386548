// pages/upload.tsx - a file is put here, looked at, its columns are proposed for fields, tried, and then loaded.
import { InboxOutlined } from '@ant-design/icons';
import { Alert, Button, Card, Descriptions, Progress, Space, Steps, Table, Tag, Upload as Drop } from 'antd';
import { useState } from 'react';
import { useWrite } from '../api/hooks';
import type { Job, Upload } from '../api/types';
import { bytes, count, nothing } from '../format';
import { useWords } from '../i18n';
import { CodeEditor } from '../parts/code_editor';
import { JobProgress } from '../parts/job_progress';
import { PageHead } from '../parts/page_head';
import { Failed } from '../parts/states';
import { say } from '../say';

function Proposal({ of }: { of: Upload }) {
  const { t } = useWords('data');
  const rows = of.entities.flatMap((entity) => entity.fields.map((field) => ({ ...field, key: `${entity.entity}.${field.field}`, entity: entity.title })));
  return (
    <div className="grid">
      {of.open.length > 0 && <Alert type="warning" showIcon message={t('openFields')} description={of.open.map((one) => say(one.title)).join('、')} />}
      {of.trial && (
        <Alert
          type={of.trial.rows_rejected > 0 ? 'warning' : 'success'} showIcon
          message={t('trial', { in: count(of.trial.rows_in), loaded: count(of.trial.rows_loaded), rejected: count(of.trial.rows_rejected) })}
          description={of.trial.faults.length > 0 && <ul className="sentences">{of.trial.faults.map((fault) => <li key={`${fault.column} ${fault.reason}`}>{t('fault', { column: fault.column, reason: fault.reason, rows: count(fault.rows), line: fault.first_line })}</li>)}</ul>}
        />
      )}
      <Table
        size="small" rowKey="key" pagination={false} dataSource={rows} scroll={{ x: 'max-content', y: 360 }}
        columns={[
          { key: 'column', title: t('columnOfFile'), render: (_, row) => row.column ?? nothing },
          { key: 'field', title: t('field'), render: (_, row) => <>{say(row.title)} <span className="mono faint">{row.field}</span></> },
          { key: 'entity', title: t('entity'), render: (_, row) => say(row.entity) },
          { key: 'confidence', title: t('confidence'), width: 150, render: (_, row) => <Progress percent={Math.round(row.confidence * 100)} size="small" status="normal" aria-label={`${t('confidence')} ${row.field}`} /> },
          { key: 'why', title: t('why'), render: (_, row) => <span className="faint">{row.why}</span> },
        ]}
      />
    </div>
  );
}

export default function UploadPage() {
  const { t } = useWords('data');
  const [found, setFound] = useState<Upload | null>(null);
  const [mapping, setMapping] = useState('');
  const [job, setJob] = useState<Job | null>(null);
  const send = useWrite<Upload>({ quiet: true, onDone: (answer) => { setFound(answer); setMapping(answer.mapping); setJob(null); } });
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
              { key: 'format', label: t('format'), children: <Space>{found.format}<Tag>{found.encoding}</Tag></Space> },
              { key: 'records', label: t('records'), children: count(found.records) },
              { key: 'columns', label: t('columns'), children: count(found.headers.length) },
            ]} />
          </Card>
          <Card size="small" title={t('proposal')}><Proposal of={found} /></Card>
          <Card size="small" title={t('mappingText')} extra={<Button type="primary" disabled={found.open.length > 0 || job !== null} loading={load.isPending} onClick={() => load.mutate({ method: 'POST', path: 'jobs', body: { kind: 'ingest', upload: found.upload, mapping } })}>{t('loadIt')}</Button>}>
            {load.error && <Failed error={load.error} />}
            {job && <JobProgress job={job} />}
            <CodeEditor label={t('mappingText')} text={mapping} change={setMapping} readOnly={job !== null} marks={[]} line={null} />
          </Card>
        </div>
      )}
    </>
  );
}
