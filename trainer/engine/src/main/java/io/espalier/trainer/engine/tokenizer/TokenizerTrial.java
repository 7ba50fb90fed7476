package io.espalier.trainer.engine.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.Platform;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.file.Json;
import io.espalier.configs.file.PrivateDirectory;
import io.espalier.trainer.data.text.Tokenizer;
import io.espalier.trainer.data.text.TokenizerFile;
import io.espalier.trainer.file.Sha256;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries a tokenizer file in a process of its own, which a panic of the native library ends instead
 * of this one. The digest of a file that passes is kept below {@code tokenizers} of the Espalier
 * home, so that it is tried once; one that does not is tried again, as the machine may have been
 * the cause. Thread-safe.
 */
final class TokenizerTrial {
  private static final Logger LOG = LoggerFactory.getLogger(TokenizerTrial.class);

  /** {@code off} where a program trusts its tokenizers, or cannot start Java. */
  private static final String PROPERTY = "espalier.tokenizer-trial";

  /** Rises with what is tried, or kept. */
  private static final int VERSION = 2;

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final long MOST_RESIDENT_KIB = 3L << 20;
  private static final int MOST_PRINTED = 16 << 10;
  private static final int SIGNALLED = 128;
  private static final Set<String> PASSED = ConcurrentHashMap.newKeySet();

  private TokenizerTrial() {}

  /**
   * Returns if a file with accepted rules passes, or has passed.
   *
   * @throws IllegalArgumentException if it does not
   */
  static void require(String json) {
    if (System.getProperty(PROPERTY, "").equals("off")) {
      return;
    }
    String digest =
        Sha256.ofText(VERSION + Platform.detectPlatform("tokenizers").getVersion() + json);
    if (!PASSED.contains(digest)) {
      requirePass(digest, json);
      PASSED.add(digest);
    }
  }

  private static void requirePass(String digest, String json) {
    Path directory = EspalierHome.path().resolve("tokenizers");
    Path passed = directory.resolve(digest);
    if (Files.exists(passed)) {
      return;
    }
    Optional<String> failure;
    try {
      failure = failure(json);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "a tokenizer must be tried in a process of its own, and none could be started: %s; run with a Java that has bin/java and its classes in files, or with -D%s=off where you trust the file"
              .formatted(e.getMessage(), PROPERTY),
          e);
    }
    if (failure.isPresent()) {
      throw new IllegalArgumentException(
          "a tokenizer must split and join texts in a process of its own first, and %s; take the file from its author again, or another"
              .formatted(failure.get()));
    }
    keep(directory, passed);
  }

  private static void keep(Path directory, Path file) {
    try {
      PrivateDirectory.create(directory);
      AtomicFile.write(file, out -> {});
    } catch (IOException e) {
      LOG.debug("a tokenizer that passed could not be recorded, and is tried again", e);
    }
  }

  private static Optional<String> failure(String json) throws IOException {
    Path directory = Files.createTempDirectory("espalier-tokenizer");
    Path printed = directory.resolve("printed");
    try {
      Process process =
          new ProcessBuilder(command(json))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(printed.toFile())
              .start();
      try {
        give(process, json);
        Optional<String> broken = watched(process);
        return broken.isPresent() ? broken : ended(process.exitValue(), printed);
      } finally {
        process.destroyForcibly();
      }
    } finally {
      delete(directory);
    }
  }

  private static List<String> command(String json) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:-UsePerfData"));
    Stream.of("DJL_CACHE_DIR", "OPT_OUT_TRACKING")
        .filter(name -> System.getProperty(name) != null)
        .forEach(name -> command.add("-D%s=%s".formatted(name, System.getProperty(name))));
    command.addAll(
        List.of(
            "-cp",
            classPath(),
            TokenizerTrialProcess.class.getName(),
            Integer.toString(TokenizerFile.of(json).names().size())));
    return command;
  }

  /** That of this process, and where its classes are from if another loader has found them. */
  private static String classPath() {
    Set<String> entries =
        new LinkedHashSet<>(
            Arrays.asList(System.getProperty("java.class.path", "").split(File.pathSeparator, -1)));
    for (Class<?> each :
        List.of(
            TokenizerTrial.class,
            Tokenizer.class,
            Json.class,
            HuggingFaceTokenizer.class,
            Platform.class)) {
      CodeSource source = each.getProtectionDomain().getCodeSource();
      try {
        if (source != null && "file".equals(source.getLocation().getProtocol())) {
          entries.add(Path.of(source.getLocation().toURI()).toString());
        }
      } catch (URISyntaxException e) {
        LOG.debug("a place of classes has no path: {}", source, e);
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  private static void give(Process process, String json) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.debug("the process of a trial has ended before it read all", e);
    }
  }

  /** Waits for the end; returns the limit that was broken, if any. */
  private static Optional<String> watched(Process process) throws IOException {
    long untilNs = System.nanoTime() + LIMIT.toNanos();
    try {
      while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        if (residentKib(process.pid()) > MOST_RESIDENT_KIB) {
          return Optional.of(
              "this one took more than %,d MB there".formatted(MOST_RESIDENT_KIB >> 10));
        }
        if (System.nanoTime() > untilNs) {
          return Optional.of("this one took longer than %d s there".formatted(LIMIT.toSeconds()));
        }
      }
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the trial was interrupted", e);
    }
  }

  /** 0 where the system does not report it. */
  private static long residentKib(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  private static Optional<String> ended(int exitCode, Path printed) throws IOException {
    if (exitCode == 0) {
      return Optional.empty();
    }
    String text;
    try (InputStream in = Files.newInputStream(printed)) {
      text = new String(in.readNBytes(MOST_PRINTED), StandardCharsets.UTF_8);
    }
    if (text.contains("ClassNotFoundException") || text.contains("NoClassDefFoundError")) {
      throw new IOException(reason(text));
    }
    return Optional.of(
        "this one ended it by %s%s"
            .formatted(
                exitCode > SIGNALLED
                    ? "signal %d (exit code %d)".formatted(exitCode - SIGNALLED, exitCode)
                    : "exit code " + exitCode,
                text.isBlank() ? "" : ": " + reason(text)));
  }

  /**
   * The lines in which the library or Java gives the reason of the end, without earlier log lines.
   */
  private static String reason(String printed) {
    List<String> lines = printed.lines().filter(line -> !line.isBlank()).toList();
    return lines.stream()
        .dropWhile(line -> !line.contains("panicked at") && !line.startsWith("Exception in"))
        .limit(2)
        .map(String::strip)
        .reduce((a, b) -> a + " " + b)
        .orElseGet(() -> lines.isEmpty() ? "" : lines.get(lines.size() - 1));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(directory);
  }
}
