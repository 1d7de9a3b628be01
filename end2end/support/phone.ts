// An authenticator app: makes one-time codes (RFC 6238) of the key that the dashboard shows.
import { createHmac } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP = 30_000;

export class Phone {
  private readonly key: Buffer;

  /** `address` is what the QR code says: `otpauth://totp/…?secret=…`. */
  constructor(address: string) {
    this.key = decoded(new URL(address).searchParams.get('secret') ?? '');
  }

  /** The code that it shows now. */
  code(): string {
    return this.at(Date.now());
  }

  /** The code that it shows next, which is taken already. */
  nextCode(): string {
    return this.at(Date.now() + STEP);
  }

  private at(time: number): string {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(time / STEP)));
    const mac = createHmac('sha1', this.key).update(counter).digest();
    const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, '0');
  }
}

function decoded(text: string): Buffer {
  const bits = [...text].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}
