import { ServiceError } from '../protocol/error.ts';

/** The claims of a web identity token that a role session takes over. */
export interface Claims {
  issuer: string;
  subject: string;
  /** `azp` when present, else `aud`. */
  audience: string;
}

/** Both ways: a token works for so long after its `exp`, and before its `iat` or `nbf`. */
const TOLERANCE_MS = 300_000;

const REQUIRED = ['iss', 'sub', 'aud', 'iat', 'exp'];

/** Reads a JSON web token and checks its claims at a time; throws what STS answers. */
export function readToken(token: string, now: number): Claims {
  const claims = payloadOf(token);
  for (const claim of REQUIRED) {
    if (claims[claim] === undefined) throw invalid(`Missing a required claim: ${claim}`);
  }
  const [issuedAt, expiresAt] = [timeOf(claims.iat), timeOf(claims.exp)];
  const notBefore = claims.nbf === undefined ? issuedAt : timeOf(claims.nbf);
  const audience = audienceOf(claims);
  if (now > expiresAt + TOLERANCE_MS)
    throw new ServiceError(
      'ExpiredTokenException',
      `Token expired: current date/time ${Math.floor(now / 1000)} must be before the expiration date/time ${expiresAt / 1000}`,
    );
  // The text is an inference.
  if (Math.max(issuedAt, notBefore) > now + TOLERANCE_MS)
    throw invalid('The token is not valid yet: its issue time lies in the future.');
  return { issuer: String(claims.iss), subject: String(claims.sub), audience };
}

function payloadOf(token: string): Record<string, unknown> {
  const [header, payload, signature, ...rest] = token.split('.');
  if (header && payload && signature !== undefined && rest.length === 0) {
    try {
      const content: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
      if (typeof content === 'object' && content !== null && !Array.isArray(content)) return { ...content };
    } catch {
      // Not a token: refused below.
    }
  }
  throw invalid(
    'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
  );
}

/** Seconds since 1970: a whole number, or the text of one. */
function timeOf(value: unknown): number {
  if (typeof value !== 'number' && typeof value !== 'string') throw badTime();
  if (!/^\d+$/.test(String(value))) throw badTime();
  return Number(value) * 1000;
}

const badTime = () => invalid('Invalid timestamp in token claims.');

function audienceOf({ aud, azp }: Record<string, unknown>): string {
  if (azp !== undefined) return String(azp);
  if (Array.isArray(aud) && aud.length > 1)
    throw invalid('Token audience contains more than one audience while authorized party is not present');
  return String(Array.isArray(aud) ? aud[0] : aud);
}

const invalid = (message: string) => new ServiceError('InvalidIdentityToken', message);
