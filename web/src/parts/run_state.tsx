// parts/run_state.tsx - where a run stands in its life.
import { Tag } from 'antd';
import { useWords } from '../i18n';

const colours: Record<string, string> = { published: 'green', accepted: 'blue', refused: 'red' };

export function RunState({ state }: { state: string }) {
  const { t, i18n } = useWords('schemes');
  const key = `state.${state}`;
  return <Tag color={colours[state] ?? 'default'} style={{ margin: 0 }}>{i18n.exists(`schemes:${key}`) ? t(key as 'state.draft') : state}</Tag>;
}
