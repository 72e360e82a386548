// parts/share_bar.tsx - how customers are shared among the groups of a scheme, as one bar with its key.
import { Table } from 'antd';
import { Link } from 'react-router-dom';
import type { GroupShare } from '../api/types';
import { change, count, percent } from '../format';
import { useWords } from '../i18n';
import { say } from '../say';
import { chartColours, useMode } from '../theme';

export function ShareBar({ groups, link }: { groups: GroupShare[]; link?: (group: string) => string }) {
  const { t } = useWords('shell');
  const { mode } = useMode();
  const { series } = chartColours(mode);
  const colour = (at: number) => series[at % series.length];
  return (
    <>
      <div className="bar" aria-hidden="true">
        {groups.map((group, at) => (
          <span key={group.group} style={{ width: `${(group.share ?? 0) * 100}%`, background: colour(at) }} />
        ))}
      </div>
      <Table
        size="small"
        style={{ marginTop: 10 }}
        pagination={false}
        rowKey="group"
        dataSource={groups}
        columns={[
          {
            title: t('groups:group'),
            key: 'title',
            render: (_, group, at) => (
              <>
                <i style={{ display: 'inline-block', width: 10, height: 10, borderRadius: 3, marginRight: 8, background: colour(at) }} />
                {link ? <Link to={link(group.group)}>{say(group.title)}</Link> : say(group.title)}
              </>
            ),
          },
          { title: t('groups:customers'), align: 'right', key: 'customers', render: (_, group) => count(group.customers) },
          { title: t('groups:share'), align: 'right', key: 'share', render: (_, group) => percent(group.share) },
          ...(groups.some((group) => group.previous) ? [{
            title: t('sinceLastMonth'),
            align: 'right' as const,
            key: 'change',
            render: (_: unknown, group: GroupShare) => (group.previous && group.customers !== null ? change(group.customers / group.previous - 1) : '—'),
          }] : []),
        ]}
      />
    </>
  );
}
