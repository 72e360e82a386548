// pages/groups.tsx - the groups of the month, scheme by scheme.
import { Button, Card, Space, Tag } from 'antd';
import { Link } from 'react-router-dom';
import { useGet } from '../api/hooks';
import type { GroupsOfMonth } from '../api/types';
import { count, month } from '../format';
import { useWords } from '../i18n';
import { PageHead } from '../parts/page_head';
import { RunState } from '../parts/run_state';
import { ShareBar } from '../parts/share_bar';
import { Answer, Nothing } from '../parts/states';
import { say } from '../say';

export default function GroupsPage() {
  const { t } = useWords('groups');
  const query = useGet<GroupsOfMonth>('portraits');
  return (
    <>
      <PageHead title={t('title')} about={query.data && month(query.data.month)} />
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
                  title={<Space>{say(scheme.title)}<RunState state={scheme.state} /></Space>}
                  extra={<Link to={`/groups/${scheme.run}`}><Button size="small">{t('open')}</Button></Link>}
                >
                  <ShareBar groups={scheme.groups} link={(group) => `/customers?scheme=${scheme.scheme}&group=${encodeURIComponent(group)}`} />
                  {scheme.unclassified.length > 0 && (
                    <div className="key faint">
                      {t('without')}
                      {scheme.unclassified.map((one) => <Tag key={one.code}>{say(one.title)} {count(one.customers)}</Tag>)}
                    </div>
                  )}
                </Card>
              ))}
            </div>
          )
        }
      </Answer>
    </>
  );
}
