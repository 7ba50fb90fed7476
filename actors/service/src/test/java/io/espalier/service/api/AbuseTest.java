package io.espalier.service.api;

import static io.espalier.service.api.ApiFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.RunState;
import io.espalier.service.http.HttpSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
@Tag("slow")
class AbuseTest {
  private static final HttpSettings.Times IMPATIENT =
      new HttpSettings.Times(
          Duration.ofSeconds(2),
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(20),
          Duration.ofMillis(250),
          Duration.ofSeconds(15),
          Duration.ofSeconds(5));
  private static final int CONNECTIONS = 64;

  @TempDir private Path directory;
  private ApiFixture api;

  @BeforeEach
  void start() throws IOException {
    api =
        ApiFixture.start(
            directory,
            settings ->
                settings
                    .withTimes(IMPATIENT)
                    .withLimits(new HttpSettings.Limits(CONNECTIONS, 256, 50, 50)));
    api.runs().put("r1", RunState.RUNNING);
  }

  @AfterEach
  void stop() throws Exception {
    // Whatever happened, the API is well.
    assertThat(api.get("/health").statusCode()).isEqualTo(200);
    api.close();
  }

  @Test
  void recipe_largerThanARecipe_isRefused() throws Exception {
    HttpResponse<String> answer = api.submit("{\"recipeText\":\"" + "x".repeat(1_000_000) + "\"}");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(json(answer).path("problems").get(0).path("message").asText())
        .contains("262144", "bytes=1000000");
    assertThat(api.runs().submissions()).isEmpty();
  }

  @Test
  void body_largerThanABody_isRefused_announcedOrNot() throws Exception {
    // When
    String announced = api.raw(head("POST /v1/runs", "Content-Length: 500000000"));
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
    String unannounced =
        sendAll(head("POST /v1/runs", "Transfer-Encoding: chunked") + chunk.repeat(20));

    // Then
    assertThat(announced)
        .startsWith("HTTP/1.1 413")
        .contains("problem+json", "1048576", "Connection: close");
    assertThat(unannounced).startsWith("HTTP/1.1 413").contains("problem+json", "1048576");
  }

