// shell/setup.tsx - the first administrator, with the token that the server printed when it started.
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useWrite } from '../api/hooks';
import type { Me } from '../api/types';
import { useWords } from '../i18n';
import { DoorFrame } from './door';

interface Values {
  token: string;
  user: string;
  display_name?: string;
  password: string;
  again?: string;
}

export function Setup() {
  const { t } = useWords('shell');
  const client = useQueryClient();
  const make = useWrite<Me>({ quiet: true, onDone: (me) => client.setQueryData(['session'], me) });
  const send = ({ token, user, display_name, password }: Values) => make.mutate({ method: 'POST', path: 'setup', body: { token, user, display_name, password } });
  return (
    <DoorFrame title={t('setup.title')} about={t('setup.about')}>
      <Form layout="vertical" requiredMark={false} onFinish={send}>
        <Form.Item name="token" label={t('setup.token')} extra={t('setup.tokenWhere')} rules={[{ required: true, message: t('required') }]}>
          <Input autoFocus autoComplete="off" />
        </Form.Item>
        <Form.Item name="user" label={t('login.user')} rules={[{ required: true, message: t('required') }]}>
          <Input autoComplete="username" maxLength={64} />
        </Form.Item>
        <Form.Item name="display_name" label={t('setup.displayName')}>
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item name="password" label={t('setup.password')} rules={[{ required: true, min: 10, message: t('setup.passwordRule') }]}>
          <Input.Password autoComplete="new-password" maxLength={256} />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('setup.again')}
          dependencies={['password']}
          rules={[({ getFieldValue }) => ({ validator: (_, value) => (value === getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error(t('setup.differs')))) })]}
        >
          <Input.Password autoComplete="new-password" maxLength={256} />
        </Form.Item>
        {make.error && <Alert type="error" showIcon message={make.error.message} style={{ marginBottom: 16 }} role="alert" />}
        <Button type="primary" htmlType="submit" block size="large" loading={make.isPending}>
          {t('setup.make')}
        </Button>
      </Form>
    </DoorFrame>
  );
}
