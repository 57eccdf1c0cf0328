export const id = 342;
export const ids = [342];
export const modules = {

/***/ 5071:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CA: () => (/* binding */ errorCode),
/* harmony export */   bD: () => (/* binding */ messageOf),
/* harmony export */   gt: () => (/* binding */ DeploymentError),
/* harmony export */   i_: () => (/* binding */ PermissionError),
/* harmony export */   j1: () => (/* binding */ ConfigurationError),
/* harmony export */   p4: () => (/* binding */ InterruptedError)
/* harmony export */ });
/**
 * What can go wrong, in the words that the user reads: what happened, to which resource, and what to change.
 * `cause` keeps the original error.
 */
/** Something the user can correct, found before anything was written: inputs, missing resources. */
class ConfigurationError extends Error {
    name = 'ConfigurationError';
    /** Every problem that was found, one sentence each. */
    problems;
    constructor(problems, options) {
        super(problems.length === 1
            ? problems[0]
            : `${problems.length} problems:\n${problems.map((p) => `- ${p}`).join('\n')}`, options);
        this.problems = problems;
    }
}
/** AWS or GitHub did not let us: credentials or permissions to change. It can happen before or after a write. */
class PermissionError extends Error {
    name = 'PermissionError';
}
/** The work was started and did not succeed: a failed build, a refresh that was rolled back, a failed verification. */
class DeploymentError extends Error {
    name = 'DeploymentError';
}
/** The step was cancelled, or ran out of its time, before the outcome was known. */
class InterruptedError extends Error {
    name = 'InterruptedError';
}
/** The error's message, whatever was thrown. */
function messageOf(error) {
    return error instanceof Error ? error.message : String(error);
}
/**
 * The error's name as AWS's wire format has it: the JS SDK appends `Fault` to some
 * (`InstanceRefreshInProgressFault`), the CLI and boto3 do not (`InstanceRefreshInProgress`).
 */
function errorCode(error) {
    if (!(error instanceof Error))
        return '';
    return error.name.replace(/Fault$/, '');
}


/***/ }),

/***/ 7342:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   cleanUp: () => (/* binding */ cleanUp)
/* harmony export */ });
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8161);
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3838);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5071);



/**
 * The post step after a step that did not come to its end: stops the refreshes that it had started and says where to
 * look, or removes what a build left. It starts a rollback and does not watch it: all post steps together have five
 * minutes.
 */
async function cleanUp(saved) {
    try {
        const work = JSON.parse(saved);
        const [{ connect }, { clockFrom }, { runFactsFrom }, { givenInputs, parseInputs }] = await Promise.all([
            Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(193), __webpack_require__.e(736), __webpack_require__.e(932), __webpack_require__.e(586), __webpack_require__.e(175), __webpack_require__.e(797), __webpack_require__.e(506)]).then(__webpack_require__.bind(__webpack_require__, 2506)),
            __webpack_require__.e(/* import() */ 508).then(__webpack_require__.bind(__webpack_require__, 9508)),
            __webpack_require__.e(/* import() */ 605).then(__webpack_require__.bind(__webpack_require__, 5605)),
            Promise.all(/* import() */[__webpack_require__.e(487), __webpack_require__.e(472)]).then(__webpack_require__.bind(__webpack_require__, 6472)),
        ]);
        const run = runFactsFrom(process.env);
        const { inputs } = parseInputs(givenInputs(process.env));
        const clock = clockFrom(process.env.IMMUTABLE_DEPLOY_CLOCK);
        const { aws } = connect(process.env, { ...inputs, awsRegion: work.region }, { clock, folder: process.env.RUNNER_TEMP ?? (0,node_os__WEBPACK_IMPORTED_MODULE_0__.tmpdir)(), run });
        for (const line of await finish(work, { aws, clock }))
            _actions_core__WEBPACK_IMPORTED_MODULE_1__/* .warning */ .$e(line);
    }
    catch (error) {
        _actions_core__WEBPACK_IMPORTED_MODULE_1__/* .error */ .z3(`The clean-up failed: ${(0,_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .messageOf */ .bD)(error)} Look at the instance refreshes of the groups, or at the instances named Packer Builder, in the console.`);
        process.exitCode = 1;
    }
}
async function finish(work, tools) {
    switch (work.mode) {
        case 'promote':
            return await (await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(193), __webpack_require__.e(932), __webpack_require__.e(586), __webpack_require__.e(58), __webpack_require__.e(349)]).then(__webpack_require__.bind(__webpack_require__, 349))).stopPromotion(tools.aws, work);
        case 'bake':
            return await (await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(193), __webpack_require__.e(736), __webpack_require__.e(902)]).then(__webpack_require__.bind(__webpack_require__, 902))).cleanUpBake(tools, work);
    }
}


/***/ })

};
