package io.espalier.federation.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A private key and its certificates: its own first, the authority's last. In a file it is PEM: the
 * key as PKCS #8, then the certificates. One file, so that key and certificate change together.
 *
 * @param chain at least one
 */
public record KeyedChain(PrivateKey key, List<X509Certificate> chain) {
  private static final String KEY = "PRIVATE KEY";
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final int REMAINING_SHARE = 3;
  private static final int LINE = 64;

  /** Textual encoding of keys and certificates (Josefsson and Leonard, RFC 7468, 2015). */
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----\\s+([A-Za-z0-9+/=\\s]+?)-----END \\1-----");

  public KeyedChain {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a key must have a certificate: certificates=0");
    }
  }

  /** Reads a file; throws {@link TrustException} if it is malformed or others may read it. */
  public static KeyedChain read(Path file) throws IOException {
    String text = OwnerOnlyFiles.read(file);
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (byte[] der : blocks(text, CERTIFICATE)) {
        chain.add(certificate(der));
      }
      return new KeyedChain(EcKeys.privateKey(blocks(text, KEY).get(0)), chain);
    } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new TrustException(
          "a file of keys must hold a private key and its certificates in PEM: file=%s, cause=%s; restore it from a backup, or remove it and start anew"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** Writes a file of the owner's alone. */
  public void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder(block(KEY, key.getEncoded()));
    chain.forEach(each -> text.append(block(CERTIFICATE, der(each))));
    OwnerOnlyFiles.write(file, text.toString());
  }

  public X509Certificate certificate() {
    return chain.get(0);
  }

  public X509Certificate authority() {
    return chain.get(chain.size() - 1);
  }

  /** Whether less than a third of the certificate's life remains. */
  public boolean expiresSoon(Instant now) {
    Instant end = certificate().getNotAfter().toInstant();
    Duration life = Duration.between(certificate().getNotBefore().toInstant(), end);
    return Duration.between(now, end).multipliedBy(REMAINING_SHARE).compareTo(life) < 0;
  }

  public static X509Certificate certificate(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateException e) {
      throw new IllegalStateException("a certificate must have a DER form", e);
    }
  }

  private static String block(String label, byte[] der) {
    String lines =
        Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }

  private static List<byte[]> blocks(String text, String label) {
    return BLOCK
        .matcher(text)
        .results()
        .filter(block -> block.group(1).equals(label))
        .map(block -> Base64.getMimeDecoder().decode(block.group(2)))
        .toList();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "KeyedChain[" + certificate().getSubjectX500Principal() + "]";
  }
}
