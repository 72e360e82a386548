// main.tsx - puts the application onto the page.
import { createRoot } from 'react-dom/client';
import { Application } from './application';
import './i18n';
import './page.css';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

// Ant Design writes its styles into the page at run time, some of them past its own nonce setting. The page's policy
// lets only style elements with the nonce in.
const make = document.createElement.bind(document);
document.createElement = ((tag: string, options?: ElementCreationOptions) => {
  const element = make(tag, options);
  if (tag === 'style') element.nonce = nonce;
  return element;
}) as typeof document.createElement;

const root = document.getElementById('root');
if (root) createRoot(root).render(<Application nonce={nonce} />);
