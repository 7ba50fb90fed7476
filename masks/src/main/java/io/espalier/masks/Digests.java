package io.espalier.masks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 digest under construction; every item is written with its length. */
final class Digests {
  private final MessageDigest sha256;

  Digests() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must offer SHA-256", e);
    }
  }

  Digests text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    sha256.update(bytes);
    return this;
  }

  Digests number(int number) {
    sha256.update(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(0, number));
    return this;
  }

  Digests bits(Mask mask) {
    number(mask.size());
    ByteBuffer words =
        ByteBuffer.allocate(mask.wordCount() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < mask.wordCount(); i++) {
      words.putLong(mask.word(i));
    }
    sha256.update(words.flip());
    return this;
  }

  String hex() {
    return HexFormat.of().formatHex(sha256.digest());
  }
}
