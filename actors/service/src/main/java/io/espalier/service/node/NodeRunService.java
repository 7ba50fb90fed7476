package io.espalier.service.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AskPattern;
import akka.japi.function.Function;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.service.FullQuota;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.Ownership;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.service.RunPage;
import io.espalier.service.RunQuery;
import io.espalier.service.RunService;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.ServiceMessage;
import io.espalier.service.Submission;
import io.espalier.service.Submitter;
import io.espalier.service.run.RunAction;
import io.espalier.service.run.RunEntity;
import io.espalier.service.run.RunReply;
import io.espalier.service.run.RunSpec;
import io.espalier.service.run.Scheduler;
import io.espalier.service.run.SchedulerReply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The service's API: asks scheduler and entities, on whichever node they are. Thread-safe. */
final class NodeRunService implements RunService {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
  private static final int MOST_RUNS = 500;
  private static final Set<RunState> UNFINISHED =
      Arrays.stream(RunState.values())
          .filter(state -> !state.isEnded())
          .collect(Collectors.toUnmodifiableSet());
  private static final String STOPPING = "the service is stopping; try again once it is back";

  private final ActorSystem<?> system;
  private final NodeActors actors;
  private final RunDirectories files;
  private final Submissions submissions;
  private final StoredBytes stored;
  private final Set<Runnable> refusals = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  NodeRunService(
      ActorSystem<?> system, NodeActors actors, RunDirectories files, Submissions submissions) {
    this.system = system;
    this.actors = actors;
    this.files = files;
    this.submissions = submissions;
    this.stored = new StoredBytes(files);
  }

  /** Refuses everything from now on. */
  void close() {
    closed = true;
  }

  /** Refuses unanswered requests, as the timeouts ended with the actors. */
  void refuseOpen() {
    close();
    refusals.forEach(Runnable::run);
  }

  @Override
  public CompletionStage<Accepted> submit(Submission submission, Submitter submitter) {
    return open(() -> taken(submission, submitter));
  }

  private CompletionStage<Accepted> taken(Submission submission, Submitter submitter) {
    Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    return CompletableFuture.supplyAsync(
            () -> submissions.spec(submission, submitter.view()).of(submitter), blocking)
        .thenCombine(
            stored.full(submitter, query -> list(query), blocking),
            (spec, full) -> submit(submission, submitter, spec, full))
        .thenCompose(reply -> reply)
        .thenApply(reply -> expect(SchedulerReply.Taken.class, reply))
        .thenApply(taken -> new Accepted(taken.status(), taken.fresh()));
  }

  private CompletionStage<SchedulerReply> submit(
      Submission submission, Submitter submitter, RunSpec spec, Optional<FullQuota> full) {
    return ask(
        replyTo ->
            new Scheduler.Submit(
                spec,
                submission.idempotencyKey().map(submitter.view()::ownKey),
                Submissions.digest(submission),
                submitter.quotas(),
                full,
                replyTo));
  }

  @Override
  public CompletionStage<RunPage> list(RunQuery query) {
    return open(() -> ask(replyTo -> new Scheduler.ListRuns(query, replyTo)))
        .thenApply(reply -> expect(SchedulerReply.Listed.class, reply).page())
        .thenApply(
            page ->
                new RunPage(
                    page.runs().stream().map(this::shown).toList(), page.total(), page.next()));
  }

  /** The scheduler's status, or that of the run's entity while the run is not over. */
  @Override
  public CompletionStage<RunStatus> status(String run) {
    return of(run, () -> find(run).thenCompose(this::newer).thenApply(this::shown));
  }

  @Override
  public CompletionStage<Ownership> ownership(String run) {
    return of(run, () -> find(run)).thenApply(RunStatus::ownership);
  }

  /** Causes name files of the host, which a recipe names relative to a data directory. */
  private RunStatus shown(RunStatus status) {
    return status.withCause(status.standing().cause().map(submissions::withoutPlaces));
  }

  private LifecycleEntry shown(LifecycleEntry entry) {
    return new LifecycleEntry(
        entry.number(),
        entry.time(),
        entry.event(),
        entry.state(),
        submissions.withoutPlaces(entry.detail()));
  }

  private CompletionStage<RunStatus> newer(RunStatus known) {
    return isOver(known.state())
        ? CompletableFuture.completedFuture(known)
        : askRun(known.run(), RunEntity.GetStatus::new)
            .thenApply(reply -> expect(RunReply.Status.class, reply).status())
            .thenApply(
                status ->
                    status.state() == RunState.QUEUED
                        ? status.waitingFor(known.standing().waitsFor())
                        : status);
  }

  private CompletionStage<RunStatus> find(String run) {
    return ask(replyTo -> new Scheduler.Find(run, replyTo))
        .thenApply(reply -> expect(SchedulerReply.Known.class, reply).status());
  }

  private static boolean isOver(RunState state) {
    return state == RunState.FINISHED || state == RunState.CANCELLED;
  }

  @Override
  public CompletionStage<List<LifecycleEntry>> history(String run) {
    return of(run, () -> askRun(run, RunEntity.GetHistory::new))
        .thenApply(
            reply ->
                expect(RunReply.History.class, reply).entries().stream().map(this::shown).toList());
  }

  @Override
  public CompletionStage<RunStatus> pause(String run) {
    return request(run, RunAction.PAUSE);
  }

  @Override
  public CompletionStage<RunStatus> resume(String run) {
    return request(run, RunAction.RESUME);
  }

  @Override
  public CompletionStage<RunStatus> resume(String run, Submitter submitter) {
    return of(
            run,
            () ->
                find(run)
                    .thenCompose(
                        known ->
                            ask(
                                replyTo ->
                                    new Scheduler.Reopen(
                                        run,
                                        submitter
                                            .quotas()
                                            .of(submitter.ownership(), known.ownership()),
                                        replyTo))))
        .thenApply(reply -> expect(SchedulerReply.Known.class, reply))
        .thenCompose(known -> resume(run));
  }

