/** A web identity token as GitHub's OIDC provider makes them, without a signature that anybody could check. */
export function webIdentityToken(subject = 'repo:octo/shop:ref:refs/heads/main'): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'https://token.actions.githubusercontent.com',
    sub: subject,
    aud: 'sts.amazonaws.com',
    iat: now,
    nbf: now,
    exp: now + 300,
  };
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${Buffer.from('signature').toString('base64url')}`;
}
