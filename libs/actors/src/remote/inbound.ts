import type { actors } from '@rookery/contracts/messages';
import type { MessageHeaders } from '../local/message-headers.js';
import { ASK_ID } from '../local/pending-ask.js';
import { Pid } from '../local/pid.js';
import { processOfAddress } from './addresses.js';
import { Answers } from './answers.js';
import type { Association } from './association.js';
import { type EntryListener, type IncomingTell, readFrame } from './frame-reader.js';
import { MAX_MESSAGE_BYTES } from './frame-writer.js';
import type { InboundHost, OpenInbound } from './inbound-host.port.js';
import { newsOf } from './notices.js';
import { MAX_NUMBERS } from './number-table.js';
import { PROTOCOL_VERSION } from './protocol.js';
import type { Intake, PeerConnection } from './peer-network.port.js';
import { ownByName, pidIn } from './pid.mapper.js';
import type { WireType } from './wire-type.js';

const MAX_TYPES = 65_536;

/** The receiving end of one connection. Nothing that comes on it can break it. */
export class Inbound implements Intake, EntryListener, OpenInbound {
  process: string | undefined;
  /** Undefined before that, and when nothing is taken from it any more. */
  private association: Association | undefined;
  /** The actor system that has said it. */
  private opener = '';
  /** Its opener has opened another one, and has counted as lost what is still on its way here. */
  private isFormer = false;
  private readonly pids: (Pid | undefined)[] = [];
  private readonly types: (WireType | string | undefined)[] = [];
  private chunks: Uint8Array[] = [];
  private chunkBytes = 0;
  private hasSignals = false;
  private greeting = 0;
  private readonly answers: Answers;

  constructor(
    private readonly host: InboundHost,
    private readonly connection: PeerConnection,
    readonly number: number,
  ) {
    this.answers = new Answers(connection, host.largestFrameBytes, host.core.scheduler);
  }

  receive(frame: Uint8Array): void {
    this.read(frame);
    if (this.process !== undefined) this.host.heard(this.process);
    if (this.hasSignals) this.acknowledge();
    this.host.frames.add(this.connection);
  }

  closed(): void {
    this.association = undefined;
    this.answers.close();
    this.host.inboundClosed(this);
  }

  mute(): void {
    this.association = undefined;
    this.isFormer = true;
  }

  renew(): void {
    this.association = undefined;
    this.greeting = 0;
    if (this.process !== undefined) this.welcome(0, false);
  }

  turnAway(): void {
    this.association = undefined;
    this.welcome(0, true);
  }

  onTell(tell: IncomingTell): void {
    if (this.isFormer) return;
    const association = this.living;
    const target = this.targetOf(tell);
    const sender = association === undefined ? undefined : this.senderOf(tell, association);
    const message = this.messageOf(tell, target, sender);
    if (message === undefined) return;
    if (association !== undefined) this.deliver(target, message, sender, tell.headers);
    // Its sender may take it for handled: that the frame was taken can be heard before that nobody was there.
    else this.host.core.deadLetter(target, message, undefined, 'not-found');
  }

  /** What is wrong with one entry harms no other. */
  onEntry(entry: actors.Entry): void {
    try {
      this.take(entry);
    } catch (error) {
      this.host.core.reportPeer(this.process ?? 'unknown', `an entry cannot be used: ${String(error)}`);
    }
  }

  private take(entry: actors.Entry): void {
    if (entry.hello !== undefined) this.onHello(entry.hello);
    else if (entry.welcome !== undefined) this.onFarewell(entry.welcome);
    else if (!this.isFormer) this.onEntryOf(this.living, entry);
  }

  /** Names are needed to say, too, what reaches nobody. */
  private onEntryOf(
    association: Association | undefined,
    { chunk, notice, pidName, signal, typeName }: actors.Entry,
  ): void {
    if (pidName !== undefined) this.name(pidName);
    else if (typeName !== undefined) this.nameType(typeName);
    else if (chunk !== undefined) this.onChunk(chunk);
    else if (association === undefined) return;
    else if (signal !== undefined) this.onSignal(signal, association);
    else if (notice !== undefined) this.onNotice(notice, association);
  }

  private get living(): Association | undefined {
    return this.association?.isOver === false ? this.association : undefined;
  }

  private read(bytes: Uint8Array): void {
    try {
      readFrame(bytes, this);
    } catch (error) {
      this.host.core.reportPeer(this.process ?? 'unknown', `its frame cannot be read: ${String(error)}`);
    }
  }

  private onHello({ address, askOrigin, greeting, version }: actors.Hello): void {
    const process = processOfAddress(address);
    if (process !== this.connection.from) throw new RangeError(`${this.connection.from} calls itself ${process}`);
    this.greeting = greeting;
    this.process = process;
    this.opener = address;
    this.forgetNames();
    const isUnderstood = this.host.understands(process, version);
    this.association = isUnderstood ? this.host.meet(this, address, askOrigin) : undefined;
    this.isFormer = this.association === undefined;
    if (this.association !== undefined) this.welcome(this.association.received, false);
    else if (this.host.isQuarantined(address)) this.welcome(0, true);
    // So that it learns which version is spoken here.
    else if (!isUnderstood) this.welcome(0, false);
  }

