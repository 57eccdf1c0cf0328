export const id = 508;
export const ids = [508];
export const modules = {

/***/ 9508:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CLOCK_VARIABLE: () => (/* binding */ CLOCK_VARIABLE),
/* harmony export */   clockFrom: () => (/* binding */ clockFrom)
/* harmony export */ });
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8500);

/** The variable with which a rehearsal on the local AWS makes the action live in the sandbox's time. */
const CLOCK_VARIABLE = 'IMMUTABLE_DEPLOY_CLOCK';
/**
 * The machine's clock; or, with `IMMUTABLE_DEPLOY_CLOCK=<real ms>,<virtual ms>,<scale>` (printed by
 * `npm run sandbox`), one that stood at `<virtual ms>` when the machine's stood at `<real ms>` and runs
 * `<scale>` times as fast.
 */
function clockFrom(variable) {
    if (!variable)
        return scaledClock(0, 0, 1);
    const [real, virtual, scale] = variable.split(',').map(Number);
    if (real === undefined ||
        virtual === undefined ||
        scale === undefined ||
        !(scale > 0) ||
        Number.isNaN(real + virtual)) {
        throw new Error(`${CLOCK_VARIABLE} must be <real ms>,<virtual ms>,<scale>, as the sandbox prints it; it is "${variable}".`);
    }
    return scaledClock(real, virtual, scale);
}
function scaledClock(real, virtual, scale) {
    return {
        now: () => virtual + (Date.now() - real) * scale,
        sleep: async (ms, signal) => {
            await (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_0__.setTimeout)(ms / scale, undefined, signal ? { signal } : {});
        },
    };
}


/***/ })

};
