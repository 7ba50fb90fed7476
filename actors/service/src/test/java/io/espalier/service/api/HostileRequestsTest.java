package io.espalier.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Requests that parsers read differently, byte by byte, before an API that really listens. */
final class HostileRequestsTest {
  private static final String NEXT =
      "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  @TempDir private Path directory;
  private ApiFixture api;

  @BeforeEach
  void start() throws Exception {
    api = ApiFixture.start(directory);
  }

  @AfterEach
  void stop() throws Exception {
    assertThat(api.get("/health").statusCode()).isEqualTo(200);
    api.close();
  }

  /** A second request stands behind each: it must not be seen. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding:\r\n chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding:\r\n\tchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Content-Length: 5\r\nTransfer-Encoding:\r\n chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Content-Length:\r\n 2\r\n\r\n{}",
        "X-Note: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
        "X-Note: a\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Content-Length: 2\n\r\n{}",
        "Content-Length: 2\r\n\n{}",
        "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        "Content-Length: +2\r\n\r\n{}",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2 \r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2;a\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: y\n\r\n",
      })
  void body_whoseLengthCanBeReadTwice_is400_andEndsTheConnection(String rest) throws Exception {
    String answer =
        api.raw(
            "POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n%s%s"
                .formatted(api.operate(), rest, NEXT));

    assertThat(answer)
        .startsWith("HTTP/1.1 400")
        .contains("application/problem+json", "Connection: close")
        .doesNotContain("{\"status\":\"up\"}");
    assertThat(answer.split("HTTP/1.1", -1)).as(answer).hasSize(2);
    assertThat(api.runs().submissions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /health HTTP/1.1\nHost: localhost\n\n",
        "GET /health HTTP/1.1\r\nHost: localhost\n\r\n",
        "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Note: a\r\n b\r\n\r\n",
        "POST /v1/runs HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      })
  void head_thatBreaksTheGrammar_is400_whichNamesTheRule(String head) throws Exception {
    String answer = api.raw(head + NEXT);

    assertThat(answer)
        .startsWith("HTTP/1.1 400")
        .contains("lines end with CR LF", "Connection: close")
        .doesNotContain("{\"status\":\"up\"}");
  }

  @Test
  void failure_thatIsNotForeseen_is500_andItsCauseIsInTheMessageOfTheLog() throws Exception {
    Logger log = (Logger) LoggerFactory.getLogger("io.espalier.service.http.RequestHandler");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    log.addAppender(lines);
    api.runs().failWith(new IllegalStateException("the shelf is empty"));

    HttpResponse<String> answer = api.get("/v1/runs/r1");

    log.detachAppender(lines);
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("shelf");
    assertThat(lines.list)
        .singleElement()
        .satisfies(
            line ->
                assertThat(line.getFormattedMessage())
                    .contains("route=/v1/runs/{run}", "cause=java.lang.IllegalStateException")
                    .contains("the shelf is empty"));
  }

  @Test
  void requests_withBodies_inOneGo_areAllAnswered() throws Exception {
    String head =
        "POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
            .formatted(api.operate());

    String answer =
        api.raw(
            head
                + "Content-Length: 2\r\n\r\n{}"
                + head
                + "transfer-encoding: Chunked\r\n\r\n1\r\n{\r\n01\r\n}\r\n0\r\nX-Trailer: y\r\n\r\n"
                + NEXT);

    assertThat(answer.split("HTTP/1.1 422|HTTP/1.1 400", -1)).as(answer).hasSize(3);
    assertThat(answer).endsWith("{\"status\":\"up\"}");
  }
}
