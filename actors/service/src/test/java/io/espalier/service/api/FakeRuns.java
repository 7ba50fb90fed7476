package io.espalier.service.api;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.Ownership;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.service.RunKind;
import io.espalier.service.RunPage;
import io.espalier.service.RunQuery;
import io.espalier.service.RunService;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.Submission;
import io.espalier.service.Submitter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A service whose runs have the states that the test sets. Thread-safe. */
public final class FakeRuns implements RunService {
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

  private final Path directory;
  private final Map<String, RunStatus> runs = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<Path, String> users = new ConcurrentHashMap<>();
  private final Map<String, String> keys = new ConcurrentHashMap<>();
  private final List<Submission> submissions = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger statusCalls = new AtomicInteger();
  private final AtomicInteger listCalls = new AtomicInteger();
  private volatile Optional<RuntimeException> failure = Optional.empty();
  private volatile boolean silent;

  public FakeRuns(Path directory) {
    this.directory = directory;
  }

  /** Everything that is asked from now on fails so. */
  public void failWith(RuntimeException cause) {
    failure = Optional.of(cause);
  }

  /** Nothing that is asked from now on is answered. */
  public void fallSilent() {
    silent = true;
  }

  public List<Submission> submissions() {
    return List.copyOf(submissions);
  }

  public int statusCalls() {
    return statusCalls.get();
  }

  public int listCalls() {
    return listCalls.get();
  }

  /** Forgets a run. */
  public void remove(String run) {
    runs.remove(run);
  }

  public RunStatus put(String run, RunState state) {
    RunStatus before = runs.get(run);
    return put(run, state, before == null ? Ownership.UNKNOWN : before.ownership());
  }

  public RunStatus put(String run, RunState state, Ownership ownership) {
    RunStatus status = status(run, "run " + run, state).of(ownership);
    runs.put(run, status);
    return status;
  }

  /** Replaces the status of a run. */
  public void set(RunStatus status) {
    runs.put(status.run(), status);
  }

  /** An unfinished run uses that path from now on. */
  public void use(Path path, String run) {
    users.put(path, run);
  }

  @Override
  public CompletionStage<List<String>> unfinishedWith(Path path) {
    return answer(() -> Optional.ofNullable(users.get(path)).map(List::of).orElse(List.of()));
  }

  @Override
  public CompletionStage<Accepted> submit(Submission submission, Submitter submitter) {
    return answer(
        () -> {
          String key = submission.idempotencyKey().orElse("");
          if (keys.containsKey(key)) {
            return new Accepted(found(keys.get(key)), false);
          }
          new RecipeLoader()
              .parse(submission.origin(), submission.recipe(), submission.overrides());
          submissions.add(submission);
          String run = "r" + submissions.size();
          submission.idempotencyKey().ifPresent(each -> keys.put(each, run));
          return new Accepted(put(run, RunState.QUEUED, submitter.ownership()), true);
        });
  }

  @Override
  public CompletionStage<RunPage> list(RunQuery query) {
    listCalls.incrementAndGet();
    return answer(
        () -> {
          List<RunStatus> all =
              List.copyOf(runs.values()).stream()
                  .filter(each -> query.fits(each.ownership()))
                  .filter(each -> query.states().isEmpty() || query.states().contains(each.state()))
                  .filter(
                      each ->
                          each.name()
                              .toLowerCase(Locale.ROOT)
                              .contains(query.name().toLowerCase(Locale.ROOT)))
                  .toList();
          List<RunStatus> rest =
              query
                  .after()
                  .map(
                      id -> all.stream().dropWhile(each -> !each.run().equals(id)).skip(1).toList())
                  .orElse(all);
          List<RunStatus> page = rest.stream().limit(query.limit()).toList();
          Optional<String> next =
              rest.size() > page.size()
                  ? Optional.of(page.get(page.size() - 1).run())
                  : Optional.empty();
          return new RunPage(page, all.size(), next);
        });
  }

  @Override
  public CompletionStage<RunStatus> status(String run) {
    statusCalls.incrementAndGet();
    return answer(() -> found(run));
  }

  @Override
  public CompletionStage<List<LifecycleEntry>> history(String run) {
    return answer(
        () -> {
          RunStatus status = found(run);
          return List.of(new LifecycleEntry(1, TIME, "submitted", status.state(), "priority=0"));
        });
  }

  @Override
  public CompletionStage<RunStatus> pause(String run) {
    return steer(run, RunState.RUNNING, RunState.PAUSING);
  }

  @Override
  public CompletionStage<RunStatus> resume(String run) {
    return steer(run, RunState.PAUSED, RunState.QUEUED);
  }

  @Override
  public CompletionStage<RunStatus> resume(String run, Submitter submitter) {
    return resume(run);
  }

  @Override
  public CompletionStage<RunStatus> cancel(String run) {
    return steer(run, RunState.RUNNING, RunState.CANCELLING);
  }

  @Override
  public CompletionStage<RunStatus> checkpoint(String run) {
    return steer(run, RunState.RUNNING, RunState.RUNNING);
  }

  @Override
  public CompletionStage<Void> delete(String run) {
    return answer(
            () -> {
              found(run);
              runs.remove(run);
              return run;
            })
        .thenAccept(done -> {});
  }

  @Override
  public Path directory(String run) {
    return directory.resolve(run);
  }

  private CompletionStage<RunStatus> steer(String run, RunState from, RunState to) {
    return answer(
        () -> {
          if (found(run).state() != from) {
            throw new RefusedRequestException(
                Reason.NOT_IN_THIS_STATE, "a run must be %s: state=%s".formatted(from, found(run)));
          }
          return put(run, to);
        });
  }

  private RunStatus found(String run) {
    RunStatus status = runs.get(run);
    if (status == null) {
      throw RefusedRequestException.noSuchRun(run);
    }
    return status;
  }

  private <T> CompletionStage<T> answer(Supplier<T> supplier) {
    if (silent) {
      return new CompletableFuture<>();
    }
    try {
      failure.ifPresent(
          cause -> {
            throw cause;
          });
      return CompletableFuture.completedFuture(supplier.get());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static RunStatus status(String run, String name, RunState state) {
    return new RunStatus(
        run,
        name,
        RunKind.TRAINING,
        new RunStatus.Standing(
            state,
            TIME,
            state == RunState.QUEUED
                ? Optional.of("2 cores are free, 4 are needed")
                : Optional.empty(),
            state == RunState.FAILED ? Optional.of("the loss is not finite") : Optional.empty()),
        new RunStatus.Request(0, 2, TIME),
        new RunStatus.Attempt(1, Optional.of("n1"), Optional.empty()),
        new RunStatus.Reached(
            120,
            OptionalLong.of(1000),
            OptionalLong.of(100),
            OptionalDouble.of(0.97),
            OptionalDouble.empty(),
            OptionalDouble.of(0.9)));
  }
}
