export const id = 605;
export const ids = [605];
export const modules = {

/***/ 5605:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   runFactsFrom: () => (/* binding */ runFactsFrom)
/* harmony export */ });
/** Reads the variables that the runner sets for every step. */
function runFactsFrom(env) {
    const repository = env.GITHUB_REPOSITORY ?? '';
    const id = env.GITHUB_RUN_ID ?? '';
    const name = env.GITHUB_REF_NAME ?? '';
    // In a pull request the ref is "<number>/merge": the branch that it comes from is the useful name.
    const branch = env.GITHUB_HEAD_REF || name;
    const repositoryUrl = `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${repository}`;
    return {
        repository,
        repositoryUrl,
        commit: env.GITHUB_SHA ?? '',
        ...(env.GITHUB_REF_TYPE === 'tag' ? { version: name } : branch === '' ? {} : { branch }),
        url: `${repositoryUrl}/actions/runs/${id}`,
        id,
        attempt: Number(env.GITHUB_RUN_ATTEMPT ?? '1'),
        workspace: env.GITHUB_WORKSPACE ?? process.cwd(),
        temp: env.RUNNER_TEMP ?? '/tmp',
    };
}


/***/ })

};
