// parts/customer_orders.tsx - what is done for a customer: work orders, and what plans held back and why.
import { Card, Space, Table, Tag, Tooltip } from 'antd';
import { useGet } from '../api/hooks';
import type { CustomerOrders as Orders, HeldAction, OrderState, WorkOrder } from '../api/types';
import { count, month, nothing } from '../format';
import { useWords } from '../i18n';
import { say } from '../say';
import { Answer, Nothing } from './states';

const colours: Record<OrderState, string> = { open: 'gold', accepted: 'blue', done: 'cyan', closed: 'green', cancelled: 'default' };

function OrderTable({ orders, total }: { orders: WorkOrder[]; total: number }) {
  const { t } = useWords('customers');
  return (
    <Card size="small" title={t('orders.title')} extra={<span className="faint">{total > orders.length ? t('latest', { shown: count(orders.length), all: count(total) }) : count(total)}</span>}>
      <Table
        size="small"
        rowKey="order"
        scroll={{ x: 'max-content' }}
        pagination={orders.length > 10 ? { pageSize: 10, showSizeChanger: false } : false}
        dataSource={orders}
        columns={[
          { key: 'order', title: t('orders.order'), render: (_, one) => <span className="num">{one.order}</span> },
          { key: 'type', title: t('orders.type'), render: (_, one) => <Space size={4}>{one.type.title ? say(one.type.title) : one.type.code}{one.urgent && <Tag color="red">{t('orders.urgent')}</Tag>}</Space> },
          { key: 'state', title: t('orders.state'), render: (_, one) => <Tag color={colours[one.state]}>{t(`orders.states.${one.state}`)}</Tag> },
          { key: 'due', title: t('orders.due'), render: (_, one) => <span className="num">{one.begins_on} – {one.due_on}</span> },
          { key: 'owner', title: t('orders.owner'), render: (_, one) => [one.owner, one.second_owner].filter(Boolean).join(', ') || nothing },
          { key: 'outcome', title: t('orders.outcome'), render: (_, one) => (one.outcome === null ? nothing : typeof one.outcome === 'string' ? one.outcome : say(one.outcome)) },
          { key: 'why', title: t('orders.why'), render: (_, one) => <Reasons of={one} /> },
        ]}
      />
    </Card>
  );
}

function Reasons({ of }: { of: WorkOrder }) {
  const { t } = useWords('customers');
  if (of.verifies !== null) return <>{t('orders.verifies', { order: of.verifies })}</>;
  const told = of.reasons.map((one) => (one.text ? say(one.text) : one.reason));
  const [first, ...more] = told;
  if (first === undefined) return <>{nothing}</>;
  return more.length === 0 ? <>{first}</> : <Tooltip title={<>{told.map((one) => <div key={one}>{one}</div>)}</>}>{first} <Tag>+{more.length}</Tag></Tooltip>;
}

function HeldTable({ held }: { held: HeldAction[] }) {
  const { t } = useWords('customers');
  return (
    <Card size="small" title={t('orders.held')} extra={<span className="faint">{count(held.length)}</span>}>
      <Table
        size="small"
        scroll={{ x: 'max-content' }}
        pagination={held.length > 10 ? { pageSize: 10, showSizeChanger: false } : false}
        dataSource={held.map((one, key) => ({ ...one, key }))}
        columns={[
          { key: 'month', title: t('month'), render: (_, one) => month(one.month) },
          { key: 'type', title: t('orders.type'), render: (_, one) => (one.type.title ? say(one.type.title) : one.type.code) },
          { key: 'text', title: t('orders.why'), render: (_, one) => (one.text ? say(one.text) : one.cell) },
          { key: 'reason', title: t('orders.heldBecause'), render: (_, one) => t(`orders.reasons.${one.reason}`) },
        ]}
      />
    </Card>
  );
}

export function CustomerOrders({ id }: { id: string }) {
  const { t } = useWords('customers');
  const query = useGet<Orders>(`customers/${encodeURIComponent(id)}/orders`);
  return (
    <Answer query={query}>
      {(of) =>
        of.items.length + of.suppressed.length === 0 ? (
          <Card><Nothing text={t('orders.none')} /></Card>
        ) : (
          <div className="grid">
            {of.items.length > 0 && <OrderTable orders={of.items} total={of.total} />}
            {of.suppressed.length > 0 && <HeldTable held={of.suppressed} />}
          </div>
        )
      }
    </Answer>
  );
}
