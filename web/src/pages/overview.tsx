// pages/overview.tsx - the state of the month within the caller's scope, and what changed since the month before.
import { Card } from 'antd';
import { Link } from 'react-router-dom';
import { useGet, useRight } from '../api/hooks';
import type { GroupsOfMonth, Overview } from '../api/types';
import { count, energy, exactMoney, money, month, number, percent, short } from '../format';
import { useWords } from '../i18n';
import { Figure } from '../parts/figure';
import { MonthPicker, usePickedMonth } from '../parts/month_picker';
import { PageHead } from '../parts/page_head';
import { ShareBar } from '../parts/share_bar';
import { Answer, Nothing } from '../parts/states';
import { say } from '../say';
import { ComplaintChart, RevenueChart } from '../parts/month_charts';

function Figures({ of }: { of: Overview }) {
  const { t } = useWords('overview');
  return (
    <div className="grid figures">
      <Figure name={t('customers')} text={count(of.customers.value)} {...of.customers} />
      <Figure name={t('active')} text={count(of.active_customers.value)} {...of.active_customers} />
      <Figure name={t('revenue')} text={money(of.revenue_cny.value)} exact={exactMoney(of.revenue_cny.value)} {...of.revenue_cny} good="up" />
      <Figure name={t('energy')} text={energy(of.energy_kwh.value)} {...of.energy_kwh} />
      <Figure name={t('collection')} text={percent(of.collection_share.value, 2)} {...of.collection_share} asPoints good="up" />
      <Figure name={t('complaints')} text={count(of.complaints.value)} {...of.complaints} good="down" />
      <Figure name={t('satisfaction')} text={number(of.satisfaction_score.value, 2)} {...of.satisfaction_score} good="up" />
    </div>
  );
}

function Schemes({ of }: { of: Overview }) {
  const { t } = useWords('overview');
  const runs = useGet<GroupsOfMonth>(useRight('groups.read') ? 'portraits' : null);
  const run = (scheme: string) => runs.data?.schemes.find((one) => one.scheme === scheme)?.run;
  if (of.schemes.length === 0) return <Card><Nothing text={t('noSchemes')} /></Card>;
  return (
    <div className="grid two">
      {of.schemes.map((scheme) => (
        <Card key={scheme.scheme} size="small" title={say(scheme.title)} extra={run(scheme.scheme) && <Link to={`/groups/${run(scheme.scheme)}`}>{t('portrait')}</Link>}>
          <ShareBar groups={scheme.groups} link={(group) => `/customers?scheme=${scheme.scheme}&group=${encodeURIComponent(group)}`} />
        </Card>
      ))}
    </div>
  );
}

export default function OverviewPage() {
  const { t } = useWords('overview');
  const [picked] = usePickedMonth();
  const query = useGet<Overview>('overview', { month: picked });
  return (
    <>
      <PageHead title={t('title')} about={query.data && t('about', { month: month(query.data.month) })}>
        {query.data && <MonthPicker months={query.data.months.map((one) => one.month)} shown={query.data.month} />}
      </PageHead>
      <Answer query={query} rows={12}>
        {(of) => (
          <div className="grid">
            <Figures of={of} />
            <div className="grid wide-left">
              <RevenueChart months={of.months} />
              <ComplaintChart months={of.months} />
            </div>
            <div style={{ display: 'flex', alignItems: 'baseline', gap: 12, marginTop: 4 }}>
              <h2 style={{ fontSize: 16, margin: 0 }}>{t('groups')}</h2>
              {of.moved && <span className="faint">{t('moved', { customers: short(of.moved.customers), share: percent(of.moved.share) })}</span>}
            </div>
            <Schemes of={of} />
          </div>
        )}
      </Answer>
    </>
  );
}
