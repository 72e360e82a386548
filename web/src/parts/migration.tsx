// parts/migration.tsx - two runs of a scheme compared: customers' way from one to the other.
import { Alert, Modal, Select, Space } from 'antd';
import { useState } from 'react';
import { useGet } from '../api/hooks';
import type { Diff, Page, RunRow } from '../api/types';
import { count, month, percent } from '../format';
import { useWords } from '../i18n';
import { say } from '../say';
import { Sankey } from './sankey';
import { Answer, Nothing } from './states';

function useRuns(scheme: string) {
  return useGet<Page<RunRow>>('runs', { scheme, page_size: 100 });
}

export function RunDiff({ first, second }: { first: string; second: string }) {
  const { t } = useWords('schemes');
  const query = useGet<Diff>(`runs/${encodeURIComponent(second)}/diff`, { with: first });
  return (
    <Answer query={query}>
      {(of) => (
        <div className="grid">
          <Alert type="info" message={t('movedOf', { moved: count(of.moved), all: count(of.customers), share: percent(of.customers ? of.moved / of.customers : null) })} />
          {of.moves.length === 0 ? <Nothing /> : <Sankey moves={of.moves} title={t('migration')} />}
        </div>
      )}
    </Answer>
  );
}

/** Every run of the scheme against every other, the two latest months first. `first` fixes one side. */
export function Compare({ scheme, first }: { scheme: string; first?: string }) {
  const { t } = useWords('schemes');
  const query = useRuns(scheme);
  const [left, setLeft] = useState<string | null>(null);
  const [right, setRight] = useState<string | null>(null);
  return (
    <Answer query={query}>
      {(runs) => {
        const latest = first ?? right ?? runs.items[0]?.run;
        const own = runs.items.find((run) => run.run === latest);
        const before = left ?? runs.items.find((run) => run.run !== latest && run.month !== own?.month)?.run ?? runs.items.find((run) => run.run !== latest)?.run;
        if (!latest || !before) return <Nothing text={t('nothingToCompare')} />;
        const options = runs.items.map((run) => ({ value: run.run, label: `${month(run.month)} · ${run.run.slice(-8)}` }));
        return (
          <div className="grid">
            <Space wrap>
              <Select aria-label={t('earlier')} value={before} onChange={setLeft} options={options.filter((one) => one.value !== latest)} style={{ minWidth: 220 }} />
              <span aria-hidden="true">→</span>
              {first ? <strong>{options.find((one) => one.value === first)?.label}</strong> : <Select aria-label={t('later')} value={latest} onChange={setRight} options={options} style={{ minWidth: 220 }} />}
            </Space>
            <RunDiff first={before} second={latest} />
          </div>
        );
      }}
    </Answer>
  );
}

export function MigrationDialog({ scheme, close }: { scheme: string; close: () => void }) {
  const { t } = useWords('schemes');
  const title = useRuns(scheme).data?.items[0]?.scheme_title;
  return (
    <Modal open onCancel={close} footer={null} width={920} title={`${t('migration')} · ${say(title ?? scheme)}`}>
      <Compare scheme={scheme} />
    </Modal>
  );
}