  @Override
  public CompletionStage<RunStatus> cancel(String run) {
    return request(run, RunAction.CANCEL);
  }

  @Override
  public CompletionStage<RunStatus> checkpoint(String run) {
    return request(run, RunAction.CHECKPOINT);
  }

  @Override
  public CompletionStage<Void> delete(String run) {
    return of(run, () -> ask(replyTo -> new Scheduler.Delete(run, replyTo)))
        .thenAccept(reply -> expect(SchedulerReply.Gone.class, reply));
  }

  @Override
  public Path directory(String run) {
    return files.of(run);
  }

  @Override
  public CompletionStage<List<String>> unfinishedWith(Path path) {
    return unfinished(Optional.empty()).thenCompose(runs -> users(runs, path));
  }

  private CompletionStage<List<String>> unfinished(Optional<String> after) {
    return list(new RunQuery(UNFINISHED, "", MOST_RUNS, after))
        .thenCompose(
            page -> {
              List<String> runs = page.runs().stream().map(RunStatus::run).toList();
              return page.next().isEmpty()
                  ? CompletableFuture.completedFuture(runs)
                  : unfinished(page.next())
                      .thenApply(more -> Stream.concat(runs.stream(), more.stream()).toList());
            });
  }

  private CompletionStage<List<String>> users(List<String> runs, Path path) {
    List<CompletableFuture<Boolean>> uses =
        runs.stream().map(run -> uses(run, path).toCompletableFuture()).toList();
    return CompletableFuture.allOf(uses.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done ->
                IntStream.range(0, runs.size())
                    .filter(i -> uses.get(i).join())
                    .mapToObj(runs::get)
                    .toList());
  }

  /** A run that is registered and has no entity yet may use any path. */
  private CompletionStage<Boolean> uses(String run, Path path) {
    return askRun(run, RunEntity.GetRecipe::new)
        .thenApply(
            reply ->
                !(reply instanceof RunReply.Recipe recipe)
                    || DataDirectories.names(
                        new RecipeLoader().stored(run, recipe.text(), List.of()).config(), path));
  }

  CompletionStage<SchedulerReply.Overview> overview() {
    return ask(Scheduler.GetOverview::new)
        .thenApply(reply -> expect(SchedulerReply.Overview.class, reply));
  }

  private CompletionStage<RunStatus> request(String run, RunAction action) {
    return of(run, () -> askRun(run, replyTo -> new RunEntity.Request(action, replyTo)))
        .thenApply(reply -> expect(RunReply.Status.class, reply).status());
  }

  private <T> CompletionStage<T> of(String run, Supplier<CompletionStage<T>> work) {
    return open(
        () -> {
          RunDirectories.requireId(run);
          return work.get();
        });
  }

  /** A stage that completes even if the node ends first. */
  private <T> CompletionStage<T> open(Supplier<CompletionStage<T>> work) {
    CompletableFuture<T> question = new CompletableFuture<>();
    Runnable refuse = () -> question.completeExceptionally(unavailable(STOPPING));
    refusals.add(refuse);
    if (closed) {
      refuse.run();
    } else {
      begin(work, question);
    }
    return question.whenComplete((answer, failure) -> refusals.remove(refuse));
  }

  private static <T> void begin(Supplier<CompletionStage<T>> work, CompletableFuture<T> question) {
    try {
      work.get()
          .whenComplete(
              (answer, failure) -> {
                if (failure == null) {
                  question.complete(answer);
                } else {
                  question.completeExceptionally(causeOf(failure));
                }
              });
    } catch (RefusedRequestException e) {
      question.completeExceptionally(e);
    } catch (RejectedExecutionException e) {
      question.completeExceptionally(unavailable(STOPPING));
    }
  }

  private CompletionStage<SchedulerReply> ask(
      Function<ActorRef<SchedulerReply>, Scheduler.Command> question) {
    return AskPattern.ask(actors.scheduler(), question, ANSWER_LIMIT, system.scheduler())
        .exceptionallyCompose(NodeRunService::unanswered);
  }

  private CompletionStage<RunReply> askRun(
      String run, Function<ActorRef<RunReply>, RunEntity.Command> question) {
    return AskPattern.ask(actors.entity(run), question, ANSWER_LIMIT, system.scheduler())
        .exceptionallyCompose(NodeRunService::unanswered);
  }

  private static <T> CompletionStage<T> unanswered(Throwable failure) {
    Throwable cause = causeOf(failure);
    return CompletableFuture.failedFuture(
        cause instanceof TimeoutException
            ? unavailable("no answer within " + ANSWER_LIMIT.toSeconds() + " s; try again")
            : cause);
  }

  private static Throwable causeOf(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static RefusedRequestException unavailable(String why) {
    return new RefusedRequestException(Reason.UNAVAILABLE, why);
  }

  /** The reply as the expected type; throws a refusal. */
  private static <T extends ServiceMessage> T expect(Class<T> type, ServiceMessage reply) {
    if (type.isInstance(reply)) {
      return type.cast(reply);
    }
    if (reply instanceof SchedulerReply.Refused refused) {
      throw refused.exception();
    }
    if (reply instanceof SchedulerReply.Full full) {
      throw new RefusedRequestException(full.quota());
    }
    if (reply instanceof RunReply.Refused refused) {
      throw refused.exception();
    }
    if (reply instanceof SchedulerReply.Unfit unfit) {
      throw InvalidConfigException.of(unfit.path(), unfit.message());
    }
    throw new IllegalStateException("a reply must fit its question: reply=" + reply);
  }
}
