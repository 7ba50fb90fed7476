package io.espalier.service.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the certificates of one PEM file, and no others. */
public final class TrustedCertificates {
  private TrustedCertificates() {}

  /** A file holds no certificate that can be read. */
  public static final class NoneException extends IOException {
    NoneException(Path file, GeneralSecurityException cause) {
      super(
          "a CA file must hold certificates in PEM: file=%s, cause=%s"
              .formatted(file, cause.getMessage()),
          cause);
    }
  }

  /**
   * Returns a context for clients.
   *
   * @throws NoneException if the file holds no certificate
   * @throws IOException if it cannot be read
   */
  public static SSLContext context(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new GeneralSecurityException("it holds none");
      }
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate certificate : certificates) {
        trusted.setCertificateEntry("ca-" + trusted.size(), certificate);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new NoneException(file, e);
    }
  }
}
