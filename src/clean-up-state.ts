/** Name under which the step saves what its post step has to do; the post step sees it as `STATE_<name>`. */
export const CLEAN_UP_STATE = 'cleanUp';
