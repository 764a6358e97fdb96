export { Aggregates } from './aggregates.js';
export { AggregateGrain } from './hosting/aggregate-grain.js';
