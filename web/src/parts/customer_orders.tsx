// parts/customer_orders.tsx - what is done for a customer: work orders, and what plans held back and why.
import { Card, Table, Tag, Tooltip } from 'antd';
import { Link } from 'react-router-dom';
import { useGet, useRight } from '../api/hooks';
import type { CustomerOrders as Orders, HeldAction, WorkOrder } from '../api/types';
import { count, month, nothing } from '../format';
import { useWords } from '../i18n';
import { say } from '../say';
import { CustomerNotices } from './customer_notices';
import { CustomerService } from './customer_service';
import { employees, OrderKind, OrderTag, outcomeText } from './order_tag';
import { Answer, Nothing } from './states';

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
          { key: 'order', title: t('service:order'), render: (_, one) => <Link className="num" to={`/orders/${one.order}`}>{one.order}</Link> },
          { key: 'type', title: t('service:type'), render: (_, one) => <OrderKind of={one} /> },
          { key: 'state', title: t('service:state'), render: (_, one) => <OrderTag state={one.state} /> },
          { key: 'due', title: t('service:beginsDue'), render: (_, one) => <span className="num">{one.begins_on} – {one.due_on}</span> },
          { key: 'owner', title: t('service:owner'), render: (_, one) => employees(one) },
          { key: 'outcome', title: t('service:outcome'), render: (_, one) => outcomeText(one.outcome) },
          { key: 'why', title: t('service:why'), render: (_, one) => <Reasons of={one} /> },
        ]}
      />
    </Card>
  );
}

export function Reasons({ of }: { of: WorkOrder }) {
  const { t } = useWords('service');
  if (of.verifies !== null) return <>{t('verifies', { order: of.verifies })}</>;
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
          { key: 'type', title: t('service:type'), render: (_, one) => (one.type.title ? say(one.type.title) : one.type.code) },
          { key: 'text', title: t('service:why'), render: (_, one) => (one.text ? say(one.text) : one.cell) },
          { key: 'reason', title: t('orders.heldBecause'), render: (_, one) => t(`orders.reasons.${one.reason}`) },
        ]}
      />
    </Card>
  );
}

export function CustomerOrders({ id }: { id: string }) {
  const { t } = useWords('customers');
  const mayNotices = useRight('notices.read');
  const query = useGet<Orders>(`customers/${encodeURIComponent(id)}/orders`);
  return (
    <Answer query={query}>
      {(of) =>
        of.items.length + of.suppressed.length === 0 ? (
          <div className="grid"><Card><Nothing text={t('orders.none')} /></Card><CustomerService id={id} /></div>
        ) : (
          <div className="grid">
            <CustomerService id={id} />
            {of.items.length > 0 && <OrderTable orders={of.items} total={of.total} />}
            {mayNotices && <CustomerNotices id={id} />}
            {of.suppressed.length > 0 && <HeldTable held={of.suppressed} />}
          </div>
        )
      }
    </Answer>
  );
}
