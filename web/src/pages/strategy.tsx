// pages/strategy.tsx - a file of the strategy library: its cells to read, its text to edit, checked while it is written.
import { CheckCircleOutlined, SaveOutlined } from '@ant-design/icons';
import { Alert, Button, Card, Descriptions, Space, Table, Tabs, Tag } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { useGet, useRight, useWrite } from '../api/hooks';
import type { StrategyBook, StrategyCheck, StrategyText } from '../api/types';
import { count } from '../format';
import { useWords } from '../i18n';
import { CodeEditor } from '../parts/code_editor';
import { PageHead } from '../parts/page_head';
import { PreviewPlan } from '../parts/plan_preview';
import { Answer, Failed, Nothing } from '../parts/states';
import { say } from '../say';

function Cells({ of }: { of: StrategyBook }) {
  const { t } = useWords('service');
  return (
    <div className="grid">
      <Card size="small">
        <Descriptions size="small" column={{ xs: 1, md: 3 }} items={[
          { key: 'department', label: t('department'), children: say(of.department) },
          { key: 'version', label: t('schemes:version'), children: of.version },
          { key: 'cells', label: t('cells'), children: count(of.cells.length) },
          { key: 'source', label: t('source'), span: 3, children: say(of.source) },
        ]} />
      </Card>
      <Table
        size="small" rowKey="cell" pagination={false} dataSource={of.cells} scroll={{ x: 'max-content' }}
        columns={[
          { key: 'text', title: t('cell'), width: 320, render: (_, row) => <div style={{ whiteSpace: 'normal', maxWidth: 320 }}>{say(row.text)}{row.authored && <Tag style={{ marginLeft: 6 }}>{t('authored')}</Tag>}<div className="mono faint">{row.cell}</div></div> },
          { key: 'when', title: t('forWhom'), width: 300, render: (_, row) => <div className="mono" style={{ whiteSpace: 'normal', maxWidth: 300 }}>{row.when}</div> },
          {
            key: 'actions', title: t('what'),
            render: (_, row) => row.actions.map((one) => (
              <div key={one.action}>
                <Tag color="blue">{say(one.order.title)}</Tag>
                <Tag>{one.on === 'month' ? t('everyMonths', { count: one.every_months }) : t(`occasions.${one.on}`)}</Tag>
                {one.urgent && <Tag color="red">{t('urgent')}</Tag>}
                {say(one.text)}
              </div>
            )),
          },
          { key: 'requirements', title: t('restsOn'), render: (_, row) => <span className="faint">{row.requirements.join(' ')}</span> },
        ]}
      />
    </div>
  );
}

function Editor({ of }: { of: StrategyText }) {
  const { t } = useWords('service');
  const mayWrite = useRight('strategies.write');
  const [text, setText] = useState(of.text);
  const [line, setLine] = useState<number | null>(null);
  useEffect(() => setText(of.text), [of.text]);
  const check = useWrite<StrategyCheck>({ quiet: true });
  const save = useWrite<StrategyText>({ quiet: true, said: t('schemes:saved') });
  const { mutate: checkText } = check;
  // Checked when the fingers rest for a second.
  useEffect(() => {
    const timer = window.setTimeout(() => checkText({ method: 'POST', path: `strategies/${of.file}/check`, body: { text } }), text === of.text ? 0 : 1000);
    return () => window.clearTimeout(timer);
  }, [text, of.text, of.file, checkText]);
  const marks = useMemo(() => (check.data?.problems ?? []).map((problem) => Number(problem.line ?? 0)), [check.data]);
  const go = (at: number) => {
    setLine(null);
    window.setTimeout(() => setLine(at));
  };
  return (
    <div className="grid wide-left">
      <Card
        size="small"
        title={<Space><span className="mono">{of.file}</span>{text !== of.text && <Tag color="gold">{t('schemes:unsaved')}</Tag>}</Space>}
        extra={
          <Space wrap>
            <PreviewPlan file={of.file} text={text} disabled={check.data?.ok === false} />
            {mayWrite && <Button type="primary" icon={<SaveOutlined />} disabled={text === of.text || check.data?.ok === false} loading={save.isPending} onClick={() => save.mutate({ method: 'PUT', path: `strategies/${of.file}`, body: { text } })}>{t('shell:save')}</Button>}
          </Space>
        }
      >
        <CodeEditor label={t('fileText')} text={text} change={setText} readOnly={!mayWrite} marks={marks} line={line} />
        <div className="faint" style={{ marginTop: 6 }}>{t('strategySaveHow')}</div>
      </Card>
      <Card size="small" title={<Space><CheckCircleOutlined aria-hidden />{t('schemes:check')}</Space>}>
        {save.error && <Failed error={save.error} />}
        {check.error ? <Failed error={check.error} /> : check.data ? (
          <Space direction="vertical" style={{ width: '100%' }}>
            <Alert type={check.data.ok ? 'success' : 'error'} showIcon message={check.data.ok ? t('schemes:checkedGood') : t('schemes:checkedBad', { count: check.data.problems.length })} />
            {check.data.problems.map((problem) => (
              <Alert key={`${problem.line} ${problem.message}`} type={problem.severity} message={problem.message} action={Number(problem.line) > 0 && <Button size="small" onClick={() => go(Number(problem.line))}>{t('schemes:line', { line: problem.line })}</Button>} />
            ))}
          </Space>
        ) : <Nothing text={t('schemes:checking')} />}
      </Card>
    </div>
  );
}

export default function StrategyPage() {
  const { t, i18n } = useWords('service');
  const file = useParams().file ?? '';
  const query = useGet<StrategyText>(`strategies/${encodeURIComponent(file)}`);
  const name = i18n.exists(`service:files.${file}`) ? t(`files.${file}` as 'files.rules') : file;
  return (
    <>
      <PageHead title={query.data?.book ? say(query.data.book.title) : name} about={<Link to="/strategies">{t('strategies')}</Link>} />
      <Answer query={query} rows={12}>
        {(of) => (
          <Tabs items={[
            ...(of.book ? [{ key: 'cells', label: t('cellsTab'), children: <Cells of={of.book} /> }] : []),
            { key: 'text', label: t('fileText'), children: <Editor of={of} /> },
          ]} />
        )}
      </Answer>
    </>
  );
}
