export { type ServiceUnderTest, startUnderTest } from './service-under-test.js';
export { startTestIssuer, type TestIssuer } from './test-issuer.js';
