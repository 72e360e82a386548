// shell/new_password.tsx - whoever was given a first password chooses their own before anything else.
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useWrite } from '../api/hooks';
import type { Me } from '../api/types';
import { useWords } from '../i18n';
import { DoorFrame } from './door';

export function NewPassword() {
  const { t } = useWords('shell');
  const client = useQueryClient();
  const change = useWrite<Me>({ quiet: true, onDone: (me) => client.setQueryData(['session'], me) });
  return (
    <DoorFrame title={t('newPassword.title')} about={t('newPassword.about')}>
      <Form layout="vertical" requiredMark={false} onFinish={(body: { old_password: string; password: string }) => change.mutate({ method: 'PATCH', path: 'session', body })}>
        <Form.Item name="old_password" label={t('newPassword.old')} rules={[{ required: true, message: t('required') }]}>
          <Input.Password autoFocus autoComplete="current-password" />
        </Form.Item>
        <Form.Item name="password" label={t('setup.password')} rules={[{ required: true, min: 10, message: t('setup.passwordRule') }]}>
          <Input.Password autoComplete="new-password" maxLength={256} />
        </Form.Item>
        {change.error && <Alert type="error" showIcon message={change.error.message} style={{ marginBottom: 16 }} role="alert" />}
        <Button type="primary" htmlType="submit" block loading={change.isPending}>
          {t('save')}
        </Button>
      </Form>
    </DoorFrame>
  );
}
