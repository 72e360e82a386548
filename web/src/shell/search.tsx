// shell/search.tsx - one box for 户号, name, phone and address; what is found opens the customer. Key: /
import { SearchOutlined } from '@ant-design/icons';
import { AutoComplete, Input, type InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useGet } from '../api/hooks';
import type { Hit } from '../api/types';
import { nothing } from '../format';
import { useWords } from '../i18n';

/** What was typed, once the fingers rest. */
export function useSettled(text: string, ms = 180): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => settle(text), ms);
    return () => window.clearTimeout(timer);
  }, [text, ms]);
  return settled;
}

export function Search() {
  const { t } = useWords('shell');
  const go = useNavigate();
  const box = useRef<InputRef>(null);
  const [text, setText] = useState('');
  const asked = useSettled(text.trim());
  const found = useGet<{ items: Hit[] }>(asked.length >= 2 ? 'search' : null, { q: asked, limit: 12 });
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const at = event.target;
      if (event.key !== '/' || at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement) return;
      box.current?.focus();
      event.preventDefault();
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, []);
  const open = (id: string) => {
    setText('');
    go(`/customers/${encodeURIComponent(id)}`);
  };
  const hits = asked.length >= 2 ? (found.data?.items ?? []) : [];
  return (
    <AutoComplete
      value={text}
      onChange={setText}
      onSelect={open}
      style={{ width: '100%', maxWidth: 460 }}
      popupMatchSelectWidth={460}
      defaultActiveFirstOption
      virtual={false}
      listHeight={640}
      notFoundContent={asked.length >= 2 && found.isFetched && !found.isFetching ? t('search.nothing') : null}
      options={hits.map((hit) => ({
        value: hit.customer_id,
        label: (
          <div>
            <div style={{ display: 'flex', gap: 12 }}>
              <span className="num">{hit.customer_id}</span>
              <span style={{ flex: 1 }}>{hit.customer_name ?? nothing}</span>
              <span className="num faint">{hit.phone}</span>
            </div>
            <div className="faint" style={{ fontSize: 12 }}>{[hit.station_name, hit.address].filter(Boolean).join(' · ')}</div>
          </div>
        ),
      }))}
    >
      <Input ref={box} prefix={<SearchOutlined />} placeholder={t('search.hint')} aria-label={t('search.label')} allowClear />
    </AutoComplete>
  );
}
