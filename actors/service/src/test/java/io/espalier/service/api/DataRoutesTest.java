package io.espalier.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.RunState;
import io.espalier.service.http.HttpSettings.Times;
import io.espalier.trainer.file.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DataRoutesTest {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final byte[] TABLE = "x,y\n1,a\n2,b\n".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;
  private ApiFixture api;
  private Path data;

  @BeforeEach
  void start() throws IOException {
    Times times = Times.DEFAULT;
    api =
        ApiFixture.start(
            directory,
            settings ->
                settings.withTimes(
                    new Times(
                        times.first(),
                        times.head(),
                        SHORT,
                        SHORT,
                        times.idle(),
                        times.look(),
                        times.heartbeat(),
                        times.end())));
    data = directory.resolve("data");
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void file_isStored_listedAndDeleted() throws Exception {
    HttpResponse<String> stored = put("table.csv?sha256=" + Sha256.ofBytes(TABLE), TABLE);

    assertThat(stored.statusCode()).as(stored.body()).isEqualTo(201);
    assertThat(ApiFixture.json(stored).toString())
        .isEqualTo(
            "{\"name\":\"table.csv\",\"kind\":\"file\",\"files\":1,\"bytes\":12,\"sha256\":\"%s\",\"uploaded\":\"1970-01-01T00:00:00Z\",\"by\":\"manager\",\"owner\":\"manager\",\"project\":\"default\"}"
                .formatted(Sha256.ofBytes(TABLE)));
    assertThat(data.resolve("table.csv")).hasBinaryContent(TABLE);
    assertThat(ApiFixture.json(api.get("/v1/data"))).containsExactly(ApiFixture.json(stored));
    assertThat(ApiFixture.json(api.get("/v1/data/table.csv"))).isEqualTo(ApiFixture.json(stored));
    assertThat(delete("table.csv").statusCode()).isEqualTo(204);
    assertThat(ApiFixture.json(api.get("/v1/data"))).isEmpty();
    assertThat(files()).isEmpty();
  }

  @Test
  void folder_isUnpacked_withTheDigestOfItsSums() throws Exception {
    byte[] zip = zip(Map.of("train/a.csv", "1", "b.csv", "2"));
    String sums = sha256("2") + "  b.csv\n" + sha256("1") + "  train/a.csv\n";

    HttpResponse<String> stored = zip("set?sha256=" + Sha256.ofText(sums), zip);

    assertThat(stored.statusCode()).as(stored.body()).isEqualTo(201);
    assertThat(data.resolve("set/train/a.csv")).hasContent("1");
    assertThat(data.resolve("set/b.csv")).hasContent("2");
    assertThat(ApiFixture.json(stored).path("files").asInt()).isEqualTo(2);
    assertThat(delete("set").statusCode()).isEqualTo(204);
    assertThat(files()).isEmpty();
  }

  @Test
  void sameUpload_again_changesNothing_another_isRefused() throws Exception {
    String same = "table.csv?sha256=" + Sha256.ofBytes(TABLE);
    put(same, TABLE);

    assertThat(put(same, TABLE).statusCode()).isEqualTo(200);
    assertRefused(put("table.csv", new byte[] {1}), 409, "data-exists");
    assertThat(data.resolve("table.csv")).hasBinaryContent(TABLE);
  }

  @Test
  void fileOfTheOperator_isNeitherReplacedNorDeleted() throws Exception {
    Files.write(data.resolve("own.csv"), TABLE);

    assertRefused(put("own.csv", new byte[] {1}), 409, "data-exists");
    assertRefused(delete("own.csv"), 404, "no-such-data");
    assertThat(data.resolve("own.csv")).hasBinaryContent(TABLE);
  }

  @Test
  void wrongDigest_leavesNothing() throws Exception {
    assertRefused(put("table.csv?sha256=" + sha256("other"), TABLE), 422, "invalid-data");

    assertThat(files()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../out", "/etc/out", "a/../../out", "a//b", "a\\b", "a\nb", "./a", "a/./b", ""})
  void folder_withAPathThatLeadsOut_leavesNothing(String path) throws Exception {
    HttpResponse<String> answer = zip("set", zip(Map.of(path, "1", "fine", "2")));

    assertRefused(answer, 422, "invalid-data");
    assertThat(files()).isEmpty();
    assertThat(directory.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {".hidden", "..", "a%2Fb", "a%20b", "%0A"})
  void name_thatIsNone_isRefused(String name) throws Exception {
    HttpResponse<String> answer = put(name, TABLE);

    assertThat(answer.statusCode()).isBetween(400, 499);
    assertThat(files()).isEmpty();
  }

  @Test
  void folder_thatIsNoArchive_orEmpty_orTooLargeUnpacked_leavesNothing() throws Exception {
    String large = "0".repeat((int) ApiFixture.LARGEST_DATA + 1);

    assertRefused(zip("set", TABLE), 422, "invalid-data");
    assertRefused(zip("set", zip(Map.of())), 422, "invalid-data");
    assertRefused(zip("set", zip(Map.of("large", large))), 413, "too-large");
    assertThat(files()).isEmpty();
  }

  @Test
  void folder_withNamesThatAreNotUtf8_isRefused_andLeavesNothing() throws Exception {
    HttpResponse<String> answer = zip("set", latin(Map.of("a.csv", "1", "größe.csv", "2")));

    assertRefused(answer, 422, "invalid-data");
    assertThat(answer.body()).contains("must be UTF-8", "nothing of the upload is kept");
    assertThat(files()).isEmpty();
    assertThat(api.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void folder_ofTooManyFilesOrFolders_isRefused_andLeavesNothing() throws Exception {
    for (String ending : List.of("", "/")) {
      HttpResponse<String> answer = zip("set", zip(50_000, ending));

      assertRefused(answer, 422, "invalid-data");
      assertThat(answer.body()).contains("at most 20,000 files and folders", "found=20,001");
      assertThat(files()).isEmpty();
      assertThat(api.get("/health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void limitOfAll_isKept_alsoForWhatIsAnnounced() throws Exception {
    byte[] most = new byte[(int) ApiFixture.LARGEST_DATA];
    put("one", most);
    put("two", most);

    assertRefused(put("three", TABLE), 507, "no-room");
    assertRefused(put("three?bytes=12", TABLE), 507, "no-room");
    assertRefused(put("three?bytes=" + (most.length + 1), TABLE), 413, "too-large");
    delete("one");
    assertThat(put("three", TABLE).statusCode()).isEqualTo(201);
  }

  @Test
  void directoryThatCannotBeWritten_isNamed() throws Exception {
    Files.createFile(data.resolve(".espalier"));

    HttpResponse<String> answer = put("table.csv", TABLE);

    assertRefused(answer, 507, "no-room");
    assertThat(answer.body())
        .contains("directory=" + data)
        .contains("nothing of the upload is kept");
  }

  @Test
  void bodyThatMoves_mayTakeLongerThanAnyOther_oneThatStops_isCut() throws Exception {
    try (Socket slow = api.socket()) {
      begin(slow, "slow.csv", TABLE.length);
      for (byte each : TABLE) {
        slow.getOutputStream().write(each);
        slow.getOutputStream().flush();
        Thread.sleep(SHORT.toMillis() / 3);
      }
      assertThat(firstLine(slow)).startsWith("HTTP/1.1 201");
    }
    try (Socket stopped = api.socket()) {
      begin(stopped, "stopped.csv", TABLE.length);
      stopped.getOutputStream().write('x');
      stopped.getOutputStream().flush();
      assertThat(firstLine(stopped)).startsWith("HTTP/1.1 408");
    }
    assertThat(files()).containsExactlyInAnyOrder("slow.csv", ".espalier/slow.csv.json");
  }

  @Test
  void clientThatGoes_leavesNothing_andTheNameIsFree() throws Exception {
    try (Socket gone = api.socket()) {
      begin(gone, "table.csv", TABLE.length);
      gone.getOutputStream().write(TABLE, 0, 3);
      gone.getOutputStream().flush();
    }
    HttpResponse<String> answer = put("table.csv", TABLE);
    while (answer.statusCode() == 409) {
      Thread.sleep(20);
      answer = put("table.csv", TABLE);
    }

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(files()).containsExactlyInAnyOrder("table.csv", ".espalier/table.csv.json");
  }

  @Test
  void dataSet_ofAnUnfinishedRun_isKept() throws Exception {
    put("table.csv", TABLE);
    api.runs().put("r1", RunState.RUNNING);
    api.runs().use(data.toRealPath().resolve("table.csv"), "r1");

    HttpResponse<String> answer = delete("table.csv");

    assertRefused(answer, 409, "data-in-use");
    assertThat(answer.body()).contains("runs=r1");
    assertThat(data.resolve("table.csv")).hasBinaryContent(TABLE);
  }

  @Test
  void tokenThatMaySubmit_mayNotUpload_norDelete() throws Exception {
    HttpRequest.Builder upload =
        api.request("/v1/data/table.csv")
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(TABLE));

    assertRefused(api.send(upload), 403, "forbidden");
    assertRefused(api.send(api.request("/v1/data/table.csv").DELETE()), 403, "forbidden");
    assertThat(files()).isEmpty();
  }

  private void begin(Socket socket, String name, int bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(
        "PUT /v1/data/%s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n"
            .formatted(name, api.manage(), bytes)
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static String firstLine(Socket socket) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int each = socket.getInputStream().read(); each >= 0 && each != '\n'; ) {
      line.write(each);
      each = socket.getInputStream().read();
    }
    return line.toString(StandardCharsets.US_ASCII);
  }

  private HttpResponse<String> put(String path, byte[] body) throws Exception {
    return send(path, "application/octet-stream", body);
  }

  private HttpResponse<String> zip(String path, byte[] body) throws Exception {
    return send(path, "application/zip", body);
  }

  private HttpResponse<String> send(String path, String type, byte[] body) throws Exception {
    return api.send(
        api.anonymous("/v1/data/" + path)
            .header("Authorization", "Bearer " + api.manage())
            .header("Content-Type", type)
            .PUT(BodyPublishers.ofByteArray(body)));
  }

  private HttpResponse<String> delete(String name) throws Exception {
    return api.send(
        api.anonymous("/v1/data/" + name)
            .header("Authorization", "Bearer " + api.manage())
            .DELETE());
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String kind)
      throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(ApiFixture.json(answer).path("type").asText())
        .isEqualTo("urn:espalier:problem:" + kind);
  }

  /** Files of the data directory, without folders. */
  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      return all.filter(Files::isRegularFile)
          .map(each -> data.relativize(each).toString())
          .toList();
    }
  }

  private static byte[] zip(int entries, String ending) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < entries; i++) {
        zip.putNextEntry(new ZipEntry(i + ending));
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] zip(Map<String, String> files) throws IOException {
    return zip(files, StandardCharsets.UTF_8);
  }

  private static byte[] latin(Map<String, String> files) throws IOException {
    return zip(files, StandardCharsets.ISO_8859_1);
  }

  private static byte[] zip(Map<String, String> files, Charset names) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, names)) {
      for (var file : new TreeMap<>(files).entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private static String sha256(String text) {
    return Sha256.ofText(text);
  }
}
