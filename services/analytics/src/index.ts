export { type Analytics, type AnalyticsOptions, startAnalytics } from './analytics.ts';
export { main } from './main.ts';
