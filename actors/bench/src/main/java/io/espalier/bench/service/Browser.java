package io.espalier.bench.service;

import io.espalier.console.CommandRefusedException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium in a separate process. */
final class Browser implements AutoCloseable {
  private static final int LOG_LINES = 10;
  private static final int PATIENCE_S = 5;

  private final Process process;
  private final Path log;

  private Browser(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Finds a browser by path, or by name as the shell does; throws if there is none. */
  static Path find(String named) {
    Stream<Path> places =
        named.contains("/")
            ? Stream.of(Path.of(named))
            : Stream.of(
                    Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .map(directory -> Path.of(directory).resolve(named));
    return places
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new CommandRefusedException(
                    "a browser must be there: browser=%s; install the Debian package chromium, or name a Chromium or Chrome with --browser PATH"
                        .formatted(named)));
  }

  /** Opens a page; the caller removes {@code directory}, its profile and output. */
  static Browser open(Path program, URI page, Path directory) throws IOException {
    Path log = Files.createDirectories(directory).resolve("browser.log");
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(
        List.of(
            "--headless=new",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-extensions",
            "--disable-sync",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--password-store=basic",
            "--window-size=1400,1000",
            // Keeps it open; the port is any free one of the loopback.
            "--remote-debugging-port=0",
            "--user-data-dir=" + directory.resolve("profile")));
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("--no-sandbox");
    }
    command.add(page.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
            .start();
    return new Browser(process, log);
  }

  /** Throws {@link CommandRefusedException} if it has ended. */
  void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw new CommandRefusedException(
          "the browser must go on until all is measured: exit code=%d; it printed:%n  %s"
              .formatted(process.exitValue(), String.join("\n  ", lastLines())));
    }
  }

  CompletableFuture<ProcessHandle> ended() {
    return process.toHandle().onExit();
  }

  private List<String> lastLines() throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1).lines().toList();
    return lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
  }

  /** Ends it with all of its processes. */
  @Override
  public void close() {
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    process.destroy();
    try {
      if (process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
        all.forEach(each -> each.onExit().completeOnTimeout(each, 1, TimeUnit.SECONDS).join());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(each -> each.onExit().completeOnTimeout(each, PATIENCE_S, TimeUnit.SECONDS).join());
  }
}
