// parts/customer_groups.tsx - the groups of a customer, why it is there, and where it was before.
import { Card, Collapse, Table, Tag } from 'antd';
import { useGet } from '../api/hooks';
import type { Customer360, Explanations } from '../api/types';
import { month, time } from '../format';
import { useWords } from '../i18n';
import { say } from '../say';
import { Answer, Nothing } from './states';

function Why({ id }: { id: string }) {
  const { t } = useWords('customers');
  const query = useGet<Explanations>(`customers/${encodeURIComponent(id)}/explanations`);
  return (
    <Answer query={query}>
      {(told) =>
        told.items.length === 0 ? (
          <Nothing text={t('noExplanation')} />
        ) : (
          <Collapse
            defaultActiveKey={told.items.slice(0, 3).map((one) => one.scheme)}
            items={told.items.map((one) => ({
              key: one.scheme,
              label: <>{say(one.title)} <Tag style={{ marginLeft: 8 }}>{say(one.group_title)}</Tag></>,
              children: one.masked ? <span className="faint">{t('whyMasked')}</span> : <ul className="sentences">{one.sentences.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>,
            }))}
          />
        )
      }
    </Answer>
  );
}

export function CustomerGroups({ of }: { of: Customer360 }) {
  const { t } = useWords('customers');
  const titles = new Map(of.groups.map((group) => [group.scheme, say(group.scheme_title)]));
  const history = [...of.history].sort((a, b) => b.from.localeCompare(a.from) || a.scheme.localeCompare(b.scheme));
  return (
    <div className="grid wide-left">
      <Card size="small" title={t('why')}><Why id={of.customer_id} /></Card>
      <Card size="small" title={t('history')}>
        <Table
          size="small"
          pagination={history.length > 12 ? { pageSize: 12, showSizeChanger: false } : false}
          rowKey={(row) => `${row.scheme} ${row.from} ${row.recorded_at}`}
          dataSource={history}
          locale={{ emptyText: <Nothing /> }}
          columns={[
            { key: 'scheme', title: t('scheme'), width: '42%', render: (_, row) => titles.get(row.scheme) ?? row.scheme },
            {
              key: 'group', title: t('group'),
              render: (_, row) => (
                <>
                  <div>{row.title.zh || row.title.en ? say(row.title) : (row.group ?? row.reason)}</div>
                  <div className="faint" title={t('recordedAt', { time: time(row.recorded_at) })}>{row.to ? `${month(row.from)} – ${month(row.to)}` : t('since', { month: month(row.from) })}</div>
                </>
              ),
            },
          ]}
        />
      </Card>
    </div>
  );
}
