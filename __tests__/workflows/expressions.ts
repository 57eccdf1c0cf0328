import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { reviver } from '@actions/expressions/data/reviver';

/** What a condition sees: `inputs`, `needs` and so on, as plain values. */
export type Contexts = Readonly<Record<string, unknown>>;

const cancelled = { name: 'cancelled', minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(false) };

/** Evaluates `${{ … }}` as GitHub does, in a run that nobody cancelled. */
export function evaluate(expression: string, contexts: Contexts): string {
  const [, inner = expression] = /^\$\{\{(.*)\}\}$/s.exec(expression.trim()) ?? [];
  const { tokens } = new Lexer(inner).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), [cancelled]).parse();
  const values: data.ExpressionData = JSON.parse(JSON.stringify(contexts), reviver);
  if (!(values instanceof data.Dictionary)) throw new Error('The contexts are no dictionary.');
  return new Evaluator(parsed, values, new Map([[cancelled.name, cancelled]])).evaluate().coerceString();
}
