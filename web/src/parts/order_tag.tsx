// parts/order_tag.tsx - the state of a work order; its kind; who does it.
import { Space, Tag } from 'antd';
import type { Employee, OrderState, Text, WorkOrder } from '../api/types';
import { nothing } from '../format';
import { useWords } from '../i18n';
import { say } from '../say';

const colours: Record<OrderState, string> = { open: 'gold', accepted: 'blue', done: 'cyan', closed: 'green', cancelled: 'default' };

export function OrderTag({ state }: { state: OrderState }) {
  const { t } = useWords('service');
  return <Tag color={colours[state]} style={{ margin: 0 }}>{t(`states.${state}`)}</Tag>;
}

export function OrderKind({ of }: { of: Pick<WorkOrder, 'type' | 'urgent'> }) {
  const { t } = useWords('service');
  return <Space size={4}>{of.type.title ? say(of.type.title) : of.type.code}{of.urgent && <Tag color="red" style={{ margin: 0 }}>{t('urgent')}</Tag>}</Space>;
}

export function employees(of: Pick<WorkOrder, 'owner' | 'second_owner'>): string {
  const name = (one: Employee | null) => (one ? (one.name ?? one.staff_id) : null);
  return [name(of.owner), name(of.second_owner)].filter(Boolean).join('、') || nothing;
}

export function outcomeText(outcome: Text | string | null): string {
  return outcome === null ? nothing : typeof outcome === 'string' ? outcome : say(outcome);
}
