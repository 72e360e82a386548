// parts/order_actions.tsx - the caller's orders in a calendar of his own; overdue orders told to those in charge.
import { BellOutlined, CalendarOutlined } from '@ant-design/icons';
import { App, Button, Modal, Popconfirm, Typography } from 'antd';
import { useState } from 'react';
import { useGet, useWrite } from '../api/hooks';
import { count } from '../format';
import { useWords } from '../i18n';

export function CalendarAddress() {
  const { t } = useWords('service');
  const [open, setOpen] = useState(false);
  const [path, setPath] = useState<string | null>(null);
  const query = useGet<{ exists: boolean }>(open ? 'calendar' : null);
  const make = useWrite<{ path: string }>({ onDone: (done) => setPath(done.path) });
  const end = useWrite<unknown>({ said: t('done'), onDone: () => setPath(null) });
  return (
    <>
      <Button icon={<CalendarOutlined />} onClick={() => { setPath(null); setOpen(true); }}>{t('subscribe')}</Button>
      <Modal open={open} title={t('subscribe')} onCancel={() => setOpen(false)} footer={<Button onClick={() => setOpen(false)}>{t('shell:close')}</Button>}>
        <p>{t('subscribeHow')}</p>
        {path ? <Typography.Paragraph copyable code>{`${window.location.origin}${path}`}</Typography.Paragraph> : query.data?.exists ? <p>{t('subscribeExists')}</p> : null}
        <Button type="primary" loading={make.isPending} onClick={() => make.mutate({ method: 'POST', path: 'calendar' })}>{t('newAddress')}</Button>
        {query.data?.exists && <Button danger style={{ marginInlineStart: 8 }} loading={end.isPending} onClick={() => end.mutate({ method: 'DELETE', path: 'calendar' })}>{t('endAddress')}</Button>}
      </Modal>
    </>
  );
}

export function Escalate() {
  const { t } = useWords('service');
  const { message } = App.useApp();
  const send = useWrite<{ items: { orders: number }[] }>({ onDone: (done) => void message.success(t('escalatedCount', { orders: count(done.items.reduce((sum, one) => sum + one.orders, 0)) })) });
  return (
    <Popconfirm title={t('escalateSure')} onConfirm={() => send.mutate({ method: 'POST', path: 'orders/escalations' })}>
      <Button icon={<BellOutlined />} loading={send.isPending}>{t('escalate')}</Button>
    </Popconfirm>
  );
}
