package io.espalier.training.transport;

import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The shared secret of both ends of a sealed lane: its trainer makes one for each of its
 * incarnations and sends it to the coordinator over TLS.
 *
 * @param address UDP host and port of the trainer's node
 * @param lane its id on the wire
 * @param secret AES-256 key, Base64
 */
public record LaneKey(String address, long lane, String secret) {
  private static final int KEY_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  public LaneKey {
    if (Base64.getDecoder().decode(secret).length != KEY_BYTES) {
      throw new IllegalArgumentException("a lane's key must have 32 bytes");
    }
  }

  static LaneKey generate(String address) {
    byte[] secret = new byte[KEY_BYTES];
    RANDOM.nextBytes(secret);
    return new LaneKey(address, RANDOM.nextLong(), Base64.getEncoder().encodeToString(secret));
  }

  SecretKey key() {
    return new SecretKeySpec(Base64.getDecoder().decode(secret), "AES");
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "LaneKey[address=%s, lane=%016x]".formatted(address, lane);
  }
}
