package io.espalier.service;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The training service, the same at each of its nodes. Stages fail with a {@link
 * RefusedRequestException} or, for a recipe, an {@code InvalidConfigException}. Thread-safe.
 */
public interface RunService {
  /** Submits a run; when the stage completes, it is on disk. */
  CompletionStage<Accepted> submit(Submission submission, Submitter submitter);

  /** Submits a run of the service's operator. */
  default CompletionStage<Accepted> submit(Submission submission) {
    return submit(submission, Submitter.OPERATOR);
  }

  CompletionStage<RunPage> list(RunQuery query);

  CompletionStage<RunStatus> status(String run);

  /** Whose the run is. */
  default CompletionStage<Ownership> ownership(String run) {
    return status(run).thenApply(RunStatus::ownership);
  }

  /** Oldest first. */
  CompletionStage<List<LifecycleEntry>> history(String run);

  /** Ends the attempt at its next checkpoint; pauses a queued run at once. */
  CompletionStage<RunStatus> pause(String run);

  /** Queues a paused or failed run. */
  CompletionStage<RunStatus> resume(String run);

  /** Queues a paused or failed run, unless it is too much for a quota. */
  CompletionStage<RunStatus> resume(String run, Submitter submitter);

  /** Ends a run without a result. */
  CompletionStage<RunStatus> cancel(String run);

  /** Writes a checkpoint at the next sync. */
  CompletionStage<RunStatus> checkpoint(String run);

  /** Deletes an ended run and its directory. */
  CompletionStage<Void> delete(String run);

  /** The run's directory, which may not exist before its first attempt. */
  Path directory(String run);

  /** The unfinished runs whose recipes name {@code path}, or what lies below it. */
  CompletionStage<List<String>> unfinishedWith(Path path);

  /** A submitted run; {@code fresh} is false if an earlier submission of the same key made it. */
  record Accepted(RunStatus status, boolean fresh) {}
}
