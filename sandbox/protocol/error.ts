/** An answer of the service that is an error, as AWS words it. */
export class ServiceError extends Error {
  override name = 'ServiceError';
  /** The code on the wire, e.g. `InvalidAMIID.NotFound`; never with the SDK's `Fault` suffix. */
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const validationError = (message: string) => new ServiceError('ValidationError', message);
