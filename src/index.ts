import { CLEAN_UP_STATE } from './clean-up-state.ts';

// The runner starts this file for the step; dist/post.js imports it again for the clean-up, if state was saved.
const saved = process.env[`STATE_${CLEAN_UP_STATE}`];
if (saved) {
  const { cleanUp } = await import('./post.ts');
  await cleanUp(saved);
} else {
  const { runStep } = await import('./main.ts');
  await runStep(process.env);
}
