package io.espalier.cli.runs;

import io.espalier.console.Interrupts;
import io.espalier.console.ProgramName;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.client.RunEventStream;
import io.espalier.service.client.RunEventStream.EventLine;
import io.espalier.service.client.ServiceClient;
import io.espalier.service.client.ServiceException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Follows a run until it ends: its events as they come, its state every other second. While the
 * service is away, it waits. Not thread-safe.
 */
final class RunWatcher {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int INTERRUPTED = 130;
  private static final Duration POLL = Duration.ofMillis(250);
  private static final long LOOK_NS = Duration.ofSeconds(2).toNanos();
  private static final long REST_NS = Duration.ofSeconds(10).toNanos();

  private final ServiceClient client;
  private final Screen screen;
  private RunStatus status;
  private String said = "";
  private boolean away;
  private long lookedNs = System.nanoTime();
  private long heardNs = System.nanoTime();
  private volatile boolean interrupted;

  private RunWatcher(ServiceClient client, Screen screen, RunStatus status) {
    this.client = client;
    this.screen = screen;
    this.status = status;
  }

  /**
   * Prints raw events if {@code json}. Returns 0 if the run finished, 1 if not, 130 if interrupted.
   */
  public static int on(CommandSpec spec, ServiceClient client, RunStatus first, boolean json)
      throws InterruptedException {
    Screen screen =
        json
            ? new Screen.LineScreen(spec.commandLine().getOut(), spec.commandLine().getErr())
            : new ProgressScreen(spec.commandLine().getOut(), spec.usageMessage().width());
    RunWatcher watch = new RunWatcher(client, screen, first);
    Thread watcher = Thread.currentThread();
    Interrupts interrupts =
        Interrupts.onFirst(
            signal -> {
              watch.interrupted = true;
              watcher.interrupt();
            });
    try {
      return watch.follow();
    } catch (InterruptedException e) {
      return watch.left(e);
    } finally {
      interrupts.restore();
    }
  }

  private int follow() throws InterruptedException {
    tellState();
    try (RunEventStream events = client.events(status.run(), 0)) {
      while (!events.ended() && !isOver()) {
        Optional<EventLine> event = events.next(POLL);
        event.ifPresent(this::show);
        if (System.nanoTime() - lookedNs > LOOK_NS) {
          look();
        }
      }
    }
    while (!status.state().isEnded()) {
      Thread.sleep(POLL.toMillis());
      look();
    }
    screen.finish();
    screen.say(RunTexts.endLine(status));
    return status.state() == RunState.FINISHED ? OK : FAILED;
  }

  private boolean isOver() {
    return status.state().isEnded() && System.nanoTime() - heardNs > REST_NS;
  }

  private void show(EventLine event) {
    heardNs = System.nanoTime();
    screen.show(event);
  }

  private void look() throws InterruptedException {
    try {
      status = client.status(status.run()).value();
      if (away) {
        screen.say("back      the service answers again");
        away = false;
      }
      tellState();
    } catch (ServiceException e) {
      if (!e.isPassing()) {
        throw e;
      }
      if (!away) {
        screen.say("away      the service does not answer; still trying, Ctrl-C ends the watching");
        away = true;
      }
    }
    lookedNs = System.nanoTime();
  }

  private void tellState() {
    RunTexts.stateLine(status)
        .filter(line -> !line.equals(said))
        .ifPresent(
            line -> {
              said = line;
              screen.say(line);
            });
  }

  private int left(InterruptedException cause) throws InterruptedException {
    if (!interrupted) {
      throw cause;
    }
    screen.finish();
    screen.say(
        ProgramName.inHints(
                "no longer watching, and the run goes on; watch again with 'espalier watch %s'")
            .formatted(status.run()));
    return INTERRUPTED;
  }
}
