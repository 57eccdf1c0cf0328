import type { Fault } from './faults/faults.ts';
import { overviewOf } from './page/overview.ts';
import { answerPage } from './page/page.ts';
import type { RawAnswer } from './protocol/request.ts';
import type { Sandbox } from './sandbox.ts';

/** The sandbox's own API: clock, state, faults and the log of calls, under `/_sandbox/`. */
export function answerControl(sandbox: Sandbox, method: string, url: URL, body: string): RawAnswer {
  sandbox.clock.catchUp();
  switch (`${method} ${url.pathname}`) {
    case 'GET /_sandbox/':
      return answerPage();
    case 'GET /_sandbox/overview':
      return json(overviewOf(sourcesOf(sandbox), url.searchParams.get('region') ?? undefined));
    case 'GET /_sandbox/clock':
      return json(clockOf(sandbox));
    case 'POST /_sandbox/clock': {
      const { now, scale, advance } = JSON.parse(body);
      if (advance !== undefined) sandbox.clock.advance(advance);
      else sandbox.clock.set({ now, scale });
      return json(clockOf(sandbox));
    }
    case 'GET /_sandbox/state':
      return { status: 200, contentType: 'application/json', body: sandbox.world.save() };
    case 'PUT /_sandbox/state':
      sandbox.world.load(body);
      return json({});
    case 'POST /_sandbox/faults': {
      const fault: Fault = JSON.parse(body);
      sandbox.faults.add(fault);
      return json({});
    }
    case 'DELETE /_sandbox/faults':
      sandbox.faults.clear();
      return json({});
    case 'GET /_sandbox/calls':
      return json(sandbox.aws.calls);
    case 'PUT /_sandbox/commits':
      sandbox.github.commits = JSON.parse(body);
      return json({});
    default:
      return {
        status: 404,
        contentType: 'application/json',
        body: JSON.stringify({ error: `No ${method} ${url.pathname} in the sandbox.` }),
      };
  }
}

function sourcesOf({ world, aws, faults }: Sandbox) {
  return { world, calls: aws.calls, callsSoFar: aws.calls.length, faults: faults.list() };
}

function clockOf({ clock }: Sandbox) {
  return { now: clock.now(), scale: clock.scale, variable: clock.variable };
}

const json = (value: unknown): RawAnswer => ({
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify(value),
});
