package io.espalier.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that send all of a refused body before they read. */
final class RefusedUploadTest {
  private static final int BYTES = 24 << 20;
  private static final String FILE = "application/octet-stream";

  @TempDir private Path directory;
  private ApiFixture api;

  @BeforeEach
  void start() throws IOException {
    api = ApiFixture.start(directory);
  }

  @AfterEach
  void stop() throws Exception {
    assertThat(api.get("/health").statusCode()).isEqualTo(200);
    api.close();
  }

  @ParameterizedTest
  @CsvSource({
    "PUT /v1/data/new, none, application/octet-stream, 401",
    "PUT /v1/data/new, operate, application/octet-stream, 403",
    "PUT /v1/data/new, manage, text/plain, 415",
    "PUT /v1/data/new, manage, application/octet-stream, 413",
    "PUT /v1/data/new, manage, application/zip, 422",
    "PUT /v1/data/.hidden, manage, application/octet-stream, 422",
    "PUT /v1/data/own, manage, application/octet-stream, 409",
    "PUT /v1/nothing, manage, application/octet-stream, 404",
    "POST /v1/runs, operate, application/json, 413",
  })
  void refusal_reachesAClientThatSendsAll(String line, String token, String type, int status)
      throws Exception {
    Files.createFile(directory.resolve("data/own"));

    String answer = sent(line, token, type, "Content-Length: " + BYTES, new byte[BYTES]);

    assertThat(answer).startsWith("HTTP/1.1 " + status).contains("urn:espalier:problem:");
    assertThat(answer).endsWith("}");
  }

  @Test
  void refusal_ofABodyWithoutALength_reachesItsClient() throws Exception {
    byte[] chunk = ("10000\r\n" + "x".repeat(1 << 16) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] body = new byte[200 * chunk.length];
    for (int at = 0; at < body.length; at += chunk.length) {
      System.arraycopy(chunk, 0, body, at, chunk.length);
    }

    String answer = sent("PUT /v1/data/new", "none", FILE, "Transfer-Encoding: chunked", body);

    assertThat(answer).startsWith("HTTP/1.1 401").endsWith("}");
  }

  /** Fails if the connection is reset while the body is sent or the answer is read. */
  private String sent(String line, String token, String type, String length, byte[] body)
      throws IOException {
    try (Socket socket = api.socket()) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "%s HTTP/1.1\r\nHost: localhost\r\n%sContent-Type: %s\r\nConnection: close\r\n%s\r\n\r\n"
              .formatted(line, authorization(token), type, length)
              .getBytes(StandardCharsets.US_ASCII));
      out.write(body);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String authorization(String token) {
    return switch (token) {
      case "operate" -> "Authorization: Bearer %s\r\n".formatted(api.operate());
      case "manage" -> "Authorization: Bearer %s\r\n".formatted(api.manage());
      default -> "";
    };
  }
}
