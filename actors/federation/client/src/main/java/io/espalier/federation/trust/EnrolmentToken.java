package io.espalier.federation.trust;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A token that a user carries from the server to a device: a secret that the server accepts once,
 * and the authority's fingerprint, by which the device recognises the server. As text it is {@code
 * espalier1.SECRET.FINGERPRINT}, the parts in URL-safe Base64.
 *
 * @param secret 27 characters for 160 random bits
 */
public record EnrolmentToken(String secret, Fingerprint authority) {
  private static final int SECRET_BYTES = 20;
  private static final String PREFIX = "espalier1.";
  private static final Pattern TEXT =
      Pattern.compile("espalier1\\.([A-Za-z0-9_-]{27})\\.([A-Za-z0-9_-]{43})");
  private static final int LENGTH = PREFIX.length() + 27 + 1 + 43;
  private static final SecureRandom RANDOM = new SecureRandom();

  static EnrolmentToken random(Fingerprint authority) {
    byte[] secret = new byte[SECRET_BYTES];
    RANDOM.nextBytes(secret);
    return new EnrolmentToken(base64(secret), authority);
  }

  /** Parses a token; throws {@link TrustException} if it is malformed. */
  public static EnrolmentToken parse(String text) {
    Matcher parts = TEXT.matcher(text.strip());
    if (!parts.matches()) {
      throw new TrustException(
          "a token must be the whole line that 'espalier federate token' printed: %d characters that begin with %s; characters=%d; copy it again"
              .formatted(LENGTH, PREFIX, text.strip().length()));
    }
    byte[] fingerprint = Base64.getUrlDecoder().decode(parts.group(2));
    return new EnrolmentToken(
        parts.group(1), new Fingerprint(HexFormat.of().formatHex(fingerprint)));
  }

  public String text() {
    return PREFIX + secret + "." + base64(HexFormat.of().parseHex(authority.hex()));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "EnrolmentToken[authority=" + authority.hex() + "]";
  }
}
