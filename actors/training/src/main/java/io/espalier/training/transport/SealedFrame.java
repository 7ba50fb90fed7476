package io.espalier.training.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.agrona.DirectBuffer;

/**
 * A {@link TransferFrame} sealed by AES-256-GCM (Dworkin, NIST SP 800-38D, 2007), little-endian.
 *
 * <pre>
 *  0               4               8                               16
 * +---------------+---------------+-------------------------------+
 * | format        | direction     | lane                          |
 * +---------------+---------------+-------------------------------+
 * | number                        | index         | sealed frame …  28
 * +-------------------------------+---------------+---------------
 * | …                                             | tag (16)      |
 * +-----------------------------------------------+---------------+
 * </pre>
 *
 * <p>The header is authenticated. The nonce is direction (1 byte), number of the transfer (7) and
 * index of the frame in it (4): it never repeats for a key, as a key belongs to one incarnation of
 * one trainer, whose two directions each count their transfers. Confined to the transfer thread.
 */
final class SealedFrame {
  static final int HEADER_BYTES = 28;
  static final int TAG_BYTES = 16;
  static final int OVERHEAD_BYTES = HEADER_BYTES + TAG_BYTES;
  private static final int FORMAT = 0x45535032;
  private static final int NONCE_BYTES = 12;

  private final Cipher cipher;
  private final SecretKey key;
  private final byte[] header = new byte[HEADER_BYTES];
  private final ByteBuffer headerView = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);

  record Header(TransferId.Direction direction, long lane, long number, int index) {
    /** Whether this follows another frame of its direction. */
    boolean isAfter(long lastNumber, int lastIndex) {
      return number == lastNumber ? index == lastIndex + 1 : number > lastNumber && index == 0;
    }
  }

  SealedFrame(SecretKey key) {
    this.key = key;
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java platform must have AES-GCM", e);
    }
  }

  /** Reads the header of a frame, which may be forged. */
  static Header header(DirectBuffer frame, int at, int length) throws GeneralSecurityException {
    if (length <= OVERHEAD_BYTES || frame.getInt(at, ByteOrder.LITTLE_ENDIAN) != FORMAT) {
      throw new GeneralSecurityException("not a sealed frame");
    }
    int code = frame.getInt(at + 4, ByteOrder.LITTLE_ENDIAN);
    if (code != TransferId.Direction.TO_COORDINATOR.code()
        && code != TransferId.Direction.TO_TRAINER.code()) {
      throw new GeneralSecurityException("not a direction");
    }
    return new Header(
        TransferId.Direction.ofCode(code),
        frame.getLong(at + 8, ByteOrder.LITTLE_ENDIAN),
        frame.getLong(at + 16, ByteOrder.LITTLE_ENDIAN),
        frame.getInt(at + 24, ByteOrder.LITTLE_ENDIAN));
  }

  /** Seals {@code length} bytes of {@code plain} into {@code out}; returns the frame's bytes. */
  int seal(Header head, byte[] plain, int length, byte[] out) {
    putHeader(head);
    System.arraycopy(header, 0, out, 0, HEADER_BYTES);
    try {
      start(Cipher.ENCRYPT_MODE, head);
      return HEADER_BYTES + cipher.doFinal(plain, 0, length, out, HEADER_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a frame must be sealed once: " + head, e);
    }
  }

  /**
   * Opens a frame of {@code length} bytes; returns the bytes in {@code plain}.
   *
   * @throws GeneralSecurityException if it was not sealed under the key
   */
  int open(Header head, byte[] frame, int length, byte[] plain) throws GeneralSecurityException {
    putHeader(head);
    start(Cipher.DECRYPT_MODE, head);
    return cipher.doFinal(frame, HEADER_BYTES, length - HEADER_BYTES, plain, 0);
  }

  private void start(int mode, Header head) throws GeneralSecurityException {
    byte[] nonce = new byte[NONCE_BYTES];
    ByteBuffer.wrap(nonce)
        .putLong(((long) head.direction().code() << 56) | head.number())
        .putInt(head.index());
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
    cipher.updateAAD(header);
  }

  private void putHeader(Header head) {
    if (head.number() < 0 || head.number() >>> 56 != 0 || head.index() < 0) {
      throw new IllegalArgumentException("a frame's numbers must fit its nonce: " + head);
    }
    headerView
        .putInt(0, FORMAT)
        .putInt(4, head.direction().code())
        .putLong(8, head.lane())
        .putLong(16, head.number())
        .putInt(24, head.index());
  }
}
