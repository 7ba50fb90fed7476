package io.espalier.federation.trust;

import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** A key that waits for its certificate. Immutable. */
final class NewKey {
  private final KeyPair pair;

  private NewKey(KeyPair pair) {
    this.pair = pair;
  }

  public static NewKey generate() {
    return new NewKey(EcKeys.generate());
  }

  /** The request for a certificate: PKCS #10, DER. */
  public byte[] signingRequest() {
    return SigningRequest.of(pair.getPublic(), pair.getPrivate());
  }

  /**
   * Combines the key with its certificates.
   *
   * @param certificates DER, the key's own first, the authority's last
   * @throws TrustException if they are not for this key, or of another authority
   */
  public KeyedChain certified(List<byte[]> certificates, Fingerprint authority) {
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (byte[] der : certificates) {
        chain.add(KeyedChain.certificate(der));
      }
      KeyedChain certified = new KeyedChain(pair.getPrivate(), chain);
      if (!Fingerprint.of(certified.authority()).equals(authority)
          || !certified.certificate().getPublicKey().equals(pair.getPublic())) {
        throw refused("key or authority differ");
      }
      return certified;
    } catch (CertificateException | IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private static TrustException refused(String cause) {
    return new TrustException(
        "the server must answer with a certificate for the device's key by its authority: cause=%s; tell its operator"
            .formatted(cause));
  }
}
