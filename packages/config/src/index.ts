export { ConfigurationError, type ConfigurationProblem } from './errors.ts';
export { exactlyOne, type OneOf } from './exactly-one.ts';
export type { Environment, Field, Reading, Variable } from './field.ts';
export { type Configuration, readEnvironment } from './read-environment.ts';
export {
  brokerList,
  choice,
  flag,
  list,
  optional,
  port,
  secretText,
  text,
  urlOf,
} from './variables.ts';
