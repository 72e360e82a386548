// pages/users.tsx - who may come in, in which role, for which units.
import { PlusOutlined } from '@ant-design/icons';
import { Alert, App, Button, Form, Input, Modal, Popconfirm, Select, Space, Tag, Typography } from 'antd';
import { useState } from 'react';
import { useGet, useWrite } from '../api/hooks';
import type { Page, Roles, User } from '../api/types';
import { nothing, time } from '../format';
import { useWords } from '../i18n';
import { DataTable, usePageState } from '../parts/data_table';
import { PageHead } from '../parts/page_head';
import { ScopeFields } from '../parts/scope_picker';
import { say } from '../say';
import { chosen } from '../parts/chosen';

interface Values {
  user: string;
  display_name?: string;
  role: string;
  scope?: string[];
  sees_all?: boolean;
  staff_id?: string | null;
}

function UserDialog({ of, roles, close }: { of: User | 'new' | null; roles: Roles | undefined; close: () => void }) {
  const { t } = useWords('admin');
  const { modal } = App.useApp();
  const [form] = Form.useForm<Values>();
  const old = of === 'new' || of === null ? null : of;
  const send = useWrite<User>({
    said: t('kept'),
    onDone: (made) => {
      close();
      if (made.initial_password) modal.info({ title: t('firstPassword'), content: <Typography.Paragraph copyable className="mono">{made.initial_password}</Typography.Paragraph> });
    },
  });
  return (
    <Modal open={of !== null} title={old ? t('editUser', { user: old.user }) : t('newUser')} onCancel={close} onOk={() => form.submit()} okText={t('shell:save')} confirmLoading={send.isPending} destroyOnClose>
      <Form<Values>
        form={form} layout="vertical" requiredMark={false} preserve={false}
        initialValues={old ? { user: old.user, display_name: old.display_name, role: old.role, scope: old.scope.map((unit) => unit.id), sees_all: old.sees_all, staff_id: old.staff_id } : {}}
        onFinish={({ user, ...body }) => send.mutate(old ? { method: 'PATCH', path: `users/${encodeURIComponent(user)}`, body } : { method: 'POST', path: 'users', body: { user, ...body } })}
      >
        <Form.Item name="user" label={t('shell:login.user')} rules={[{ required: true, message: t('shell:required') }]}><Input disabled={old !== null} maxLength={64} autoComplete="off" /></Form.Item>
        <Form.Item name="display_name" label={t('displayName')}><Input maxLength={64} /></Form.Item>
        <Form.Item name="staff_id" label={t('staffNumber')} extra={t('staffNumberWhy')}><Input maxLength={64} /></Form.Item>
        <Form.Item name="role" label={t('role')} rules={[chosen(t('shell:required'))]}><Select options={(roles?.items ?? []).map((role) => ({ value: role.role, label: say(role.title) }))} /></Form.Item>
        <ScopeFields />
        {!old && <Alert type="info" showIcon message={t('firstPasswordHow')} />}
      </Form>
    </Modal>
  );
}

export default function UsersPage() {
  const { t } = useWords('admin');
  const { modal } = App.useApp();
  const state = usePageState();
  const query = useGet<Page<User>>('users', { page: state.page, page_size: state.page_size });
  const roles = useGet<Roles>('roles');
  const [edited, edit] = useState<User | 'new' | null>(null);
  const change = useWrite<User>({
    said: t('kept'),
    onDone: (made) => {
      if (made.initial_password) modal.info({ title: t('firstPassword'), content: <Typography.Paragraph copyable className="mono">{made.initial_password}</Typography.Paragraph> });
    },
  });
  const patch = (user: string, body: object) => change.mutate({ method: 'PATCH', path: `users/${encodeURIComponent(user)}`, body });
  const role = (name: string) => say(roles.data?.items.find((one) => one.role === name)?.title ?? name);
  return (
    <>
      <PageHead title={t('shell:place.users')}><Button type="primary" icon={<PlusOutlined />} onClick={() => edit('new')}>{t('newUser')}</Button></PageHead>
      <DataTable
        label={t('shell:place.users')} query={query} state={state} rowKey="user" onOpen={edit}
        columns={[
          { key: 'user', title: t('shell:login.user'), render: (_, row) => <Button type="link" style={{ padding: 0 }} onClick={() => edit(row)}>{row.user}</Button> },
          { key: 'name', title: t('displayName'), render: (_, row) => row.display_name || nothing },
          { key: 'role', title: t('role'), render: (_, row) => role(row.role) },
          { key: 'scope', title: t('scope'), render: (_, row) => (row.sees_all ? t('everything') : row.scope.length === 0 ? t('nobody') : <Space wrap size={4}>{row.scope.map((unit) => <Tag key={unit.id}>{unit.name}</Tag>)}</Space>) },
          { key: 'state', title: t('state'), render: (_, row) => row.disabled ? <Tag>{t('disabled')}</Tag> : row.locked_until ? <Tag color="red">{t('locked', { until: time(row.locked_until) })}</Tag> : <Tag color="green">{t('active')}</Tag> },
          { key: 'sessions', title: t('sessions'), align: 'right', render: (_, row) => row.sessions },
          { key: 'login', title: t('lastLogin'), render: (_, row) => time(row.last_login_at) },
          {
            key: 'actions', title: <span className="skip">{t('actions')}</span>,
            render: (_, row) => (
              <Space size={4}>
                <Popconfirm title={t('resetSure')} onConfirm={() => patch(row.user, { reset_password: true })}><Button size="small">{t('resetPassword')}</Button></Popconfirm>
                <Button size="small" onClick={() => patch(row.user, { disabled: !row.disabled })}>{row.disabled ? t('enable') : t('disable')}</Button>
              </Space>
            ),
          },
        ]}
      />
      <UserDialog of={edited} roles={roles.data} close={() => edit(null)} />
    </>
  );
}
