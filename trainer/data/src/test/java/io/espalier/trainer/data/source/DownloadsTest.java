package io.espalier.trainer.data.source;

import static io.espalier.configs.download.ScriptedServer.broken;
import static io.espalier.configs.download.ScriptedServer.file;
import static io.espalier.configs.download.ScriptedServer.head;
import static io.espalier.configs.download.ScriptedServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MirrorConfig;
import io.espalier.configs.download.DownloadLimits;
import io.espalier.configs.download.ScriptedServer;
import io.espalier.configs.download.ScriptedServer.Request;
import io.espalier.trainer.data.IdxBytes;
import io.espalier.trainer.data.source.DataHome.DataListener;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DownloadsTest {
  private static final String PACKED = "/data/images.gz";
  private static final String PLAIN = "/data/images";
  private static final int LIMIT = 200_000;
  private static final DownloadLimits PATIENT =
      new DownloadLimits(LIMIT, Duration.ofSeconds(20), 1, 3);

  private final ScriptedServer server = new ScriptedServer();
  private final byte[] content = content();
  private final byte[] packed = IdxBytes.gzip(content);
  @TempDir Path directory;

  private static byte[] content() {
    byte[] content = new byte[100_000];
    new Random(5).nextBytes(content);
    return content;
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static String sha256(byte[] bytes) {
    MessageDigest digest = Sha256.begin();
    digest.update(bytes);
    return Sha256.hex(digest);
  }

  private void fetch() {
    fetch(DataListener.NONE);
  }

  private void fetch(DataListener listener) {
    new Downloads(PATIENT, Duration.ofMillis(1), listener)
        .fetch(new MirrorConfig(server.url(), false), Map.of("images", sha256(content)), directory);
  }

  private AbstractThrowableAssert<?, ?> assertRefused() {
    return assertThatThrownBy(this::fetch)
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(server.url().toString())
        .hasMessageContaining("data.url");
  }

  private void assertOnlyTheFile() throws IOException {
    assertThat(directory.resolve("images")).hasBinaryContent(content);
    assertThat(names()).containsExactly(".lock", "images");
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

  @Test
  void fetch_packedFile_landsUnpackedAndIsNotFetchedAgain() throws IOException {
    server.on(PACKED, file(packed));

    fetch();
    fetch();

    assertOnlyTheFile();
    assertThat(server.requests()).extracting(Request::path).containsExactly(PACKED);
  }

  @Test
  void fetch_onlyThePlainFileIsThere_takesIt() throws IOException {
    server.on(PLAIN, file(content));

    fetch();

    assertOnlyTheFile();
    assertThat(server.requests()).extracting(Request::path).containsExactly(PACKED, PLAIN);
  }

  @Test
  void fetch_serverUnpacksWhatItCallsPacked_takesTheContent() throws IOException {
    server.on(PACKED, file(content));

    fetch();

    assertOnlyTheFile();
  }

  @Test
  void fetch_existingFileAltered_isReplaced() throws IOException {
    Files.write(directory.resolve("images"), new byte[9]);
    server.on(PACKED, file(packed));

    fetch();

    assertOnlyTheFile();
  }

  @Test
  void fetch_brokenForThisProcess_isContinuedByTheNext() throws IOException {
    String length = "Content-Length: " + packed.length;
    server.on(
        PACKED,
        broken(packed, 50_000, "ETag: \"v1\"", length),
        status("503 Service Unavailable"),
        status("503 Service Unavailable"),
        status("503 Service Unavailable"),
        file(packed));

    assertRefused()
        .hasMessageContaining("bytes=50000, attempts that brought nothing=3")
        .hasMessageContaining("status 503");
    assertThat(names()).containsExactly(".lock", "images.gz.download", "images.gz.download.tag");
    fetch();

    assertOnlyTheFile();
    assertThat(ranges()).endsWith("bytes=50000-", "bytes=50000-");
  }

  @Test
  void fetch_lengthAnnouncedTooShort_isDamagedGzip() throws IOException {
    server.on(PACKED, broken(packed, packed.length, "Content-Length: " + (packed.length - 10)));

    assertRefused().hasMessageContaining("must be an undamaged gzip file, and was removed");
    assertThat(names()).containsExactly(".lock");
  }

  @Test
  void fetch_otherContent_namesBothDigestsAndLeavesNothing() throws IOException {
    byte[] other = Arrays.copyOf(content, 99_999);
    server.on(PACKED, file(IdxBytes.gzip(other)));

    assertRefused()
        .hasMessageContaining("sha256=" + sha256(other))
        .hasMessageContaining("expected=" + sha256(content));
    assertThat(names()).containsExactly(".lock");
  }

  @Test
  void fetch_corruptGzip_saysSo() throws IOException {
    byte[] corrupt = packed.clone();
    corrupt[50_000] ^= 0x55;
    Arrays.fill(corrupt, 60_000, 60_100, (byte) 0);
    server.on(PACKED, file(corrupt));

    assertRefused().hasMessageContaining("and was removed");
    assertThat(names()).containsExactly(".lock");
  }

  @Test
  void fetch_neitherIsThere_namesBoth() {
    assertRefused().hasMessageContaining("must have images.gz or images: neither is there");
  }

  @Test
  void fetch_refusedByTheServer_isNotTriedAgain() {
    server.on(PACKED, status("403 Forbidden"));

    assertRefused().hasMessageContaining("status=403");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void fetch_tooLongByItsHeader_isRefusedUnread() throws IOException {
    server.on(PACKED, broken(packed, 100, "Content-Length: " + (LIMIT + 1)));

    assertRefused().hasMessageContaining("must be at most 200000 bytes");
    assertThat(names()).containsExactly(".lock");
  }

  @Test
  void fetch_fewBytesThatUnpackToTooMany_isRefused() throws IOException {
    server.on(PACKED, file(IdxBytes.gzip(new byte[LIMIT + 1])));

    assertRefused().hasMessageContaining("must be at most 200000 bytes unpacked");
    assertThat(names()).containsExactly(".lock");
  }

  @Test
  void fetch_redirected_followsAFewTimes() throws IOException {
    server.on(PACKED, status("302 Found", "Location: /there")).on("/there", file(packed));
    fetch();
    assertOnlyTheFile();

    Files.delete(directory.resolve("images"));
    server.on(PACKED, status("302 Found", "Location: images.gz"));
    assertRefused().hasMessageContaining("must not redirect more than 5 times");
  }

  @Test
  void fetch_redirectedToPlainHttpElsewhere_isRefused() {
    server.on(PACKED, status("301 Moved", "Location: http://host.invalid/images.gz"));

    assertRefused()
        .hasMessageContaining("must redirect to https")
        .hasMessageContaining("location=http://host.invalid/images.gz")
        .hasMessageContaining("allow-http");
  }

  @Test
  void fetch_nobodyListens_namesTheFailure() {
    server.close();

    assertRefused()
        .hasMessageContaining("must send the whole file")
        .hasMessageContaining("ConnectException");
  }

  @Test
  void fetch_twoAtOnce_fetchOnce() throws IOException {
    server.on(
        PACKED,
        (request, out) -> {
          Thread.sleep(200);
          file(packed).to(request, out);
        });

    CompletableFuture.allOf(
            CompletableFuture.runAsync(this::fetch), CompletableFuture.runAsync(this::fetch))
        .join();

    assertOnlyTheFile();
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void fetch_slowly_tellsHowFarItIs() {
    List<String> told = new CopyOnWriteArrayList<>();
    CountDownLatch heard = new CountDownLatch(1);
    server.on(
        PACKED,
        (request, out) -> {
          head(out, "200 OK", "Content-Length: " + packed.length);
          out.write(packed, 0, 1000);
          out.flush();
          heard.await();
          out.write(packed, 1000, packed.length - 1000);
        });

    fetch(
        new DataListener() {
          @Override
          public void progressed(String file, long bytes, OptionalLong total) {
            told.add(file + " " + bytes + " of " + total.orElse(-1));
            if (bytes == 1000) {
              heard.countDown();
            }
          }
        });

    assertThat(told).contains("images.gz 1000 of " + packed.length);
  }
}
