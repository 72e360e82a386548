// parts/customer_notices.tsx - what a customer was told, by which channel, and what became of it.
import { Card, Table, Tag } from 'antd';
import { Link } from 'react-router-dom';
import { useGet } from '../api/hooks';
import type { CustomerNotices as Notices } from '../api/types';
import { count, nothing, time } from '../format';
import { useWords } from '../i18n';
import { Answer } from './states';

const colours: Partial<Record<Notices['items'][number]['state'], string>> = { sent: 'green', delivered: 'green', dead: 'red', undelivered: 'red', unsure: 'gold', queued: 'blue', sending: 'blue', awaiting: 'blue' };

export function CustomerNotices({ id }: { id: string }) {
  const { t } = useWords('service');
  const query = useGet<Notices>('notices', { customer: id, page_size: 50 });
  return (
    <Answer query={query}>
      {(of) => of.items.length === 0 ? null : (
        <Card size="small" title={t('notices')} extra={<span className="faint">{count(of.total)}</span>}>
          <Table
            size="small" rowKey="notice" scroll={{ x: 'max-content' }} pagination={of.items.length > 5 ? { pageSize: 5, showSizeChanger: false } : false} dataSource={of.items}
            columns={[
              { key: 'at', title: t('reportedAt'), render: (_, row) => time(row.changed_at) },
              { key: 'channel', title: t('channel'), render: (_, row) => t(`channels.${row.channel}`) },
              { key: 'state', title: t('state'), render: (_, row) => <Tag {...(colours[row.state] ? { color: colours[row.state] } : {})}>{t(`noticeStates.${row.state}`)}</Tag> },
              { key: 'text', title: t('message'), render: (_, row) => <div style={{ maxWidth: 480, whiteSpace: 'normal' }}>{row.text ?? nothing}</div> },
              { key: 'order', title: t('order'), render: (_, row) => <Link className="num" to={`/orders/${row.order}`}>{row.order}</Link> },
            ]}
          />
        </Card>
      )}
    </Answer>
  );
}
