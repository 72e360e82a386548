// parts/scope_picker.tsx - units of the organisation to choose from, one level after the other.
import { Checkbox, Form, Select, TreeSelect } from 'antd';
import { useState } from 'react';
import { call } from '../api/client';
import { useGet } from '../api/hooks';
import type { Tree, TreeNode } from '../api/types';
import { useWords } from '../i18n';

interface Node {
  id: string;
  pId: string | null;
  value: string;
  title: string;
  isLeaf: boolean;
}

const nodes = (items: TreeNode[], parent: string | null): Node[] => items.map((one) => ({ id: one.id, pId: parent, value: one.id, title: one.name, isLeaf: one.children === 0 }));

export function ScopePicker({ value, onChange, id }: { value?: string[]; onChange?: (value: string[]) => void; id?: string }) {
  const { t } = useWords('admin');
  const top = useGet<Tree>('org-units');
  const [more, setMore] = useState<Node[]>([]);
  const load = async (node: { value?: unknown }) => {
    const parent = String(node.value);
    if (more.some((one) => one.pId === parent)) return;
    const tree = await call<Tree>('GET', 'org-units', { query: { parent } });
    setMore((before) => [...before, ...nodes(tree.items, parent)]);
  };
  // Who may not look at the organisation can still name units by their ids.
  if (top.error) return <Select mode="tags" {...(id ? { id } : {})} {...(value ? { value } : {})} placeholder={t('unitIds')} onChange={(picked: string[]) => onChange?.(picked)} />;
  return (
    <TreeSelect
      {...(id ? { id } : {})} treeDataSimpleMode multiple allowClear treeCheckable showCheckedStrategy="SHOW_PARENT" placeholder={t('nobody')} {...(value ? { value } : {})} onChange={(picked: string[]) => onChange?.(picked)}
      treeData={[...nodes(top.data?.items ?? [], null), ...more]} loadData={load}
    />
  );
}

// All customers, or those of units: one leaves the other out.
export function ScopeFields() {
  const { t } = useWords('admin');
  const everybody = Form.useWatch<boolean | undefined>('sees_all');
  return (
    <>
      <Form.Item name="sees_all" valuePropName="checked"><Checkbox>{t('seesAll')}</Checkbox></Form.Item>
      {!everybody && <Form.Item name="scope" label={t('scope')} extra={t('scopeHow')}><ScopePicker /></Form.Item>}
    </>
  );
}
