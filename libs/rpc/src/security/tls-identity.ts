import type { Cancellable, Scheduler } from '@rookery/runtime';

import { readTlsFiles, type TlsFiles, type TlsMaterial } from './tls-files.js';

export interface TlsIdentityOptions {
  readonly files: TlsFiles;
  readonly scheduler: Scheduler;
  /** How often the files are looked at. Default 2,000. */
  readonly lookEveryMs?: number;
  /** New material is in use. */
  readonly onRenewed?: (material: TlsMaterial) => void;
  /** The files have changed and cannot be used, so that the old material stays; told once for each reason. */
  readonly onRefused?: (error: Error) => void;
}

const LOOK_EVERY_MS = 2000;

/**
 * Who a process is in TLS, and whom it believes: read at once, and again whenever the files change. New material is used only
 * if all of it is good together; half of a new pair, or a broken file, leaves the old in use. Connections that stand are
 * never touched.
 */
export class TlsIdentity {
  private current: TlsMaterial;
  private refusal: string | undefined;
  private readonly listeners = new Set<(material: TlsMaterial) => void>();
  private readonly looks: Cancellable;

  /** Throws TlsFileError when a file cannot be read or used. */
  constructor(private readonly options: TlsIdentityOptions) {
    this.current = readTlsFiles(options.files);
    this.looks = options.scheduler.interval(options.lookEveryMs ?? LOOK_EVERY_MS, () => this.look());
  }

  /** What is in use now. */
  get material(): TlsMaterial {
    return this.current;
  }

  /** The files hold something else than what is in use. */
  get isRefusing(): boolean {
    return this.refusal !== undefined;
  }

  /** Calls back with each new material; gives the way to stop that. */
  onChange(listener: (material: TlsMaterial) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Looks no more; what is in use stays so. */
  close(): void {
    this.looks.cancel();
    this.listeners.clear();
  }

  private look(): void {
    try {
      const material = readTlsFiles(this.options.files, this.current);
      this.refusal = undefined;
      if (material !== this.current) this.renew(material);
    } catch (error) {
      this.refuse(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private renew(material: TlsMaterial): void {
    this.current = material;
    for (const listener of this.listeners) listener(material);
    this.options.onRenewed?.(material);
  }

  private refuse(error: Error): void {
    if (this.refusal === error.message) return;
    this.refusal = error.message;
    this.options.onRefused?.(error);
  }
}