  /** Its opener has given us up; one that was meant for our former system answers to an earlier greeting. */
  private onFarewell({ greeting, isQuarantined }: actors.Welcome): void {
    if (isQuarantined && this.process !== undefined && greeting === this.greeting) this.host.refusedBy(this.process);
  }

  /** What numbers stand for, and the beginning of a message, hold up to the next greeting. */
  private forgetNames(): void {
    this.pids.length = 0;
    this.types.length = 0;
    this.chunks = [];
    this.chunkBytes = 0;
  }

  private welcome(receivedSignal: number, isQuarantined: boolean): void {
    const version = PROTOCOL_VERSION;
    const { greeting } = this;
    this.answers.welcome({ ...this.host.self, version, greeting, receivedSignal, isQuarantined });
  }

  private acknowledge(): void {
    this.hasSignals = false;
    const { association, greeting } = this;
    if (association !== undefined) this.answers.acknowledge({ signal: association.received, greeting });
  }

  private name({ number, pid }: actors.PidName): void {
    if (number < 1 || number > MAX_NUMBERS) throw new RangeError(`number ${number} for an actor`);
    this.pids[number] = ownByName(this.host.self.address, pidIn(this.opener, pid));
  }

  private nameType({ name, number }: actors.TypeName): void {
    if (number < 1 || number > MAX_TYPES) throw new RangeError(`number ${number} for a type`);
    this.types[number] = this.host.messages.named(name) ?? name;
  }

  private onSignal(signal: actors.Signal, association: Association): void {
    if (association.receive(signal)) this.hasSignals = true;
    // Some are missing, which an honest peer sends again when it hears how far it has come.
    else this.welcome(association.received, false);
  }

  private onNotice(notice: actors.Notice, { address }: Association): void {
    const asker = pidIn(address, notice.asker);
    const ask = this.askOf(asker.incarnation - this.host.self.askOrigin);
    if (ask !== undefined && ask.equals(asker)) this.host.core.postSystem(ask, newsOf(address, notice));
  }

  private onChunk({ isLast, part }: actors.Chunk): void {
    this.chunks.push(part);
    this.chunkBytes += part.length;
    if (!isLast && this.chunkBytes <= MAX_MESSAGE_BYTES) return;
    const { chunkBytes, chunks } = this;
    this.chunks = [];
    this.chunkBytes = 0;
    if (!isLast) throw new RangeError(`a message of more than ${MAX_MESSAGE_BYTES} bytes`);
    const whole = new Uint8Array(chunkBytes);
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    this.read(whole);
  }

  private targetOf({ target, targetAsk }: IncomingTell): Pid {
    const { address, askOrigin } = this.host.self;
    if (target > 0) return this.pids[target] ?? this.host.core.nobody;
    return this.askOf(targetAsk) ?? new Pid(address, ASK_ID, askOrigin + targetAsk);
  }

  private askOf(number: number): Pid | undefined {
    return this.host.core.book.asks.get(number)?.pid;
  }

  private senderOf({ sender, senderAsk }: IncomingTell, association: Association): Pid | undefined {
    if (sender > 0) return this.pids[sender];
    if (senderAsk === 0) return undefined;
    return new Pid(association.address, ASK_ID, association.askOrigin + senderAsk);
  }

  /** Undefined when it cannot be read, which its sender is told. */
  private messageOf(tell: IncomingTell, target: Pid, sender: Pid | undefined): object | undefined {
    const type = this.types[tell.type];
    if (typeof type !== 'object') {
      this.undecodable(target, sender, `no codec here knows the type ${type ?? tell.type}`);
      return undefined;
    }
    const { bodyBytes, reader } = tell;
    const end = reader.pos + bodyBytes;
    try {
      const message = type.codec.decode(reader, bodyBytes);
      if (reader.pos > end) throw new RangeError('longer than its body');
      (message as { type?: string }).type = type.name;
      return message;
    } catch (error) {
      this.undecodable(target, sender, `${type.name}: ${String(error)}`);
      return undefined;
    }
  }

  private undecodable(target: Pid, sender: Pid | undefined, detail: string): void {
    this.host.core.deadLetter(target, undefined, sender, 'undecodable', detail);
    this.host.core.tellRejected(sender, target, undefined, 'undecodable');
  }

  private deliver(target: Pid, message: object, sender: Pid | undefined, headers: MessageHeaders | undefined): void {
    const { core, self } = this.host;
    // It was meant for an earlier system of this process; it is not passed on to another.
    if (target.address !== self.address) core.deadLetter(target, message, sender, 'not-found');
    else if (target.id === ASK_ID && this.askOf(target.incarnation - self.askOrigin) === undefined) {
      core.deadLetter(target, message, sender, 'late-answer');
    } else core.deliver(target, message, sender, headers);
  }
}
