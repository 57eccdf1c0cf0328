// Generates what follows from action.yml and the workflows: the README's tables, those of docs/workflows.md, and the
// copy of action.yml for the reusable workflows. With --check it only compares.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parse } from 'yaml';

const check = process.argv.includes('--check');
const text = readFileSync('action.yml', 'utf8');
const action = parse(text);
const stale = [];

generate('README.md', (readme) => {
  const withInputs = between(readme, 'inputs', table(['Input', 'Mode', 'What it is'], rows(action.inputs)));
  return between(withInputs, 'outputs', table(['Output', 'Mode', 'What it is'], rows(action.outputs)));
});
generate('docs/workflows.md', (page) =>
  ['deploy', 'bake', 'promote', 'rollback', 'prune', 'require-approval'].reduce((before, name) => {
    const { inputs, outputs = {} } = parse(readFileSync(`.github/workflows/${name}.yml`, 'utf8')).on
      .workflow_call;
    const described = (entries) =>
      Object.entries(entries).map(([input, { description, default: value }]) => [
        `\`${input}\``,
        value === undefined || value === '' ? '' : `\`${value}\``,
        description,
      ]);
    const parts = [table(['Input', 'Default', 'What it is'], described(inputs))];
    const results = described(outputs).map(([output, , what]) => [output, what]);
    if (results.length > 0) parts.push(table(['Output', 'What it is'], results));
    return between(before, `${name}.yml`, parts.join('\n\n'));
  }, page),
);
const copy = '.github/actions/immutable-deploy/action.yml';
generate(copy, () => {
  const header =
    '# Generated from /action.yml by `npm run docs`: the reusable workflows name the action by this path.\n';
  return header + text.replaceAll(/(main|post): dist\//g, '$1: ../../../dist/');
});

if (stale.length > 0) {
  console.error(`Out of date: ${stale.join(', ')}. Run "npm run docs" and commit.`);
  process.exitCode = 1;
}

function generate(path, make) {
  let before = '';
  try {
    before = readFileSync(path, 'utf8');
  } catch {
    // It is made below.
  }
  const after = make(before);
  if (after === before) return;
  if (check) return void stale.push(path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, after);
}

/** Descriptions begin with the modes that they are for: "bake, promote: …". */
function rows(entries) {
  return Object.entries(entries).map(([name, { description }]) => {
    const [, modes = '', what = description] = /^([A-Za-z, ]+?): ([\s\S]*)$/.exec(description) ?? [];
    return [`\`${name}\``, modes === 'All modes' ? 'all' : modes || 'all', what];
  });
}

function table(head, lines) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...lines.map(line)].join('\n');
}

function between(page, marker, content) {
  const [start, end] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < 0) throw new Error(`There is no ${start} … ${end}.`);
  return `${page.slice(0, from + start.length)}\n${content}\n${page.slice(to)}`;
}
