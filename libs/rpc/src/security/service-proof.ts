import { X509Certificate } from 'node:crypto';

/**
 * Whether a certificate that was verified says that its owner is this service: one of its DNS names is the service's name,
 * to the letter. Its subject and wildcards prove nothing.
 */
export function provesService(certificate: { readonly raw: Buffer } | undefined, service: string): boolean {
  if (certificate === undefined) return false;
  const known = new X509Certificate(certificate.raw);
  return known.checkHost(service, { subject: 'never', wildcards: false }) !== undefined;
}
