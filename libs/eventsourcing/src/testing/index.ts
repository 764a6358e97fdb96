export { type Expectation, type Given, specify } from './specify.js';
