package io.espalier.service.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.service.http.HttpSettings;
import io.espalier.service.http.HttpSettings.TlsFiles;
import io.espalier.service.http.SelfSigned;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
  @TempDir private Path directory;
  private SelfSigned certificate;
  private TlsFiles files;

  @BeforeEach
  void makeCertificate() throws Exception {
    certificate = SelfSigned.in(directory);
    files = certificate.files();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void api_withTls_answersThoseWhoKnowItsCertificate(String version) throws Exception {
    try (ApiFixture api = ApiFixture.start(directory, settings -> settings.withTls(files))) {
      SSLContext context = certificate.trusting(version);

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
              certificate
                  .trusting("TLS")
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), port(api))) {
        socket.setEnabledProtocols(new String[] {"TLSv1.1"});
        assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
      }
      assertThat(get(certificate.trusting("TLS"), api).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void api_withTls_hasNoSuiteWithoutAuthenticatedEncryption() throws Exception {
    try (ApiFixture api = ApiFixture.start(directory, settings -> settings.withTls(files));
        SSLSocket socket = socket(api);
        SSLSocket modern = socket(api)) {
      String[] weak =
          Arrays.stream(socket.getSupportedCipherSuites())
              .filter(each -> each.contains("_CBC_"))
              .toArray(String[]::new);
      assertThat(weak).isNotEmpty();
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(weak);
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);

      modern.setEnabledProtocols(new String[] {"TLSv1.2"});
      modern.startHandshake();
      assertThat(modern.getSession().getCipherSuite()).contains("_GCM_");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,200,false",
    "localhost:1,200,false",
    "api.example.org,200,true",
    "API.example.org:443,200,true",
    "n1.nodes.example.org,200,true",
    "evil.example,421,true",
    "a.n1.nodes.example.org,421,true",
    "nodes.example.org,421,true",
  })
  void host_withTlsOnTheLoopback_isOfThisMachineOrOfTheCertificate(
      String host, int status, boolean isStrict) throws Exception {
    SelfSigned named =
        SelfSigned.in(
            Files.createDirectory(directory.resolve("named")),
            "ip:127.0.0.1,dns:api.example.org,dns:*.nodes.example.org");
    try (ApiFixture api =
            ApiFixture.start(
                directory.resolve("api"), settings -> settings.withTls(named.files()));
        SSLSocket socket = socket(api, named.trusting("TLS"))) {
      String answer = exchange(socket, host);

      assertThat(answer).startsWith("HTTP/1.1 " + status);
      assertThat(answer.contains("\r\nStrict-Transport-Security: max-age=")).isEqualTo(isStrict);
    }
  }

  @Test
  void connections_thatNeverGreet_keepNobodyOut() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try (ApiFixture api =
        ApiFixture.start(
            directory,
            settings ->
                settings.withTls(files).withLimits(new HttpSettings.Limits(20, 256, 50, 50)))) {
      for (int i = 0; i < 300; i++) {
        silent.add(new Socket(InetAddress.getLoopbackAddress(), port(api)));
      }

      assertThat(get(certificate.trusting("TLS"), api).statusCode()).isEqualTo(200);
      assertThat(isEnded(silent.get(0))).isTrue();
    } finally {
      for (Socket each : silent) {
        each.close();
      }
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

  private SSLSocket socket(ApiFixture api) throws Exception {
    return socket(api, certificate.trusting("TLS"));
  }

  private static SSLSocket socket(ApiFixture api, SSLContext context) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port(api));
    socket.setSoTimeout(60_000);
    return socket;
  }

  /** Reads the end of TLS, and then that of the connection, which may be a reset. */
  private static boolean isEnded(Socket socket) throws IOException {
    socket.setSoTimeout(60_000);
    try {
      return socket.getInputStream().readAllBytes().length < 100;
    } catch (SocketException e) {
      return true;
    }
  }

  private static String exchange(SSLSocket socket, String host) throws IOException {
    String request =
        "GET /health HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
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
}
