import type { Step } from '../step.ts';

/** The public image that both have. */
export const PUBLIC_IMAGE: Step = {
  name: 'public',
  call: 'ssm GetParameter',
  scenery: true,
  input: { Name: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64' },
};

export const publicImage = '{public.Parameter.Value}';

/** Steps that ask for something and change nothing, so that many of them read well: name → call and input. */
export function questions(call: string, inputs: Readonly<Record<string, object>>): Step[] {
  return Object.entries(inputs).map(([name, input]) => ({ name, call, input }));
}
