// pages/scheme.tsx - the text of a scheme: checked while it is written, previewed before it is saved.
import { CheckCircleOutlined, EyeOutlined, SaveOutlined } from '@ant-design/icons';
import { Alert, Button, Card, Space, Tabs, Tag } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { useGet, useRight, useWrite } from '../api/hooks';
import type { Preview, SchemeCheck, SchemeText } from '../api/types';
import { count, month, percent } from '../format';
import { useWords } from '../i18n';
import { CodeEditor } from '../parts/code_editor';
import { Compare } from '../parts/migration';
import { PageHead } from '../parts/page_head';
import { Sankey } from '../parts/sankey';
import { StartRun } from '../parts/start_job';
import { Answer, Failed, Nothing } from '../parts/states';

function Findings({ of, go }: { of: SchemeCheck; go: (line: number) => void }) {
  const { t } = useWords('schemes');
  return (
    <Space direction="vertical" style={{ width: '100%' }}>
      <Alert type={of.ok ? 'success' : 'error'} showIcon message={of.ok ? t('checkedGood') : t('checkedBad', { count: of.problems.length })} description={of.measured_on ? t('triedOn', { month: month(of.measured_on) }) : undefined} />
      {of.problems.map((problem) => (
        <Alert
          key={`${problem.line} ${problem.message}`} type={problem.severity} message={problem.message}
          action={Number(problem.line) > 0 && <Button size="small" onClick={() => go(Number(problem.line))}>{t('line', { line: problem.line })}</Button>}
        />
      ))}
    </Space>
  );
}

function Moves({ of }: { of: Preview }) {
  const { t } = useWords('schemes');
  return (
    <div className="grid">
      <Alert type="info" message={t('wouldMove', { month: month(of.month), moved: count(of.moved), all: count(of.customers), share: percent(of.customers ? of.moved / of.customers : null) })} description={of.compared_with ? undefined : t('comparedWithNothing')} />
      {of.moves.length > 0 && <Sankey moves={of.moves} title={t('preview')} height={320} />}
    </div>
  );
}

function Editor({ of }: { of: SchemeText }) {
  const { t } = useWords('schemes');
  const mayWrite = useRight('schemes.write');
  const [text, setText] = useState(of.text);
  const [line, setLine] = useState<number | null>(null);
  const [shown, show] = useState<'check' | 'preview'>('check');
  useEffect(() => setText(of.text), [of.text]);
  const check = useWrite<SchemeCheck>({ quiet: true });
  const preview = useWrite<Preview>({ quiet: true });
  const save = useWrite<SchemeText>({ quiet: true, said: t('saved') });
  const path = `schemes/${of.scheme}`;
  const { mutate: checkText } = check;
  // Checked when the fingers rest for a second.
  useEffect(() => {
    const timer = window.setTimeout(() => checkText({ method: 'POST', path: `schemes/${of.scheme}/check`, body: { text } }), text === of.text ? 0 : 1000);
    return () => window.clearTimeout(timer);
  }, [text, of.text, of.scheme, checkText]);
  const marks = useMemo(() => (check.data?.problems ?? []).map((problem) => Number(problem.line ?? 0)), [check.data]);
  return (
    <div className="grid wide-left">
      <Card
        size="small"
        title={<Space><span className="mono">{of.scheme}</span>{text !== of.text && <Tag color="gold">{t('unsaved')}</Tag>}</Space>}
        extra={
          <Space>
            <Button icon={<CheckCircleOutlined />} loading={check.isPending} onClick={() => { show('check'); check.mutate({ method: 'POST', path: `${path}/check`, body: { text } }); }}>{t('check')}</Button>
            <Button icon={<EyeOutlined />} loading={preview.isPending} onClick={() => { show('preview'); preview.mutate({ method: 'POST', path: `${path}/preview`, body: { text } }); }}>{t('preview')}</Button>
            {mayWrite && <Button type="primary" icon={<SaveOutlined />} disabled={text === of.text || check.data?.ok === false} loading={save.isPending} onClick={() => save.mutate({ method: 'PUT', path, body: { text } })}>{t('shell:save')}</Button>}
          </Space>
        }
      >
        <CodeEditor label={t('text')} text={text} change={setText} readOnly={!mayWrite} marks={marks} line={line} />
        <div className="faint" style={{ marginTop: 6 }}>{of.built_in ? t('builtInHow') : ''}</div>
      </Card>
      <Card size="small" title={shown === 'check' ? t('check') : t('preview')}>
        {save.error && <Failed error={save.error} />}
        {shown === 'check' && (check.error ? <Failed error={check.error} /> : check.data ? <Findings of={check.data} go={(at) => { setLine(null); window.setTimeout(() => setLine(at)); }} /> : <Nothing text={t('checking')} />)}
        {shown === 'preview' && (preview.error ? <Failed error={preview.error} /> : preview.data ? <Moves of={preview.data} /> : <Nothing text={t('checking')} />)}
      </Card>
    </div>
  );
}

export default function SchemePage() {
  const { t } = useWords('schemes');
  const scheme = useParams().scheme ?? '';
  const query = useGet<SchemeText>(`schemes/${encodeURIComponent(scheme)}`);
  const mayRun = useRight('runs.start');
  const mayCompare = useRight('runs.read');
  return (
    <>
      <PageHead title={scheme} about={query.data && t('versionIs', { version: query.data.version })}>
        <Link to={`/runs?scheme=${scheme}`}>{t('runs')}</Link>
        {mayRun && <StartRun scheme={scheme} />}
      </PageHead>
      <Answer query={query} rows={12}>
        {(of) => (
          <Tabs items={[
            { key: 'text', label: t('text'), children: <Editor of={of} /> },
            ...(mayCompare ? [{ key: 'migration', label: t('migration'), children: <Card><Compare scheme={scheme} /></Card> }] : []),
          ]} />
        )}
      </Answer>
    </>
  );
}
