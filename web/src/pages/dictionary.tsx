// pages/dictionary.tsx - what each entity and field means, how sensitive it is, and how many rows there are.
import { Card, Input, Menu, Space, Table, Tag, Tooltip } from 'antd';
import { useState } from 'react';
import { useGet } from '../api/hooks';
import type { DictionaryEntity, DictionaryField } from '../api/types';
import { count, nothing } from '../format';
import { useWords } from '../i18n';
import { PageHead } from '../parts/page_head';
import { Answer } from '../parts/states';
import { say } from '../say';

function Fields({ of }: { of: DictionaryEntity }) {
  const { t, i18n } = useWords('data');
  const sensitivity = (name: string) => (i18n.exists(`data:sensitivityOf.${name}`) ? t(`sensitivityOf.${name}` as 'sensitivityOf.personal') : name);
  const range = (field: DictionaryField) => (field.codes.length > 0
    ? <Tooltip title={field.codes.map((code) => `${code.code} ${say(code.title)}`).join('\n')} overlayStyle={{ whiteSpace: 'pre-line' }}><span tabIndex={0}>{t('codes', { count: field.codes.length })}</span></Tooltip>
    : field.min !== null || field.max !== null ? `${field.min ?? ''} – ${field.max ?? ''}` : nothing);
  return (
    <Card size="small" title={<Space>{say(of.title)}<span className="mono faint">{of.entity}</span></Space>} extra={of.rows !== null && <span className="num">{t('rows', { count: count(of.rows) as unknown as number })}</span>}>
      {of.note && <p className="faint" style={{ marginTop: 0 }}>{say(of.note)}</p>}
      <Table<DictionaryField>
        size="small" rowKey="field" pagination={false} dataSource={of.fields} scroll={{ x: 'max-content', y: 'calc(100vh - 300px)' }}
        columns={[
          { key: 'title', title: t('field'), render: (_, row) => <><div>{say(row.title)} {of.key.includes(row.field) && <Tag color="blue">{t('key')}</Tag>}</div><div className="mono faint">{row.field}</div></> },
          { key: 'type', title: t('type'), render: (_, row) => row.type },
          { key: 'unit', title: t('unit'), render: (_, row) => row.unit || nothing },
          { key: 'required', title: t('required'), render: (_, row) => (row.required ? t('shell:yes') : t('shell:no')) },
          { key: 'range', title: t('range'), render: (_, row) => range(row) },
          { key: 'sensitivity', title: t('sensitivity'), render: (_, row) => <Tag color={/personal|sensitive/.test(row.sensitivity) ? 'gold' : 'default'}>{sensitivity(row.sensitivity)}</Tag> },
          { key: 'synonyms', title: t('synonyms'), render: (_, row) => <span className="faint">{row.synonyms.slice(0, 6).join('、')}</span> },
        ]}
      />
    </Card>
  );
}

export default function DictionaryPage() {
  const { t } = useWords('data');
  const query = useGet<{ entities: DictionaryEntity[] }>('dictionary');
  const [picked, pick] = useState<string | null>(null);
  const [text, setText] = useState('');
  return (
    <>
      <PageHead title={t('dictionary')} about={query.data && t('entities', { count: query.data.entities.length })} />
      <Answer query={query} rows={12}>
        {(of) => {
          const found = of.entities.filter((one) => text === '' || JSON.stringify([one.entity, one.title, one.fields.map((field) => [field.field, field.title, field.synonyms])]).toLowerCase().includes(text));
          const shown = found.find((one) => one.entity === picked) ?? found[0];
          return (
            <div style={{ display: 'grid', gridTemplateColumns: '240px minmax(0, 1fr)', gap: 14 }}>
              <Card size="small" styles={{ body: { padding: 8 } }}>
                <Input.Search allowClear placeholder={t('findField')} aria-label={t('findField')} onChange={(event) => setText(event.target.value.trim().toLowerCase())} style={{ marginBottom: 8 }} />
                <Menu
                  mode="inline" style={{ border: 0, maxHeight: 'calc(100vh - 230px)', overflow: 'auto' }} selectedKeys={shown ? [shown.entity] : []} onClick={({ key }) => pick(key)}
                  items={found.map((one) => ({ key: one.entity, label: say(one.title) }))}
                />
              </Card>
              {shown && <Fields of={shown} />}
            </div>
          );
        }}
      </Answer>
    </>
  );
}
