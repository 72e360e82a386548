// pages/roles.tsx - what each role may do and see.
import { CheckOutlined } from '@ant-design/icons';
import { Card, Table, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useGet } from '../api/hooks';
import type { Roles, Sight } from '../api/types';
import { useWords } from '../i18n';
import { PageHead } from '../parts/page_head';
import { Answer } from '../parts/states';
import { say } from '../say';

export default function RolesPage() {
  const { t } = useWords('admin');
  const query = useGet<Roles>('roles');
  const sight = (of: Sight) => <Tag color={of === 'clear' ? 'gold' : 'default'} style={{ margin: 0 }}>{t(`sight.${of}`)}</Tag>;
  return (
    <>
      <PageHead title={t('shell:place.roles')} about={t('rolesHow')} />
      <Answer query={query} rows={12}>
        {(of) => (
          <Card size="small">
            <Table
              size="small" rowKey="key" pagination={false} scroll={{ x: 'max-content', y: 'calc(100vh - 230px)' }}
              dataSource={[
                { key: '#personal', name: t('personal'), cell: (at: number) => sight(of.items[at]?.sees_personal ?? 'hidden') },
                { key: '#sensitive', name: t('sensitive'), cell: (at: number) => sight(of.items[at]?.sees_sensitive ?? 'hidden') },
                ...of.rights.map((right) => ({ key: right.right, name: say(right.title), cell: (at: number) => (of.items[at]?.rights.includes(right.right) ? <CheckOutlined aria-label={t('shell:yes')} className="good" /> : <span className="faint" aria-label={t('shell:no')}>·</span>) })),
              ]}
              columns={[
                { key: 'name', title: t('right'), fixed: 'left', width: 220, dataIndex: 'name' },
                ...of.items.map((role, at) => ({ key: role.role, title: say(role.title), align: 'center' as const, width: 110, render: (_: unknown, row: { cell: (at: number) => ReactNode }) => row.cell(at) })),
              ]}
            />
          </Card>
        )}
      </Answer>
    </>
  );
}
