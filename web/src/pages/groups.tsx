// pages/groups.tsx - the groups of the month, scheme by scheme.
import { Button, Card } from 'antd';
import { Link } from 'react-router-dom';
import { useGet } from '../api/hooks';
import type { GroupsOfMonth } from '../api/types';
import { month } from '../format';
import { useWords } from '../i18n';
import { PageHead } from '../parts/page_head';
import { ShareBar } from '../parts/share_bar';
import { Answer, Nothing } from '../parts/states';
import { say } from '../say';

export default function GroupsPage() {
  const { t } = useWords('groups');
  const query = useGet<GroupsOfMonth>('portraits');
  return (
    <>
      <PageHead title={t('title')} about={query.data?.month && month(query.data.month)} />
      <Answer query={query} rows={12}>
        {(of) =>
          of.schemes.length === 0 ? (
            <Card><Nothing text={t('none')} /></Card>
          ) : (
            <div className="grid two">
              {of.schemes.map((scheme) => (
                <Card
                  key={scheme.scheme}
                  size="small"
                  title={say(scheme.title)}
                  extra={<Link to={`/groups/${scheme.run}`}><Button size="small">{t('open')}</Button></Link>}
                >
                  <ShareBar groups={scheme.groups} link={(group) => `/customers?scheme=${scheme.scheme}&group=${encodeURIComponent(group)}`} />
                </Card>
              ))}
            </div>
          )
        }
      </Answer>
    </>
  );
}
