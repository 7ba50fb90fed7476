package io.espalier.configs.download;

import static io.espalier.configs.download.ScriptedServer.broken;
import static io.espalier.configs.download.ScriptedServer.file;
import static io.espalier.configs.download.ScriptedServer.head;
import static io.espalier.configs.download.ScriptedServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.fault.Backoff;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DownloadTest {
  private static final String PATH = "/data/file";
  private static final DownloadLimits PATIENT =
      new DownloadLimits(100_000, Duration.ofSeconds(20), 1, 3);
  private static final DownloadLimits IMPATIENT =
      new DownloadLimits(100_000, Duration.ofMillis(400), 50, 3);

  private final ScriptedServer server = new ScriptedServer();
  private final byte[] content = new byte[90_000];
  private final String length = "Content-Length: " + content.length;
  private final List<Refusal> refusals = new ArrayList<>();
  @TempDir Path directory;

  DownloadTest() {
    new Random(5).nextBytes(content);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private record Refusal(int status, HttpHeaders headers, String text) {}

  /** Takes any file, follows redirects, and tries again after a status of 500 or more. */
  private class Taking implements Download.Source {
    @Override
    public Optional<URI> elsewhere(HttpResponse<?> answer, String text, int redirects)
        throws IOException {
      refusals.add(new Refusal(answer.statusCode(), answer.headers(), text));
      if (answer.statusCode() >= 500) {
        throw new IOException("status " + answer.statusCode());
      }
      return answer.headers().firstValue("Location").map(answer.uri()::resolve);
    }
  }

  private Path target() {
    return directory.resolve("file");
  }

  private boolean fetch() throws IOException, InterruptedException {
    return fetch(new Taking(), PATIENT);
  }

  private boolean fetch(Download.Source source, DownloadLimits limits)
      throws IOException, InterruptedException {
    Download download =
        new Download(
            HttpClient.newHttpClient(),
            HttpRequest.newBuilder(server.url().resolve("file")).build(),
            target(),
            source,
            limits,
            Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(1)));
    Optional<PartFile> part = download.fetch();
    if (part.isPresent()) {
      part.get().keep();
    }
    return part.isPresent();
  }

  private AbstractThrowableAssert<?, ?> assertIncomplete(DownloadLimits limits) {
    return assertThatThrownBy(() -> fetch(new Taking(), limits))
        .isInstanceOf(Download.IncompleteException.class);
  }

  private void assertOnlyTheFile() throws IOException {
    assertThat(target()).hasBinaryContent(content);
    assertThat(names()).containsExactly("file");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private List<String> ranges() {
    return server.requests().stream()
        .map(request -> request.headers().getOrDefault("range", "all"))
        .toList();
  }

  private void leave(byte[] part, String tag) throws IOException {
    Files.write(directory.resolve("file.download"), part);
    Files.write(
        directory.resolve("file.download.tag"),
        List.of(server.url().resolve("file").toString(), tag));
  }

  @Test
  void fetch_olderTarget_isReplacedOnceTheNewIsWhole() throws Exception {
    Files.write(target(), new byte[9]);
    server.on(PATH, file(content));

    assertThat(fetch()).isTrue();

    assertOnlyTheFile();
  }

  @Test
  void fetch_brokenInTheMiddle_asksForTheRest() throws Exception {
    server.on(PATH, broken(content, 60_000, "ETag: \"v1\"", length), file(content));

    assertThat(fetch()).isTrue();

    assertOnlyTheFile();
    assertThat(ranges()).containsExactly("all", "bytes=60000-");
    assertThat(server.requests().get(1).headers()).containsEntry("if-range", "\"v1\"");
  }

  @Test
  void fetch_brokenForThisProcess_isContinuedByTheNext() throws Exception {
    server.on(
        PATH,
        broken(content, 50_000, "ETag: \"v1\"", length),
        status("503 Service Unavailable"),
        status("503 Service Unavailable"),
        status("503 Service Unavailable"),
        file(content));

    assertIncomplete(PATIENT)
        .hasMessage("bytes=50000, attempts that brought nothing=3, last failure: status 503");
    assertThat(names()).containsExactly("file.download", "file.download.tag");
    assertThat(fetch()).isTrue();

    assertOnlyTheFile();
    assertThat(ranges()).endsWith("bytes=50000-", "bytes=50000-");
  }

  @Test
  void fetch_fileChangedSinceTheBreak_startsAgain() throws Exception {
    server.on(PATH, broken(new byte[60_000], 60_000, "ETag: \"v0\"", length), file(content));

    assertThat(fetch()).isTrue();

    assertOnlyTheFile();
    assertThat(ranges()).containsExactly("all", "bytes=60000-");
  }

  @Test
  void fetch_partOfAnotherAddress_isNotContinued() throws Exception {
    leave(new byte[60_000], "\"v1\"");
    Files.write(
        directory.resolve("file.download.tag"), List.of("http://host.invalid/file", "\"v1\""));
    server.on(PATH, file(content));

    assertThat(fetch()).isTrue();

    assertOnlyTheFile();
    assertThat(ranges()).containsExactly("all");
  }

  @Test
  void fetch_serverIgnoresRanges_startsAgain() throws Exception {
    String[] headers = {"ETag: \"v1\"", length};
    server.on(PATH, broken(content, 60_000, headers), broken(content, content.length, headers));

    assertThat(fetch()).isTrue();

    assertOnlyTheFile();
  }

  @Test
  void fetch_noValidatorOrAWeakOne_asksForAllOfIt() throws Exception {
    server.on(
        PATH,
        broken(content, 60_000, length),
        broken(content, 70_000, length, "ETag: W/\"v1\""),
        file(content));

    assertThat(fetch()).isTrue();

    assertOnlyTheFile();
    assertThat(ranges()).containsExactly("all", "all", "all");
  }

  @Test
  void fetch_anotherRangeThanAskedFor_startsAgain() throws Exception {
    server.on(
        PATH,
        broken(content, 60_000, "ETag: \"v1\"", length),
        (request, out) -> {
          head(out, "206 Partial Content", "Content-Range: bytes 59999-60000/90000");
          out.write(content, 59_999, 2);
        },
        file(content));

    assertThat(fetch()).isTrue();

    assertOnlyTheFile();
    assertThat(ranges()).containsExactly("all", "bytes=60000-", "all");
  }

  @Test
  void fetch_aShorterRangeThanAskedFor_asksForTheRest() throws Exception {
    server.on(
        PATH,
        broken(content, 60_000, "ETag: \"v1\"", length),
        (request, out) -> {
          head(out, "206 Partial Content", "Content-Range: bytes 60000-60009/90000");
          out.write(content, 60_000, 10);
        },
        file(content));

    assertThat(fetch()).isTrue();

    assertOnlyTheFile();
    assertThat(ranges()).containsExactly("all", "bytes=60000-", "bytes=60010-");
  }

  @Test
  void fetch_wholeFileLeftByAKilledProcess_isNotFetchedAgain() throws Exception {
    leave(content, "\"v1\"");
    server.on(PATH, status("416 Range Not Satisfiable", "Content-Range: bytes */90000"));

    assertThat(fetch()).isTrue();

    assertOnlyTheFile();
    assertThat(ranges()).containsExactly("bytes=90000-");
  }

  @Test
  void fetch_partLongerThanTheFile_startsAgain() throws Exception {
    leave(new byte[95_000], "\"v1\"");
    server.on(
        PATH, status("416 Range Not Satisfiable", "Content-Range: bytes */90000"), file(content));

    assertThat(fetch()).isTrue();

    assertOnlyTheFile();
    assertThat(ranges()).containsExactly("bytes=95000-", "all");
  }

  @Test
  void fetch_damagedOnItsWay_startsAgain() throws Exception {
    server.on(PATH, broken(new byte[content.length], content.length, length), file(content));

    boolean fetched =
        fetch(
            new Taking() {
              @Override
              public boolean isIntact(Path file, HttpHeaders headers) throws IOException {
                return Arrays.equals(Files.readAllBytes(file), content);
              }
            },
            PATIENT);

    assertThat(fetched).isTrue();
    assertOnlyTheFile();
    assertThat(ranges()).containsExactly("all", "all");
  }

  @Test
  void fetch_notWanted_leavesNothing() throws Exception {
    leave(new byte[60_000], "\"v0\"");
    server.on(PATH, file(content));

    boolean fetched =
        fetch(
            new Taking() {
              @Override
              public boolean isWanted(HttpHeaders headers) {
                return headers.firstValue("ETag").isEmpty();
              }
            },
            PATIENT);

    assertThat(fetched).isFalse();
    assertThat(names()).isEmpty();
  }

  @Test
  void fetch_refused_passesTheAnswerOn() throws Exception {
    server.on(
        PATH,
        (request, out) -> {
          head(out, "403 Forbidden", "X-Why: closed");
          out.write(new byte[] {'n', 'o'});
        });

    assertThat(fetch()).isFalse();

    assertThat(refusals)
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.status()).isEqualTo(403);
              assertThat(refusal.text()).isEqualTo("no");
              assertThat(refusal.headers().firstValue("X-Why")).contains("closed");
            });
    assertThat(names()).isEmpty();
  }

  @Test
  void fetch_refusedWithoutEnd_readsTheBeginningOnly() throws Exception {
    server.on(
        PATH,
        (request, out) -> {
          head(out, "403 Forbidden");
          while (true) {
            out.write(content);
          }
        });

    assertThat(fetch()).isFalse();

    assertThat(refusals.get(0).text()).hasSizeLessThanOrEqualTo(1 << 16);
  }

  @Test
  void fetch_redirected_isKeptUnderTheFirstAddress() throws Exception {
    server
        .on(PATH, status("302 Found", "Location: /there"))
        .on("/there", broken(content, 60_000, "ETag: \"v1\"", length), file(content));

    assertThat(fetch()).isTrue();

    assertOnlyTheFile();
    assertThat(ranges()).endsWith("bytes=60000-", "bytes=60000-");
  }

  @Test
  void fetch_lengthAnnouncedTooLong_namesWhatArrived() {
    server.on(PATH, broken(content, content.length, "Content-Length: 90010"));

    assertIncomplete(PATIENT).hasMessageStartingWith("bytes=90000, ");
  }

  @Test
  void fetch_tooLongByItsHeader_isRefusedUnread() throws IOException {
    server.on(PATH, broken(content, 100, "Content-Length: 100001"));

    assertThatThrownBy(this::fetch).isInstanceOf(Download.TooLongException.class);
    assertThat(names()).isEmpty();
  }

  @Test
  void fetch_endlessBody_endsAtTheLimit() throws IOException {
    server.on(
        PATH,
        (request, out) -> {
          head(out, "200 OK");
          while (true) {
            out.write(content);
          }
        });

    assertThatThrownBy(this::fetch).isInstanceOf(Download.TooLongException.class);
    assertThat(names()).isEmpty();
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void fetch_placeThatCannotBeWritten_isNamedAndNotTriedAgain() throws IOException {
    Files.createDirectories(directory.resolve("file.download").resolve("taken"));
    server.on(PATH, file(content));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("file.download");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void fetch_serverDrips_isAStallAndNamesTheWindow() {
    server.on(
        PATH,
        (request, out) -> {
          head(out, "200 OK", length);
          for (byte each : content) {
            out.write(each);
            out.flush();
            Thread.sleep(20);
          }
        });

    assertIncomplete(IMPATIENT)
        .hasMessageContaining("the server stalled")
        .hasMessageContaining("in 400 ms, less than 50");
  }

  @Test
  void fetch_serverSaysNothing_isAStall() {
    server.on(PATH, (request, out) -> Thread.sleep(10_000));

    assertIncomplete(IMPATIENT).hasMessageContaining("the server stalled: it sent 0 bytes");
  }

  @Test
  void fetch_interrupted_endsAndKeepsWhatArrived() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    server.on(
        PATH,
        (request, out) -> {
          head(out, "200 OK", "ETag: \"v1\"", length);
          out.write(content, 0, 1000);
          out.flush();
          end.await();
        });
    Thread fetching = Thread.currentThread();
    Taking interrupting =
        new Taking() {
          @Override
          public void progressed(long bytes, OptionalLong total) {
            if (bytes == 1000 && total.equals(OptionalLong.of(content.length))) {
              fetching.interrupt();
            }
          }
        };

    assertThatThrownBy(() -> fetch(interrupting, PATIENT)).isInstanceOf(InterruptedException.class);

    end.countDown();
    assertThat(directory.resolve("file.download")).hasSize(1000);
    server.on(PATH, file(content));
    assertThat(fetch()).isTrue();
    assertOnlyTheFile();
    assertThat(ranges()).containsExactly("all", "bytes=1000-");
  }
}
