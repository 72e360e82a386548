// pages/schemes.tsx - all schemes: what they are, what is in force.
import { CopyOutlined, EditOutlined, NodeIndexOutlined } from '@ant-design/icons';
import { Button, Form, Input, Modal, Space, Table, Tag, Tooltip } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useGet, useRight, useWrite } from '../api/hooks';
import type { Scheme, SchemeText } from '../api/types';
import { count, month, nothing } from '../format';
import { useWords } from '../i18n';
import { MigrationDialog } from '../parts/migration';
import { PageHead } from '../parts/page_head';
import { StartRun } from '../parts/start_job';
import { Answer } from '../parts/states';
import { say } from '../say';

function CloneDialog({ of, close }: { of: string | null; close: () => void }) {
  const { t } = useWords('schemes');
  const go = useNavigate();
  const [form] = Form.useForm<{ name: string }>();
  const clone = useWrite<SchemeText>({
    onDone: (made) => {
      close();
      go(`/schemes/${made.scheme}`);
    },
  });
  return (
    <Modal open={of !== null} onCancel={close} onOk={() => form.submit()} confirmLoading={clone.isPending} title={t('cloneOf', { name: of ?? '' })} okText={t('clone')} destroyOnClose>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(body) => clone.mutate({ method: 'POST', path: `schemes/${of}/clone`, body })}>
        <Form.Item name="name" label={t('newName')} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,63}$/, message: t('nameRule') }]}>
          <Input className="mono" autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}

export default function SchemesPage() {
  const { t, i18n } = useWords('schemes');
  const query = useGet<{ items: Scheme[] }>('schemes');
  const [text, setText] = useState('');
  const [cloned, setCloned] = useState<string | null>(null);
  const [moved, setMoved] = useState<string | null>(null);
  const mayWrite = useRight('schemes.write');
  const mayRun = useRight('runs.start');
  const method = (name: string | null) => (name && i18n.exists(`schemes:method.${name}`) ? t(`method.${name}` as 'method.rules') : (name ?? nothing));
  return (
    <>
      <PageHead title={t('title')}>{mayRun && <StartRun />}</PageHead>
      <div className="toolbar">
        <Input.Search allowClear placeholder={t('find')} aria-label={t('find')} style={{ width: 260 }} onChange={(event) => setText(event.target.value.trim().toLowerCase())} />
      </div>
      <Answer query={query} rows={10}>
        {(of) => (
          <Table<Scheme>
            aria-label={t('title')}
            size="middle" rowKey="scheme" scroll={{ x: 'max-content' }}
            dataSource={of.items.filter((one) => text === '' || `${one.scheme} ${one.title?.zh ?? ''} ${one.title?.en ?? ''}`.toLowerCase().includes(text))}
            pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
            columns={[
              {
                key: 'title', title: t('scheme'), fixed: 'left',
                render: (_, row) => (
                  <div>
                    <Link to={`/schemes/${row.scheme}`}>{say(row.title ?? row.scheme)}</Link>
                    <div className="mono faint">{row.scheme}</div>
                  </div>
                ),
              },
              { key: 'method', title: t('methodTitle'), render: (_, row) => method(row.method), filters: [...new Set(of.items.map((one) => one.method ?? ''))].filter(Boolean).map((name) => ({ text: method(name), value: name })), onFilter: (value, row) => row.method === value },
              { key: 'version', title: t('version'), align: 'right', render: (_, row) => row.version ?? nothing },
              { key: 'runs', title: t('runs'), align: 'right', sorter: (a, b) => a.runs - b.runs, render: (_, row) => (row.runs > 0 ? <Link to={`/runs?scheme=${row.scheme}`}>{count(row.runs)}</Link> : count(0)) },
              { key: 'in_force', title: t('inForce'), render: (_, row) => (row.in_force ? <Link to={`/groups/${row.in_force.run}`}>{t('customers:since', { month: month(row.in_force.from) })}</Link> : <span className="faint">{t('notInForce')}</span>) },
              {
                key: 'state', title: t('origin'),
                render: (_, row) => row.problem ? <Tooltip title={row.problem}><Tag color="red">{t('faulty')}</Tag></Tooltip> : <Tag>{row.built_in ? t('builtIn') : t('own')}</Tag>,
              },
              {
                key: 'actions', title: <span className="skip">{t('actions')}</span>,
                render: (_, row) => (
                  <Space size={4}>
                    <Link to={`/schemes/${row.scheme}`}><Tooltip title={mayWrite ? t('edit') : t('show')}><Button type="text" size="small" tabIndex={-1} icon={<EditOutlined />} aria-label={`${t('edit')} ${row.scheme}`} /></Tooltip></Link>
                    {mayWrite && <Tooltip title={t('clone')}><Button type="text" size="small" icon={<CopyOutlined />} aria-label={`${t('clone')} ${row.scheme}`} onClick={() => setCloned(row.scheme)} /></Tooltip>}
                    {row.runs > 1 && <Tooltip title={t('migration')}><Button type="text" size="small" icon={<NodeIndexOutlined />} aria-label={`${t('migration')} ${row.scheme}`} onClick={() => setMoved(row.scheme)} /></Tooltip>}
                  </Space>
                ),
              },
            ]}
          />
        )}
      </Answer>
      <CloneDialog of={cloned} close={() => setCloned(null)} />
      {moved && <MigrationDialog scheme={moved} close={() => setMoved(null)} />}
    </>
  );
}
