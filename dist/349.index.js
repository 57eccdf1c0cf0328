export const id = 349;
export const ids = [349];
export const modules = {

/***/ 349:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   stopPromotion: () => (/* binding */ stopPromotion)
/* harmony export */ });
/* harmony import */ var _aws_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6929);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5071);
/* harmony import */ var _refresh_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1634);



/** Stops what a promotion that did not come to its end had started, group by group; returns a sentence for each. */
async function stopPromotion(aws, work) {
    return await Promise.all(work.refreshes.map(async (ours) => {
        try {
            return sentence(work, ours.group, await (0,_refresh_js__WEBPACK_IMPORTED_MODULE_2__/* .stopRefresh */ .AB)(aws, ours, work.onCancel));
        }
        catch (error) {
            return `${ours.group}: the instance refresh to ${work.imageId} could not be stopped and may go on: ${(0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .messageOf */ .bD)((0,_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__.explained)(error))}`;
        }
    }));
}
function sentence({ imageId, environment, onCancel }, group, stopped) {
    const what = `the instance refresh to ${imageId} (${environment})`;
    switch (stopped) {
        case 'rolling-back':
            return `${group}: ${what} is being rolled back by AWS. Look at the group's instance refreshes for its end.`;
        case 'cancelling':
            return `${group}: ${what} is being cancelled. Instances that were replaced already stay.`;
        case 'left':
            return `${group}: ${what} goes on (on-cancel: ${onCancel}).`;
        case 'nothing-to-do':
            return `${group}: ${what} was over already, or another one runs now: nothing was stopped.`;
    }
}


/***/ })

};
