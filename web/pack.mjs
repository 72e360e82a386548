// pack.mjs APP FOLDER - makes of the built pages below APP what the program is linked from: FOLDER/web_assets.S
// includes the files, web_declarations.inc and web_table.inc name them for cmake/embed.cmake. Scripts and styles also
// come gzipped, beside the plain ones. Files that would not change are left alone.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const [app, folder] = process.argv.slice(2).map((name) => path.resolve(name));
const files = [];
const walk = (at) => {
  for (const entry of fs.readdirSync(at, { withFileTypes: true })) {
    const file = path.join(at, entry.name);
    if (entry.isDirectory()) walk(file);
    else if (!entry.name.endsWith('.gz')) files.push(file);
  }
};
walk(app);

const packed = [];
for (const file of files.sort()) {
  packed.push(file);
  if (!/\.(js|css|svg)$/.test(file)) continue;
  if (!fs.existsSync(`${file}.gz`)) fs.writeFileSync(`${file}.gz`, zlib.gzipSync(fs.readFileSync(file), { level: 9 }));
  packed.push(`${file}.gz`);
}

const write = (name, text) => {
  const file = path.join(folder, name);
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) return;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(file, text);
};
const symbol = (i) => `fenqun_web_${i}`;
// The size stands beside each name: a file that changed under the same name is assembled again.
const lines = packed.map((file, i) =>
  `# ${fs.statSync(file).size} bytes\n.global ${symbol(i)}\n.global ${symbol(i)}_end\n.balign 16\n${symbol(i)}:\n.incbin "${file}"\n${symbol(i)}_end:\n.byte 0\n`);
write('web_assets.S', `.section .rodata\n${lines.join('')}.section .note.GNU-stack,"",@progbits\n`);
write('web_declarations.inc', packed.map((_, i) => `extern const char ${symbol(i)}[];\nextern const char ${symbol(i)}_end[];\n`).join(''));
write('web_table.inc', packed.map((file, i) => {
  const name = path.relative(app, file).split(path.sep).join('/');
  return `    {"web/app/${name}", ${symbol(i)}, ${symbol(i)}_end},\n`;
}).join(''));
// The build system looks at this one alone.
fs.writeFileSync(path.join(folder, 'web_assets.stamp'), '');
