export { main } from './main.ts';
export {
  type Gateway,
  type GatewayOptions,
  startGateway,
  type TokenKey,
} from './start-gateway.ts';
