// pages/calls.tsx - a phone number or 户号 while somebody waits on the line: who, which queue, which manager, what to say.
import { PhoneOutlined } from '@ant-design/icons';
import { Card, Descriptions, Input, Space, Tag } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useGet } from '../api/hooks';
import type { RouteMatch } from '../api/types';
import { nothing, time } from '../format';
import { useWords } from '../i18n';
import { PageHead } from '../parts/page_head';
import { Answer, Nothing } from '../parts/states';
import { say } from '../say';

interface Told {
  matches: RouteMatch[];
  made_at: string;
}

function Match({ of }: { of: RouteMatch }) {
  const { t } = useWords('customers');
  return (
    <Card
      title={<Space wrap><Link to={`/customers/${encodeURIComponent(of.customer_id)}`}>{of.customer_name ?? of.customer_id}</Link><span className="num faint">{of.customer_id}</span></Space>}
      extra={<Space>{of.green_channel && <Tag color="green">{t('greenChannel')}</Tag>}<Tag color="blue">{say(of.queue.title)}</Tag></Space>}
    >
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2 }}
        items={[
          { key: 'priority', label: t('priority'), children: of.queue.priority },
          { key: 'phone', label: t('phone'), children: of.phone ?? nothing },
          { key: 'station', label: t('station'), children: of.station?.name ?? nothing },
          { key: 'manager', label: t('manager'), children: of.manager ? `${of.manager.name ?? of.manager.staff_id} ${of.manager.phone ?? ''}` : nothing },
        ]}
      />
      <Space wrap style={{ margin: '10px 0' }}>{of.groups.map((group) => <Tag key={group.scheme}>{say(group.title)}</Tag>)}</Space>
      <div className="grid two">
        <div><strong>{t('sayThis')}</strong>{of.say.length === 0 ? <div className="faint">{nothing}</div> : <ul className="sentences">{of.say.map((one) => <li key={one.zh}>{say(one)}</li>)}</ul>}</div>
        <div><strong>{t('doNot')}</strong>{of.do_not.length === 0 ? <div className="faint">{nothing}</div> : <ul className="sentences">{of.do_not.map((one) => <li key={one.zh}>{say(one)}</li>)}</ul>}</div>
      </div>
    </Card>
  );
}

export default function CallsPage() {
  const { t } = useWords('customers');
  const [asked, ask] = useState('');
  // Eleven digits that begin with 1, or an area code, are a phone before they are a 户号; what finds nobody is asked as the other.
  const digits = asked.replace(/[\s-]/g, '');
  const isPhone = /^(1\d{10}|0\d{9,11})$/.test(digits);
  const ways = isPhone ? [{ phone: digits }, { customer: digits }] : [{ customer: digits }, { phone: digits }];
  const first = useGet<Told>(asked ? 'route' : null, ways[0]);
  const isOther = first.data?.matches.length === 0 && /^\d{5,}$/.test(digits);
  const second = useGet<Told>(asked && isOther ? 'route' : null, ways[1]);
  const query = isOther && !second.error ? second : first;
  return (
    <>
      <PageHead title={t('shell:place.calls')} about={query.data && asked && t('asOf', { time: time(query.data.made_at) })} />
      <div className="grid">
        <Card size="small">
          <Input.Search size="large" autoFocus enterButton={t('identify')} prefix={<PhoneOutlined />} placeholder={t('callHint')} aria-label={t('callHint')} onSearch={(text) => ask(text.trim())} style={{ maxWidth: 560 }} />
        </Card>
        {asked === '' ? (
          <Card><Nothing text={t('callAbout')} /></Card>
        ) : (
          <Answer query={query}>
            {(told) => (told.matches.length === 0 ? <Card><Nothing text={t('nobodyCalls')} /></Card> : <>{told.matches.map((match) => <Match key={match.customer_id} of={match} />)}</>)}
          </Answer>
        )}
      </div>
    </>
  );
}
