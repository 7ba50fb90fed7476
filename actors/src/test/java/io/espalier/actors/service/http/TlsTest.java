package io.espalier.actors.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.actors.http.HttpSettings.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir private Path directory;
  private TlsFiles files;
  private KeyStore store;

  @BeforeEach
  void makeCertificate() throws Exception {
    store = selfSigned();
    files = new TlsFiles(directory.resolve("certificate.pem"), directory.resolve("key.pem"));
    write(files.certificate(), "CERTIFICATE", store.getCertificate("s").getEncoded());
    write(files.key(), "PRIVATE KEY", store.getKey("s", PASSWORD.toCharArray()).getEncoded());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void api_withTls_answersThoseWhoKnowItsCertificate(String version) throws Exception {
    try (ApiFixture api = ApiFixture.start(directory, settings -> settings.withTls(files))) {
      SSLContext context = trusting(version);

      HttpResponse<String> answer = get(context, api);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo(version);
    }
  }

  @Test
  void api_withTls_refusesOldVersions_andStrangersRefuseIt() throws Exception {
    try (ApiFixture api = ApiFixture.start(directory, settings -> settings.withTls(files))) {
      assertThatThrownBy(() -> get(SSLContext.getDefault(), api)).isInstanceOf(IOException.class);
      try (SSLSocket socket =
          (SSLSocket)
              trusting("TLS")
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), port(api))) {
        socket.setEnabledProtocols(new String[] {"TLSv1.1"});
        assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
      }
      assertThat(get(trusting("TLS"), api).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void key_thatIsNone_isRefusedWithTheWayOut() throws Exception {
    Files.writeString(
        files.key(), "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----");

    assertThatThrownBy(
            () -> ApiFixture.start(directory, settings -> settings.withTls(files)).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("openssl pkcs8");
  }

  private static int port(ApiFixture api) {
    return api.api().address().getPort();
  }

  private static HttpResponse<String> get(SSLContext context, ApiFixture api) throws Exception {
    HttpClient client =
        HttpClient.newBuilder().sslContext(context).version(HttpClient.Version.HTTP_1_1).build();
    URI address = URI.create("https://127.0.0.1:%d/health".formatted(port(api)));
    return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
  }

  private SSLContext trusting(String protocol) throws Exception {
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
