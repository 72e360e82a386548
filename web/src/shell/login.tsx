// shell/login.tsx - name and password.
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useWrite } from '../api/hooks';
import type { Me } from '../api/types';
import { useWords } from '../i18n';
import { DoorFrame } from './door';

export function Login() {
  const { t } = useWords('shell');
  const client = useQueryClient();
  const login = useWrite<Me>({ quiet: true, onDone: (me) => client.setQueryData(['session'], me) });
  return (
    <DoorFrame title={t('login.title')} about={t('login.about')}>
      <Form layout="vertical" requiredMark={false} onFinish={(body: { user: string; password: string }) => login.mutate({ method: 'POST', path: 'session', body })}>
        <Form.Item name="user" label={t('login.user')} rules={[{ required: true, message: t('required') }]}>
          <Input autoFocus autoComplete="username" size="large" />
        </Form.Item>
        <Form.Item name="password" label={t('login.password')} rules={[{ required: true, message: t('required') }]}>
          <Input.Password autoComplete="current-password" size="large" />
        </Form.Item>
        {login.error && <Alert type="error" showIcon message={login.error.message} style={{ marginBottom: 16 }} role="alert" />}
        <Button type="primary" htmlType="submit" block size="large" loading={login.isPending}>
          {t('login.enter')}
        </Button>
      </Form>
    </DoorFrame>
  );
}
