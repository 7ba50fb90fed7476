package io.espalier.service.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.service.RunState;
import io.espalier.service.api.ApiFixture;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a run, from the API as it is and from one that breaks. */
class FileDownloadTest {
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final String PATH = "GET /v1/runs/pear/artifacts/model.safetensors";

  @TempDir private Path directory;
  private final byte[] model = new byte[300_000];
  private final List<String> ranges = new CopyOnWriteArrayList<>();
  private Path out;
  private Path stored;
  private ApiFixture api;

  @BeforeEach
  void start() throws IOException {
    new SplittableRandom(11).nextBytes(model);
    out = Files.createDirectory(directory.resolve("out"));
    api = ApiFixture.start(directory.resolve("service"));
    api.runs().put("pear", RunState.FINISHED);
    Path run = Files.createDirectories(api.runs().directory("pear"));
    stored = Files.write(run.resolve("model.safetensors"), model);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void file_isListed_fetchedWhole_andNotFetchedTwice() throws Exception {
    List<RunFile> files = client().files("pear").value();

    assertThat(files).containsExactly(new RunFile("model.safetensors", 300_000));
    assertThat(client().fetch("pear", files.get(0), out, false)).isTrue();
    assertThat(client().fetch("pear", files.get(0), out, false)).isFalse();
    assertThat(out).isDirectoryContaining(file -> hasContent(file, model));
    assertThat(names()).containsExactly("model.safetensors");
  }

  @Test
  void part_ofTheSameVersion_isCompleted() throws Exception {
    leave(Arrays.copyOf(model, 100_000), tag());
    FileTime before = Files.getLastModifiedTime(stored);

    assertThat(client().fetch("pear", file(), out, false)).isTrue();

    assertThat(names()).containsExactly("model.safetensors");
    assertThat(Files.readAllBytes(out.resolve("model.safetensors"))).isEqualTo(model);
    assertThat(Files.getLastModifiedTime(stored)).isEqualTo(before);
  }

  @Test
  void part_ofAnotherVersion_isFetchedFromItsBeginning() throws Exception {
    leave(new byte[100_000], "\"1-2\"");

    assertThat(client().fetch("pear", file(), out, false)).isTrue();

    assertThat(Files.readAllBytes(out.resolve("model.safetensors"))).isEqualTo(model);
    assertThat(names()).containsExactly("model.safetensors");
  }

  @Test
  void part_thatIsWholeButWrong_isNeverTaken() throws Exception {
    leave(new byte[300_000], tag());

    assertThat(client().fetch("pear", file(), out, false)).isTrue();

    assertThat(Files.readAllBytes(out.resolve("model.safetensors"))).isEqualTo(model);
  }

  @Test
  void otherFile_isReplacedOnRequestOnly() throws Exception {
    Path mine = Files.writeString(out.resolve("model.safetensors"), "mine");

    assertThatThrownBy(() -> client().fetch("pear", file(), out, false))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("--force");
    assertThat(mine).hasContent("mine");

    assertThat(client().fetch("pear", file(), out, true)).isTrue();
    assertThat(Files.readAllBytes(mine)).isEqualTo(model);
  }

  @Test
  void brokenConnection_isTakenUpWhereItBroke_andAWrongByteIsNoticed() throws Exception {
    byte[] bytes = {1, 2, 3, 4, 5, 6};
    byte[] wrong = {9, 9, 9};
    try (ScriptedService service =
        ScriptedService.start()
            .on(
                PATH,
                file(200, bytes, Arrays.copyOf(bytes, 3), 6),
                file(206, bytes, wrong, 3),
                file(200, bytes, bytes, 6))) {
      assertThat(client(service.address()).fetch("pear", file(), out, false)).isTrue();
    }
    assertThat(ranges).containsExactly("all", "bytes=3-", "all");
    assertThat(Files.readAllBytes(out.resolve("model.safetensors"))).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../model", "/etc/passwd", ".hidden", "", "a/b", "a\\b"})
  void namesOutsideOfTheDirectory_areRefused(String name) {
    try (ScriptedService service = ScriptedService.start()) {
      service.on(
          "GET /v1/runs/pear/artifacts",
          ScriptedService.json(
              200, "[{\"name\":\"%s\",\"bytes\":1}]".formatted(name.replace("\\", "\\\\"))));

      assertThatThrownBy(() -> client(service.address()).files("pear"))
          .isInstanceOf(ServiceException.class);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private ScriptedService.Reply file(int status, byte[] whole, byte[] sent, int length) {
    return exchange -> {
      ranges.add(exchange.getRequestHeaders().getOrDefault("Range", List.of("all")).get(0));
      if (status == 206) {
        exchange.getResponseHeaders().set("Content-Range", "bytes 3-5/6");
      }
      exchange.getResponseHeaders().set("ETag", "\"6-1\"");
      exchange
          .getResponseHeaders()
          .set(
              "Repr-Digest",
              "sha-256=:%s:"
                  .formatted(
                      Base64.getEncoder()
                          .encodeToString(HexFormat.of().parseHex(Sha256.ofBytes(whole)))));
      exchange.sendResponseHeaders(status, length);
      exchange.getResponseBody().write(sent);
      exchange.getResponseBody().flush();
    };
  }

  private static RunFile file() {
    return new RunFile("model.safetensors", 300_000);
  }

  private String tag() throws Exception {
    return api.get("/v1/runs/pear/artifacts/model.safetensors")
        .headers()
        .firstValue("ETag")
        .orElseThrow();
  }

  private void leave(byte[] part, String tag) throws IOException {
    Files.write(out.resolve("model.safetensors.download"), part);
    Files.write(
        out.resolve("model.safetensors.download.tag"),
        List.of(api.api().uri() + PATH.substring(4), tag));
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(out)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static boolean hasContent(Path file, byte[] bytes) {
    try {
      return Arrays.equals(Files.readAllBytes(file), bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private ServiceClient client() throws IOException {
    return client(api.api().uri());
  }

  private ServiceClient client(URI server) throws IOException {
    return ServiceClient.of(
        new ServiceAccess(server, Optional.of(api.read()), Optional.empty()), SHORT);
  }
}
