export const id = 44;
export const ids = [44];
export const modules = {

/***/ 6044:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   createProcessRunner: () => (/* binding */ createProcessRunner),
/* harmony export */   processRunner: () => (/* binding */ processRunner)
/* harmony export */ });
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1421);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8161);


const isWindows = process.platform === 'win32';
/**
 * Starts real programs, and ends them when the step is cancelled or out of time.
 *
 * This is `node:child_process` and not `@actions/exec`, which cannot stop what it started. GitHub's runner
 * does not do it for us either: it signals this process alone, and on Linux it kills this process alone. What
 * is left behind goes on until the whole job ends, and would make AMIs while the post step cleans up. So on
 * abort:
 *
 * 1. the program gets SIGTERM. Not SIGINT: Packer runs as two processes and only SIGTERM is passed on to the
 *    one that works, which then removes what it made;
 * 2. its lines are still delivered meanwhile, so that nothing it says is lost;
 * 3. after `graceMs` the program and all that it started are killed. They form a process group of their own
 *    for that (on Windows, where there are no such groups and no SIGTERM, the process tree is ended at once);
 * 4. `run` rejects with the signal's reason, and nothing of the program is left.
 */
function createProcessRunner({ graceMs = 4_000, drainMs = 2_000, } = {}) {
    return {
        run: (command, args, { cwd, env, onLine, signal }) => new Promise((resolve, reject) => {
            if (signal?.aborted)
                return reject(signal.reason);
            // Without standard input a program that asks a question ends instead of waiting for an answer.
            const child = (0,node_child_process__WEBPACK_IMPORTED_MODULE_0__.spawn)(command, args, {
                cwd,
                env,
                stdio: ['ignore', 'pipe', 'pipe'],
                detached: !isWindows,
                windowsHide: true,
            });
            let interruption;
            let timer;
            const interrupt = (reason) => {
                if (interruption)
                    return;
                interruption = { reason };
                const hasEnded = child.exitCode !== null || child.signalCode !== null;
                if (isWindows || hasEnded)
                    return killTree(child);
                child.kill('SIGTERM');
                timer = setTimeout(() => killTree(child), graceMs);
            };
            const onAbort = () => interrupt(signal?.reason);
            signal?.addEventListener('abort', onAbort, { once: true });
            // A listener that throws ends the program, as the caller's code would have done after an `await`.
            const deliver = (stream) => (line) => {
                try {
                    onLine?.(line, stream);
                }
                catch (error) {
                    interrupt(error);
                }
            };
            const flushes = [
                onLines(child.stdout, deliver('stdout')),
                onLines(child.stderr, deliver('stderr')),
            ];
            const finish = (settle) => {
                signal?.removeEventListener('abort', onAbort);
                for (const flush of flushes)
                    flush();
                clearTimeout(timer);
                settle();
            };
            child.once('error', (error) => finish(() => reject(error)));
            child.once('exit', () => {
                clearTimeout(timer);
                if (interruption)
                    killTree(child);
                timer = setTimeout(() => {
                    child.stdout.destroy();
                    child.stderr.destroy();
                }, drainMs);
            });
            // `close` follows `exit` as soon as nobody holds the pipes any more.
            child.once('close', (code, signalName) => finish(() => {
                if (interruption)
                    reject(interruption.reason);
                else
                    resolve(code ?? exitCodeOf(signalName));
            }));
        }),
    };
}
/** For the action. */
const processRunner = createProcessRunner();
/** Calls back for each line without its end; the returned function delivers a last line that has none. */
function onLines(stream, deliver) {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines)
            deliver(line.replace(/\r$/, ''));
    });
    return () => {
        if (rest !== '')
            deliver(rest);
        rest = '';
    };
}
/** Ends the program and what it started, which may have ended already. */
function killTree(child) {
    if (child.pid === undefined)
        return;
    if (isWindows) {
        (0,node_child_process__WEBPACK_IMPORTED_MODULE_0__.spawn)('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on('error', () => { });
        return;
    }
    try {
        process.kill(-child.pid, 'SIGKILL');
    }
    catch {
        // The group is empty.
    }
}
/** As a shell has it: 128 and the number of the signal that ended the program. */
function exitCodeOf(signalName) {
    return signalName ? 128 + node_os__WEBPACK_IMPORTED_MODULE_1__.constants.signals[signalName] : 1;
}


/***/ })

};
