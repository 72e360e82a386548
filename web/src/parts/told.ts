// parts/told.ts - what a run says of itself by key, in words; what has none stays as it is.
import { useWords } from '../i18n';

export function useTold(): (key: string) => string {
  const { t, i18n } = useWords('schemes');
  return (key) => {
    const name = key.replace(/^segment\./, '');
    return i18n.exists(`schemes:told.${name}`) ? t(`told.${name}` as 'told.k_majority') : key;
  };
}
