import type { VariableDeclarator } from '@swc/core';
import { Visitor } from '@swc/core/Visitor.js';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { root, say } from './run.ts';

const CRUISED = ['packages', 'services', 'apps', 'local', 'deploy', 'tests', 'scripts'];
/** Far below what there is: a parser that reads nothing finds a handful of imports, all allowed. */
const FEWEST_IMPORTS = 500;

/** What swc's types leave out, though its parser gives it. */
interface UsingDeclaration {
  readonly type: 'UsingDeclaration';
  readonly decls: VariableDeclarator[];
}

// The visitor that dependency-cruiser builds on does not know `using`, and throws at it.
const visitStatement = Visitor.prototype.visitStatement;
Visitor.prototype.visitStatement = function visitAnyStatement(statement) {
  const { type, decls } = statement as unknown as UsingDeclaration;
  if (type === 'UsingDeclaration') this.visitVariableDeclarators(decls);
  return type === 'UsingDeclaration' ? statement : visitStatement.call(this, statement);
};

process.chdir(root);
const { output } = await cruise(CRUISED, await extractOptions('./.dependency-cruiser.mjs'));
if (typeof output === 'string') throw new Error('dependency-cruiser gave text, not its result');
const { summary }: ICruiseResult = output;
for (const { rule, from, to, cycle } of summary.violations) {
  const round = cycle?.map(({ name }) => name).join(' → ') ?? to;
  say(`${rule.name}: ${from} → ${round}`);
}
const imports = summary.totalDependenciesCruised ?? 0;
if (imports < FEWEST_IMPORTS) say(`only ${imports} imports were found: sources were not read`);
if (summary.violations.length > 0 || imports < FEWEST_IMPORTS) process.exitCode = 1;
