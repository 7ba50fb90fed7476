package io.espalier.service.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.service.http.HttpSettings.TlsFiles;
import io.espalier.service.http.SelfSigned;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
}
