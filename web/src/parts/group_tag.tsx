// parts/group_tag.tsx - a group as a tag that tells its scheme.
import { Tag, Tooltip } from 'antd';
import type { GroupOf } from '../api/types';
import { nothing } from '../format';
import { say } from '../say';

export function GroupTag({ of }: { of: GroupOf | null }) {
  if (!of) return <>{nothing}</>;
  return (
    <Tooltip title={say(of.scheme_title)}>
      <Tag style={{ margin: 0 }}>{say(of.title)}</Tag>
    </Tooltip>
  );
}
