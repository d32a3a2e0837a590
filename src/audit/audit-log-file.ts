// `audit.log` as bytes: complete lines read from its start or its end, and text put at a place of it.
import { constants, type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

const CHUNK_BYTES = 256 * 1024;
/** Longer than any entry: what goes on without a line break for this long is no line of ours. */
const LONGEST_LINE_BYTES = 1024 * 1024;
const LINE_BREAK = 0x0a;

export class AuditLogFile {
  /** Where reading goes on, and what was read of a line whose end was not. */
  private position = 0;
  private begun = Buffer.alloc(0);
  private ready: string[] = [];

  private constructor(private readonly handle: FileHandle) {}

  /** @returns nothing when there is none */
  static async openToRead(path: string): Promise<AuditLogFile | undefined> {
    try {
      return new AuditLogFile(await open(path, constants.O_RDONLY));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Makes it where there is none, for its owner alone: it tells who did what. */
  static async openToWrite(path: string): Promise<AuditLogFile> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return new AuditLogFile(await open(path, constants.O_RDWR | constants.O_CREAT, 0o600));
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /** Changes when somebody else puts another file there or writes to it. */
  async identity(): Promise<{ inode: number; size: number }> {
    const { ino, size } = await this.handle.stat();
    return { inode: ino, size };
  }

  /** The next lines, at most `limit`: fewer when the file ends. A last line without its line break is left out. */
  async readLines(limit: number): Promise<string[]> {
    while (this.ready.length < limit && (await this.readChunk()));
    return this.ready.splice(0, limit);
  }

  /**
   * The last line that has its line break, and the place behind it; nothing when there is none.
   * @throws Error when the end of the file is nothing that was ever written by us
   */
  async readLastLine(): Promise<{ text: string; end: number } | undefined> {
    let { size: from } = await this.identity();
    let tail = Buffer.alloc(0);
    while (from > 0 && tail.length < LONGEST_LINE_BYTES) {
      const length = Math.min(CHUNK_BYTES, from);
      from -= length;
      tail = Buffer.concat([await this.read(from, length), tail]);
      const end = tail.lastIndexOf(LINE_BREAK);
      const start = end > 0 ? tail.lastIndexOf(LINE_BREAK, end - 1) : -1;
      if (end >= 0 && (start >= 0 || from === 0)) return { text: tail.toString('utf8', start + 1, end), end: from + end + 1 };
    }
    if (from > 0) throw new Error('The file that AUDIT_LOG names is not an audit log');
    return undefined;
  }

  /** Over whatever is there. On disk when it returns. */
  async write(text: string, place: number): Promise<void> {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length;) {
      written += (await this.handle.write(bytes, written, bytes.length - written, place + written)).bytesWritten;
    }
    await this.handle.datasync();
  }

  private async readChunk(): Promise<boolean> {
    const chunk = await this.read(this.position, CHUNK_BYTES);
    this.position += chunk.length;
    let bytes = Buffer.concat([this.begun, chunk]);
    for (let end = bytes.indexOf(LINE_BREAK); end >= 0; end = bytes.indexOf(LINE_BREAK)) {
      this.ready.push(bytes.toString('utf8', 0, end));
      bytes = bytes.subarray(end + 1);
    }
    this.begun = bytes.length > LONGEST_LINE_BYTES ? Buffer.alloc(0) : bytes;
    return chunk.length > 0;
  }

  private async read(from: number, length: number): Promise<Buffer> {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await this.handle.read(buffer, 0, length, from);
    return buffer.subarray(0, bytesRead);
  }
}
