// Runs in jest before each spec file: jest takes a project's own time limit from nowhere else.
import { jest } from '@jest/globals';

jest.setTimeout(/** @type {{ timeLimitMs: number }} */ (/** @type {unknown} */ (globalThis)).timeLimitMs);
