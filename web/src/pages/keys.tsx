// pages/keys.tsx - keys of machines that call the interface.
import { PlusOutlined } from '@ant-design/icons';
import { App, Button, Form, Input, InputNumber, Modal, Popconfirm, Select, Space, Tag, Typography } from 'antd';
import { useState } from 'react';
import { useGet, useWrite } from '../api/hooks';
import type { Key, Page, Roles } from '../api/types';
import { time } from '../format';
import { useWords } from '../i18n';
import { DataTable, usePageState } from '../parts/data_table';
import { PageHead } from '../parts/page_head';
import { ScopeFields } from '../parts/scope_picker';
import { say } from '../say';
import { chosen } from '../parts/chosen';

export default function KeysPage() {
  const { t } = useWords('admin');
  const { modal } = App.useApp();
  const state = usePageState();
  const query = useGet<Page<Key>>('keys', { page: state.page, page_size: state.page_size });
  const roles = useGet<Roles>('roles');
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm<Record<string, unknown>>();
  const make = useWrite<Key>({
    onDone: (made) => {
      setOpen(false);
      modal.success({ title: t('keySecret'), content: <Typography.Paragraph copyable className="mono">{made.secret}</Typography.Paragraph> });
    },
  });
  const revoke = useWrite({ said: t('kept') });
  return (
    <>
      <PageHead title={t('shell:place.keys')} about={t('keysHow')}><Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(true)}>{t('newKey')}</Button></PageHead>
      <DataTable
        label={t('shell:place.keys')} query={query} state={state} rowKey="key" empty={t('noKeys')}
        columns={[
          { key: 'name', title: t('keyName'), render: (_, row) => row.name },
          { key: 'role', title: t('role'), render: (_, row) => say(roles.data?.items.find((one) => one.role === row.role)?.title ?? row.role) },
          { key: 'scope', title: t('scope'), render: (_, row) => (row.sees_all ? t('everything') : row.scope.length === 0 ? t('nobody') : <Space wrap size={4}>{row.scope.map((unit) => <Tag key={unit.id}>{unit.name}</Tag>)}</Space>) },
          { key: 'by', title: t('who'), render: (_, row) => row.created_by },
          { key: 'created', title: t('created'), render: (_, row) => time(row.created_at) },
          { key: 'expires', title: t('expires'), render: (_, row) => time(row.expires_at) },
          { key: 'state', title: t('state'), render: (_, row) => (row.revoked ? <Tag>{t('revoked')}</Tag> : <Tag color="green">{t('active')}</Tag>) },
          { key: 'actions', title: <span className="skip">{t('actions')}</span>, render: (_, row) => !row.revoked && <Popconfirm title={t('revokeSure')} onConfirm={() => revoke.mutate({ method: 'DELETE', path: `keys/${encodeURIComponent(row.key)}` })}><Button size="small" danger>{t('revoke')}</Button></Popconfirm> },
        ]}
      />
      <Modal open={open} title={t('newKey')} onCancel={() => setOpen(false)} onOk={() => form.submit()} okText={t('shell:save')} confirmLoading={make.isPending} destroyOnClose>
        <Form form={form} layout="vertical" requiredMark={false} preserve={false} initialValues={{ expires_in_days: 365 }} onFinish={(body) => make.mutate({ method: 'POST', path: 'keys', body })}>
          <Form.Item name="name" label={t('keyName')} rules={[{ required: true, message: t('shell:required') }]}><Input maxLength={64} /></Form.Item>
          <Form.Item name="role" label={t('role')} rules={[chosen(t('shell:required'))]}><Select options={(roles.data?.items ?? []).map((role) => ({ value: role.role, label: say(role.title) }))} /></Form.Item>
          <ScopeFields />
          <Form.Item name="expires_in_days" label={t('expiresIn')}><InputNumber min={1} max={3650} /></Form.Item>
        </Form>
      </Modal>
    </>
  );
}
