// parts/customer_service.tsx - whether a customer wants promotion, and what other systems reported of him.
import { Button, Card, Popconfirm, Space, Table, Tag } from 'antd';
import { Link } from 'react-router-dom';
import { useGet, useRight, useWrite } from '../api/hooks';
import type { CustomerService as Service } from '../api/types';
import { nothing, time } from '../format';
import { useWords } from '../i18n';
import { Answer } from './states';

export function CustomerService({ id }: { id: string }) {
  const { t, i18n } = useWords('service');
  const mayWork = useRight('orders.work');
  const at = `customers/${encodeURIComponent(id)}`;
  const query = useGet<Service>(`${at}/service`);
  const change = useWrite<unknown>({ said: t('kept') });
  const occasion = (code: string) => (i18n.exists(`service:occasions.${code}`) ? t(`occasions.${code}` as 'occasions.ticket') : code);
  return (
    <Answer query={query}>
      {(of) => (
        <Card size="small" title={t('consent')} extra={mayWork && (
          <Popconfirm title={of.opted_out ? t('optInSure') : t('optOutSure')} onConfirm={() => change.mutate({ method: 'PUT', path: `${at}/consent`, body: { opted_out: !of.opted_out } })}>
            <Button size="small">{of.opted_out ? t('optIn') : t('optOut')}</Button>
          </Popconfirm>
        )}>
          <Space direction="vertical" style={{ width: '100%' }}>
            {of.opted_out ? <Tag color="red">{t('optedOut')}</Tag> : <span className="faint">{t('notOptedOut')}</span>}
            {of.events.length > 0 && (
              <Table
                size="small" rowKey="event" scroll={{ x: 'max-content' }} pagination={of.events.length > 5 ? { pageSize: 5, showSizeChanger: false } : false} dataSource={of.events}
                columns={[
                  { key: 'at', title: t('reportedAt'), render: (_, row) => time(row.at) },
                  { key: 'on', title: t('reported'), render: (_, row) => occasion(row.on) },
                  { key: 'verdict', title: t('verdict'), render: (_, row) => t(`verdicts.${row.verdict}`) },
                  { key: 'orders', title: t('title'), render: (_, row) => (row.orders.length === 0 ? nothing : <Space wrap>{row.orders.map((one) => <Link key={one} className="num" to={`/orders/${one}`}>{one}</Link>)}</Space>) },
                ]}
              />
            )}
          </Space>
        </Card>
      )}
    </Answer>
  );
}
