// Written by scripts/build.mjs: without saved state there is nothing to clean up.
if (process.env.STATE_cleanUp) await import('./index.js');
