package io.espalier.actors.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.actors.http.HttpSettings.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for 127.0.0.1 that vouches for itself, and those who trust it. */
public final class SelfSigned {
  private static final String PASSWORD = "changeit";

  private final Path directory;
  private final KeyStore store;
  private final TlsFiles files;

  private SelfSigned(Path directory) throws Exception {
    this.directory = directory;
    store = selfSigned();
    files = new TlsFiles(directory.resolve("certificate.pem"), directory.resolve("key.pem"));
    write(files.certificate(), "CERTIFICATE", store.getCertificate("s").getEncoded());
    write(files.key(), "PRIVATE KEY", store.getKey("s", PASSWORD.toCharArray()).getEncoded());
  }

  /** A new one, with its files in a directory. */
  public static SelfSigned in(Path directory) throws Exception {
    return new SelfSigned(directory);
  }

  public TlsFiles files() {
    return files;
  }

  /** Trusts this certificate alone. */
  public SSLContext trusting(String protocol) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("s", store.getCertificate("s"));
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance(protocol);
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private KeyStore selfSigned() throws Exception {
    Path file = directory.resolve("store.p12");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "s",
            "-keyalg",
            "EC",
            "-dname",
            "CN=127.0.0.1",
            "-ext",
            "san=ip:127.0.0.1",
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            file.toString());
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore made = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(file)) {
      made.load(stream, PASSWORD.toCharArray());
    }
    return made;
  }

  private static void write(Path file, String label, byte[] der) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(label, Base64.getMimeEncoder().encodeToString(der), label));
  }
}
