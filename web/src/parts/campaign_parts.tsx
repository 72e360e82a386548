// parts/campaign_parts.tsx - what a campaign wants, the state of its launch, who it reaches.
import { Alert, Table, Tag } from 'antd';
import dayjs from 'dayjs';
import type { Campaign, CampaignLaunch, CampaignReach } from '../api/types';
import { count, number, percent } from '../format';
import { useWords } from '../i18n';

export function LaunchTag({ of }: { of: CampaignLaunch | null }) {
  const { t } = useWords('service');
  if (!of) return <Tag>{t('notLaunched')}</Tag>;
  if (of.stopped_at) return <Tag color="red">{t('wasStopped')}</Tag>;
  return dayjs(of.ends_on).isBefore(dayjs(), 'day') ? <Tag color="green">{t('isOver')}</Tag> : <Tag color="blue">{t('running')}</Tag>;
}

export function Goal({ of }: { of: Campaign }) {
  const { t, i18n } = useWords('service');
  const code = (one: string) => (i18n.exists(`service:ways.${one}`) ? t(`ways.${one}` as 'ways.counter') : one);
  const what = of.goal === 'holds' ? (of.goal_condition ?? '') : of.goal_codes.map(code).join(i18n.language === 'zh' ? '、' : ', ');
  return <>{t(`goals.${of.goal}`, { what, days: of.within_days })}</>;
}

/** From the target to those asked, as a funnel of bars. */
export function Reach({ of }: { of: CampaignReach }) {
  const { t } = useWords('service');
  const most = Math.max(1, of.in_target);
  const rows = [
    { key: 'target', name: t('inTarget'), customers: of.in_target, colour: 'var(--mark)' },
    ...of.held.map((one) => ({ key: one.reason, name: `− ${t(`customers:orders.reasons.${one.reason}`)}`, customers: one.customers, colour: 'var(--faint)' })),
    { key: 'able', name: t('able'), customers: of.able, colour: 'var(--mark)' },
    { key: 'treated', name: t('asked'), customers: of.treated, colour: 'var(--mark)' },
    { key: 'held_out', name: t('heldOut'), customers: of.held_out, colour: 'var(--mark)' },
  ];
  return (
    <div className="grid">
      {of.again && <Alert type="info" showIcon message={t('launchedBefore')} />}
      <Table
        size="small" pagination={false} rowKey="key" dataSource={rows}
        columns={[
          { key: 'name', title: t('customer'), render: (_, row) => row.name },
          { key: 'bar', title: <span className="skip">{t('ofTarget')}</span>, width: '38%', render: (_, row) => <div className="bar"><span style={{ width: `${(100 * row.customers) / most}%`, background: row.colour }} /></div> },
          { key: 'count', title: t('customersCount'), align: 'right', render: (_, row) => count(row.customers) },
        ]}
      />
      {of.minutes > 0 && <div>{t('workload')}: {t('hoursValue', { hours: number(of.minutes / 60, 0) })}</div>}
      {of.baseline !== null && <div>{t('baseline', { share: percent(of.baseline, 2) })}</div>}
      {of.smallest_difference !== null && <div>{t('smallest', { points: number(of.smallest_difference * 100, 2) })}</div>}
      {of.held_out === 0 && <Alert type="warning" showIcon message={t('nobodyHeldOut')} />}
    </div>
  );
}
