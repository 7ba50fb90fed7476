package io.espalier.service;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What can be asked of the service, at any of its nodes. What it refuses comes back as a {@link
 * RefusedRequestException} or, for a recipe, an {@code InvalidConfigException}. Thread-safe.
 */
public interface RunService {
  /** Takes in a run; when the stage completes, it survives the loss of power. */
  CompletionStage<Accepted> submit(Submission submission);

  CompletionStage<RunPage> list(RunQuery query);

  CompletionStage<RunStatus> status(String run);

  /** What happened to the run, oldest first. */
  CompletionStage<List<LifecycleEntry>> history(String run);

  /** Checkpoint at the next sync, then hold; a queued run is held at once. */
  CompletionStage<RunStatus> pause(String run);

  /** Back into the queue: a paused or failed run. */
  CompletionStage<RunStatus> resume(String run);

  /** End without a result. */
  CompletionStage<RunStatus> cancel(String run);

  /** Checkpoint at the next sync, and go on. */
  CompletionStage<RunStatus> checkpoint(String run);

  /** Forget an ended run and delete its directory. */
  CompletionStage<Void> delete(String run);

  /** The run's directory; it may not exist before its first attempt. */
  Path directory(String run);

  /**
   * What a submission came to.
   *
   * @param fresh false if an earlier submission of the same key had made the run
   */
  record Accepted(RunStatus status, boolean fresh) {}
}
