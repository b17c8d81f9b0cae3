export { authenticate, SESSION_COOKIE } from './authenticate.ts';
export {
  addOperationalRoutes,
  type OperationalServer,
  startOperationalServer,
} from './operational.ts';
export { Problem } from './problem.ts';
export { createHttpServer, type HttpServer } from './server.ts';
export { toProblem } from './to-problem.ts';
export {
  createTokenSigner,
  createTokenVerifier,
  type Identity,
  type TokenSigner,
  type TokenVerifier,
} from './token.ts';
