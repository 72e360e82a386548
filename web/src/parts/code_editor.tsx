// parts/code_editor.tsx - a text with numbered lines; lines at fault are marked, one can be gone to.
import { useEffect, useRef, type KeyboardEvent } from 'react';

interface Props {
  label: string;
  text: string;
  change: (text: string) => void;
  readOnly: boolean;
  marks: number[];
  line: number | null;
}

export function CodeEditor({ label, text, change, readOnly, marks, line }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const side = useRef<HTMLDivElement>(null);
  const lines = text.split('\n');
  useEffect(() => {
    if (!line || !area.current) return;
    const from = text.split('\n').slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    area.current.focus();
    area.current.setSelectionRange(from, from + (text.split('\n')[line - 1]?.length ?? 0));
    area.current.scrollTop = Math.max(0, (line - 6) * 20);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when a line is asked for
  }, [line]);
  // Escape leaves the text, so that Tab can indent and nobody is caught.
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Escape') event.currentTarget.blur();
    if (event.key !== 'Tab' || event.shiftKey || readOnly) return;
    event.preventDefault();
    event.currentTarget.setRangeText('  ', event.currentTarget.selectionStart, event.currentTarget.selectionEnd, 'end');
    change(event.currentTarget.value);
  };
  return (
    <div className="editor" style={{ height: Math.min(560, Math.max(200, (lines.length + 3) * 20)) }}>
      <div ref={side} className="lines code-editor" aria-hidden="true">
        {lines.map((_, at) => (marks.includes(at + 1) ? <b key={at}>{`● ${at + 1}\n`}</b> : <span key={at}>{`${at + 1}\n`}</span>))}
      </div>
      <textarea
        ref={area} className="code-editor" aria-label={label} spellCheck={false} readOnly={readOnly} value={text} wrap="off"
        onChange={(event) => change(event.target.value)} onKeyDown={onKey}
        onScroll={(event) => { if (side.current) side.current.scrollTop = event.currentTarget.scrollTop; }}
      />
    </div>
  );
}
