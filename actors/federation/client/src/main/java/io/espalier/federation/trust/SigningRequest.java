package io.espalier.federation.trust;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A request for a certificate (Nystrom and Kaliski, RFC 2986, 2000), reduced to the key that signed
 * it: names and extensions are ignored.
 */
record SigningRequest(PublicKey key) {
  public static final int MOST_BYTES = 8 << 10;

  /**
   * Parses DER; throws {@link TrustException} if it is too large or malformed, the key of another
   * kind, or the signature not by that key.
   */
  public static SigningRequest parse(byte[] der) {
    if (der.length > MOST_BYTES) {
      throw refused("it must have at most " + MOST_BYTES + " bytes: bytes=" + der.length);
    }
    try {
      JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(der);
      if (!EcKeys.isAllowed(request.getSubjectPublicKeyInfo())) {
        throw refused("its key must be on the curve P-256 or P-384");
      }
      return verified(request);
    } catch (TrustException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The parser meets hostile bytes with whatever exception they lead to.
      throw refused("it must be a PKCS #10 request in DER: bytes=" + der.length);
    }
  }

  private static SigningRequest verified(JcaPKCS10CertificationRequest request) {
    try {
      PublicKey key = request.getPublicKey();
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw refused("it must be signed by its own key");
      }
      return new SigningRequest(key);
    } catch (GeneralSecurityException | OperatorCreationException | PKCSException e) {
      throw refused("it must be signed by its own key");
    }
  }

  private static TrustException refused(String rule) {
    return new TrustException(
        "a signing request must hold: %s; use 'espalier enrol' of the server's version"
            .formatted(rule));
  }

  static byte[] of(KeyPair pair) {
    return of(pair.getPublic(), pair.getPrivate());
  }

  static byte[] of(PublicKey key, PrivateKey signer) {
    try {
      PKCS10CertificationRequest request =
          new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=device"), key)
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer));
      return request.getEncoded();
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("a new key must be able to sign", e);
    }
  }
}
