package io.espalier.service.http;

import akka.http.javadsl.ConnectionContext;
import akka.http.javadsl.HttpsConnectionContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.3 and 1.2 from PEM files, which are read again when they have changed: certificates are
 * renewed while the service runs. Thread-safe.
 */
final class ReloadingTls {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadingTls.class);
  private static final long LOOK_NANOS = 60_000_000_000L;

  private final HttpSettings.TlsFiles files;
  private List<FileTime> times;
  private SSLContext context;
  private long looked = System.nanoTime();

  private ReloadingTls(HttpSettings.TlsFiles files) throws IOException {
    this.files = files;
    this.times = times();
    this.context = read();
  }

  /**
   * What Akka HTTP needs for TLS.
   *
   * @throws IOException if a file cannot be read or is not what it should be
   */
  static HttpsConnectionContext of(HttpSettings.TlsFiles files) throws IOException {
    var tls = new ReloadingTls(files);
    return ConnectionContext.httpsServer(tls::engine);
  }

  private SSLEngine engine() {
    SSLEngine engine = current().createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    return engine;
  }

  private synchronized SSLContext current() {
    if (System.nanoTime() - looked >= LOOK_NANOS) {
      looked = System.nanoTime();
      try {
        List<FileTime> now = times();
        if (!now.equals(times)) {
          context = read();
          times = now;
        }
      } catch (IOException e) {
        LOG.warn("the certificate from before is kept: {}", e.getMessage());
      }
    }
    return context;
  }

  private List<FileTime> times() throws IOException {
    return List.of(
        Files.getLastModifiedTime(files.certificate()), Files.getLastModifiedTime(files.key()));
  }

  private SSLContext read() throws IOException {
    try {
      char[] none = new char[0];
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, none);
      store.setKeyEntry(
          "service", PemFiles.key(files.key()), none, PemFiles.chain(files.certificate()));
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, none);
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(managers.getKeyManagers(), null, null);
      return made;
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "the certificate and its key must be PEM files that belong together: certificate=%s, key=%s, cause=%s"
              .formatted(files.certificate(), files.key(), e.getMessage()),
          e);
    }
  }
}
