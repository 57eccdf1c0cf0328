export const id = 210;
export const ids = [210];
export const modules = {

/***/ 210:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   checkedOutCommit: () => (/* binding */ checkedOutCommit)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var _actions_exec__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1955);



/**
 * The commit that is checked out in a folder: what is really built, which need not be the run's commit. Only a
 * repository at or below the workspace counts, as actions/checkout makes it.
 */
async function checkedOutCommit(workspace, folder) {
    const options = { cwd: folder, silent: true, ignoreReturnCode: true };
    try {
        const { exitCode, stdout } = await (0,_actions_exec__WEBPACK_IMPORTED_MODULE_2__/* .getExecOutput */ .H)('git', ['rev-parse', '--show-toplevel', 'HEAD'], options);
        const [root = '', commit] = stdout.trim().split(/\r?\n/);
        if (exitCode !== 0 || commit === undefined)
            return undefined;
        const isOutside = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.relative)(await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.realpath)(workspace), await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.realpath)(root)).startsWith('..');
        return isOutside ? undefined : commit;
    }
    catch {
        // No git on this machine: the run's commit has to do.
        return undefined;
    }
}


/***/ })

};
