package io.espalier.service.node;

import io.espalier.service.run.RunLauncher;
import io.espalier.training.RunHandle;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Attempts that count instead of training: as many steps as the recipe has epochs, a checkpoint
 * every third. A run whose name contains {@code broken} fails at its second step, and names its
 * data, unless the directory holds a file {@code mended}; one whose name contains {@code crashing}
 * crashes there; one whose name contains {@code alerting} raises an alert first. One whose name
 * contains {@code held} stops in its first term at its fourth step until it is asked to do
 * something, so that no busy machine lets it end before a test acts. One whose name contains {@code
 * text} learns a text; one whose name contains {@code worrying} has an open alert.
 */
final class FakeLauncher implements RunLauncher {
  private static final Pattern EPOCHS = Pattern.compile("epochs = (\\d+)");
  private static final Pattern NAME = Pattern.compile("name = \"?([^\"\\n]+)\"?");
  private static final Pattern PATH = Pattern.compile("\\bpath = \"([^\"]+)\"");
  private static final int CHECKPOINT_EVERY = 3;

  private final long stepMs;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private final Set<String> twice = ConcurrentHashMap.newKeySet();
  private final Set<String> current = ConcurrentHashMap.newKeySet();

  FakeLauncher(long stepMs) {
    this.stepMs = stepMs;
  }

  int running() {
    return running.get();
  }

  int mostRunning() {
    return mostRunning.get();
  }

  /** Runs that had two attempts at once in this process. */
  Set<String> twice() {
    return twice;
  }

  @Override
  public RunResult run(Order order, Listener listener) throws IOException {
    return new Course(order, listener).run();
  }

  private enum Wish {
    NONE,
    CHECKPOINT,
    PAUSE,
    CANCEL
  }

  private final class Course implements RunHandle {
    private final Order order;
    private final Listener listener;
    private final AtomicReference<Wish> wish = new AtomicReference<>(Wish.NONE);

    private Course(Order order, Listener listener) {
      this.order = order;
      this.listener = listener;
    }

    @Override
    public void pause() {
      wish.accumulateAndGet(Wish.PAUSE, Course::stronger);
    }

    @Override
    public void checkpoint() {
      wish.accumulateAndGet(Wish.CHECKPOINT, Course::stronger);
    }

    @Override
    public void cancel() {
      wish.accumulateAndGet(Wish.CANCEL, Course::stronger);
    }

    @Override
    public void interrupt(String cause) {
      cancel();
    }

    private static Wish stronger(Wish before, Wish now) {
      return before.compareTo(now) >= 0 ? before : now;
    }

    @Override
    public long startStep() {
      try {
        return Files.exists(stored()) ? Long.parseLong(Files.readString(stored())) : 0;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public long totalSteps() {
      return Long.parseLong(match(EPOCHS));
    }

    @Override
    public RunResult await() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}

    private RunResult run() throws IOException {
      if (!current.add(order.run())) {
        twice.add(order.run());
      }
      mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
      try {
        return count();
      } catch (InterruptedException e) {
        return new RunResult.Failed(0, e.toString());
      } finally {
        running.decrementAndGet();
        current.remove(order.run());
      }
    }

    private RunResult count() throws IOException, InterruptedException {
      Files.createDirectories(order.directory());
      if (Files.exists(summary())) {
        return RunResult.Finished.recorded(totalSteps(), 0.9, 0.8);
      }
      long step = startStep();
      listener.started(this);
      while (step < totalSteps()) {
        Thread.sleep(stepMs);
        step++;
        note(step);
        listener.progressed(progress(step));
        if (step == 2 && is("alerting")) {
          listener.alerted("dead-units", step, "most outputs of a layer have no weight" + file());
        }
        if (step == 2 && is("broken")) {
          return new RunResult.Failed(step, "it is broken" + file());
        }
        if (step == 2 && is("crashing")) {
          return new RunResult.Crashed(step, "signal 9");
        }
        while (step == 4 && order.term() == 1 && is("held") && wish.get() == Wish.NONE) {
          Thread.sleep(1);
        }
        Wish now = wish.getAndUpdate(was -> was == Wish.CHECKPOINT ? Wish.NONE : was);
        if (now == Wish.CANCEL) {
          return new RunResult.Cancelled(step);
        }
        if (step % CHECKPOINT_EVERY == 0 || now != Wish.NONE) {
          store(step);
          listener.checkpointed(step);
        }
        if (now == Wish.PAUSE && step < totalSteps()) {
          return new RunResult.Paused(step);
        }
      }
      Files.writeString(summary(), "{}");
      return RunResult.Finished.recorded(step, 0.9, 0.8);
    }

    private Progress progress(long step) {
      return new Progress(
          step,
          OptionalDouble.of(0.5),
          is("text") ? OptionalDouble.of(2.5) : OptionalDouble.empty(),
          0.1,
          new Measured(
              OptionalDouble.of(1.0 / step),
              OptionalDouble.of(0.7),
              (int) step / 2,
              is("worrying") ? List.of("no-progress") : List.of()));
    }

    private boolean is(String word) {
      return match(NAME).contains(word) && !Files.exists(order.directory().resolve("mended"));
    }

    private String file() {
      Matcher path = PATH.matcher(order.recipe());
      return path.find() ? ": file=" + path.group(1) : "";
    }

    private String match(Pattern pattern) {
      Matcher matcher = pattern.matcher(order.recipe());
      if (!matcher.find()) {
        throw new AssertionError("the recipe must have " + pattern + ": " + order.recipe());
      }
      return matcher.group(1);
    }

    private void note(long step) throws IOException {
      Files.writeString(
          order.directory().resolve("steps"),
          order.term() + " " + step + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }

    private void store(long step) throws IOException {
      Path part = order.directory().resolve("checkpoint.part");
      Files.writeString(part, Long.toString(step));
      Files.move(part, stored(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path stored() {
      return order.directory().resolve("checkpoint");
    }

    private Path summary() {
      return order.directory().resolve("summary.json");
    }
  }
}
