// parts/order_bulk.tsx - the same done with several orders at once.
import { App, Button, Form, Input, Modal, Select, Space } from 'antd';
import { useState } from 'react';
import { useGet, useRight, useWrite } from '../api/hooks';
import type { Staff } from '../api/types';
import { useWords } from '../i18n';
import { chosen } from './chosen';

type Bulk = 'accept' | 'assign' | 'cancel';
interface Told {
  done: number;
  failed: { order: string; detail: string }[];
}

export function OrderBulk({ orders, clear }: { orders: string[]; clear: () => void }) {
  const { t } = useWords('service');
  const { modal, message } = App.useApp();
  const mayManage = useRight('orders.manage');
  const mayWork = useRight('orders.work');
  const [move, setMove] = useState<Bulk | null>(null);
  const [part, setPart] = useState('');
  const [form] = Form.useForm<{ staff_id?: string; note?: string }>();
  const staff = useGet<{ items: Staff[] }>(move === 'assign' ? 'staff' : null, { q: part });
  const send = useWrite<Told>({
    onDone: (told) => {
      setMove(null);
      clear();
      if (told.failed.length === 0) void message.success(t('bulkDone', { count: told.done }));
      else modal.warning({ title: t('bulkSome', { done: told.done, failed: told.failed.length }), content: <ul className="sentences">{told.failed.slice(0, 10).map((one) => <li key={one.order}>{one.detail}</li>)}</ul> });
    },
  });
  const go = (values: object, what: Bulk) => send.mutate({ method: 'POST', path: 'orders/moves', body: { orders, move: what, ...values } });
  return (
    <Space wrap>
      <span>{t('bulkChosen', { count: orders.length })}</span>
      {mayWork && <Button size="small" loading={send.isPending} onClick={() => go({}, 'accept')}>{t('moves.accept')}</Button>}
      {mayManage && <Button size="small" onClick={() => setMove('assign')}>{t('moves.assign')}</Button>}
      {mayManage && <Button size="small" danger onClick={() => setMove('cancel')}>{t('moves.cancel')}</Button>}
      <Modal open={move !== null} title={move && `${t(`moves.${move}`)} · ${t('bulkChosen', { count: orders.length })}`} okText={move && t(`moves.${move}`)} onCancel={() => setMove(null)} onOk={() => form.submit()} confirmLoading={send.isPending} destroyOnClose>
        <Form form={form} layout="vertical" preserve={false} requiredMark={false} onFinish={(values) => move && go(values, move)}>
          {move === 'assign' && (
            <Form.Item name="staff_id" label={t('toWhom')} rules={[chosen(t('shell:required'))]}>
              <Select showSearch filterOption={false} onSearch={setPart} placeholder={t('staffHint')} options={(staff.data?.items ?? []).map((one) => ({ value: one.staff_id, label: `${one.name ?? ''} ${one.staff_id}` }))} />
            </Form.Item>
          )}
          <Form.Item name="note" label={move === 'cancel' ? t('whyNote') : t('note')} rules={move === 'cancel' ? [{ required: true, message: t('shell:required') }] : []}><Input.TextArea rows={3} maxLength={1000} /></Form.Item>
        </Form>
      </Modal>
    </Space>
  );
}
