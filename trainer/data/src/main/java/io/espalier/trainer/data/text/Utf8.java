package io.espalier.trainer.data.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Bytes as text. */
public final class Utf8 {
  private Utf8() {}

  /** Bytes that are not UTF-8. */
  public static final class NoTextException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final int position;

    private NoTextException(int position) {
      super("a text must be UTF-8: first other byte at=" + position);
      this.position = position;
    }

    /** The index of the first byte that is not. */
    public int position() {
      return position;
    }
  }

  /** Throws {@link NoTextException} where bytes are not UTF-8. */
  public static String decode(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw new NoTextException(in.position());
    }
    return out.flip().toString();
  }
}
