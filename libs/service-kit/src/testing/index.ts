export { type ServiceUnderTest, startUnderTest } from './service-under-test.js';
