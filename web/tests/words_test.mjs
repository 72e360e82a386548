// tests/words_test.mjs - both languages have the same words with the same {{places}}; none is empty or stands idle; Chinese
// sentences carry Chinese marks.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), '../src');
const flat = (words, at = '') => Object.entries(words).flatMap(([key, word]) => (typeof word === 'string' ? [[at + key, word]] : flat(word, `${at}${key}.`)));
const read = (language) => new Map(
  fs.readdirSync(path.join(source, 'locales', language)).filter((name) => name.endsWith('.json')).flatMap((name) =>
    flat(JSON.parse(fs.readFileSync(path.join(source, 'locales', language, name), 'utf8'))).map(([key, word]) => [`${name.replace('.json', '')}:${key}`, word])));
const code = [];
const walk = (at) => {
  for (const entry of fs.readdirSync(at, { withFileTypes: true })) {
    if (entry.isDirectory()) walk(path.join(at, entry.name));
    else if (/\.tsx?$/.test(entry.name)) code.push(fs.readFileSync(path.join(at, entry.name), 'utf8'));
  }
};
walk(source);
const text = code.join('\n');

const findings = [];
const zh = read('zh');
const en = read('en');
const places = (word) => (word.match(/\{\{\w+\}\}/g) ?? []).sort().join();
for (const key of new Set([...zh.keys(), ...en.keys()])) {
  const [left, right] = [zh.get(key), en.get(key)];
  if (left === undefined || right === undefined) findings.push(`${key}: only in one language`);
  else if (places(left) !== places(right)) findings.push(`${key}: places differ`);
  if (left === '' || right === '') findings.push(`${key}: empty`);
  if (left && /[\u4e00-\u9fff”][,:;!?]|[,:;!?][\u4e00-\u9fff]/.test(left)) findings.push(`${key}: half-width marks in ${left}`);
  const name = key.split(':')[1];
  const group = name.split('.').slice(0, -1).join('.');
  const used = [name, key].some((one) => text.includes(`'${one}'`)) || (group !== '' && (text.includes(`${group}.\${`) || text.includes(`:${group}.\${`) || text.includes(`'${group}'`)));
  if (!used) findings.push(`${key}: stands idle`);
}
for (const finding of findings) console.log(finding);
console.log(`${zh.size} words, ${findings.length} findings`);
process.exit(findings.length > 0 ? 1 : 0);
