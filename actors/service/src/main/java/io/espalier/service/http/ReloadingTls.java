package io.espalier.service.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.3 and 1.2 from PEM files (Josefsson and Leonard, RFC 7468, 2015), read again after a
 * change, such as a renewal. Thread-safe.
 */
final class ReloadingTls {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadingTls.class);
  private static final long LOOK_NANOS = 60_000_000_000L;

  /** Block ciphers without authentication, whose padding tells too much (Vaudenay, 2002). */
  private static final String CBC = "_CBC_";

  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "Ed25519");
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private final HttpSettings.TlsFiles files;
  private List<FileTime> times;
  private Served served;
  private long looked = System.nanoTime();

  private record Served(SSLContext context, Set<String> names) {}

  private ReloadingTls(HttpSettings.TlsFiles files) throws IOException {
    this.files = files;
    this.times = times();
    this.served = read();
  }

  /**
   * Reads certificate and key.
   *
   * @throws IOException if a file cannot be read or is invalid
   */
  static ReloadingTls of(HttpSettings.TlsFiles files) throws IOException {
    return new ReloadingTls(files);
  }

  /** Host names and addresses of the current certificate, in lower case. */
  Set<String> names() {
    return current().names();
  }

  SSLEngine engine() {
    SSLEngine engine = current().context().createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    engine.setEnabledCipherSuites(
        Arrays.stream(engine.getEnabledCipherSuites())
            .filter(each -> !each.contains(CBC))
            .toArray(String[]::new));
    return engine;
  }

  private synchronized Served current() {
    if (System.nanoTime() - looked >= LOOK_NANOS) {
      looked = System.nanoTime();
      try {
        List<FileTime> now = times();
        if (!now.equals(times)) {
          served = read();
          times = now;
        }
      } catch (IOException e) {
        LOG.warn("the certificate from before is kept: {}", e.getMessage());
      }
    }
    return served;
  }

  private List<FileTime> times() throws IOException {
    return List.of(
        Files.getLastModifiedTime(files.certificate()), Files.getLastModifiedTime(files.key()));
  }

  private Served read() throws IOException {
    try {
      char[] none = new char[0];
      X509Certificate[] chain = chain(files.certificate());
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, none);
      store.setKeyEntry("service", key(files.key()), none, chain);
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, none);
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(managers.getKeyManagers(), null, null);
      return new Served(made, names(chain[0]));
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "the certificate and its key must be PEM files that belong together: certificate=%s, key=%s, cause=%s"
              .formatted(files.certificate(), files.key(), e.getMessage()),
          e);
    }
  }

  private static Set<String> names(X509Certificate certificate) throws GeneralSecurityException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names == null
        ? Set.of()
        : names.stream()
            .filter(each -> each.get(1) instanceof String)
            .map(each -> ((String) each.get(1)).toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  private static X509Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
    try (InputStream stream = Files.newInputStream(file)) {
      X509Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(stream)
              .toArray(new X509Certificate[0]);
      if (chain.length == 0) {
        throw new GeneralSecurityException("no certificate in " + file);
      }
      return chain;
    }
  }

  private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    Matcher pem = KEY.matcher(Files.readString(file));
    if (!pem.find()) {
      throw new GeneralSecurityException(
          "no unencrypted PKCS #8 key in %s; make one with: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW"
              .formatted(file));
    }
    byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
    return ALGORITHMS.stream()
        .flatMap(algorithm -> key(algorithm, der).stream())
        .findFirst()
        .orElseThrow(() -> new InvalidKeySpecException("the key is none of " + ALGORITHMS));
  }

  private static Optional<PrivateKey> key(String algorithm, byte[] der) {
    try {
      return Optional.of(
          KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der)));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }
}