  @ParameterizedTest
  @CsvSource({"[,50000", "{\"a\":,50000", "{\"recipeText\":{\"a\":,21", "\"\\u0000,9"})
  void json_deepOrBroken_isRefused(String piece, int times) throws Exception {
    HttpResponse<String> answer = api.submit(piece.repeat(times));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body().length()).isLessThan(1000);
    assertThat(answer.body()).doesNotContain("com.fasterxml", "StreamReadConstraints");
  }

  @Test
  void number_ofManyDigits_isRefused() throws Exception {
    HttpResponse<String> answer =
        api.submit("{\"recipe\":\"digits\",\"priority\":" + "9".repeat(900_000) + "}");

    assertThat(answer.statusCode()).isEqualTo(400);
  }

  @Test
  void overrides_tooManyOrTooLarge_areRefused() throws Exception {
    String many = "\"a=1\",".repeat(200) + "\"a=1\"";
    String large = "\"a=" + "1".repeat(5000) + "\"";

    for (String overrides : List.of(many, large)) {
      HttpResponse<String> answer =
          api.submit("{\"recipe\":\"digits\",\"overrides\":[" + overrides + "]}");
      assertThat(answer.statusCode()).isEqualTo(422);
    }
  }

  @Test
  void body_thatComesSlowly_isGivenUp() throws Exception {
    try (Socket socket = api.socket()) {
      write(socket, head("POST /v1/runs", "Content-Length: 1000"));

      String answer = drip(socket, "{", Duration.ofMillis(100));

      assertThat(answer).startsWith("HTTP/1.1 408").contains("problem+json");
    }
  }

  @Test
  void head_thatComesSlowly_isGivenUp() throws Exception {
    try (Socket socket = api.socket()) {
      write(socket, "GET /v1/runs HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");

      String answer = drip(socket, "a", Duration.ofMillis(100));

      assertThat(answer).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET /v1/runs HTTP/1.1|Host: localhost|X-Long: LONG,431",
    "GET /LONG HTTP/1.1|Host: localhost,414",
    "GET /v1/runs HTTP/1.1,400",
    "GET /v1/%zz HTTP/1.1|Host: localhost,400",
    "GET /v1/runs HTTP/9.9|Host: localhost,505",
    "FROBNICATE /v1/runs HTTP/1.1|Host: localhost,501",
    "GET /v1/runs HTTP/1.1|Host: localhost|Content-Length: 5|Content-Length: 6,400",
    "GET /v1/runs HTTP/1.1|Host: localhost|Content-Length: -1,400",
    "POST /v1/runs HTTP/1.1|Host: localhost|Transfer-Encoding: chunked|Content-Length: 5,400",
    "GET /v1/runs HTTP/1.1|Host: localhost|bad header: x,400",
  })
  void request_thatIsNone_isAProblem(String lines, int status) throws Exception {
    String answer =
        api.raw(lines.replace("LONG", "a".repeat(10_000)).replace("|", "\r\n") + "\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 " + status);
    assertThat(answer).contains("application/problem+json").doesNotContain("akka", "\tat ");
  }

  @Test
  void headers_tooMany_areRefused() throws Exception {
    String answer =
        api.raw("GET /health HTTP/1.1\r\nHost: localhost\r\n" + "A: b\r\n".repeat(200) + "\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400").contains("problem+json", "64");
  }

  @Test
  void requests_inOneGo_areAnsweredInOrder() throws Exception {
    // Given
    var text = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      text.append("GET /v1/runs/none").append(i).append(" HTTP/1.1\r\nHost: localhost\r\n");
      text.append("Authorization: Bearer ").append(api.operate()).append("\r\n\r\n");
    }
    text.append("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    // When
    String answers = api.raw(text.toString());

    // Then
    List<String> order = new ArrayList<>();
    for (int at = answers.indexOf("run=none"); at >= 0; at = answers.indexOf("run=none", at + 1)) {
      order.add(answers.substring(at + 8, answers.indexOf(';', at)));
    }
    assertThat(order).hasSize(50).first().isEqualTo("0");
    assertThat(order.get(49)).isEqualTo("49");
    assertThat(answers).endsWith("{\"status\":\"up\"}");
  }

  @Test
  void service_thatDoesNotAnswer_isUnavailable() throws Exception {
    api.runs().fallSilent();

    HttpResponse<String> answer = api.get("/v1/runs/r1");
    HttpResponse<String> ready = api.get("/ready");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(json(answer).path("type").asText()).endsWith("unavailable");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(ready.statusCode()).isEqualTo(503);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET /v1/runs/r1 HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n{",
      })
  void connections_farTooMany_keepNobodyOut(String sent) throws Exception {
    // Given
    List<Socket> idle = new ArrayList<>();
    try (Socket known = api.socket()) {
      assertThat(exchange(known)).startsWith("HTTP/1.1 200");
      for (int i = 0; i < 4 * CONNECTIONS; i++) {
        Socket socket = api.socket();
        idle.add(socket);
        write(socket, sent);
      }

      // When
      HttpResponse<String> answer = api.get("/v1/runs/r1");
      HttpResponse<String> health = api.send(api.anonymous("/health"));

      // Then
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(health.statusCode()).isEqualTo(200);
      assertThat(read(idle.get(0).getInputStream())).doesNotContain("HTTP/1.1 5");
      assertThat(metric("espalier_http_connections")).isLessThanOrEqualTo(2 * CONNECTIONS);
      // An answer before the end of the request's body is the last of its connection anyway.
      assertThat(sent.startsWith("POST") || metric("espalier_http_connections_ended_total") > 0)
          .isTrue();
      assertThat(exchange(known)).startsWith("HTTP/1.1 200");
    } finally {
      for (Socket each : idle) {
        each.close();
      }
    }
  }

  private double metric(String name) throws Exception {
    return api.get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  /** Sends a request with a token, and returns its answer; the connection stays open. */
  private String exchange(Socket socket) throws IOException {
    write(
        socket,
        "GET /v1/runs/r1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(api.operate()));
    InputStream in = socket.getInputStream();
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      text.append((char) in.read());
    }
    String head = text.toString();
    int at = head.indexOf("Content-Length: ") + "Content-Length: ".length();
    in.readNBytes(Integer.parseInt(head.substring(at, head.indexOf('\r', at))));
    return head;
  }

  private String head(String line, String header) {
    return "%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n%s\r\n\r\n"
        .formatted(line, api.operate(), header);
  }

  /** Sends while the other side takes it, and returns the answer so far. */
  private String sendAll(String text) throws IOException {
    try (Socket socket = api.socket()) {
      OutputStream out = socket.getOutputStream();
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      try {
        out.write(bytes);
      } catch (SocketException e) {
        assertThat(e).hasMessageNotContaining("timed out");
      }
      return read(socket.getInputStream());
    }
  }

  /** Sends a byte now and then until the other side answers or closes, and returns the answer. */
  private static String drip(Socket socket, String drop, Duration pause) throws Exception {
    InputStream in = socket.getInputStream();
    try {
      while (in.available() == 0) {
        Thread.sleep(pause.toMillis());
        write(socket, drop);
      }
    } catch (SocketException e) {
      return read(in);
    }
    return read(in);
  }

  private static String read(InputStream in) throws IOException {
    var text = new StringBuilder();
    try {
      for (int each = in.read(); each >= 0; each = in.read()) {
        text.append((char) each);
      }
    } catch (SocketException e) {
      // Reset: what came before it is there.
      return text.toString();
    }
    return text.toString();
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }
}
