// pages/campaigns.tsx - promotions for groups: what each wants of whom, and how its latest launch goes.
import { Card, Progress, Tag } from 'antd';
import { Link } from 'react-router-dom';
import { useGet } from '../api/hooks';
import type { Campaign } from '../api/types';
import { count, percent, time } from '../format';
import { useWords } from '../i18n';
import { Goal, LaunchTag } from '../parts/campaign_parts';
import { PageHead } from '../parts/page_head';
import { Answer, Nothing } from '../parts/states';
import { say } from '../say';

export default function CampaignsPage() {
  const { t } = useWords('service');
  const query = useGet<{ items: Campaign[] }>('campaigns');
  return (
    <>
      <PageHead title={t('campaigns')} about={t('campaignsAbout')} />
      <Answer query={query} rows={8}>
        {(of) => of.items.length === 0 ? <Card><Nothing text={t('noCampaigns')} /></Card> : (
          <div className="grid wide-cards">
            {of.items.map((one) => (
              <Card key={one.campaign} size="small" title={<Link to={`/campaigns/${one.campaign}`}>{say(one.title)}</Link>} extra={<LaunchTag of={one.launch} />}>
                <p style={{ marginTop: 0 }}>{say(one.text)}</p>
                <p className="faint">{t('goal')}: <Goal of={one} /></p>
                {one.launch ? (
                  <>
                    <div className="faint num">{time(one.launch.begins_on)} – {time(one.launch.ends_on)}</div>
                    <div>{t('askedAndHeldOut', { treated: count(one.launch.treated), held: count(one.launch.held_out) })}</div>
                    <Progress percent={one.launch.in_target === 0 ? 0 : Math.round((100 * one.launch.treated) / one.launch.in_target)} size="small" aria-label={t('ofTarget')} />
                  </>
                ) : <div><Tag>{t(`channels.${one.channel}`)}</Tag><Tag>{t('holdOut')} {percent(one.hold_out, 0)}</Tag></div>}
              </Card>
            ))}
          </div>
        )}
      </Answer>
    </>
  );
}
