import { DependencyUnavailable } from '@sori/stream';
import {
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  SignJWT,
} from 'jose';
import { Problem } from './problem.ts';

/** Who speaks. */
export interface Identity {
  readonly kind: 'user' | 'service';
  /** A person's user id, or a service's name. */
  readonly subject: string;
  readonly sessionId?: string;
  /** As `operator`. */
  readonly roles: readonly string[];
  /** To which topics a service may publish. */
  readonly topics: readonly string[];
  /** When the token ends, milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** How a token is told to be meant for us. */
interface TokenScope {
  readonly issuer: string;
  readonly audience: string;
}

export interface TokenVerifierOptions extends TokenScope {
  /** Shared with the signer, at least `SECRET_MIN_LENGTH` characters. Either this or `jwksUrl`. */
  readonly secret?: string;
  /** Where the signer's public keys are. */
  readonly jwksUrl?: string;
}

export interface TokenVerifier {
  /**
   * Rejects with Problem 401 `token-invalid` or `token-expired`, and with DependencyUnavailable when
   * the signer's keys cannot be had.
   */
  verify(token: string): Promise<Identity>;
}

export interface TokenSignerOptions extends TokenScope {
  readonly secret: string;
}

export interface TokenSigner {
  sign(
    identity: Omit<Identity, 'expiresAt'>,
    lifetimeSeconds: number,
  ): Promise<{ readonly token: string; readonly expiresAt: number }>;
}

/** HS256 asks for a key as long as its hash (RFC 7518, 3.2). */
const SECRET_MIN_LENGTH = 32;

/** How far the signer's clock may be from ours. */
const CLOCK_TOLERANCE_SECONDS = 5;

const JWKS_TIMEOUT_MS = 3_000;

/** A subject becomes a record key and part of an address. */
const SUBJECT = /^[A-Za-z0-9_-]{1,64}$/;

const SHARED_SECRET_ALGORITHMS = ['HS256'];
const PUBLIC_KEY_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** Makes a verifier of JWTs (RFC 7519). Throws RangeError unless it is given exactly one key source. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { audience, issuer } = options;
  const key = keyOf(options);
  const algorithms =
    options.secret === undefined ? PUBLIC_KEY_ALGORITHMS : SHARED_SECRET_ALGORITHMS;
  const checks = {
    algorithms,
    audience,
    issuer,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['exp', 'sub'],
  };
  return {
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, checks);
        return identityOf(payload);
      } catch (cause) {
        throw refusalOf(cause);
      }
    },
  };
}

/** Makes a signer whose tokens a verifier with the same secret, issuer and audience takes. */
export function createTokenSigner({ audience, issuer, secret }: TokenSignerOptions): TokenSigner {
  const key = secretKey(secret);
  return {
    async sign(identity, lifetimeSeconds) {
      const issuedAt = Math.floor(Date.now() / 1_000);
      const expiresAt = issuedAt + lifetimeSeconds;
      const claims = {
        kind: identity.kind,
        roles: [...identity.roles],
        topics: [...identity.topics],
        ...(identity.sessionId === undefined ? {} : { sid: identity.sessionId }),
      };
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setSubject(identity.subject)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(key);
      return { token, expiresAt: expiresAt * 1_000 };
    },
  };
}

function keyOf({ secret, jwksUrl }: TokenVerifierOptions): JWTVerifyGetKey {
  if ((secret === undefined) === (jwksUrl === undefined)) {
    throw new RangeError('a token verifier needs a secret or the URL of a key set, and not both');
  }
  if (jwksUrl !== undefined) {
    return createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: JWKS_TIMEOUT_MS });
  }
  const key = secretKey(secret ?? '');
  return async () => key;
}

function secretKey(secret: string): Uint8Array {
  if (secret.length < SECRET_MIN_LENGTH) {
    throw new RangeError(`a token secret has at least ${SECRET_MIN_LENGTH} characters`);
  }
  return new TextEncoder().encode(secret);
}

function identityOf(payload: JWTPayload): Identity {
  const { exp, kind = 'user', roles = [], sid, sub, topics = [] } = payload;
  if (
    typeof sub !== 'string' ||
    !SUBJECT.test(sub) ||
    exp === undefined ||
    (kind !== 'user' && kind !== 'service') ||
    (sid !== undefined && typeof sid !== 'string') ||
    !isTexts(roles) ||
    !isTexts(topics)
  ) {
    throw new errors.JWTClaimValidationFailed('a claim has an unexpected form', payload);
  }
  const identity: Identity = { kind, subject: sub, roles, topics, expiresAt: exp * 1_000 };
  return sid === undefined ? identity : { ...identity, sessionId: sid };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

/**
 * A token that its key does not fit, or that is past its time, is the caller's fault; a key set that
 * cannot be fetched or read is not.
 */
function refusalOf(cause: unknown): Error {
  if (cause instanceof errors.JWTExpired) {
    return new Problem(401, 'token-expired', 'the token has expired', { cause });
  }
  const keySetFailed =
    !(cause instanceof errors.JOSEError) ||
    cause instanceof errors.JWKSTimeout ||
    cause instanceof errors.JWKSInvalid ||
    cause.code === 'ERR_JOSE_GENERIC';
  if (keySetFailed) return new DependencyUnavailable('key-set', { cause });
  return new Problem(401, 'token-invalid', 'the token is not valid', { cause });
}
