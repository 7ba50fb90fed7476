package io.espalier.service.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of a worker. Messages go over its standard input and output: when this process dies,
 * the end of its input ends the worker. Thread-safe.
 */
final class WorkerProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);
  private static final int MOST_MESSAGE_BYTES = 1 << 20;
  private static final int MOST_LINE_BYTES = 8 << 10;
  private static final Duration PRINTED_LIMIT = Duration.ofMillis(500);
  private static final String FIRST_TO_DIE = "500";

  private final Process process;
  private final BlockingQueue<WorkerMessage> messages = new LinkedBlockingQueue<>();
  private final List<Thread> readers;

  private WorkerProcess(Process process, WorkerLog log) {
    this.process = process;
    readers =
        List.of(
            read("messages", process.getInputStream(), MOST_MESSAGE_BYTES, line -> take(line, log)),
            read("errors", process.getErrorStream(), MOST_LINE_BYTES, log::add));
  }

  /** Starts a process; what it prints goes to {@code log}. */
  static WorkerProcess start(List<String> command, WorkerLog log) throws IOException {
    WorkerProcess worker = new WorkerProcess(new ProcessBuilder(command).start(), log);
    worker.offerToKernel();
    return worker;
  }

  /** Where the machine's memory runs out, a worker is to die, and not its service. */
  private void offerToKernel() {
    try {
      Files.writeString(Path.of("/proc", Long.toString(pid()), "oom_score_adj"), FIRST_TO_DIE);
    } catch (IOException e) {
      LOG.debug("the kernel knows no order of processes to end: {}", e.getMessage());
    }
  }

  private Thread read(String what, InputStream in, int mostBytes, Consumer<String> each) {
    Thread reader =
        new Thread(
            () -> BoundedLines.read(in, mostBytes, each),
            "espalier-worker-%s-%d".formatted(what, process.pid()));
    reader.setDaemon(true);
    reader.start();
    return reader;
  }

  private void take(String line, WorkerLog log) {
    WorkerMessage.parse(line).ifPresentOrElse(messages::add, () -> log.add(line));
  }

  /** A worker that has died takes no message; that is found by {@link #isAlive}. */
  synchronized void send(WorkerMessage message) {
    try {
      process.getOutputStream().write(message.line());
      process.getOutputStream().flush();
    } catch (IOException e) {
      LOG.debug("a worker did not take a message: pid={}", pid(), e);
    }
  }

  /** The next message; empty if there is none for a while. */
  Optional<WorkerMessage> next(Duration limit) throws InterruptedException {
    return Optional.ofNullable(messages.poll(limit.toMillis(), TimeUnit.MILLISECONDS));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Waits for the end, and ends it by force after {@code limit}; returns the exit code. */
  int end(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
    }
    int exitCode = process.waitFor();
    for (Thread reader : readers) {
      reader.join(PRINTED_LIMIT.toMillis());
    }
    return exitCode;
  }

  /** Ends it within {@code limit}, and then calls {@code after}, in the background. */
  void retire(Duration limit, Runnable after) {
    Thread retiring =
        new Thread(
            () -> {
              try {
                end(limit);
              } catch (InterruptedException e) {
                LOG.debug("a worker is killed, as nothing waits for its end: pid={}", pid(), e);
              } finally {
                close();
                after.run();
              }
            },
            "espalier-worker-end-" + pid());
    retiring.setDaemon(true);
    retiring.start();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    for (AutoCloseable stream :
        List.of(process.getOutputStream(), process.getInputStream(), process.getErrorStream())) {
      close(stream);
    }
  }

  /** A process that the worker has left behind may hold its pipes open. */
  private static void close(AutoCloseable stream) {
    try {
      stream.close();
    } catch (Exception e) {
      LOG.debug("a pipe of a worker could not be closed", e);
    }
  }
}
