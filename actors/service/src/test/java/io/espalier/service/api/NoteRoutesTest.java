package io.espalier.service.api;

import static io.espalier.service.api.ApiFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class NoteRoutesTest {
  private static final String NOTES =
      "{\"note\":\"warm-up too short\",\"tags\":[\"mine\"],\"archived\":true}";

  @TempDir private Path directory;
  private ApiFixture api;

  @BeforeEach
  void start() throws Exception {
    api = ApiFixture.start(directory);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private HttpResponse<String> put(String token, String body) throws Exception {
    return api.send(
        api.anonymous("/v1/runs/r1/notes")
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body)));
  }

  @Test
  void notes_written_areReadByAllWhoMayLook() throws Exception {
    HttpResponse<String> written = put(api.operate(), NOTES);

    HttpResponse<String> read =
        api.send(
            api.anonymous("/v1/runs/r1/notes").header("Authorization", "Bearer " + api.read()));

    assertThat(written.statusCode()).isEqualTo(200);
    assertThat(json(read).toString()).isEqualTo(NOTES);
  }

  @Test
  void notes_writtenByAReader_areRefused() throws Exception {
    assertThat(put(api.read(), NOTES).statusCode()).isEqualTo(403);

    assertThat(json(api.get("/v1/runs/r1/notes")).path("note").asText()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"note\":7} | notes must be",
        "{\"tags\":[7]} | a tag must be a text",
        "{\"tags\":[\"\"]} | 1 to 40 characters",
        "{\"deleted\":true} | deleted"
      })
  void notes_thatBreakARule_areRefusedWithIt(String body, String rule) throws Exception {
    HttpResponse<String> answer = put(api.operate(), body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(rule);
  }
}
